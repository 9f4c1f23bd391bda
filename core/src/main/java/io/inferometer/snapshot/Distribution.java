package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a measured quantity was distributed: what a histogram, a summary or one bare number becomes.
 *
 * <p>Immutable and safe to share. The unit is that of the field which holds it (seconds or tokens). Everything counts
 * from the engine's start unless it came from {@link #since}.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"kind", "count", "sum", "mean", "p50", "p90", "p99", "quantiles"})
public final class Distribution {
    private static final double[] EMPTY = {};
    private static final double SAME_QUANTILE = 1e-9;

    /** What the distribution was made from, which says what it can answer. */
    public enum Kind {
        /** Buckets: count, sum, mean and any quantile, by interpolation. */
        HISTOGRAM,
        /** Count and sum, and the quantiles that the engine computed itself, over a window of its own. */
        SUMMARY,
        /** One bare number, taken as the mean; nothing else is known. */
        VALUE
    }

    private final Kind kind;
    private final double count; // NaN: not reported.
    private final double sum; // NaN: not reported. Of a bare value: the value.
    private final double[] points; // Upper bounds of buckets, or quantiles; ascending.
    private final double[] values; // Cumulative counts, or the quantiles' values.

    private Distribution(Kind kind, double count, double sum, double[] points, double[] values) {
        this.kind = kind;
        this.count = count;
        this.sum = sum;
        this.points = points;
        this.values = values;
    }

    /**
     * A distribution from a histogram's buckets.
     *
     * @param upperBounds inclusive upper bounds, in any order, {@code +Inf} among them; copied
     * @param cumulativeCounts for each bound the observations at or below it; copied
     * @param sum sum of all observations, NaN when not reported
     * @param count number of observations, NaN when not reported (then the {@code +Inf} bucket tells)
     * @return the distribution
     */
    public static Distribution ofHistogram(double[] upperBounds, double[] cumulativeCounts, double sum, double count) {
        double[][] sorted = sortedByPoint(upperBounds, cumulativeCounts);
        return histogram(sorted[0], sorted[1], sum, count);
    }

    private static Distribution histogram(double[] bounds, double[] counts, double sum, double count) {
        boolean whole = bounds.length > 0 && bounds[bounds.length - 1] == Double.POSITIVE_INFINITY;
        double known = Double.isNaN(count) && whole ? counts[counts.length - 1] : count;
        return new Distribution(Kind.HISTOGRAM, known, sum, bounds, counts);
    }

    /**
     * A later reading of the same histogram, with the same buckets, which both then share.
     *
     * @param cumulativeCounts for each of {@link #bucketBounds()} the observations at or below it; copied
     * @param newSum sum of all observations, NaN when not reported
     * @param newCount number of observations, NaN when not reported (then the {@code +Inf} bucket tells)
     * @return the distribution
     * @throws IllegalArgumentException when this is no histogram, or has another number of buckets
     */
    public Distribution withBucketCounts(double[] cumulativeCounts, double newSum, double newCount) {
        if (kind != Kind.HISTOGRAM || cumulativeCounts.length != points.length) {
            throw new IllegalArgumentException("A %s of %d buckets cannot take %d counts."
                    .formatted(kindWord(), points.length, cumulativeCounts.length));
        }
        return histogram(points, cumulativeCounts.clone(), newSum, newCount);
    }

    /**
     * A distribution from a summary, or from a sum and a count alone.
     *
     * @param quantiles the quantiles reported, each 0..1, in any order; copied
     * @param quantileValues their values; copied
     * @param sum sum of all observations, NaN when not reported
     * @param count number of observations, NaN when not reported
     * @return the distribution
     */
    public static Distribution ofSummary(double[] quantiles, double[] quantileValues, double sum, double count) {
        double[][] sorted = sortedByPoint(quantiles, quantileValues);
        return new Distribution(Kind.SUMMARY, count, sum, sorted[0], sorted[1]);
    }

    /** A distribution of which only its mean is known. */
    public static Distribution ofValue(double mean) {
        return new Distribution(Kind.VALUE, Double.NaN, mean, EMPTY, EMPTY);
    }

    /** What this was made from. */
    @JsonProperty("kind")
    String kindWord() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** What this was made from. */
    public Kind kind() {
        return kind;
    }

    /** Number of observations; null when not reported. */
    @JsonProperty("count")
    public @Nullable Long count() {
        return count >= 0 && count <= Long.MAX_VALUE ? (Long) Math.round(count) : null;
    }

