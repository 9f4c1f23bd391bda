package io.inferometer.parser;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link PageParser} reads.
 *
 * <p>Immutable and safe to share.
 *
 * @param mode what happens to a line that breaks the rules
 * @param format the language of the page; in {@linkplain ParseMode#STRICT strict} mode it is OpenMetrics, whatever
 *     stands here
 * @param lineBytesMax the longest line that is read, in bytes without its newline; bounds the parser's memory
 * @param labelsMax the most labels that one sample may carry, its name not counted
 * @param samplesMax the most samples that one page may hold, those that are shown counted; one more refuses the page in
 *     every mode
 * @param filter the families that are wanted, null for all
 */
public record ParserOptions(
        ParseMode mode,
        PageFormat format,
        int lineBytesMax,
        int labelsMax,
        int samplesMax,
        @Nullable FamilyFilter filter) {
    /** The default bound of a line: 1 MiB. */
    public static final int LINE_BYTES_MAX = 1 << 20;

    /** The default bound of a sample's labels. */
    public static final int LABELS_MAX = 256;

    /** The default bound of a page: 100 million samples, since a parser keeps none of them. */
    public static final int SAMPLES_MAX = 100_000_000;

    /** The most that {@link #lineBytesMax} can be set to: 256 MiB. */
    static final int LINE_BYTES_LIMIT = 1 << 28;

    /** The most that {@link #labelsMax} can be set to. */
    static final int LABELS_LIMIT = 1 << 16;

    private static final ParserOptions DEFAULTS =
            new ParserOptions(ParseMode.LENIENT, PageFormat.TEXT, LINE_BYTES_MAX, LABELS_MAX, SAMPLES_MAX, null);

    /** Checks the bounds. */
    public ParserOptions {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(format, "format");
        requireWithin("lineBytesMax", lineBytesMax, LINE_BYTES_LIMIT);
        requireWithin("labelsMax", labelsMax, LABELS_LIMIT);
        requireWithin("samplesMax", samplesMax, Integer.MAX_VALUE);
    }

    /** Lenient, text, lines of 1 MiB, 256 labels, 100 million samples, all families. */
    public static ParserOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another mode. */
    public ParserOptions withMode(ParseMode value) {
        return new ParserOptions(value, format, lineBytesMax, labelsMax, samplesMax, filter);
    }

    /** The same for another language. */
    public ParserOptions withFormat(PageFormat value) {
        return new ParserOptions(mode, value, lineBytesMax, labelsMax, samplesMax, filter);
    }

    /** The same with another bound of a line, in bytes. */
    public ParserOptions withLineBytesMax(int value) {
        return new ParserOptions(mode, format, value, labelsMax, samplesMax, filter);
    }

    /** The same with another bound of a sample's labels. */
    public ParserOptions withLabelsMax(int value) {
        return new ParserOptions(mode, format, lineBytesMax, value, samplesMax, filter);
    }

    /** The same with another bound of a page's samples. */
    public ParserOptions withSamplesMax(int value) {
        return new ParserOptions(mode, format, lineBytesMax, labelsMax, value, filter);
    }

    /** The same for other families; null wants all. */
    public ParserOptions withFilter(@Nullable FamilyFilter value) {
        return new ParserOptions(mode, format, lineBytesMax, labelsMax, samplesMax, value);
    }

    /** Whether the page is OpenMetrics, which strict mode knows without being told. */
    boolean readsOpenMetrics() {
        return mode == ParseMode.STRICT || format == PageFormat.OPENMETRICS;
    }

    private static void requireWithin(String name, int value, int limit) {
        if (value < 1 || value > limit) {
            throw new IllegalArgumentException(name + " must be between 1 and " + limit + ", but is " + value);
        }
    }
}
