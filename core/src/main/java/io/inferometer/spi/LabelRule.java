package io.inferometer.spi;

import io.inferometer.snapshot.Labels;
import java.util.List;

/**
 * Which series of a family count, by one label.
 *
 * <p>Immutable and safe to share.
 *
 * @param label the label's name
 * @param values the values that count
 * @param absentCounts whether a series without the label counts too
 */
public record LabelRule(String label, List<String> values, boolean absentCounts) {
    /**
     * Copies the list.
     *
     * @param label the label's name
     * @param values the values that count
     * @param absentCounts whether a series without the label counts too
     */
    public LabelRule {
        values = List.copyOf(values);
    }

    /** Whether a series with these labels counts. */
    public boolean accepts(Labels labels) {
        String value = labels.get(label);
        return value == null ? absentCounts : values.contains(value);
    }
}
