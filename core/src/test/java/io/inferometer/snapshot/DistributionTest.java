package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    /**
     * Expected values are worked out by hand from the definition of PromQL's histogram_quantile: rank = q * count, the
     * first bucket at or above the rank, linear within it.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # bounds          | cumulative counts | q    | expected
            0.1,0.5,1,+Inf    | 2,6,10,10         | 0.5  | 0.4
            0.1,0.5,1,+Inf    | 2,6,10,10         | 0.1  | 0.05
            0.1,0.5,1,+Inf    | 2,6,10,10         | 0.2  | 0.1
            0.1,0.5,1,+Inf    | 2,6,10,10         | 0    | 0
            0.1,0.5,1,+Inf    | 2,6,10,10         | 1    | 1
            # in the last bucket: the highest finite bound
            0.1,0.5,1,+Inf    | 2,6,8,10          | 0.9  | 1
            0.1,0.5,1,+Inf    | 0,0,0,10          | 0.5  | 1
            # the first bucket starts at 0 only when its bound is positive
            -1,0,1,+Inf       | 2,4,8,8           | 0.1  | -1
            -1,0,1,+Inf       | 2,4,8,8           | 0.375 | -0.5
            -1,0,1,+Inf       | 2,4,8,8           | 0.75 | 0.5
            0,1,+Inf          | 3,6,6             | 0.25 | 0
            # an empty bucket in the middle is stepped over
            1,2,3,+Inf        | 4,4,8,8           | 0.5  | 1
            1,2,3,+Inf        | 4,4,8,8           | 0.75 | 2.5
            # counts that fall are taken as flat
            0.1,0.5,1,+Inf    | 5,3,8,8           | 0.5  | 0.08
            0.1,0.5,1,+Inf    | 5,3,8,8           | 0.7  | 0.6
            0.1,0.5,1,+Inf    | 2,6,8,0           | 0.5  | 0.3
            # bounds in any order
            +Inf,1,0.1,0.5    | 10,10,2,6         | 0.5  | 0.4
            """)
    void aQuantileOfBucketsIsInterpolatedAsPromQlDoes(String bounds, String counts, double quantile, double expected) {
        Distribution distribution = Distribution.ofHistogram(numbers(bounds), numbers(counts), NAN, NAN);
        assertThat(distribution.quantile(quantile)).isEqualTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # nothing observed
            0.1,1,+Inf | 0,0,0 | 0.5
            # only +Inf
            +Inf       | 5     | 0.5
            # no +Inf
            0.1,1      | 2,5   | 0.5
            # quantile 0 while the first bucket is empty: 0/0
            0.1,1,+Inf | 0,5,5 | 0
            0.1,1,+Inf | 0,0,9 | 0
            """)
    void aQuantileThatTheBucketsCannotAnswerIsAbsent(String bounds, String counts, double quantile) {
        Distribution distribution = Distribution.ofHistogram(numbers(bounds), numbers(counts), NAN, NAN);
        assertThat(distribution.quantile(quantile)).isNull();
    }

    @Test
    void withoutBucketsThereIsNoQuantile() {
        Distribution none = Distribution.ofHistogram(new double[0], new double[0], 4, 2);
        assertThat(none.quantile(0.5)).isNull();
        assertThat(none.mean()).isEqualTo(2.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, 50, Double.NaN, Double.POSITIVE_INFINITY})
    void aQuantileIsAShare(double quantile) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.ofValue(1).quantile(quantile))
                .withMessage("A quantile is a share 0..1, such as 0.99; found " + quantile + ".");
    }

    @Test
    void aHistogramKnowsCountSumAndMean() {
        Distribution distribution = histogram("0.1,1,+Inf", "1,3,4", 3, 4);
        assertThat(distribution.kind()).isEqualTo(Distribution.Kind.HISTOGRAM);
        assertThat(distribution.count()).isEqualTo(4);
        assertThat(distribution.sum()).isEqualTo(3.0);
        assertThat(distribution.mean()).isEqualTo(0.75);
        assertThat(distribution.bucketBounds()).containsExactly(0.1, 1, INF);
        assertThat(distribution.bucketCounts()).containsExactly(1, 3, 4);
        assertThat(distribution.reportedQuantiles()).isEmpty();
    }

    @Test
    void withoutACountTheInfiniteBucketTells() {
        assertThat(histogram("0.1,+Inf", "1,4", NAN, NAN).count()).isEqualTo(4);
        assertThat(histogram("0.1,1", "1,4", NAN, NAN).count()).isNull();
        assertThat(histogram("0.1,+Inf", "1,4", NAN, NAN).sum()).isNull();
        assertThat(histogram("0.1,+Inf", "1,4", NAN, NAN).mean()).isNull();
    }

    @Test
    void nothingObservedHasNoMean() {
        Distribution empty = histogram("0.1,+Inf", "0,0", 0, 0);
        assertThat(empty.count()).isEqualTo(0);
        assertThat(empty.sum()).isEqualTo(0.0);
        assertThat(empty.mean()).isNull();
    }

    @Test
    void numbersThatCannotBeAreAbsent() {
        assertThat(histogram("+Inf", "4", INF, -1).count()).isNull();
        assertThat(histogram("+Inf", "4", INF, -1).sum()).isNull();
        assertThat(histogram("+Inf", "4", INF, 4).mean()).isNull();
        assertThat(Distribution.ofSummary(new double[0], new double[0], 1, INF).count())
                .isNull();
    }

    @Test
    void aSummaryKnowsOnlyItsOwnQuantiles() {
        Distribution summary = summary("0.99,0.5", "4,1.5", 6, 3);
        assertThat(summary.kind()).isEqualTo(Distribution.Kind.SUMMARY);
        assertThat(summary.quantile(0.5)).isEqualTo(1.5);
        assertThat(summary.quantile(0.99)).isEqualTo(4.0);
        assertThat(summary.quantile(0.9)).isNull();
        assertThat(summary.count()).isEqualTo(3);
        assertThat(summary.mean()).isEqualTo(2.0);
        assertThat(summary.reportedQuantiles()).containsExactly(Map.entry(0.5, 1.5), Map.entry(0.99, 4.0));
        assertThat(summary.bucketBounds()).isEmpty();
        assertThat(summary.bucketCounts()).isEmpty();
    }

    @Test
    void aSummaryThatSawNothingSaysNaNAndIsAbsent() {
        Distribution summary = summary("0.5,0.9", "NaN,NaN", 0, 0);
        assertThat(summary.quantile(0.5)).isNull();
        assertThat(summary.reportedQuantiles()).isEmpty();
    }

    @Test
    void aBareNumberIsAMean() {
        Distribution value = Distribution.ofValue(0.025);
        assertThat(value.kind()).isEqualTo(Distribution.Kind.VALUE);
        assertThat(value.mean()).isEqualTo(0.025);
        assertThat(value.count()).isNull();
        assertThat(value.sum()).isNull();
        assertThat(value.quantile(0.5)).isNull();
        assertThat(value.since(value)).isNull();
        assertThat(Distribution.ofValue(NAN).mean()).isNull();
    }

    @Test
    void whatWasObservedSinceIsTheDifference() {
        Distribution earlier = histogram("0.1,1,+Inf", "1,3,4", 3, 4);
        Distribution later = histogram("0.1,1,+Inf", "1,7,10", 9, 10);
        assertThat(later.since(earlier)).isEqualTo(histogram("0.1,1,+Inf", "0,4,6", 6, 6));
        assertThat(later.since(later)).isEqualTo(histogram("0.1,1,+Inf", "0,0,0", 0, 0));
        assertThat(summary("0.5", "1", 9, 10).since(summary("0.5", "7", 3, 4)))
                .isEqualTo(Distribution.ofSummary(new double[0], new double[0], 6, 6));
    }

    @Test
    void acrossARestartNothingIsKnown() {
        Distribution earlier = histogram("0.1,1,+Inf", "1,3,4", 3, 4);
        assertThat(histogram("0.1,1,+Inf", "0,2,3", 3, 3).since(earlier))
                .as("count fell")
                .isNull();
        assertThat(histogram("0.1,1,+Inf", "1,3,4", 2, 4).since(earlier))
                .as("sum fell")
                .isNull();
        assertThat(histogram("0.1,1,+Inf", "0,9,9", 9, 9).since(earlier))
                .as("a bucket fell")
                .isNull();
        assertThat(histogram("0.2,1,+Inf", "1,7,9", 9, 9).since(earlier))
                .as("other buckets")
                .isNull();
        assertThat(summary("0.5", "1", 9, 9).since(earlier)).as("another kind").isNull();
        assertThat(histogram("0.1,1", "1,7", 9, NAN).since(histogram("0.1,1", "1,7", 9, NAN)))
                .as("no counts")
                .isNull();
    }

    @Test
    void twoHistogramsOnTheSameBoundsAreAdded() {
        assertThat(histogram("0.1,1,+Inf", "1,3,4", 3, 4).plus(histogram("0.1,1,+Inf", "2,2,6", 8, 6)))
                .isEqualTo(histogram("0.1,1,+Inf", "3,5,10", 11, 10));
    }

    @Test
    void onOtherBoundsTheCommonOnesStay() {
        assertThat(histogram("0.1,0.5,+Inf", "1,2,4", 3, 4).plus(histogram("0.5,1,+Inf", "10,11,12", 8, 12)))
                .isEqualTo(histogram("0.5,+Inf", "12,16", 11, 16));
        assertThat(histogram("0.5,+Inf", "2,4", 3, 4).plus(histogram("0.1,0.5,1,+Inf", "9,10,11,12", 8, 12)))
                .isEqualTo(histogram("0.5,+Inf", "12,16", 11, 16));
    }

    @Test
    void summariesAddCountsAndLoseQuantiles() {
        Distribution sums = Distribution.ofSummary(new double[0], new double[0], 9, 7);
        assertThat(summary("0.5", "1", 6, 3).plus(summary("0.5", "2", 3, 4))).isEqualTo(sums);
        assertThat(summary("0.5", "1", 6, 3).plus(histogram("+Inf", "4", 3, 4))).isEqualTo(sums);
        assertThat(histogram("+Inf", "4", 3, 4).plus(summary("0.5", "1", 6, 3))).isEqualTo(sums);
    }

    @Test
    void ofTwoBareNumbersNothingIsKnown() {
        Distribution both = Distribution.ofValue(1).plus(Distribution.ofValue(3));
        assertThat(both.kind()).isEqualTo(Distribution.Kind.VALUE);
        assertThat(both.mean()).isNull();
        Distribution mixed = Distribution.ofValue(1).plus(histogram("+Inf", "4", 3, 4));
        assertThat(mixed.kind()).isEqualTo(Distribution.Kind.SUMMARY);
        assertThat(mixed.mean()).isNull();
        assertThat(mixed.count()).isNull();
    }

    @Test
    void itKeepsNoArrayOfTheCallers() {
        double[] bounds = {0.1, INF};
        double[] counts = {1, 4};
        Distribution distribution = Distribution.ofHistogram(bounds, counts, 3, 4);
        bounds[0] = 7;
        counts[0] = 7;
        distribution.bucketBounds()[0] = 7;
        distribution.bucketCounts()[0] = 7;
        assertThat(distribution).isEqualTo(histogram("0.1,+Inf", "1,4", 3, 4));
    }

    @Test
    void equalityIsByValue() {
        Distribution one = histogram("0.1,+Inf", "1,4", NAN, 4);
        assertThat(one)
                .isEqualTo(histogram("0.1,+Inf", "1,4", NAN, 4))
                .hasSameHashCodeAs(histogram("0.1,+Inf", "1,4", NAN, 4));
        assertThat(one)
                .isNotEqualTo(histogram("0.1,+Inf", "1,4", NAN, 5))
                .isNotEqualTo(histogram("0.1,+Inf", "1,4", 1, 4))
                .isNotEqualTo(histogram("0.2,+Inf", "1,4", NAN, 4))
                .isNotEqualTo(histogram("0.1,+Inf", "2,4", NAN, 4))
                .isNotEqualTo(summary("0.1", "1", NAN, 4))
                .isNotEqualTo("x");
    }

    @Test
    void itsTextSaysWhatItKnows() {
        assertThat(histogram("1,+Inf", "4,4", 2, 4))
                .hasToString("Distribution[histogram, count 4, sum 2.0, mean 0.5, p50 0.5, p99 0.99]");
    }

    @Test
    void eachPointNeedsAValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.ofSummary(new double[2], new double[1], 0, 0))
                .withMessage("Each point needs one value; found 2 points and 1 values.");
    }

    private static Distribution histogram(String bounds, String counts, double sum, double count) {
        return Distribution.ofHistogram(numbers(bounds), numbers(counts), sum, count);
    }

    private static Distribution summary(String quantiles, String values, double sum, double count) {
        return Distribution.ofSummary(numbers(quantiles), numbers(values), sum, count);
    }

    private static double[] numbers(String list) {
        return Arrays.stream(list.split(",", -1))
                .mapToDouble(text -> text.strip().equals("+Inf") ? INF : Double.parseDouble(text))
                .toArray();
    }
}
