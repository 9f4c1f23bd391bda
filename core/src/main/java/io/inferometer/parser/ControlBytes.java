package io.inferometer.parser;

/**
 * Where the bytes below the blank stand in a stretch of a page, of which nearly all are newlines. Found in a loop that does
 * nothing else, which takes less time than to look at each line in between. One thread.
 */
final class ControlBytes {
    private static final int BLOCK = 8 * Bytes.EIGHT;
    private static final int STRETCH = 4096;
    private static final long BLANKS = Bytes.eightTimes(' ');

    private final int[] places = new int[STRETCH + BLOCK];
    private int count;
    private int cursor;
    private int end;

    /** Forgets the page. */
    void forget() {
        end = 0;
        count = 0;
        cursor = 0;
    }

    /**
     * The first place at or behind {@code from} where a newline stands; never smaller than last time.
     *
     * @param limit where to stop looking, give or take a few bytes, all of which must be readable
     * @return -1 if there is none
     */
    int newlineFrom(byte[] bytes, int from, int limit) {
        while (true) {
            for (; cursor < count; cursor++) {
                int place = places[cursor];
                if (place >= from && bytes[place] == '\n') {
                    return place;
                }
            }
            if (Math.max(end, from) > limit - BLOCK) {
                return -1;
            }
            find(bytes, Math.max(end, from), limit - BLOCK);
        }
    }

    /** The places found last, of which {@link #count} count, those from {@link #cursor} on not asked for yet. */
    int[] places() {
        return places;
    }

    int count() {
        return count;
    }

    int cursor() {
        return cursor;
    }

    void moveTo(int place) {
        cursor = place;
    }

    private void find(byte[] bytes, int from, int last) {
        int[] found = places;
        int held = 0;
        int stop = Math.min(last, from + STRETCH - BLOCK);
        int at = from;
        for (; at <= stop; at += BLOCK) {
            // Each word's marks are shifted to a bit of their own, so that one look tells if there are any, and how
            // many.
            long marks = controlsIn(Bytes.eightAt(bytes, at)) >>> 7
                    | controlsIn(Bytes.eightAt(bytes, at + 8)) >>> 6
                    | controlsIn(Bytes.eightAt(bytes, at + 16)) >>> 5
                    | controlsIn(Bytes.eightAt(bytes, at + 24)) >>> 4
                    | controlsIn(Bytes.eightAt(bytes, at + 32)) >>> 3
                    | controlsIn(Bytes.eightAt(bytes, at + 40)) >>> 2
                    | controlsIn(Bytes.eightAt(bytes, at + 48)) >>> 1
                    | controlsIn(Bytes.eightAt(bytes, at + 56));
            int many = Long.bitCount(marks);
            if (many > 1) {
                held = findSeveral(bytes, at, held);
            } else { // One or none: written either way, since which of the two it is cannot be foretold.
                int bit = Long.numberOfTrailingZeros(marks);
                found[held] = at + ((bit & 7) << 3) + (bit >>> 3 & 7);
                held += many;
            }
        }
        end = at;
        count = held;
        cursor = 0;
    }

    private int findSeveral(byte[] bytes, int from, int held) {
        int behind = held;
        for (int at = from; at < from + BLOCK; at += Bytes.EIGHT) {
            for (long marks = controlsIn(Bytes.eightAt(bytes, at)); marks != 0; marks &= marks - 1) {
                places[behind++] = at + Bytes.firstOf(marks);
            }
        }
        return behind;
    }

    /** The high bit of each byte below the blank, and of some that are not. */
    private static long controlsIn(long eight) {
        return (eight - BLANKS) & Bytes.HIGH_BITS;
    }
}
