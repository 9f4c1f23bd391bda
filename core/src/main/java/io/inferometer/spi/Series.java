package io.inferometer.spi;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One series of a family: its labels (without {@code le} and {@code quantile} where those only cut a distribution into
 * lines) and its value or distribution.
 *
 * <p>Immutable and safe to share.
 */
public final class Series {
    private final Labels labels;
    private final @Nullable Double value;
    private final @Nullable Distribution distribution;

    Series(Labels labels, @Nullable Double value, @Nullable Distribution distribution) {
        this.labels = labels;
        this.value = value;
        this.distribution = distribution;
    }

    /** The labels that tell it from its sisters. */
    public Labels labels() {
        return labels;
    }

    /** Its value, which may be NaN or infinite; null for a distribution. */
    public @Nullable Double value() {
        return value;
    }

    /** Its distribution; null for a gauge or counter. */
    public @Nullable Distribution distribution() {
        return distribution;
    }

    /** The distributions of several series as one; null when none has any. */
    static @Nullable Distribution merge(List<Series> series) {
        Distribution merged = null;
        for (Series one : series) {
            Distribution next = one.distribution;
            if (next != null) {
                merged = merged == null ? next : merged.plus(next);
            }
        }
        return merged;
    }
}
