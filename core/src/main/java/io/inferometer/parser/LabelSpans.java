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

    /** How many labels of a line may vary without each line being read as if it were the first. */
    static final int VARYING_MAX = 8;

    private final DecimalReader numbers = new DecimalReader();
    private byte[] bytes = {};
    private int start;

    /** How many labels there are, and their places; {@link PlainLines} works on both directly. */
    int count;

    int[] spans = new int[8 * INTS];

    /**
     * The labels whose values changed from line to line, as the places of their {@link #VALUE_END} among the spans, in
     * page order. {@link PlainLines} fills these, too.
     */
    final int[] varying = new int[VARYING_MAX];

    int varyingCount;

    /** Where the values of the varying labels end on this line, counted from its start. */
    final int[] ends = new int[VARYING_MAX];

    /** Whether the spans are still those of a line before, and only {@link #ends} are of this one. */
    private boolean loose;

    /** Where the labels begin whose places are still to be found, counted from the start of the line; 0 if none are. */
    private int unread;

    void begin(byte[] page, int lineStart) {
        moveTo(page, lineStart);
        count = 0;
        varyingCount = 0;
        loose = false;
        unread = 0;
    }

    /** Labels of a line of the same array that are known to be well written, of which only the number is known so far. */
    void later(int lineStart, int nameLength, int labelCount) {
        start = lineStart;
        count = labelCount;
        unread = nameLength + 1;
    }

    private void find() {
        int at = start + unread;
        int wanted = count;
        unread = 0;
        count = 0;
        while (count < wanted) {
            int nameEnd = at;
            while (bytes[nameEnd] != '=') {
                nameEnd++;
            }
            int valueEnd = nameEnd + 2;
            while (bytes[valueEnd] != '"') {
                valueEnd++;
            }
            add(at, nameEnd, nameEnd + 2, valueEnd);
            at = valueEnd + 2;
        }
    }

    /** The same labels on another line of the same array, of which one varies and ends at another place. */
    void moveOneLoosely(int lineStart, int end) {
        start = lineStart;
        ends[0] = end;
        loose = true;
    }

    /** The same labels on another line of the same array, the varying ones of which end at other places. */
    void moveLoosely(int lineStart, int[] newEnds) {
        start = lineStart;
        for (int i = 0; i < varyingCount; i++) {
            ends[i] = newEnds[i];
        }
        loose = true;
    }

    /** Brings the spans up to date. Few callers look at them, so it is not done for each line. */
    void settle() {
        if (unread > 0) {
            find();
        }
        if (!loose) {
            return;
        }
        loose = false;
        for (int i = 0; i < varyingCount; i++) {
            int first = varying[i];
            int last = i + 1 < varyingCount ? varying[i + 1] : count * INTS;
            int distance = ends[i] - spans[first];
            for (int place = first; place < last; place++) {
                spans[place] += distance;
            }
        }
    }

    /** The value of the label at {@code label} is another one than on the line before. */
    void varies(int label) {
        int place = label + VALUE_END;
        int at = varyingCount;
        while (at > 0 && varying[at - 1] > place) {
            at--;
        }
        if (at > 0 && varying[at - 1] == place) {
            return;
        }
        if (varyingCount == VARYING_MAX) {
            varyingCount = 0; // Begins anew: so many are hardly worth it.
            return;
        }
        System.arraycopy(varying, at, varying, at + 1, varyingCount - at);
        varying[at] = place;
        varyingCount++;
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

    /** Which label is called {@code [from, to)} of {@code name}, where neither has an escape in it; -1 if none is. */
    int indexOf(byte[] name, int from, int to) {
        for (int i = 0; i < count; i++) {
            if (Arrays.equals(bytes, place(i, NAME_START), place(i, NAME_END), name, from, to)) {
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

    boolean isValueEmpty(int i) {
        return place(i, VALUE_START) == place(i, VALUE_END);
    }

    /** How many characters the name and the value of label {@code i} have, escapes resolved. */
    int characters(int i) {
        return Escapes.characters(bytes, place(i, NAME_START), place(i, NAME_END))
                + Escapes.characters(bytes, place(i, VALUE_START), place(i, VALUE_END));
    }

    /** Adds label {@code i}, escapes resolved, to a hash of labels. */
    void hashInto(StrictHash hash, int i) {
        hash.beginLabel();
        Escapes.hashInto(hash, bytes, place(i, NAME_START), place(i, NAME_END));
        hash.add(-1); // No byte of UTF-8, so that a name never runs into its value.
        Escapes.hashInto(hash, bytes, place(i, VALUE_START), place(i, VALUE_END));
        hash.endLabel();
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

    /** Where on the page a part of label {@code i} starts or ends. */
    int place(int i, int what) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("Label " + i + " of " + count);
        }
        settle();
        return start + spans[i * INTS + what];
    }
}
