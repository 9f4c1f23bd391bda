package io.inferometer.parser;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Bytes looked at eight at a time: the first byte of eight is the lowest of the long. */
final class Bytes {
    /** How far behind an index the array must still reach for {@link #eightAt}. */
    static final int EIGHT = Long.BYTES;

    static final long HIGH_BITS = 0x8080808080808080L;
    static final long LOW_BITS = 0x0101010101010101L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Unknown to who writes pages, so that nobody can choose names that collide. */
    private static final long HASH_SEED = new SecureRandom().nextLong();

    private Bytes() {}

    /** The eight bytes from {@code at} on, which must all be inside the array. */
    static long eightAt(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** Writes eight bytes, the lowest of the long first. */
    static void setEightAt(byte[] bytes, int at, long eight) {
        LONGS.set(bytes, at, eight);
    }

    /** The byte {@code value} eight times. */
    static long eightTimes(char value) {
        return value * LOW_BITS;
    }

    /** The high bit of each byte of {@code eight} that is zero; exact for the lowest one, which is all one needs. */
    static long zerosIn(long eight) {
        return (eight - LOW_BITS) & ~eight & HIGH_BITS;
    }

    /**
     * The high bit of each byte that cannot stand in a metric name: that is no letter, no digit, no {@code _} and no
     * {@code :}. Exact for the lowest one.
     */
    static long otherThanNameBytes(long eight) {
        long letters = between(eight | eightTimes(' '), 'a', 'z'); // Bit 5 makes them lower case.
        long digits = between(eight, '0', ':'); // The colon comes right behind the nine.
        long underscores = between(eight, '_', '_');
        long names = letters | digits | underscores;
        return (names & ~eight & HIGH_BITS) ^ HIGH_BITS;
    }

    /** The high bit of each byte from {@code low} to {@code high}, as long as all bytes below it are ASCII. */
    private static long between(long eight, char low, char high) {
        return (eight + eightTimes((char) (0x80 - low))) & ~(eight + eightTimes((char) (0x7F - high)));
    }

    /**
     * The high bit of each byte that does not simply belong to a label's value: quote, backslash, newline, what is not
     * ASCII, and also a few that might, those below the quote. Exact for the lowest one.
     */
    static long otherThanValueBytes(long eight) {
        long others = eight ^ eightTimes('\\');
        return (((eight - eightTimes('#')) & ~eight) | ((others - LOW_BITS) & ~others) | eight) & HIGH_BITS;
    }

    /** The index, 0 to 7, of the lowest byte marked in {@code marks}, 8 if none is. */
    static int firstOf(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    /** The index of the first newline in {@code [from, to)}, or {@code to}. */
    static int newlineIn(byte[] bytes, int from, int to) {
        int at = from;
        for (int last = to - EIGHT; at <= last; at += EIGHT) {
            long marks = zerosIn(eightAt(bytes, at) ^ eightTimes('\n'));
            if (marks != 0) {
                return at + firstOf(marks);
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** The index of the first newline from {@code from} on; there must be one, and eight readable bytes from there. */
    static int newlineFrom(byte[] bytes, int from) {
        int at = from;
        long marks = zerosIn(eightAt(bytes, at) ^ eightTimes('\n'));
        while (marks == 0) {
            at += EIGHT;
            marks = zerosIn(eightAt(bytes, at) ^ eightTimes('\n'));
        }
        return at + firstOf(marks);
    }

    /**
     * The index of the first byte from {@code from} on that is below the blank or no ASCII; there must be one, and sixteen
     * readable bytes from there.
     */
    static int plainTextEnd(byte[] bytes, int from) {
        int at = from;
        long first = otherThanTextBytes(eightAt(bytes, at));
        long second = otherThanTextBytes(eightAt(bytes, at + EIGHT));
        while ((first | second) == 0) {
            at += 2 * EIGHT;
            first = otherThanTextBytes(eightAt(bytes, at));
            second = otherThanTextBytes(eightAt(bytes, at + EIGHT));
        }
        return at + (first == 0 ? EIGHT + firstOf(second) : firstOf(first));
    }

    /** The high bit of each byte below the blank or above ASCII. Exact for the lowest one. */
    private static long otherThanTextBytes(long eight) {
        return ((eight - eightTimes(' ')) | eight) & HIGH_BITS;
    }

    /** The index behind the last newline in {@code [from, to)}, or {@code from} if there is none. */
    static int behindLastNewline(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** How many newlines stand in {@code [from, to)}. */
    static int newlinesIn(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = newlineIn(bytes, from, to); at < to; at = newlineIn(bytes, at + 1, to)) {
            count++;
        }
        return count;
    }

    /** How many of the first {@code length} bytes at two places are equal. Where they differ, eight bytes more must be readable. */
    static int mismatch(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
        for (int i = 0; i < length; i += EIGHT) {
            long different = eightAt(a, aFrom + i) ^ eightAt(b, bFrom + i);
            if (different != 0) {
                return Math.min(i + firstOf(different), length);
            }
        }
        return length;
    }

    /** Whether {@code length} bytes, at least one, at two places are equal. Seven bytes more must be readable at both. */
    static boolean same(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
        int at = 0;
        for (; at < length - EIGHT; at += EIGHT) {
            if (eightAt(a, aFrom + at) != eightAt(b, bFrom + at)) {
                return false;
            }
        }
        long different = eightAt(a, aFrom + at) ^ eightAt(b, bFrom + at);
        return different << ((at + EIGHT - length) << 3) == 0;
    }

    static int indexOf(byte value, byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == value) {
                return at;
            }
        }
        return -1;
    }

    /** A hash of the bytes in {@code [from, to)}, the same for the whole run of the JVM and for no other. */
    static int hash(byte[] bytes, int from, int to) {
        long hash = HASH_SEED + to - from;
        int at = from;
        for (int last = to - EIGHT; at <= last; at += EIGHT) {
            hash = mix(hash ^ eightAt(bytes, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = (rest << 8) | (bytes[at] & 0xFF);
        }
        return (int) mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 32);
    }

    static String utf8(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether the bytes in {@code [from, to)} are the UTF-8 of {@code text}. */
    static boolean equal(byte[] bytes, int from, int to, String text) {
        return startsWith(bytes, from, to, text) == to;
    }

    /** The index behind {@code text} if the bytes from {@code from} begin with its UTF-8, else -1. */
    static int startsWith(byte[] bytes, int from, int to, String text) {
        int length = text.length();
        if (length > to - from) {
            return -1;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return startsWith(bytes, from + i, to, text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            if (bytes[from + i] != c) {
                return -1;
            }
        }
        return from + length;
    }

    private static int startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (prefix.length > to - from) {
            return -1;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return -1;
            }
        }
        return from + prefix.length;
    }
}
