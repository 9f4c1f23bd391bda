package io.inferometer.spi;

import java.util.List;

/** How one value of a replica follows from rows of the engine's table. Immutable and safe to share. */
public sealed interface ReplicaFormula {
    /**
     * A row, reduced over its series as the row says; the mean where it is a distribution.
     *
     * @param metric the row
     * @param parts which of its series count, beside the row's own rules
     */
    record Row(Metric<?> metric, List<Part> parts) implements ReplicaFormula {
        /**
         * Copies the list.
         *
         * @param metric the row
         * @param parts which of its series count
         */
        public Row {
            parts = List.copyOf(parts);
        }
    }

    /**
     * How many observations a distribution has.
     *
     * @param metric a row of histograms or summaries
     */
    record Observations(Metric<?> metric) implements ReplicaFormula {}

    /**
     * The sum of a first value, without which there is none, and of others that count as 0 where they are not there.
     *
     * @param first what must be there
     * @param others what may be there
     */
    record Sum(ReplicaFormula first, List<ReplicaFormula> others) implements ReplicaFormula {
        /**
         * Copies the list.
         *
         * @param first what must be there
         * @param others what may be there
         */
        public Sum {
            others = List.copyOf(others);
        }
    }

    /**
     * A quotient; nothing where the divisor is 0.
     *
     * @param part what is divided
     * @param whole by what
     */
    record Ratio(ReplicaFormula part, ReplicaFormula whole) implements ReplicaFormula {}

    /**
     * The quotient of two gauges of each rank, of the fullest rank.
     *
     * @param used what is divided
     * @param all by what
     */
    record Fullest(Metric<?> used, Metric<?> all) implements ReplicaFormula {}

    /**
     * The same of all time instead of the window: counts as they stand.
     *
     * @param formula of what
     */
    record SinceStart(ReplicaFormula formula) implements ReplicaFormula {}

    /**
     * The first that is there.
     *
     * @param formulas best first
     */
    record FirstOf(List<ReplicaFormula> formulas) implements ReplicaFormula {
        /**
         * Copies the list.
         *
         * @param formulas best first
         */
        public FirstOf {
            formulas = List.copyOf(formulas);
        }
    }

    /**
     * Some series of a family, by one label.
     *
     * @param label the label's name
     * @param pattern what its value is: a regular expression over the whole of it; an absent label is empty
     * @param matches whether those that match count, or those that do not
     */
    record Part(String label, String pattern, boolean matches) {}

    /** A row as it is. */
    static ReplicaFormula of(Metric<?> metric) {
        return new Row(metric, List.of());
    }

    /** Those series of a row whose label matches a regular expression over the whole of its value. */
    static ReplicaFormula matching(Metric<?> metric, String label, String pattern) {
        return new Row(metric, List.of(new Part(label, pattern, true)));
    }

    /** Those series of a row whose label does not match a regular expression over the whole of its value. */
    static ReplicaFormula except(Metric<?> metric, String label, String pattern) {
        return new Row(metric, List.of(new Part(label, pattern, false)));
    }

    /** The first that is there. */
    static ReplicaFormula firstOf(ReplicaFormula... formulas) {
        return new FirstOf(List.of(formulas));
    }
}
