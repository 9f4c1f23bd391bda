package io.inferometer.parser;

/** A set of hashes of 128 bits. Bounded; emptied at no cost, since that happens with every metric. One thread. */
final class StrictSet {
    /** What became of a hash. */
    enum Answer {
        ADDED,
        THERE,
        FULL
    }

    /** How many hashes there may be: 24 MiB of them. */
    static final int SIZE_MAX = 1 << 19;

    private static final int FIRST_SLOTS = 16;
    private static final int KEPT_SLOTS_MAX = 1 << 12;

    private long[] hashes = new long[2 * FIRST_SLOTS];

    /** In which round each slot was filled; those of other rounds are empty. */
    private int[] rounds = new int[FIRST_SLOTS];

    private int round = 1;
    private int size;

    void clear() {
        size = 0;
        if (++round == 0) {
            rounds = new int[rounds.length];
            round = 1;
        }
    }

    /** Lets go of what is too large to keep, and of what is in it. */
    void shrink() {
        if (rounds.length > KEPT_SLOTS_MAX) {
            allocate(FIRST_SLOTS);
        }
        clear();
    }

    Answer add(long first, long second) {
        int slot = slotOf(first, second);
        if (rounds[slot] == round) {
            return Answer.THERE;
        }
        if (size == SIZE_MAX) {
            return Answer.FULL;
        }
        put(slot, first, second);
        if (2 * size > rounds.length) {
            grow();
        }
        return Answer.ADDED;
    }

    private void put(int slot, long first, long second) {
        hashes[2 * slot] = first;
        hashes[2 * slot + 1] = second;
        rounds[slot] = round;
        size++;
    }

    private int slotOf(long first, long second) {
        int mask = rounds.length - 1;
        int slot = (int) (first >>> 32) & mask;
        while (rounds[slot] == round && (hashes[2 * slot] != first || hashes[2 * slot + 1] != second)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldRounds = rounds;
        int oldRound = round;
        allocate(2 * oldRounds.length);
        for (int slot = 0; slot < oldRounds.length; slot++) {
            if (oldRounds[slot] == oldRound) {
                long first = oldHashes[2 * slot];
                long second = oldHashes[2 * slot + 1];
                put(slotOf(first, second), first, second);
            }
        }
    }

    private void allocate(int slots) {
        hashes = new long[2 * slots];
        rounds = new int[slots];
        round = 1;
        size = 0;
    }
}
