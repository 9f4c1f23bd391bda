package io.inferometer.spi;

import io.inferometer.parser.Sample;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import java.util.Arrays;

/** A series while its lines are read. A line that says again what another said is dropped, as Prometheus does. */
final class SeriesDraft {
    private static final double[] EMPTY = {};
    private static final int POINTS_AT_FIRST = 32;

    private final Labels labels;
    private boolean hasValue;
    private double value;
    private double sum = Double.NaN;
    private double count = Double.NaN;
    private double[] buckets = EMPTY; // bound, count, bound, count, …
    private int bucketsUsed;
    private double[] quantiles = EMPTY; // quantile, value, …
    private int quantilesUsed;

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

    void value(double number) {
        if (!hasValue) {
            hasValue = true;
            value = number;
        }
    }

    void sum(double number) {
        if (Double.isNaN(sum)) {
            sum = number;
        }
    }

    void count(double number) {
        if (Double.isNaN(count)) {
            count = number;
        }
    }

    void bucket(double bound, double number) {
        if (!holds(buckets, bucketsUsed, bound)) {
            buckets = withRoom(buckets, bucketsUsed);
            buckets[bucketsUsed++] = bound;
            buckets[bucketsUsed++] = number;
        }
    }

    void quantile(double quantile, double number) {
        if (!holds(quantiles, quantilesUsed, quantile)) {
            quantiles = withRoom(quantiles, quantilesUsed);
            quantiles[quantilesUsed++] = quantile;
            quantiles[quantilesUsed++] = number;
        }
    }

    Series asNumber() {
        return new Series(labels, hasValue ? (Double) value : null, null);
    }

    Series asDistribution() {
        return new Series(labels, null, distribution());
    }

    private Distribution distribution() {
        if (bucketsUsed > 0) {
            return Distribution.ofHistogram(every(buckets, bucketsUsed, 0), every(buckets, bucketsUsed, 1), sum, count);
        }
        boolean bare = quantilesUsed == 0 && Double.isNaN(sum) && Double.isNaN(count);
        return bare
                ? Distribution.ofValue(hasValue ? value : Double.NaN)
                : Distribution.ofSummary(
                        every(quantiles, quantilesUsed, 0), every(quantiles, quantilesUsed, 1), sum, count);
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