    /** Sum of all observations, in the field's unit; null when not reported. */
    public @Nullable Double sum() {
        return kind == Kind.VALUE ? null : finite(sum);
    }

    /** Mean observation, in the field's unit; null when nothing was observed or it is not known. */
    public @Nullable Double mean() {
        if (kind == Kind.VALUE) {
            return finite(sum);
        }
        return count > 0 ? finite(sum / count) : null;
    }

    /**
     * The value below which a share of the observations lies.
     *
     * <p>From buckets it is interpolated linearly as PromQL's {@code histogram_quantile} does: a quantile in the
     * {@code +Inf} bucket is the highest finite bound, the first bucket starts at 0 when its bound is positive,
     * cumulative counts that fall are taken as flat, and quantile 0 is unknown while the first bucket is empty. From a summary only the engine's own quantiles are known.
     *
     * @param quantile the share, 0..1
     * @return the value in the field's unit; null when the data cannot answer
     * @throws IllegalArgumentException when {@code quantile} is outside 0..1
     */
    public @Nullable Double quantile(double quantile) {
        if (!(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException("A quantile is a share 0..1, such as 0.99; found " + quantile + ".");
        }
        return switch (kind) {
            case HISTOGRAM -> quantileFromBuckets(quantile);
            case SUMMARY -> quantileAsReported(quantile);
            case VALUE -> null;
        };
    }

    /**
     * What was observed after {@code earlier}.
     *
     * @param earlier the same distribution of the same engine, read before this one
     * @return the difference; null when the engine restarted in between, its buckets changed, or the kind has no counts
     */
    public @Nullable Distribution since(Distribution earlier) {
        boolean comparable = kind == earlier.kind && kind != Kind.VALUE && count >= earlier.count;
        if (!comparable || sum < earlier.sum) {
            return null;
        }
        if (kind == Kind.SUMMARY) {
            return new Distribution(kind, count - earlier.count, sum - earlier.sum, EMPTY, EMPTY);
        }
        if (!Arrays.equals(points, earlier.points)) {
            return null;
        }
        double[] grown = new double[values.length];
        for (int i = 0; i < grown.length; i++) {
            grown[i] = values[i] - earlier.values[i];
            if (grown[i] < 0) {
                return null; // A counter that fell: another life of the engine.
            }
        }
        return new Distribution(kind, count - earlier.count, sum - earlier.sum, points, grown);
    }

    /**
     * Both distributions as one, such as those of two data-parallel ranks.
     *
     * <p>Counts and sums are added. Buckets are added on the bounds that both have, which loses resolution but never
     * exactness. The quantiles of summaries cannot be merged and are dropped; of bare values nothing can be said.
     *
     * @param other another distribution of the same quantity
     * @return the merged distribution
     */
    public Distribution plus(Distribution other) {
        double bothCounts = count + other.count;
        if (kind == Kind.VALUE || other.kind == Kind.VALUE) {
            return new Distribution(kind == other.kind ? kind : Kind.SUMMARY, bothCounts, Double.NaN, EMPTY, EMPTY);
        }
        double bothSums = sum + other.sum;
        if (kind != Kind.HISTOGRAM || other.kind != Kind.HISTOGRAM) {
            return new Distribution(Kind.SUMMARY, bothCounts, bothSums, EMPTY, EMPTY);
        }
        if (Arrays.equals(points, other.points)) {
            double[] added = values.clone();
            for (int i = 0; i < added.length; i++) {
                added[i] += other.values[i];
            }
            return new Distribution(kind, bothCounts, bothSums, points, added);
        }
        return onCommonBounds(other, bothCounts, bothSums);
    }

    /** The buckets' inclusive upper bounds in the field's unit, ascending, {@code +Inf} last; empty for other kinds. */
    public double[] bucketBounds() {
        return kind == Kind.HISTOGRAM ? points.clone() : EMPTY;
    }

    /** The cumulative counts beside {@link #bucketBounds()}. */
    public double[] bucketCounts() {
        return kind == Kind.HISTOGRAM ? values.clone() : EMPTY;
    }

    /** The quantiles that the engine reported itself, by their share; empty for other kinds than a summary. */
    public Map<Double, Double> reportedQuantiles() {
        Map<Double, Double> reported = new LinkedHashMap<>();
        if (kind == Kind.SUMMARY) {
            for (int i = 0; i < points.length; i++) {
                if (Double.isFinite(values[i])) {
                    reported.put(points[i], values[i]);
                }
            }
        }
        return Collections.unmodifiableMap(reported);
    }

    @JsonProperty("sum")
    @Nullable
    Object jsonSum() {
        return JsonNumbers.finite(sum());
    }

    @JsonProperty("mean")
    @Nullable
    Object jsonMean() {
        return JsonNumbers.finite(mean());
    }

    @JsonProperty("p50")
    @Nullable
    Object jsonP50() {
        return JsonNumbers.finite(quantile(0.5));
    }

    @JsonProperty("p90")
    @Nullable
    Object jsonP90() {
        return JsonNumbers.finite(quantile(0.9));
    }

    @JsonProperty("p99")
    @Nullable
    Object jsonP99() {
        return JsonNumbers.finite(quantile(0.99));
    }

    @JsonProperty("quantiles")
    Map<Double, Double> jsonQuantiles() {
        return reportedQuantiles();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Distribution that
                && kind == that.kind
                && Double.compare(count, that.count) == 0
                && Double.compare(sum, that.sum) == 0
                && Arrays.equals(points, that.points)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + Double.hashCode(count)) + Double.hashCode(sum) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Distribution[%s, count %s, sum %s, mean %s, p50 %s, p99 %s]"
                .formatted(kindWord(), count(), sum(), mean(), quantile(0.5), quantile(0.99));
    }

