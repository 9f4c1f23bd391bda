package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The families that a caller wants; a parser passes over all others as cheaply as it can.
 *
 * <p>Immutable and safe to share. Engines spell one family in several ways, so {@code :} and {@code _} are equal, a
 * counter is found with and without {@code _total}, a prefix {@code ray_} is accepted, and the series {@code _bucket},
 * {@code _sum}, {@code _count} and {@code _created} belong to their family.
 *
 * <p>In {@linkplain ParseMode#LENIENT lenient} mode a line that begins with an unwanted name, or with {@code # HELP} or
 * {@code # TYPE} and one, is not read at all, so what is wrong behind the name is not found and not counted. In {@linkplain ParseMode#PROMETHEUS prometheus} mode every line is checked, since the
 * verdict is on the whole page.
 *
 * <p>{@link #withoutBuckets()} leaves a histogram's sum and count and drops its buckets, most of an engine's page.
 */
public final class FamilyFilter {
    private static final byte[] RAY = utf8("ray_");
    private static final byte[] TOTAL = utf8("_total");
    private static final byte[] BUCKET = utf8("_bucket");
    private static final byte[][] SUFFIXES_BUT_BUCKET = {TOTAL, utf8("_sum"), utf8("_count"), utf8("_created")};
    private static final byte[][] SUFFIXES = {TOTAL, BUCKET, utf8("_sum"), utf8("_count"), utf8("_created")};

    /** No more of a name than this is its beginning. */
    private static final int BEGINNING_MAX = 32;

    private static final int BEGINNING_BITS = 10;
    private static final int BEGINNING_WORDS = (1 << BEGINNING_BITS) / Long.SIZE;

    /** Wanted names in their plainest spelling, by hash; length a power of two. */
    private final byte[][] slots;

    /** One bit per length, modulo 64, that a wanted name has: most unwanted names fail here. */
    private final long lengths;

    /**
     * All wanted names are at least as long as this, up to a bound. So much of a name, the first eight bytes and the
     * last eight, is enough to tell that most others are unwanted, without knowing where they end.
     */
    private final int tailStart;

    private final long headMask;

    /** One bit for each hash that the beginning of a wanted name has. */
    private final long[] beginnings;

    /** What a wanted sample may have behind its family's name. */
    private final byte[][] suffixes;

    private FamilyFilter(FamilyFilter families, byte[][] suffixes) {
        slots = families.slots;
        lengths = families.lengths;
        tailStart = families.tailStart;
        headMask = families.headMask;
        beginnings = families.beginnings;
        this.suffixes = suffixes;
    }

    private FamilyFilter(Set<String> plainNames) {
        suffixes = SUFFIXES;
        slots = new byte[Integer.highestOneBit(Math.max(4, 4 * plainNames.size()))][];
        beginnings = new long[BEGINNING_WORDS];
        int shortest = BEGINNING_MAX;
        long bits = 0;
        for (String plainName : plainNames) {
            byte[] name = utf8(plainName);
            slots[freeSlot(name)] = name;
            bits |= 1L << name.length;
            shortest = Math.min(shortest, name.length);
        }
        lengths = bits;
        tailStart = Math.max(shortest - Bytes.EIGHT, 0);
        headMask = firstBytes(shortest);
        for (String plainName : plainNames) {
            byte[] name = Arrays.copyOf(utf8(plainName), BEGINNING_MAX);
            int hash =
                    beginningHash(Bytes.eightAt(name, 0) & headMask(), Bytes.eightAt(name, tailStart()) & tailMask());
            beginnings[hash >>> 6] |= 1L << hash;
        }
    }

    /** Which of a name's first eight bytes count for {@link #mayWant}. */
    long headMask() {
        return headMask;
    }

    /** Where the eight bytes start that count, too. */
    int tailStart() {
        return tailStart;
    }

    /** Which of these count. */
    long tailMask() {
        return headMask;
    }

    private static long firstBytes(int count) {
        return count >= Bytes.EIGHT ? -1 : (1L << (Byte.SIZE * count)) - 1;
    }

    /** Whether a name with this beginning, behind its {@code ray_}, may be wanted. */
    boolean mayWant(long head, long tail) {
        int hash = beginningHash(plain(head), plain(tail));
        return ((beginnings[hash >>> 6] >>> hash) & 1) != 0;
    }

    private static int beginningHash(long head, long tail) {
        long mixed = (head * 0x9E3779B97F4A7C15L ^ tail) * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed >>> (Long.SIZE - BEGINNING_BITS));
    }

    /** The same eight bytes, each {@code :} replaced. */
    private static long plain(long eight) {
        long others = eight ^ Bytes.eightTimes(':');
        // The high bit of each byte that is not zero, without a carry into the next.
        long notZero = ((others & ~Bytes.HIGH_BITS) + ~Bytes.HIGH_BITS) | others;
        return eight ^ ((~notZero & Bytes.HIGH_BITS) >>> 7) * (':' ^ '_');
    }

    /** Wants the families with these names, in any of an engine's spellings. */
    public static FamilyFilter ofFamilies(Collection<String> names) {
        Set<String> plainNames = new LinkedHashSet<>();
        for (String name : names) {
            byte[] bytes = utf8(name);
            int from = behindRay(bytes, 0, bytes.length);
            int to = beforeSuffix(bytes, from, bytes.length, TOTAL);
            plainNames.add(Bytes.utf8(bytes, from, to < 0 ? bytes.length : to).replace(':', '_'));
        }
        return new FamilyFilter(plainNames);
    }

    /**
     * The same families without the {@code _bucket} series of their histograms. A family that is itself called so stays
     * wanted.
     */
    public FamilyFilter withoutBuckets() {
        return new FamilyFilter(this, SUFFIXES_BUT_BUCKET);
    }

    /** Whether a sample or a family of this name is wanted. */
    public boolean wants(String name) {
        byte[] bytes = utf8(name);
        return wants(bytes, 0, bytes.length);
    }

    boolean wants(byte[] bytes, int from, int to) {
        int start = behindRay(bytes, from, to);
        if (holds(bytes, start, to)) {
            return true;
        }
        for (byte[] suffix : suffixes) {
            int end = beforeSuffix(bytes, start, to, suffix);
            if (end >= 0 && holds(bytes, start, end)) {
                return true;
            }
        }
        return false;
    }

    private static int behindRay(byte[] bytes, int from, int to) {
        return to - from > RAY.length && matches(bytes, from, RAY) ? from + RAY.length : from;
    }

    /** Where the name ends without {@code suffix}, -1 if it has none. */
    private static int beforeSuffix(byte[] bytes, int from, int to, byte[] suffix) {
        int end = to - suffix.length;
        return end > from && matches(bytes, end, suffix) ? end : -1;
    }

    private boolean holds(byte[] bytes, int from, int to) {
        if (((lengths >>> (to - from)) & 1) == 0) {
            return false;
        }
        int slot = hash(bytes, from, to) & (slots.length - 1);
        while (slots[slot] != null) {
            if (slots[slot].length == to - from && matches(bytes, from, slots[slot])) {
                return true;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return false;
    }

    private int freeSlot(byte[] name) {
        int slot = hash(name, 0, name.length) & (slots.length - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private static boolean matches(byte[] bytes, int from, byte[] plain) {
        for (int i = 0; i < plain.length; i++) {
            if (plain(bytes[from + i]) != plain[i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = 31 * hash + plain(bytes[at]);
        }
        return hash ^ (hash >>> 15);
    }

    private static byte plain(byte b) {
        return b == ':' ? (byte) '_' : b;
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
