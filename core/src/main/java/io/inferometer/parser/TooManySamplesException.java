package io.inferometer.parser;

/**
 * A page was refused, in whatever mode, because it holds more samples than {@link ParserOptions#samplesMax()}.
 *
 * <p>Immutable and safe to share.
 */
public final class TooManySamplesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int samplesMax;
    private final long line;

    TooManySamplesException(int samplesMax, long line) {
        super(
                "line " + line + ": found another sample behind the first " + samplesMax
                        + ", which is all that samplesMax allows. If the page is to be trusted, raise it with withSamplesMax(...).");
        this.samplesMax = samplesMax;
        this.line = line;
    }

    /** How many samples a page may hold. */
    public int samplesMax() {
        return samplesMax;
    }

    /** The line of the first sample that is too many, from 1. */
    public long line() {
        return line;
    }
}
