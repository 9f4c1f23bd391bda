package io.inferometer.saturation;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which number of a field an objective looks at: a quantile, the mean, the highest value, or the latest.
 *
 * <p>Immutable and safe to share.
 *
 * @param kind which number
 * @param quantile the share below which the value lies, 0..1; of other kinds than a quantile 0
 */
public record SloStatistic(Kind kind, double quantile) {
    /** Which number. */
    public enum Kind {
        /** The latest value of a gauge or a rate. */
        LATEST,
        /** The mean: of a distribution over its observations, of a gauge over the window. */
        MEAN,
        /** The highest value of a gauge within the window. */
        MAX,
        /** A quantile of a distribution. */
        QUANTILE
    }

    /** The latest value. */
    public static final SloStatistic LATEST = new SloStatistic(Kind.LATEST, 0);
    /** The mean. */
    public static final SloStatistic MEAN = new SloStatistic(Kind.MEAN, 0);
    /** The highest value of the window. */
    public static final SloStatistic MAX = new SloStatistic(Kind.MAX, 0);

    /**
     * Checks the quantile.
     *
     * @param kind which number
     * @param quantile 0..1
     * @throws IllegalArgumentException when the quantile is outside 0..1
     */
    public SloStatistic {
        if (!(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException("A quantile is a share 0..1, such as 0.99; found " + quantile + ".");
        }
    }

    /** A quantile, such as 0.99. */
    public static SloStatistic quantile(double quantile) {
        return new SloStatistic(Kind.QUANTILE, quantile);
    }

    /** As people write it: {@code "p99"}, {@code "mean"}; empty for the latest value. */
    public String title() {
        return switch (kind) {
            case LATEST -> "";
            case MEAN -> "mean";
            case MAX -> "max";
            case QUANTILE ->
                "p"
                        + BigDecimal.valueOf(quantile)
                                .movePointRight(2)
                                .stripTrailingZeros()
                                .toPlainString();
        };
    }

    static @Nullable SloStatistic named(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "mean", "average", "avg" -> MEAN;
            case "max", "maximum", "peak" -> MAX;
            case "median" -> quantile(0.5);
            case "latest", "current" -> LATEST;
            default -> wanted.matches("p\\d{1,2}(\\.\\d{1,6})?") ? ofPercentile(wanted.substring(1)) : null;
        };
    }

    private static SloStatistic ofPercentile(String digits) {
        return quantile(new BigDecimal(digits).movePointLeft(2).doubleValue());
    }
}
