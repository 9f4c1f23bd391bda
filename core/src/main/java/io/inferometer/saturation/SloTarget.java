package io.inferometer.saturation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One objective: a field, a comparison and a value, such as "p99 of time to first token ≤ 0.5 s".
 *
 * <p>Immutable and safe to share.
 *
 * @param field what it is about
 * @param statistic which number of it
 * @param comparison how it must compare to the threshold
 * @param threshold the value, in the field's unit: seconds, a share 0..1, a count, things per second
 */
public record SloTarget(SloField field, SloStatistic statistic, Comparison comparison, double threshold) {
    private static final int TEXT_MAX = 200;
    private static final Pattern TEXT = Pattern.compile(
            "(?<what>[^<>=≤≥]+?)\\s*(?<comparison><=|>=|≤|≥|<|>)\\s*(?<number>\\d{1,15}(?:\\.\\d{1,15})?)\\s*(?<unit>[^\\d\\s].*)?");

    /** How an observed value must compare to the threshold. */
    public enum Comparison {
        /** Less than it. */
        LESS("<"),
        /** It or less. */
        AT_MOST("≤"),
        /** More than it. */
        GREATER(">"),
        /** It or more. */
        AT_LEAST("≥");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        /** The sign: {@code "≤"}. */
        public String sign() {
            return sign;
        }

        /** Whether a lower value is a better one. */
        public boolean isUpperBound() {
            return this == LESS || this == AT_MOST;
        }

        /**
         * Whether a value complies.
         *
         * @param observed the value
         * @param threshold what it is compared to
         */
        public boolean holds(double observed, double threshold) {
            return switch (this) {
                case LESS -> observed < threshold;
                case AT_MOST -> observed <= threshold;
                case GREATER -> observed > threshold;
                case AT_LEAST -> observed >= threshold;
            };
        }

        private static Comparison of(String sign) {
            return switch (sign) {
                case "<" -> LESS;
                case "<=", "≤" -> AT_MOST;
                case ">" -> GREATER;
                default -> AT_LEAST;
            };
        }
    }

    /**
     * Checks that the parts fit each other.
     *
     * @param field what it is about
     * @param statistic which number of it
     * @param comparison how it must compare
     * @param threshold the value
     * @throws IllegalArgumentException when the threshold is negative, no number, or a share above 1, or when the field has no
     *     such number (a quantile of a gauge, the latest value of a distribution)
     */
    public SloTarget {
        if (!(threshold >= 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException(
                    "A threshold is a number of 0 or more; found %s for %s.".formatted(threshold, field.title()));
        }
        if (field.unit() == SloField.Unit.SHARE && threshold > 1) {
            throw new IllegalArgumentException("%s is a share 0..1; found the threshold %s. Write 0.9 or 90 %%."
                    .formatted(field.title(), threshold));
        }
        boolean ofDistribution =
                statistic.kind() == SloStatistic.Kind.QUANTILE || statistic.kind() == SloStatistic.Kind.MEAN;
        boolean ofGauge = statistic.kind() != SloStatistic.Kind.QUANTILE;
        if (field.isDistribution() ? !ofDistribution : !ofGauge) {
            throw new IllegalArgumentException(
                    field.isDistribution()
                            ? "%s is a distribution: ask for its mean or a quantile such as p99."
                                    .formatted(field.title())
                            : "%s is one value at a time and has no quantiles: ask for its latest value, max or mean."
                                    .formatted(field.title()));
        }
    }

    /**
     * Reads an objective as people write it: {@code "p99 of time to first token <= 0.5 s"}, {@code "KV usage < 0.9"},
     * {@code "mean inter-token latency ≤ 50 ms"}, {@code "throughput >= 1000 tokens/s"}, {@code "hit rate > 20 %"}.
     *
     * <p>First which number ({@code p50} … {@code p99.9}, {@code median}, {@code mean}, {@code max}; without one the mean of a
     * distribution and the latest value of anything else), then one of {@link SloField#names}, a comparison, a number and
     * perhaps a unit ({@code s}, {@code ms}, {@code us}, {@code %}, {@code …/s}).
     *
     * @param text the objective
     * @return the objective, typed
     * @throws IllegalArgumentException when it cannot be read; says which part
     */
    public static SloTarget parse(String text) {
        String trimmed = text.strip();
        Matcher parts = TEXT.matcher(trimmed);
        if (trimmed.length() > TEXT_MAX || !parts.matches()) {
            throw bad(trimmed, "it is no FIELD, COMPARISON and NUMBER");
        }
        String[] words = parts.group("what").strip().split("\\s+", 2);
        SloStatistic statistic = words.length < 2 ? null : SloStatistic.named(words[0]);
        String name = statistic == null ? parts.group("what") : words[1].replaceFirst("^(?i:of)\\s+", "");
        SloField field = SloField.named(name);
        if (field == null) {
            throw bad(trimmed, "there is no field '" + name.strip() + "'; there are " + titles());
        }
        if (statistic == null) {
            statistic = field.isDistribution() ? SloStatistic.MEAN : SloStatistic.LATEST;
        }
        double factor = factor(trimmed, field, parts.group("unit"));
        return new SloTarget(
                field,
                statistic,
                Comparison.of(parts.group("comparison")),
                Double.parseDouble(parts.group("number")) * factor);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String which = statistic.title();
        String unit =
                field.unit() == SloField.Unit.SECONDS ? " s" : field.unit() == SloField.Unit.PER_SECOND ? " /s" : "";
        return (which.isEmpty() ? "" : which + " of ") + field.title() + " " + comparison.sign() + " "
                + Numbers.text(threshold) + unit;
    }

    private static double factor(String text, SloField field, @Nullable String unit) {
        String word = unit == null ? "" : unit.strip().toLowerCase(Locale.ROOT);
        Double factor = switch (field.unit()) {
            case SECONDS -> seconds(word);
            case SHARE -> word.isEmpty() ? (Double) 1.0 : word.equals("%") ? (Double) 0.01 : null;
            case COUNT -> word.isEmpty() || word.equals("requests") ? (Double) 1.0 : null;
            case PER_SECOND -> word.isEmpty() || word.matches("([a-z]+ ?)?/ ?s(ec)?") ? (Double) 1.0 : null;
        };
        if (factor == null) {
            throw bad(text, "'%s' is no unit of %s".formatted(word, field.title()));
        }
        return factor;
    }

    private static @Nullable Double seconds(String word) {
        return switch (word) {
            case "", "s", "sec", "seconds" -> 1.0;
            case "ms" -> 1e-3;
            case "us", "µs", "μs" -> 1e-6;
            case "min" -> 60.0;
            default -> null;
        };
    }

    private static String titles() {
        List<String> titles = new ArrayList<>();
        for (SloField field : SloField.values()) {
            titles.add(field.title());
        }
        return String.join(", ", titles);
    }

    private static IllegalArgumentException bad(String text, String why) {
        String shown = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
        return new IllegalArgumentException(
                "'%s' is no objective: %s. Write it like \"p99 of time to first token <= 0.5 s\"."
                        .formatted(shown, why));
    }
}
