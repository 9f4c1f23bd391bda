package io.inferometer.spi;

import io.inferometer.parser.SkippedLine;
import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.MetricSample;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A metrics page, read: the families that the backends' tables know, by their normalized names, and the names of all
 * others.
 *
 * <p>Immutable and safe to share. Read by {@link PageReader}.
 */
public final class Page {
    private static final Page EMPTY = new Page(Map.of(), Set.of(), List.of(), null, 0, 0, List.of(), false);

    private final Map<String, Family> families;
    private final Set<String> names;
    private final List<MetricSample> samples;
    private final @Nullable Instant startedAt;
    private final long sampleCount;
    private final long skippedLines;
    private final List<SkippedLine> firstSkipped;
    private final boolean cut;

    Page(
            Map<String, Family> families,
            Set<String> names,
            List<MetricSample> samples,
            @Nullable Instant startedAt,
            long sampleCount,
            long skippedLines,
            List<SkippedLine> firstSkipped,
            boolean cut) {
        this.families = families;
        this.names = names;
        this.samples = samples;
        this.startedAt = startedAt;
        this.sampleCount = sampleCount;
        this.skippedLines = skippedLines;
        this.firstSkipped = firstSkipped;
        this.cut = cut;
    }

    /** A page without samples. */
    public static Page empty() {
        return EMPTY;
    }

    /**
     * A family by its name in the backend's table.
     *
     * @param name with {@code :} or {@code _}
     * @return the family with at least one series; null when the page has none
     */
    public @Nullable Family family(String name) {
        return families.get(FamilyNames.normalize(name));
    }

    /** The normalized names of all samples, the unknown ones too, in the order of the page. */
    public Set<String> names() {
        return names;
    }

    /** Whether any sample's normalized name starts with {@code prefix}, such as {@code "vllm_"}. */
    public boolean hasNamesWith(String prefix) {
        return names.stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Every value of a label on the known families, sorted. */
    public Set<String> valuesOf(String label) {
        Set<String> values = new TreeSet<>();
        for (Family family : families.values()) {
            for (Series series : family.series()) {
                String value = series.labels().get(label);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    /** The part of the page whose series' labels pass {@code wanted}. */
    public Page where(Predicate<Labels> wanted) {
        Map<String, Family> part = new LinkedHashMap<>();
        families.forEach((name, family) -> {
            Family kept = family.where(wanted);
            if (!kept.series().isEmpty()) {
                part.put(name, kept);
            }
        });
        return new Page(part, names, samples, startedAt, sampleCount, skippedLines, firstSkipped, cut);
    }

    /** All samples of the page as they stood, {@code _created} ones left out; empty unless they were asked for. */
    public List<MetricSample> samples() {
        return samples;
    }

    /** When the process that served the page started, by its own clock; null when it does not say. */
    public @Nullable Instant startedAt() {
        return startedAt;
    }

    /** How many samples were read, those of unknown families too. */
    public long sampleCount() {
        return sampleCount;
    }

    /** How many lines could not be read. */
    public long skippedLines() {
        return skippedLines;
    }

    /** The first few of them, with number and reason. */
    public List<SkippedLine> firstSkipped() {
        return firstSkipped;
    }

    /** Whether the body ended before its announced end; the family in which it broke off is left out. */
    public boolean wasCut() {
        return cut;
    }
}
