package io.inferometer.collect;

/**
 * How much a collector takes from an engine.
 *
 * <p>Immutable and safe to share.
 *
 * @param bodyBytesMax bytes of one decoded body, 1 or more
 * @param lineBytesMax bytes of one line of a page, 1 or more; a longer line is skipped and counted
 * @param labelsMax labels of one sample, 1 or more; a sample with more is skipped and counted
 * @param samplesMax samples of one page, 1 or more; a page with more is refused
 */
public record Limits(long bodyBytesMax, int lineBytesMax, int labelsMax, int samplesMax) {
    private static final int SAMPLES_MAX = 5_000_000;

    /** 64 MiB a body, 1 MiB a line, 256 labels a sample, 5 million samples a page. */
    public static final Limits DEFAULTS = new Limits(64L << 20, 1 << 20, 256, SAMPLES_MAX);

    /**
     * Checks the bounds.
     *
     * @param bodyBytesMax bytes of one decoded body
     * @param lineBytesMax bytes of one line of a page
     * @param labelsMax labels of one sample
     * @param samplesMax samples of one page
     */
    public Limits {
        if (bodyBytesMax < 1 || lineBytesMax < 1 || labelsMax < 1) {
            throw new IllegalArgumentException(
                    "Limits must be positive; found body %d, line %d, labels %d. Leave one out to use the default."
                            .formatted(bodyBytesMax, lineBytesMax, labelsMax));
        }
        if (samplesMax < 1) {
            throw new IllegalArgumentException(
                    "Limits must be positive; found %d samples. Leave it out to use the default."
                            .formatted(samplesMax));
        }
    }

    /** Limits with the default bound for the samples of a page. */
    public Limits(long bodyBytesMax, int lineBytesMax, int labelsMax) {
        this(bodyBytesMax, lineBytesMax, labelsMax, SAMPLES_MAX);
    }

    /** The same limits with another bound for the decoded body, in bytes. */
    public Limits withBodyBytesMax(long bytes) {
        return new Limits(bytes, lineBytesMax, labelsMax, samplesMax);
    }

    /** The same limits with another bound for a line, in bytes. */
    public Limits withLineBytesMax(int bytes) {
        return new Limits(bodyBytesMax, bytes, labelsMax, samplesMax);
    }

    /** The same limits with another bound for the labels of a sample. */
    public Limits withLabelsMax(int labels) {
        return new Limits(bodyBytesMax, lineBytesMax, labels, samplesMax);
    }

    /** The same limits with another bound for the samples of a page. */
    public Limits withSamplesMax(int samples) {
        return new Limits(bodyBytesMax, lineBytesMax, labelsMax, samples);
    }
}
