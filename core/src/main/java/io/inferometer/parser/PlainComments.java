package io.inferometer.parser;

import org.jspecify.annotations.Nullable;

/**
 * The fast path for {@code # HELP} and {@code # TYPE} as everybody writes them, in every mode that has them so: one
 * blank between two words, a name without quotes. One thread.
 */
final class PlainComments {
    static final int NOT_PLAIN = -1;

    private static final int WORD_BYTES = 7;
    private static final long WORD_MASK = (1L << (8 * WORD_BYTES)) - 1;
    private static final long HELP = 0x20504C45482023L;
    private static final long TYPE = 0x20455059542023L;
    private static final long HISTOGRA = 0x6172676F74736968L;
    private static final long COUNTER = 0x7265746E756F63L;
    private static final long SUMMARY = 0x7972616D6D7573L;
    private static final long GAUGE = 0x6567756167L;
    private static final long GAUGE_MASK = (1L << 40) - 1;
    private static final long NEWLINES = Bytes.eightTimes('\n');

    private final Metadata metadata;
    private final boolean openMetrics;
    private final int lineBytesMax;

    PlainComments(Metadata metadata, boolean openMetrics, int lineBytesMax) {
        this.metadata = metadata;
        this.openMetrics = openMetrics;
        this.lineBytesMax = lineBytesMax;
    }

    /** Reads the comment at {@code from}; returns where the next line starts, or {@link #NOT_PLAIN}. */
    int read(byte[] bytes, int from) {
        long word = Bytes.eightAt(bytes, from) & WORD_MASK;
        if (word != HELP && word != TYPE) {
            return NOT_PLAIN;
        }
        int nameStart = from + WORD_BYTES;
        int nameEnd = PlainLines.metricNameEnd(bytes, nameStart);
        if (nameEnd < 0 || bytes[nameEnd] != ' ') {
            return NOT_PLAIN;
        }
        return word == HELP ? readHelp(bytes, from, nameEnd) : readType(bytes, from, nameEnd);
    }

    private int readHelp(byte[] bytes, int from, int nameEnd) {
        int textStart = nameEnd + 1;
        int end = textEnd(bytes, textStart);
        if (end < 0 || end - from > lineBytesMax || bytes[end - 1] == '\r' || isBlank(bytes[textStart])) {
            return NOT_PLAIN;
        }
        metadata.help(bytes, from + WORD_BYTES, nameEnd, textStart, end, openMetrics);
        return end + 1;
    }

    /** Where the newline stands, {@link #NOT_PLAIN} if there is something before it that is not UTF-8. */
    private static int textEnd(byte[] bytes, int from) {
        long seen = 0;
        for (int at = from; ; at += Bytes.EIGHT) {
            long eight = Bytes.eightAt(bytes, at);
            long marks = Bytes.zerosIn(eight ^ NEWLINES);
            seen |= eight & Bytes.HIGH_BITS;
            if (marks != 0) {
                int end = at + Bytes.firstOf(marks);
                return seen == 0 || Utf8.isValid(bytes, from, end) ? end : NOT_PLAIN;
            }
        }
    }

    private int readType(byte[] bytes, int from, int nameEnd) {
        MetricType type = typeAt(bytes, nameEnd + 1);
        int end = nameEnd + 1 + (type == null ? 0 : type.word().length());
        if (type == null || bytes[end] != '\n' || end - from > lineBytesMax) {
            return NOT_PLAIN;
        }
        metadata.plainType(bytes, from + WORD_BYTES, nameEnd, type);
        return end + 1;
    }

    /** The type whose word begins at {@code at}, null if it is not one of the usual four. */
    private static @Nullable MetricType typeAt(byte[] bytes, int at) {
        long word = Bytes.eightAt(bytes, at);
        if (word == HISTOGRA) {
            return bytes[at + 8] == 'm' ? MetricType.HISTOGRAM : null;
        }
        long seven = word & WORD_MASK;
        if (seven == COUNTER) {
            return MetricType.COUNTER;
        }
        return seven == SUMMARY ? MetricType.SUMMARY : (seven & GAUGE_MASK) == GAUGE ? MetricType.GAUGE : null;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
