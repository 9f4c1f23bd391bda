package io.inferometer.spi;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All of a series but its numbers, and where in an array those stand. The same for all pages that have its lines.
 *
 * <p>Safe to share. A series' numbers stand side by side: its value; of a distribution the sum and the count
 * behind it, then the buckets' counts, then the quantiles' values.
 */
final class SeriesShape {
    static final int VALUE = 0;
    static final int SUM = 1;
    static final int COUNT = 2;
    static final int FIRST_POINT = 3;

    private final Labels labels;
    private final boolean distribution;
    private final int base;
    private final boolean hasValue;
    private final double[] bounds;
    private final double[] quantiles;
    private final boolean boundsAscend;

    /** One that was made before; has the bounds, which are not copied for each page. Any will do for any thread. */
    private @Nullable Distribution pattern;

    /**
     * A series whose first number stands at {@code base}; nobody may write to the arrays any more.
     *
     * @param bounds of the buckets, in the order of the page
     * @param quantiles in the order of the page
     */
    SeriesShape(Labels labels, boolean distribution, int base, boolean hasValue, double[] bounds, double[] quantiles) {
        this.labels = labels;
        this.distribution = distribution;
        this.base = base;
        this.hasValue = hasValue;
        this.bounds = bounds;
        this.quantiles = quantiles;
        boundsAscend = ascends(bounds);
    }

    /** The series with its numbers from {@code numbers}. */
    Series of(double[] numbers) {
        if (distribution) {
            return new Series(labels, null, distributionOf(numbers));
        }
        return new Series(labels, hasValue ? (Double) numbers[base + VALUE] : null, null);
    }

    private Distribution distributionOf(double[] numbers) {
        double sum = numbers[base + SUM];
        double count = numbers[base + COUNT];
        int points = base + FIRST_POINT;
        if (bounds.length > 0) {
            return histogramOf(Arrays.copyOfRange(numbers, points, points + bounds.length), sum, count);
        }
        boolean bare = quantiles.length == 0 && Double.isNaN(sum) && Double.isNaN(count);
        return bare
                ? Distribution.ofValue(hasValue ? numbers[base + VALUE] : Double.NaN)
                : Distribution.ofSummary(
                        quantiles, Arrays.copyOfRange(numbers, points, points + quantiles.length), sum, count);
    }

    private Distribution histogramOf(double[] counts, double sum, double count) {
        Distribution like = pattern;
        if (like != null) {
            return like.withBucketCounts(counts, sum, count);
        }
        Distribution made = Distribution.ofHistogram(bounds, counts, sum, count);
        pattern = boundsAscend ? made : null;
        return made;
    }

    private static boolean ascends(double[] bounds) {
        for (int i = 1; i < bounds.length; i++) {
            if (!(bounds[i - 1] < bounds[i])) {
                return false;
            }
        }
        return true;
    }
}
