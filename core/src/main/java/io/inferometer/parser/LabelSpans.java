package io.inferometer.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the labels of one line stand: per label the start and end of its name and of its value, without quotes, counted
 * from the start of the line. One thread.
 */
final class LabelSpans {
    static final int NAME_START = 0;
    static final int NAME_END = 1;
    static final int VALUE_START = 2;
    static final int VALUE_END = 3;
    static final int INTS = 4;

    private final DecimalReader numbers = new DecimalReader();
    private byte[] bytes = {};
    private int start;

    /** How many labels there are, and their places; {@link PlainLines} works on both directly. */
    int count;

    int[] spans = new int[8 * INTS];

    void begin(byte[] page, int lineStart) {
        moveTo(page, lineStart);
        count = 0;
    }

    /** The same labels at the same places of another line. */
    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    void moveTo(byte[] page, int lineStart) {
        if (bytes != page) {
            bytes = page;
        }
        start = lineStart;
    }

    /** Moves all places from {@code first} on. */
    void shift(int first, int distance) {
        if (distance != 0) {
            for (int i = first; i < count * INTS; i++) {
                spans[i] += distance;
            }
        }
    }

    /** Adds a label; the four places are indices of the page. */
    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int at = count++ * INTS;
        if (at == spans.length) {
            spans = Arrays.copyOf(spans, 2 * spans.length);
        }
        spans[at + NAME_START] = nameStart - start;
        spans[at + NAME_END] = nameEnd - start;
        spans[at + VALUE_START] = valueStart - start;
        spans[at + VALUE_END] = valueEnd - start;
    }

    int count() {
        return count;
    }

    String name(int i) {
        return Escapes.text(bytes, place(i, NAME_START), place(i, NAME_END), true);
    }

    String value(int i) {
        return Escapes.text(bytes, place(i, VALUE_START), place(i, VALUE_END), true);
    }

    boolean nameIs(int i, String name) {
        return is(place(i, NAME_START), place(i, NAME_END), name);
    }

    boolean valueIs(int i, String value) {
        return is(place(i, VALUE_START), place(i, VALUE_END), value);
    }

    int indexOf(String name) {
        for (int i = 0; i < count; i++) {
            if (nameIs(i, name)) {
                return i;
            }
        }
        return -1;
    }

    @Nullable
    String valueOf(String name) {
        int i = indexOf(name);
        return i < 0 ? null : value(i);
    }

    boolean isNumber(int i) {
        return numbers.readLeniently(bytes, place(i, VALUE_START), place(i, VALUE_END));
    }

    double number(int i) {
        return isNumber(i) ? numbers.value() : Double.NaN;
    }

    /** Whether {@code [from, to)} of the page names one of the labels so far. */
    boolean hasName(int from, int to) {
        for (int i = 0; i < count; i++) {
            if (sameText(place(i, NAME_START), place(i, NAME_END), from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Like {@link #hasName}, where no name so far has an escape in it. */
    boolean hasPlainName(int from, int to) {
        for (int i = 0; i < count * INTS; i += INTS) {
            int nameStart = start + spans[i];
            int nameEnd = start + spans[i + NAME_END];
            if (nameEnd - nameStart == to - from
                    && bytes[nameStart] == bytes[from]
                    && Arrays.equals(bytes, nameStart, nameEnd, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(int from, int to, String text) {
        if (Escapes.in(bytes, from, to)) {
            return Escapes.text(bytes, from, to, true).equals(text);
        }
        return Bytes.equal(bytes, from, to, text);
    }

    private boolean sameText(int from, int to, int otherFrom, int otherTo) {
        if (Arrays.equals(bytes, from, to, bytes, otherFrom, otherTo)) {
            return true;
        }
        return (Escapes.in(bytes, from, to) || Escapes.in(bytes, otherFrom, otherTo))
                && is(from, to, Escapes.text(bytes, otherFrom, otherTo, true));
    }

    private int place(int i, int what) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("Label " + i + " of " + count);
        }
        return start + spans[i * INTS + what];
    }
}