    private @Nullable Double quantileFromBuckets(double quantile) {
        int last = points.length - 1;
        if (last < 1 || points[last] != Double.POSITIVE_INFINITY) {
            return null;
        }
        double[] counts = neverFalling();
        if (!(counts[last] > 0)) {
            return null;
        }
        double rank = quantile * counts[last];
        int bucket = firstAtOrAbove(counts, rank);
        if (bucket == last) {
            return points[last - 1];
        }
        if (bucket == 0 && points[0] <= 0) {
            return points[0];
        }
        double start = bucket == 0 ? 0 : points[bucket - 1];
        double below = bucket == 0 ? 0 : counts[bucket - 1];
        double within = counts[bucket] - below;
        return within > 0 ? (Double) (start + (points[bucket] - start) * ((rank - below) / within)) : null;
    }

    private int firstAtOrAbove(double[] counts, double rank) {
        int bucket = 0;
        while (bucket < counts.length - 1 && counts[bucket] < rank) {
            bucket++;
        }
        return bucket;
    }

    private double[] neverFalling() {
        double[] counts = values.clone();
        for (int i = 1; i < counts.length; i++) {
            counts[i] = Math.max(counts[i], counts[i - 1]);
        }
        return counts;
    }

    private @Nullable Double quantileAsReported(double quantile) {
        for (int i = 0; i < points.length; i++) {
            if (Math.abs(points[i] - quantile) < SAME_QUANTILE) {
                return finite(values[i]);
            }
        }
        return null;
    }

    private Distribution onCommonBounds(Distribution other, double bothCounts, double bothSums) {
        double[] bounds = new double[Math.min(points.length, other.points.length)];
        double[] counts = new double[bounds.length];
        int common = 0;
        for (int i = 0; i < points.length; i++) {
            int j = Arrays.binarySearch(other.points, points[i]);
            if (j >= 0) {
                bounds[common] = points[i];
                counts[common++] = values[i] + other.values[j];
            }
        }
        return new Distribution(
                kind, bothCounts, bothSums, Arrays.copyOf(bounds, common), Arrays.copyOf(counts, common));
    }

    private static double[][] sortedByPoint(double[] points, double[] values) {
        if (points.length != values.length) {
            throw new IllegalArgumentException(
                    "Each point needs one value; found " + points.length + " points and " + values.length + " values.");
        }
        if (isAscending(points)) {
            return new double[][] {points.clone(), values.clone()};
        }
        Integer[] order = new Integer[points.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(points[a], points[b]));
        double[] sortedPoints = new double[points.length];
        double[] sortedValues = new double[points.length];
        for (int i = 0; i < order.length; i++) {
            sortedPoints[i] = points[order[i]];
            sortedValues[i] = values[order[i]];
        }
        return new double[][] {sortedPoints, sortedValues};
    }

    private static boolean isAscending(double[] points) {
        for (int i = 1; i < points.length; i++) {
            if (!(points[i - 1] < points[i])) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
