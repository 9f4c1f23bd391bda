package io.inferometer.parser;

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

    // The types with the newline behind them, as far as eight bytes reach.
    private static final long HISTOGRA = 0x6172676F74736968L;
    private static final long COUNTER = 0x0A7265746E756F63L;
    private static final long SUMMARY = 0x0A7972616D6D7573L;
    private static final long GAUGE = 0x0A6567756167L;
    private static final long GAUGE_MASK = (1L << 48) - 1;
    private static final int M = 'm' | '\n' << 8;

    // The same types by typeAtEnd, how long they are, and the last eight bytes of lines that end with them.
    private static final MetricType[] TYPES_AT_END = {
        MetricType.COUNTER, MetricType.GAUGE, MetricType.SUMMARY, MetricType.HISTOGRAM
    };

    private static final int[] TYPE_LENGTHS = {7, 5, 7, 9};
    private static final long[] TYPE_ENDS = {
        0x7265746E756F6320L, 0x6567756167200000L, 0x7972616D6D757320L, 0x6D6172676F747369L
    };
    private static final long[] TYPE_END_MASKS = {-1, 0xFFFFFFFFFFFF0000L, -1, -1};
    private static final int HISTOGRAM_AT_END = 3;

    private static final long NEWLINES = Bytes.eightTimes('\n');

    private final Metadata metadata;
    private final boolean openMetrics;
    private final int lineBytesMax;

    /** The name in the last comment; its length is 0 if there is none. */
    private int nameStart;

    private int nameLength;

    PlainComments(Metadata metadata, boolean openMetrics, int lineBytesMax) {
        this.metadata = metadata;
        this.openMetrics = openMetrics;
        this.lineBytesMax = lineBytesMax;
    }

    /** Where the name starts in a comment about a family, or {@link #NOT_PLAIN} if it is none. */
    static int nameStart(byte[] bytes, int from) {
        long word = Bytes.eightAt(bytes, from) & WORD_MASK;
        return word == HELP || word == TYPE ? from + WORD_BYTES : NOT_PLAIN;
    }

    /** Forgets the last comment, since what comes stands in another array. */
    void forget() {
        nameLength = 0;
    }

    /** Where the name in the last comment starts. */
    int nameStart() {
        return nameStart;
    }

    /** How long the name in the last comment is, 0 if there is none. */
    int nameLength() {
        return nameLength;
    }

    /** Reads the comment at {@code from}; returns where the next line starts, or {@link #NOT_PLAIN}. */
    int read(byte[] bytes, int from) {
        long word = Bytes.eightAt(bytes, from) & WORD_MASK;
        if (word == TYPE) {
            int nameEnd = isSameName(bytes, from + WORD_BYTES) ? from + WORD_BYTES + nameLength : nameEnd(bytes, from);
            return nameEnd < 0 ? NOT_PLAIN : readType(bytes, from, nameEnd);
        }
        int nameEnd = word == HELP ? nameEnd(bytes, from) : NOT_PLAIN;
        return nameEnd < 0 ? NOT_PLAIN : readHelp(bytes, from, nameEnd);
    }

    /**
     * Like {@link #read}, where nobody listens and what a comment does not say is no fault: a help text is passed over, and of
     * a type no more is looked at than which it is. The name is not known then.
     */
    int readForType(byte[] bytes, int from) {
        long word = Bytes.eightAt(bytes, from) & WORD_MASK;
        if (word != HELP && word != TYPE) {
            return NOT_PLAIN;
        }
        int end = Bytes.plainTextEnd(bytes, from + WORD_BYTES);
        if (bytes[end] != '\n' || end - from > lineBytesMax || (word == TYPE && !takeType(bytes, from, end))) {
            return read(bytes, from);
        }
        return end + 1;
    }

    private boolean takeType(byte[] bytes, int from, int end) {
        int nameStart = from + WORD_BYTES;
        int which = typeAtEnd(bytes[end - 1]);
        int nameEnd = end - 1 - TYPE_LENGTHS[which];
        if (nameEnd <= nameStart
                || (Bytes.eightAt(bytes, end - Bytes.EIGHT) & TYPE_END_MASKS[which]) != TYPE_ENDS[which]) {
            return false;
        }
        boolean whole = which != HISTOGRAM_AT_END || (bytes[nameEnd] == ' ' && bytes[nameEnd + 1] == 'h');
        return whole
                && PlainLines.startsName(bytes[nameStart])
                && metadata.uncheckedType(bytes, nameStart, nameEnd, TYPES_AT_END[which]);
    }

    /** Which of the usual four types may end with this letter: the bits worth four and eight tell them apart. */
    private static int typeAtEnd(byte last) {
        return last >>> 2 & 3;
    }

    /** A type comes right behind the help of the same family. */
    private boolean isSameName(byte[] bytes, int from) {
        return nameLength > 0
                && Bytes.same(bytes, from, bytes, nameStart, nameLength)
                && bytes[from + nameLength] == ' ';
    }

    private static int nameEnd(byte[] bytes, int from) {
        int end = PlainLines.metricNameEnd(bytes, from + WORD_BYTES);
        return end >= 0 && bytes[end] == ' ' ? end : NOT_PLAIN;
    }

    private int readHelp(byte[] bytes, int from, int nameEnd) {
        int textStart = nameEnd + 1;
        int end = textEnd(bytes, textStart);
        if (end < 0 || end - from > lineBytesMax || bytes[end - 1] == '\r' || isBlankOrNul(bytes[textStart])) {
            return NOT_PLAIN;
        }
        nameStart = from + WORD_BYTES;
        nameLength = nameEnd - nameStart;
        metadata.help(bytes, nameStart, nameEnd, textStart, end, openMetrics);
        return end + 1;
    }

    /** Where the newline stands, {@link #NOT_PLAIN} if there is something before it that is not UTF-8. */
    private static int textEnd(byte[] bytes, int from) {
        for (int at = from; ; at += Bytes.EIGHT) {
            long eight = Bytes.eightAt(bytes, at);
            long others = eight ^ NEWLINES;
            long marks = (((others - Bytes.LOW_BITS) & ~others) | eight) & Bytes.HIGH_BITS;
            if (marks != 0) {
                int end = at + Bytes.firstOf(marks);
                return bytes[end] == '\n' ? end : strangeTextEnd(bytes, from, end);
            }
        }
    }

    private static int strangeTextEnd(byte[] bytes, int from, int firstStrange) {
        int end = Bytes.newlineFrom(bytes, firstStrange);
        return Utf8.isValid(bytes, from, end) ? end : NOT_PLAIN;
    }

    /** Reads one of the usual four types. */
    private int readType(byte[] bytes, int from, int nameEnd) {
        int at = nameEnd + 1;
        long word = Bytes.eightAt(bytes, at);
        if (word == COUNTER) {
            return take(bytes, from, nameEnd, MetricType.COUNTER, at + 8);
        }
        if ((word & GAUGE_MASK) == GAUGE) {
            return take(bytes, from, nameEnd, MetricType.GAUGE, at + 6);
        }
        if (word == HISTOGRA && (Bytes.eightAt(bytes, at + 8) & 0xFFFF) == M) {
            return take(bytes, from, nameEnd, MetricType.HISTOGRAM, at + 10);
        }
        return word == SUMMARY ? take(bytes, from, nameEnd, MetricType.SUMMARY, at + 8) : NOT_PLAIN;
    }

    private int take(byte[] bytes, int from, int nameEnd, MetricType type, int next) {
        if (next - 1 - from > lineBytesMax) {
            return NOT_PLAIN;
        }
        nameStart = from + WORD_BYTES;
        nameLength = nameEnd - nameStart;
        metadata.plainType(bytes, nameStart, nameEnd, type);
        return next;
    }

    private static boolean isBlankOrNul(byte b) {
        return b == ' ' || b == '\t' || b == 0;
    }
}
