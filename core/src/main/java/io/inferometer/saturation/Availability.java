package io.inferometer.saturation;

/**
 * Whether a source has values for a model.
 *
 * <p>Immutable and safe to share.
 *
 * @param status which of the four
 * @param reason what was found, in a sentence
 * @param remedy what to do; empty when nothing is to be done
 * @param word a word for conditions and logs, such as {@code "MetricsFound"}; a source may have a more exact one than the
 *     status has
 */
public record Availability(Status status, String reason, String remedy, String word) {
    /**
     * With the word of the status.
     *
     * @param status which of the four
     * @param reason what was found
     * @param remedy what to do
     */
    public Availability(Status status, String reason, String remedy) {
        this(status, reason, remedy, status.word());
    }

    /** What a source can have. */
    public enum Status {
        /** At least one replica with values young enough to act on. */
        AVAILABLE("MetricsFound"),
        /** The source answers and knows no replica of this model. */
        MISSING("MetricsMissing"),
        /** There are replicas, all with values that are too old. */
        STALE("MetricsStale"),
        /** Nobody who could know answers. */
        UNREACHABLE("SourceUnreachable");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** A word for conditions and logs, such as {@code "MetricsFound"}; it never changes. */
        public String word() {
            return word;
        }
    }

    /** Whether a fetch would give replicas. */
    public boolean isAvailable() {
        return status == Status.AVAILABLE;
    }

    /** Reason and remedy in one line. */
    public String message() {
        return remedy.isEmpty() ? reason : reason + " " + remedy;
    }
}
