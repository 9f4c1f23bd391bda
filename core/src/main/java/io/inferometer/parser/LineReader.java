package io.inferometer.parser;

/**
 * Reads what stands at one place of a page, by the rules of one mode, and remembers why it could not.
 *
 * <p>Inside, failure is a boolean: a method that returns false has noted a fault. One thread.
 */
abstract class LineReader {
    /** What was read. */
    enum Outcome {
        /** A sample; it stands in the view. */
        SAMPLE,
        /** A comment or an empty line. */
        NOTHING,
        /** Something that breaks the rules; the fault says what. */
        FAULT,
        /** A line with more bytes than are allowed; nothing of it was noted. */
        TOO_LONG,
        /** A mark that ends the page, whatever stands behind it. */
        END,
        /** The bytes at hand end inside something that may be whole once more arrive. */
        STARVED
    }

    /** How much of a faulty token is shown. */
    private static final int FOUND_BYTES_MAX = 40;

    private static final byte[] NO_BYTES = {};

    final Sample sample;
    final Metadata metadata;
    final DecimalReader numbers = new DecimalReader();
    private final int labelsMax;
    final int lineBytesMax;

    byte[] bytes = NO_BYTES;

    /** Where reading stands. */
    int at;

    /** Where the bytes at hand end. */
    int end;

    private int faultAt;
    private int faultEnd;
    private String expected = "";

    LineReader(Sample sample, Metadata metadata, ParserOptions options) {
        this.sample = sample;
        this.metadata = metadata;
        labelsMax = options.labelsMax();
        lineBytesMax = options.lineBytesMax();
    }

    /**
     * Reads the line, or the record of several lines, at {@code from}.
     *
     * @param text where its text starts, which is {@code from} unless a byte order mark stands before it
     * @param limit where the bytes at hand end
     * @param last whether the page ends there too
     */
    abstract Outcome read(byte[] page, int from, int text, int limit, boolean last);

    /** Where the next line starts, after any outcome but {@link Outcome#STARVED}. */
    abstract int next();

    /** Forgets the page before. */
    void beginPage() {}

    /** Whether the next line cannot be judged by itself, so that no fast path may read it. */
    boolean nextDependsOnThis() {
        return false;
    }

    /** Lets go of the page. */
    void release() {
        bytes = NO_BYTES;
    }

    final boolean fault(int where, String whatWasExpected) {
        return fault(where, where + 1, whatWasExpected);
    }

    final boolean fault(int from, int to, String whatWasExpected) {
        faultAt = from;
        faultEnd = to;
        expected = whatWasExpected;
        return false;
    }

    final int faultAt() {
        return faultAt;
    }

    final String expected() {
        return expected;
    }

    /** What ends where the bytes at hand end. */
    abstract String endInWords();

    /** What stands at the fault, in words or quoted. */
    final String found() {
        if (faultAt >= end) {
            return endInWords();
        }
        int to = Math.min(Math.min(faultEnd, end), faultAt + FOUND_BYTES_MAX);
        if (to - faultAt == 1) {
            return found(bytes[faultAt] & 0xFF);
        }
        return '"' + Bytes.utf8(bytes, faultAt, to) + (to < Math.min(faultEnd, end) ? "…\"" : "\"");
    }

    private static String found(int b) {
        return switch (b) {
            case '\n' -> "the end of the line";
            case ' ' -> "a blank";
            case '\t' -> "a tab";
            default -> b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02x".formatted(b);
        };
    }

    final boolean addLabel(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (nameFrom == nameTo) {
            return fault(nameFrom, "a label name that is not empty");
        }
        if (sample.labels.count() == labelsMax) {
            return fault(nameFrom, nameTo, "at most " + labelsMax + " labels");
        }
        if (Bytes.equal(bytes, nameFrom, nameTo, "__name__") || sample.labels.hasName(nameFrom, nameTo)) {
            return fault(nameFrom, nameTo, "each label name once");
        }
        sample.labels.add(nameFrom, nameTo, valueFrom, valueTo);
        return true;
    }

    final boolean addExemplarLabel(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (sample.exemplarLabels.count() == labelsMax) {
            return fault(nameFrom, nameTo, "at most " + labelsMax + " labels of an exemplar");
        }
        sample.exemplarLabels.add(nameFrom, nameTo, valueFrom, valueTo);
        return true;
    }

    /** Takes {@code [from, to)} as the metric's name. */
    final boolean takeName(int from, int to) {
        if (from >= to) {
            return fault(from, "a metric name that is not empty");
        }
        if (Escapes.in(bytes, from, to)) {
            byte[] resolved = new byte[to - from];
            sample.name(resolved, 0, Escapes.resolve(bytes, from, to, true, resolved));
        } else {
            sample.name(bytes, from, to);
        }
        return true;
    }

    /** Passes over a metric name without quotes; says whether there was one. */
    final boolean passMetricName() {
        int first = at;
        while (at < end && (isNameByte(bytes[at], at > first) || bytes[at] == ':')) {
            at++;
        }
        return at > first;
    }

    /** Passes over a label name without quotes; says whether there was one. */
    final boolean passLabelName() {
        int first = at;
        while (at < end && isNameByte(bytes[at], at > first)) {
            at++;
        }
        return at > first;
    }

    private static boolean isNameByte(byte b, boolean digits) {
        int letter = b | 0x20;
        return (letter >= 'a' && letter <= 'z') || b == '_' || (digits && b >= '0' && b <= '9');
    }
}
