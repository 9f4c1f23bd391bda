package io.inferometer.parser;

import java.util.Arrays;

/** The names that the families of a page have taken, each with the line that took it. Bounded. One thread. */
final class StrictNames {
    /** The name was free. */
    static final long ADDED = 0;

    /** There is no room for another name. */
    static final long FULL = -1;

    /** How many names a page may take: a histogram takes five, a gauge one. */
    static final int NAMES_MAX = 1 << 18;

    /** How long they may be together. */
    static final int NAME_BYTES_MAX = 1 << 24;

    private static final int FIRST_NAMES = 64;
    private static final int FIRST_BYTES = 4096;
    private static final int KEPT_NAMES_MAX = 1 << 14;
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int[] ends = new int[FIRST_NAMES];
    private long[] lines = new long[FIRST_NAMES];

    /** One more than the index of the name, 0 in an empty slot. */
    private int[] slots = new int[2 * FIRST_NAMES];

    private int count;

    void clear() {
        if (count > 0) {
            Arrays.fill(slots, 0);
            count = 0;
        }
    }

    /** Lets go of what is too large to keep. */
    void shrink() {
        if (ends.length > KEPT_NAMES_MAX || bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[FIRST_BYTES];
            ends = new int[FIRST_NAMES];
            lines = new long[FIRST_NAMES];
            slots = new int[2 * FIRST_NAMES];
            count = 0;
        }
    }

    /**
     * Takes the name that is {@code length} bytes of {@code name} and {@code suffix}.
     *
     * @return {@link #ADDED}, {@link #FULL}, or the line that took it before
     */
    long add(byte[] name, int length, String suffix, long line) {
        int start = start(count);
        int end = start + length + suffix.length();
        if (count == NAMES_MAX || end > NAME_BYTES_MAX) {
            return FULL;
        }
        makeRoom(end);
        System.arraycopy(name, 0, bytes, start, length);
        for (int i = 0; i < suffix.length(); i++) {
            bytes[start + length + i] = (byte) suffix.charAt(i);
        }
        int slot = slotOf(start, end);
        if (slots[slot] != 0) {
            return lines[slots[slot] - 1];
        }
        ends[count] = end;
        lines[count] = line;
        slots[slot] = ++count;
        return ADDED;
    }

    private int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    private int slotOf(int from, int to) {
        int mask = slots.length - 1;
        int slot = Bytes.hash(bytes, from, to) & mask;
        while (slots[slot] != 0 && !isNamed(slots[slot] - 1, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isNamed(int i, int from, int to) {
        return Arrays.equals(bytes, start(i), ends[i], bytes, from, to);
    }

    private void makeRoom(int end) {
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            lines = Arrays.copyOf(lines, 2 * count);
            slots = new int[2 * slots.length];
            for (int i = 0; i < count; i++) {
                slots[slotOf(start(i), ends[i])] = i + 1;
            }
        }
    }
}
