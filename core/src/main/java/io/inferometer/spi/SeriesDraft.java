package io.inferometer.spi;

import io.inferometer.parser.Sample;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A series while its lines are read. A line that says again what another said is dropped, as Prometheus does. */
final class SeriesDraft {
    private static final double[] EMPTY = {};
    private static final int POINTS_AT_FIRST = 32;

    /** Where a number was noted: nowhere, since another was there already. */
    static final int AGAIN = 0;

    private static final int VALUE = 1;
    private static final int SUM = 2;
    private static final int COUNT = 3;

    /** Buckets from here upwards, quantiles from its negative downwards. */
    private static final int FIRST_POINT = 4;

    private final Labels labels;
    private boolean hasValue;
    private double value;
    private boolean hasSum;
    private boolean hasCount;
    private double sum = Double.NaN;
    private double count = Double.NaN;
    private double[] buckets = EMPTY; // bound, count, bound, count, …
    private int bucketsUsed;
    private double[] quantiles = EMPTY; // quantile, value, …
    private int quantilesUsed;

    /** What it came to; null since a number changed. */
    private @Nullable Series finished;

    private @Nullable Distribution last;

    SeriesDraft(Labels labels) {
        this.labels = labels;
    }

    Labels labels() {
        return labels;
    }

    /** Whether the sample's labels, but the one at {@code skipped}, are this series' in this order. */
    boolean matches(Sample sample, int skipped) {
        int count = sample.labelCount();
        if (count - (skipped < 0 ? 0 : 1) != labels.size()) {
            return false;
        }
        for (int i = 0, own = 0; i < count; i++) {
            if (i == skipped) {
                continue;
            }
            if (!sample.labelNameIs(i, labels.name(own)) || !sample.labelValueIs(i, labels.value(own))) {
                return false;
            }
            own++;
        }
        return true;
    }

    /** Notes the value; {@link #AGAIN} when it was told before. */
    int value(double number) {
        if (hasValue) {
            return AGAIN;
        }
        hasValue = true;
        value = number;
        return VALUE;
    }

    int sum(double number) {
        boolean again = hasSum;
        hasSum = true;
        if (Double.isNaN(sum)) {
            sum = number;
        }
        return again ? AGAIN : SUM;
    }

    int count(double number) {
        boolean again = hasCount;
        hasCount = true;
        if (Double.isNaN(count)) {
            count = number;
        }
        return again ? AGAIN : COUNT;
    }

    int bucket(double bound, double number) {
        if (holds(buckets, bucketsUsed, bound)) {
            return AGAIN;
        }
        buckets = withRoom(buckets, bucketsUsed);
        buckets[bucketsUsed++] = bound;
        buckets[bucketsUsed++] = number;
        return FIRST_POINT + bucketsUsed - 1;
    }

    int quantile(double quantile, double number) {
        if (holds(quantiles, quantilesUsed, quantile)) {
            return AGAIN;
        }
        quantiles = withRoom(quantiles, quantilesUsed);
        quantiles[quantilesUsed++] = quantile;
        quantiles[quantilesUsed++] = number;
        return -FIRST_POINT - quantilesUsed + 1;
    }

    /** Puts another number where one was noted: what the methods above returned says where. */
    void change(int cell, double number) {
        finished = null;
        switch (cell) {
            case VALUE -> value = number;
            case SUM -> sum = number;
            case COUNT -> count = number;
            default -> {
                if (cell > 0) {
                    buckets[cell - FIRST_POINT] = number;
                } else {
                    quantiles[-cell - FIRST_POINT] = number;
                }
            }
        }
    }

    Series asNumber() {
        Series known = finished;
        if (known == null) {
            known = new Series(labels, hasValue ? (Double) value : null, null);
            finished = known;
        }
        return known;
    }

    Series asDistribution() {
        Series known = finished;
        if (known == null) {
            Distribution distribution = distribution();
            known = new Series(labels, null, distribution);
            finished = known;
            last = distribution;
        }
        return known;
    }

    private Distribution distribution() {
        if (bucketsUsed > 0) {
            double[] counts = every(buckets, bucketsUsed, 1);
            return last == null || !bucketsAscend()
                    ? Distribution.ofHistogram(every(buckets, bucketsUsed, 0), counts, sum, count)
                    : last.withBucketCounts(counts, sum, count);
        }
        boolean bare = quantilesUsed == 0 && Double.isNaN(sum) && Double.isNaN(count);
        return bare
                ? Distribution.ofValue(hasValue ? value : Double.NaN)
                : Distribution.ofSummary(
                        every(quantiles, quantilesUsed, 0), every(quantiles, quantilesUsed, 1), sum, count);
    }

    private boolean bucketsAscend() {
        for (int i = 2; i < bucketsUsed; i += 2) {
            if (!(buckets[i - 2] < buckets[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(double[] pairs, int used, double point) {
        if (used == 0 || pairs[used - 2] < point) {
            return false; // Pages list bounds upwards: nearly always this.
        }
        for (int i = 0; i < used; i += 2) {
            if (pairs[i] == point) {
                return true;
            }
        }
        return false;
    }

    private static double[] withRoom(double[] pairs, int used) {
        return used < pairs.length ? pairs : Arrays.copyOf(pairs, Math.max(2 * POINTS_AT_FIRST, 2 * used));
    }

    private static double[] every(double[] pairs, int used, int from) {
        double[] half = new double[used / 2];
        for (int i = 0; i < half.length; i++) {
            half[i] = pairs[2 * i + from];
        }
        return half;
    }
}
