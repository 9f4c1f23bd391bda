package io.inferometer.parser;

import java.util.Arrays;

/**
 * The lines of a remembered page: samples, and comments about families. One thread.
 *
 * <p>Columns of numbers instead of objects: some forty bytes a line, whatever its length. Lines stay where they are while
 * they are in use; which one follows which on the page is a column, too.
 */
final class LineTable {
    /** No line. */
    static final int NONE = -1;

    /** To be read by the rules of the mode. */
    static final int CAREFUL = 1;

    /** Nobody wants to see it. */
    static final int HIDDEN = 1 << 1;

    /** Carries a timestamp. */
    static final int STAMPED = 1 << 2;

    /** Its text behind the key is not what is remembered; its value is. */
    static final int LOOSE = 1 << 3;

    /** A {@code # HELP} or {@code # TYPE} line, all of which is its key. */
    static final int COMMENT = 1 << 4;

    /** A {@code # TYPE} line. */
    static final int TYPE = 1 << 5;

    /** No line of the last page. */
    static final int GONE = 1 << 6;

    /** A sample that is wanted. */
    static final int SHOWN = 1 << 7;

    /** Not followed on the page by the line that stands behind it here. */
    static final int APART = 1 << 8;

    /** More labels than this are not noted, and such a line is always read anew. */
    static final int LABELS_MAX = Character.MAX_VALUE;

    /** How many numbers there are a line. */
    static final int ROW = 4;

    /** Where the line starts in the memory. */
    static final int START = 0;

    /** How long its key is: all that stands before the value. */
    static final int KEY = 1;

    /** The name's length, and the flags below it. */
    static final int INFO = 2;

    /** On which page the line was seen last, as far as that is noted. */
    static final int SEEN = 3;

    private static final int FLAG_BITS = 9;
    private static final int FIRST_SIZE = 64;

    int count;

    /** The line that comes first on the page. */
    int first = NONE;

    /**
     * Four numbers a line, side by side since whoever reads a page looks at all of them: where it {@link #START}s, how long its
     * {@link #KEY} is, its flags and the length of its name ({@link #INFO}), and the page it was {@link #SEEN} on. Behind the
     * last line, where that ends.
     */
    int[] rows = new int[(FIRST_SIZE + 1) * ROW];

    /** A hash of the key. */
    int[] hash = new int[FIRST_SIZE];

    int[] slot = new int[FIRST_SIZE];

    /** The line that follows on the page. */
    int[] next = new int[FIRST_SIZE];

    double[] value = new double[FIRST_SIZE];

    char[] labels = new char[FIRST_SIZE];

    /** Milliseconds, for pages that have any. */
    long[] stamps = {};

    void clear() {
        count = 0;
        first = NONE;
        rows[START] = 0;
    }

    /** Adds a line that stands in {@code [from, to)} of the memory; what is between it and the line before is none. */
    int add(int from, int to, int key, int keyHash) {
        if (start(count) < from) {
            int gap = grow(from);
            setInfo(gap, GONE);
        }
        rows[count * ROW] = from;
        int line = grow(to);
        rows[line * ROW + KEY] = key;
        hash[line] = keyHash;
        setInfo(line, 0);
        follow(line, NONE);
        return line;
    }

    /** The line that follows {@code line} on the page, the first one for {@link #NONE}, is {@code other}. */
    void follow(int line, int other) {
        if (line == NONE) {
            first = other;
            return;
        }
        next[line] = other;
        set(line, APART, other != line + 1);
    }

    private int grow(int end) {
        if (count == hash.length) {
            grow();
        }
        int line = count++;
        rows[count * ROW] = end;
        see(line, 0);
        return line;
    }

    private void grow() {
        int size = count + count / 2;
        rows = Arrays.copyOf(rows, (size + 1) * ROW);
        hash = Arrays.copyOf(hash, size);
        slot = Arrays.copyOf(slot, size);
        next = Arrays.copyOf(next, size);
        value = Arrays.copyOf(value, size);
        labels = Arrays.copyOf(labels, size);
        stamps = stamps.length == 0 ? stamps : Arrays.copyOf(stamps, size);
    }

    /** Where the line starts in the memory, and for the line behind the last one, where that ends. */
    int start(int line) {
        return rows[line * ROW];
    }

    /** How long its key is: all that stands before the value. */
    int keyLength(int line) {
        return rows[line * ROW + KEY];
    }

    /** Its flags, and above them the length of its name. */
    int info(int line) {
        return rows[line * ROW + INFO];
    }

    private void setInfo(int line, int info) {
        rows[line * ROW + INFO] = info;
    }

    /** The line was seen on a page. */
    void see(int line, int page) {
        rows[line * ROW + SEEN] = page;
    }

    /** Whether it is that page on which the line was seen last, as far as that is noted. */
    boolean isSeen(int line, int page) {
        return rows[line * ROW + SEEN] == page;
    }

    /** Notes what a sample's line says besides its value. */
    void describe(int line, Sample sample, int flags) {
        int kept = info(line) & (STAMPED | LOOSE | APART);
        int shown = (flags & HIDDEN) == 0 ? SHOWN : 0;
        setInfo(line, sample.nameLength() << FLAG_BITS | flags | kept | shown);
        labels[line] = (char) sample.labelCount();
    }

    void note(int line, double number, boolean stamped, long millis) {
        value[line] = number;
        set(line, STAMPED, stamped);
        if (!stamped) {
            return;
        }
        if (stamps.length < hash.length) {
            stamps = Arrays.copyOf(stamps, hash.length);
        }
        stamps[line] = millis;
    }

    /** Whether the line says the same, to the bit. */
    boolean says(int line, double number, boolean stamped, long millis) {
        return Double.doubleToRawLongBits(value[line]) == Double.doubleToRawLongBits(number)
                && has(line, STAMPED) == stamped
                && (!stamped || stamps[line] == millis);
    }

    /** The timestamp, 0 if there is none. */
    long stamp(int line) {
        return has(line, STAMPED) ? stamps[line] : 0;
    }

    int nameLength(int line) {
        return info(line) >>> FLAG_BITS;
    }

    int length(int line) {
        return start(line + 1) - start(line);
    }

    boolean has(int line, int flag) {
        return (info(line) & flag) != 0;
    }

    void set(int line, int flag, boolean on) {
        setInfo(line, on ? info(line) | flag : info(line) & ~flag);
    }

    /** Adds a line of another table, which stands in {@code [from, to)} now. */
    int addFrom(LineTable other, int line, int from, int to) {
        int place = add(from, to, other.keyLength(line), other.hash[line]);
        slot[place] = other.slot[line];
        setInfo(place, (other.info(line) & ~(LOOSE | STAMPED)) | APART);
        labels[place] = other.labels[line];
        note(place, other.value[line], other.has(line, STAMPED), other.stamp(line));
        return place;
    }

    /** The memory it takes, in bytes. */
    long bytes() {
        int perLine = (3 + ROW) * Integer.BYTES + Double.BYTES + Character.BYTES;
        return (long) hash.length * perLine + (long) stamps.length * Long.BYTES;
    }

    /** Whether it is far larger than it need be. */
    boolean isTooLarge() {
        return hash.length > FIRST_SIZE && hash.length / 4 > count;
    }
}
