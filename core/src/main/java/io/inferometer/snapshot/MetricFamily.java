package io.inferometer.snapshot;

import io.inferometer.parser.MetricType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A family of a page, kept: what belongs to one name.
 *
 * <p>Immutable and safe to share.
 *
 * @param name the family's name as the page spells it, without the suffix of a histogram's or summary's lines
 * @param type its type: the catalog's where one was given and knows it, else the page's, else inferred
 * @param help its HELP text, null when the page has none
 * @param unit its UNIT (OpenMetrics), null when the page has none
 * @param samples its samples in the order of the page
 */
public record MetricFamily(
        String name,
        MetricType type,
        @Nullable String help,
        @Nullable String unit,
        List<MetricSample> samples) {
    /**
     * Copies the list.
     *
     * @param name the family's name
     * @param type its type
     * @param help its HELP text, or null
     * @param unit its UNIT, or null
     * @param samples its samples
     */
    public MetricFamily {
        samples = List.copyOf(samples);
    }

    /** The samples whose labels hold all of {@code wanted}. */
    public List<MetricSample> samplesWith(Labels wanted) {
        return samples.stream()
                .filter(sample -> sample.labels().holdsAll(wanted))
                .toList();
    }
}
