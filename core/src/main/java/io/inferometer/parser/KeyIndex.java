package io.inferometer.parser;

import java.util.Arrays;

/** Finds lines of a table by the hash of their key, nearly all of them. Made when it is first asked, and kept up to date then. One thread. */
final class KeyIndex {
    private static final int[] NOTHING = {};
    private static final int FIRST_SIZE = 64;

    /** Where so many others stand in the way, most have the same key, and one line more of it need not be found. */
    private static final int PROBES_MAX = 64;

    /** Line numbers plus one, 0 where there is none; open addressing, at least half empty. */
    private int[] places = NOTHING;

    private int mask;
    private boolean made;
    private int held;
    private int probe;
    private int probes;

    /** Makes the index of {@code table}, unless it is made. */
    void use(LineTable table) {
        if (made) {
            return;
        }
        made = true;
        held = 0;
        int size = Math.max(FIRST_SIZE, Integer.highestOneBit(Math.max(1, 3 * table.count - 1)) << 1);
        if (places.length < size) {
            places = new int[size];
        } else {
            Arrays.fill(places, 0, size, 0);
        }
        mask = size - 1;
        for (int line = 0; line < table.count; line++) {
            if (!table.has(line, LineTable.GONE)) {
                put(line, table.hash[line]);
            }
        }
    }

    /** A line was added to the table. */
    void add(LineTable table, int line) {
        if (!made) {
            return;
        }
        if (2 * (held + 1) > mask) {
            made = false;
            use(table);
        } else {
            put(line, table.hash[line]);
        }
    }

    private void put(int line, int hash) {
        int at = hash & mask;
        int others = 0;
        while (places[at] != 0) {
            at = (at + 1) & mask;
            if (++others == PROBES_MAX) {
                return;
            }
        }
        held++;
        places[at] = line + 1;
    }

    /** The first line that may have this hash, less than 0 if none has. */
    int first(int hash) {
        probe = hash & mask;
        probes = 1;
        return places[probe] - 1;
    }

    /** The next one. */
    int next() {
        probe = (probe + 1) & mask;
        return probes++ < PROBES_MAX ? places[probe] - 1 : LineTable.NONE;
    }

    /** The table is another one. */
    void forget() {
        made = false;
    }

    /** Lets go of the memory. */
    void clear() {
        made = false;
        places = NOTHING;
    }

    /** The memory it takes, in bytes. */
    long bytes() {
        return (long) places.length * Integer.BYTES;
    }
}
