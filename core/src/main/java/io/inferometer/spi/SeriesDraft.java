package io.inferometer.spi;

import io.inferometer.parser.Sample;
import io.inferometer.snapshot.Labels;
import java.util.Arrays;

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
    private double value = Double.NaN;
    private boolean hasSum;
    private boolean hasCount;
    private double sum = Double.NaN;
    private double count = Double.NaN;
    private double[] bounds = EMPTY;
    private double[] bucketCounts = EMPTY;
    private int bucketsUsed;
    private double[] quantiles = EMPTY;
    private double[] quantileValues = EMPTY;
    private int quantilesUsed;

    /** Where its numbers stand, once it has a shape. */
    private int base;

    SeriesDraft(Labels labels) {
        this.labels = labels;
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
        if (holds(bounds, bucketsUsed, bound)) {
            return AGAIN;
        }
        bounds = withRoom(bounds, bucketsUsed);
        bucketCounts = withRoom(bucketCounts, bucketsUsed);
        bounds[bucketsUsed] = bound;
        bucketCounts[bucketsUsed] = number;
        return FIRST_POINT + bucketsUsed++;
    }

    int quantile(double quantile, double number) {
        if (holds(quantiles, quantilesUsed, quantile)) {
            return AGAIN;
        }
        quantiles = withRoom(quantiles, quantilesUsed);
        quantileValues = withRoom(quantileValues, quantilesUsed);
        quantiles[quantilesUsed] = quantile;
        quantileValues[quantilesUsed] = number;
        return -FIRST_POINT - quantilesUsed++;
    }

    /** How many numbers it comes to, in a {@link SeriesShape}. */
    int size(FamilyKind kind) {
        return kind == FamilyKind.DISTRIBUTION ? SeriesShape.FIRST_POINT + bucketsUsed + quantilesUsed : 1;
    }

    /** All of it but its numbers, which are put into {@code numbers} from a place on. */
    SeriesShape shape(FamilyKind kind, int from, double[] numbers) {
        base = from;
        numbers[base + SeriesShape.VALUE] = value;
        boolean distribution = kind == FamilyKind.DISTRIBUTION;
        if (distribution) {
            numbers[base + SeriesShape.SUM] = sum;
            numbers[base + SeriesShape.COUNT] = count;
            int points = base + SeriesShape.FIRST_POINT;
            System.arraycopy(bucketCounts, 0, numbers, points, bucketsUsed);
            System.arraycopy(quantileValues, 0, numbers, points + bucketsUsed, quantilesUsed);
        }
        return new SeriesShape(
                labels,
                distribution,
                base,
                hasValue,
                Arrays.copyOf(bounds, bucketsUsed),
                Arrays.copyOf(quantiles, quantilesUsed));
    }

    /** Where a number of its shape stands: {@code cell} is what noting it returned. */
    int placeOf(int cell) {
        return base
                + switch (cell) {
                    case VALUE -> SeriesShape.VALUE;
                    case SUM -> SeriesShape.SUM;
                    case COUNT -> SeriesShape.COUNT;
                    default ->
                        SeriesShape.FIRST_POINT + (cell > 0 ? cell - FIRST_POINT : bucketsUsed - cell - FIRST_POINT);
                };
    }

    /** What it came to. */
    Series finish(FamilyKind kind) {
        double[] numbers = new double[size(kind)];
        return shape(kind, 0, numbers).of(numbers);
    }

    private static boolean holds(double[] points, int used, double point) {
        if (used == 0 || points[used - 1] < point) {
            return false; // Pages list bounds upwards: nearly always this.
        }
        for (int i = 0; i < used; i++) {
            if (points[i] == point) {
                return true;
            }
        }
        return false;
    }

    private static double[] withRoom(double[] points, int used) {
        return used < points.length ? points : Arrays.copyOf(points, Math.max(POINTS_AT_FIRST, 2 * used));
    }
}
