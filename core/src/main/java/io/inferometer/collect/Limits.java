package io.inferometer.collect;

/**
 * How much a collector takes from an engine.
 *
 * <p>Immutable and safe to share.
 *
 * @param bodyBytesMax bytes of one decoded body, 1 or more
 * @param lineBytesMax bytes of one line of a page, 1 or more; a longer line is skipped and counted
 * @param labelsMax labels of one sample, 1 or more; a sample with more is skipped and counted
 */
public record Limits(long bodyBytesMax, int lineBytesMax, int labelsMax) {
    /** 64 MiB a body, 1 MiB a line, 256 labels a sample. */
    public static final Limits DEFAULTS = new Limits(64L << 20, 1 << 20, 256);

    /**
     * Checks the bounds.
     *
     * @param bodyBytesMax bytes of one decoded body
     * @param lineBytesMax bytes of one line of a page
     * @param labelsMax labels of one sample
     */
    public Limits {
        if (bodyBytesMax < 1 || lineBytesMax < 1 || labelsMax < 1) {
            throw new IllegalArgumentException(
                    "Limits must be positive; found body %d, line %d, labels %d. Leave one out to use the default."
                            .formatted(bodyBytesMax, lineBytesMax, labelsMax));
        }
    }

    /** The same limits with another bound for the decoded body, in bytes. */
    public Limits withBodyBytesMax(long bytes) {
        return new Limits(bytes, lineBytesMax, labelsMax);
    }

    /** The same limits with another bound for a line, in bytes. */
    public Limits withLineBytesMax(int bytes) {
        return new Limits(bodyBytesMax, bytes, labelsMax);
    }

    /** The same limits with another bound for the labels of a sample. */
    public Limits withLabelsMax(int labels) {
        return new Limits(bodyBytesMax, lineBytesMax, labels);
    }
}
