package io.inferometer.collect;

import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.MetricType;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.PageReader;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What some groups need of one engine's page.
 *
 * @param filter passes their families, and the start time of the process
 * @param names the names of their samples as the engine's table spells them
 */
record Wanted(FamilyFilter filter, Set<String> names) {
    private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");

    /** Of an engine whose page tells nothing of these groups there is nothing to filter by. */
    static boolean isSome(MetricTable table, Set<MetricGroup> groups) {
        return !table.familiesOf(groups).isEmpty();
    }

    static Wanted of(MetricTable table, Set<MetricGroup> groups) {
        Set<String> families = table.familiesOf(groups);
        Set<String> names = new LinkedHashSet<>(List.of(PageReader.START_TIME));
        families.forEach(family -> names.addAll(samplesOf(family, table)));
        Set<String> known = new LinkedHashSet<>(families);
        known.add(PageReader.START_TIME);
        return new Wanted(FamilyFilter.ofFamilies(known), names);
    }

    private static Collection<String> samplesOf(String family, MetricTable table) {
        boolean split = table.typeOf(family) == MetricType.HISTOGRAM;
        return split ? PARTS.stream().map(part -> family + part).toList() : List.of(family);
    }
}
