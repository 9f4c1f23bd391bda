package io.inferometer.parser;

import org.jspecify.annotations.Nullable;

/**
 * Passes over the lines of families that nobody wants, and over comments about them. They come in long runs, so this
 * should cost little more than finding their newlines: a few bytes at the beginning of a name decide about most lines, and
 * where more are needed, one look at a name decides about all lines that have it. One thread.
 */
final class UnwantedLines {
    static final int WANTED = -1;

    /** A longer name is looked at anew on every line. */
    private static final int NAME_BYTES_MAX = 120;

    /** How far from the start of a line looks at the beginning of its name may reach, and more. */
    private static final int REACH = 64;

    /** In fewer bytes than these, newlines are found faster one by one. */
    private static final int SHORT = 2048;

    private static final long FOUR_BYTES = 0xFFFFFFFFL;
    private static final long RAY = 'r' | 'a' << 8 | 'y' << 16 | '_' << 24;
    private static final int RAY_LENGTH = 4;

    private final FamilyFilter filter;
    private final int lineBytesMax;

    /** Made for the first page that is not short: those that an engine filtered rarely are not, and there are many targets. */
    private @Nullable ControlBytes controls;

    private long lines;

    /** How many lines {@link #passLikeLast} passed over. */
    private int likeLast;

    /** The first eight bytes of the last name that was unwanted for its beginning alone; 0 if there is none. */
    private long head;

    /** The other bytes that decided, and how far from the start of the name they stood; at first what no eight NULs are. */
    private long tail = -1;

    private int tailAt;

    /** The last unwanted name and the byte behind it, and how long they are; 0 if there is none. */
    private final byte[] name = new byte[NAME_BYTES_MAX + 1 + Bytes.EIGHT];

    private int length;

    UnwantedLines(FamilyFilter filter, int lineBytesMax) {
        this.filter = filter;
        this.lineBytesMax = lineBytesMax;
    }

    /** How many lines were passed over by the last {@link #pass}. */
    long lines() {
        return lines;
    }

    /** Forgets the page. */
    void forget() {
        if (controls != null) {
            controls.forget();
        }
    }

    /** The memory it takes from the first page on that is not short, in bytes. */
    long retainedBytes() {
        return controls == null ? 0 : controls.retainedBytes();
    }

    /** Where, from {@code from} on, the first line starts that must be looked at, if only because it is too long. */
    int pass(byte[] bytes, int from, int limit) {
        int last = Math.min(limit, bytes.length) - REACH;
        long count = 0;
        int at = from;
        while (at <= last && isUnwanted(bytes, at)) {
            int newline = newlineFrom(bytes, at, limit);
            if (newline < 0 || newline - at > lineBytesMax) {
                break;
            }
            count++;
            at = newline + 1;
            if (controls != null && at <= last && isLikeLast(bytes, at)) {
                int next = passLikeLast(controls, bytes, at, last);
                count += likeLast;
                at = next;
            }
        }
        lines = count;
        return at;
    }

    private int newlineFrom(byte[] bytes, int from, int limit) {
        if (limit - from < SHORT) {
            return Bytes.newlineFrom(bytes, from);
        }
        if (controls == null) {
            controls = new ControlBytes();
        }
        return controls.newlineFrom(bytes, from, limit);
    }

    /** Passes over lines of a run whose newlines are found already; one behind the other, with as little as possible for each. */
    private int passLikeLast(ControlBytes found, byte[] bytes, int from, int last) {
        int[] places = found.places();
        int known = found.count();
        int cursor = found.cursor();
        long first = head;
        long other = tail;
        int otherAt = tailAt;
        long mask = filter.tailMask();
        int longest = lineBytesMax;
        int passed = 0;
        int at = from;
        while (cursor < known) {
            int place = places[cursor];
            if (place < at || bytes[place] != '\n') {
                cursor++;
                continue;
            }
            if (place - at > longest) {
                break;
            }
            passed++;
            cursor++;
            at = place + 1;
            if (at > last
                    || Bytes.eightAt(bytes, at) != first
                    || (Bytes.eightAt(bytes, at + otherAt) & mask) != other) {
                break;
            }
        }
        found.moveTo(cursor);
        likeLast = passed;
        return at;
    }

    /** Whether nobody wants the line at {@code from} or what it is about. */
    private boolean isUnwanted(byte[] bytes, int from) {
        return isLikeLast(bytes, from) || beginsUnwanted(bytes, from) || hasLastName(bytes, from);
    }

    private boolean isLikeLast(byte[] bytes, int nameStart) {
        return Bytes.eightAt(bytes, nameStart) == head
                && (Bytes.eightAt(bytes, nameStart + tailAt) & filter.tailMask()) == tail;
    }

    /** Whether nobody wants any name that begins like the one in this line, be it a sample's or a comment's. */
    private boolean beginsUnwanted(byte[] bytes, int from) {
        if (bytes[from] != '#') {
            return beginsUnwantedName(bytes, from);
        }
        int start = PlainComments.nameStart(bytes, from);
        return start >= 0 && (isLikeLast(bytes, start) || beginsUnwantedName(bytes, start));
    }

    private boolean beginsUnwantedName(byte[] bytes, int start) {
        if (!PlainLines.startsName(bytes[start])) {
            return false;
        }
        long first = Bytes.eightAt(bytes, start);
        int prefix = (first & FOUR_BYTES) == RAY ? RAY_LENGTH : 0;
        if (prefix > 0 && !PlainLines.startsName(bytes[start + prefix])) {
            return false;
        }
        int newTailAt = prefix + filter.tailStart();
        long newTail = Bytes.eightAt(bytes, start + newTailAt) & filter.tailMask();
        if (filter.mayWant(Bytes.eightAt(bytes, start + prefix) & filter.headMask(), newTail)) {
            return false;
        }
        head = first;
        tail = newTail;
        tailAt = newTailAt;
        return true;
    }

    private boolean hasLastName(byte[] bytes, int from) {
        return length > 0 && Bytes.same(bytes, from, name, 0, length);
    }

    /**
     * Where the newline stands of a line that nobody wants, be it a sample or a comment about a family; {@link #WANTED}
     * if it must be read. What stands behind the name decides nothing.
     */
    int newlineOf(byte[] bytes, int from) {
        boolean comment = bytes[from] == '#';
        int start = comment ? PlainComments.nameStart(bytes, from) : from;
        int end = start < 0 ? PlainLines.NOT_PLAIN : PlainLines.metricNameEnd(bytes, start);
        if (end < 0 || filter.wants(bytes, start, end)) {
            return WANTED;
        }
        length = end - from <= NAME_BYTES_MAX ? end + 1 - from : 0;
        System.arraycopy(bytes, from, name, 0, length);
        return Bytes.newlineFrom(bytes, end);
    }
}
