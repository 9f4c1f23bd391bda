package io.inferometer.parser;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Where the bytes below the blank stand in a stretch of a page, of which nearly all are newlines. Found in loops that do
 * nothing else, which takes less time than to look at each line in between.
 *
 * <p>The stretch is taken for eight parts of equal length that lie one upon the other: of eight bytes at the same place of
 * each part one bit a byte is kept, in one word. So far it is a loop that the JVM's compiler turns into instructions for 32
 * bytes or more. Each word that is not zero is then taken apart, and each part has a list of its own. One thread.
 */
final class ControlBytes {
    private static final int STRETCH = 4096;
    private static final int PARTS = Byte.SIZE;
    private static final int PART = STRETCH / PARTS;
    private static final int PART_WORDS = PART / Bytes.EIGHT;
    private static final long BLANKS = Bytes.eightTimes(' ');

    /** Above the blank even if the byte before takes one from it. */
    private static final byte FILLER = '~';

    /** The stretch, with fillers behind it if it is short, once as bytes and once as words. */
    private final byte[] copy = new byte[STRETCH];

    private final LongBuffer copiedWords =
            ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    private final long[] words = new long[STRETCH / Bytes.EIGHT];
    private final long[] folded = new long[PART_WORDS];

    /** The places found. */
    private final int[] places = new int[STRETCH];

    /** Where each part's list ends. */
    private final int[] behind = new int[PARTS];

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
     * The first place at or behind {@code from}, and before {@code limit}, where a newline stands; never smaller than last
     * time. -1 if there is none.
     */
    int newlineFrom(byte[] bytes, int from, int limit) {
        while (true) {
            for (; cursor < count; cursor++) {
                int place = places[cursor];
                if (place >= from && bytes[place] == '\n') {
                    return place;
                }
            }
            int start = Math.max(end, from);
            if (start >= limit) {
                return -1;
            }
            find(bytes, start, start + Math.min(limit - start, STRETCH));
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

    /** The memory it takes, in bytes. */
    long retainedBytes() {
        return copy.length
                + (long) Long.BYTES * (words.length + folded.length)
                + (long) Integer.BYTES * (places.length + behind.length);
    }

    private void find(byte[] bytes, int from, int to) {
        int length = to - from;
        System.arraycopy(bytes, from, copy, 0, length);
        Arrays.fill(copy, length, STRETCH, FILLER);
        copiedWords.get(0, words);
        fold(words, folded);
        takeApart(from);
        count = joined();
        cursor = 0;
        end = to;
    }

    private static void fold(long[] parts, long[] folded) {
        for (int i = 0; i < PART_WORDS; i++) {
            folded[i] = ((parts[i] - BLANKS) & Bytes.HIGH_BITS) >>> 7
                    | ((parts[i + PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 6
                    | ((parts[i + 2 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 5
                    | ((parts[i + 3 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 4
                    | ((parts[i + 4 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 3
                    | ((parts[i + 5 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 2
                    | ((parts[i + 6 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS) >>> 1
                    | ((parts[i + 7 * PART_WORDS] - BLANKS) & Bytes.HIGH_BITS);
        }
    }

    /** Puts each part's places one behind the other, from where the part begins on. */
    private void takeApart(int from) {
        int[] found = places;
        int[] next = behind;
        for (int part = 0; part < PARTS; part++) {
            next[part] = part * PART;
        }
        for (int i = 0; i < PART_WORDS; i++) {
            for (long bits = folded[i]; bits != 0; bits &= bits - 1) {
                int bit = Long.numberOfTrailingZeros(bits);
                int part = bit & (PARTS - 1);
                found[next[part]++] = from + part * PART + i * Bytes.EIGHT + (bit >>> 3);
            }
        }
    }

    /** Puts the parts' lists one behind the other; returns how long they are. */
    private int joined() {
        int[] found = places;
        int held = behind[0];
        for (int part = 1; part < PARTS; part++) {
            int first = part * PART;
            int many = behind[part] - first;
            for (int i = 0; i < many; i++) {
                found[held + i] = found[first + i];
            }
            held += many;
        }
        return held;
    }
}
