package io.inferometer.parser;

import java.util.Arrays;

/** Small numbers, each for one series at a time; those given back are used first. One thread. */
final class SlotPool {
    private static final int[] NOTHING = {};

    private int[] free = NOTHING;
    private int freeCount;
    private int count;

    int take() {
        return freeCount > 0 ? free[--freeCount] : count++;
    }

    void giveBack(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, Math.max(16, 2 * free.length));
        }
        free[freeCount++] = slot;
    }

    /** How many were ever in use at once: every slot is less than this. */
    int count() {
        return count;
    }

    void clear() {
        free = NOTHING;
        freeCount = 0;
        count = 0;
    }

    long bytes() {
        return (long) free.length * Integer.BYTES;
    }
}
