package io.inferometer.snapshot;

import io.inferometer.parser.MetricType;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole page, kept: for those who want to look at it more than once.
 *
 * <p>Immutable and safe to share. Costs an object a sample; {@link PageParser} with a handler costs none.
 */
public final class MetricFamilies {
    private final Map<String, MetricFamily> byName;
    private final long skippedLines;

    private MetricFamilies(Map<String, MetricFamily> byName, long skippedLines) {
        this.byName = byName;
        this.skippedLines = skippedLines;
    }

    /**
     * Reads a page leniently.
     *
     * @param page the page's bytes
     * @return its families
     */
    public static MetricFamilies read(byte[] page) {
        FamilyCollector collector = new FamilyCollector();
        long skipped = new PageParser().parse(page, collector).skippedLines();
        return new MetricFamilies(collector.families(name -> null), skipped);
    }

    /**
     * Reads a page.
     *
     * @param page the page; not closed
     * @param options how to read it
     * @param catalog the type of a family by its name where it is known better than the page says, else null
     * @return its families
     * @throws IOException when the stream fails
     */
    public static MetricFamilies read(
            InputStream page, ParserOptions options, Function<String, @Nullable MetricType> catalog)
            throws IOException {
        FamilyCollector collector = new FamilyCollector();
        long skipped = new PageParser(options).parse(page, collector).skippedLines();
        return new MetricFamilies(collector.families(catalog), skipped);
    }

    /** All families in the order of the page. */
    public Collection<MetricFamily> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** The family of this name, or null. */
    public @Nullable MetricFamily get(String name) {
        return byName.get(name);
    }

    /** The families whose names start with {@code prefix}. */
    public List<MetricFamily> withPrefix(String prefix) {
        return byName.values().stream()
                .filter(family -> family.name().startsWith(prefix))
                .toList();
    }

    /** All samples, family by family. */
    public List<MetricSample> samples() {
        return stream().toList();
    }

    /** The samples whose names start with {@code prefix}. */
    public List<MetricSample> samplesWithPrefix(String prefix) {
        return stream().filter(sample -> sample.name().startsWith(prefix)).toList();
    }

    /** The samples whose labels hold all of {@code wanted}. */
    public List<MetricSample> samplesWith(Labels wanted) {
        return stream().filter(sample -> sample.labels().holdsAll(wanted)).toList();
    }

    /** How many lines could not be read. */
    public long skippedLines() {
        return skippedLines;
    }

    private Stream<MetricSample> stream() {
        return byName.values().stream().flatMap(family -> family.samples().stream());
    }
}
