package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
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
 * <p>In {@linkplain ParseMode#LENIENT lenient} mode the lines of unwanted families are not read at all, so their faults
 * are not found and not counted. In {@linkplain ParseMode#PROMETHEUS prometheus} mode every line is checked, since the
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

    /** Wanted names in their plainest spelling, by hash; length a power of two. */
    private final byte[][] slots;

    /** One bit per length, modulo 64, that a wanted name has: most unwanted names fail here. */
    private final long lengths;

    /** What a wanted sample may have behind its family's name. */
    private final byte[][] suffixes;

    private FamilyFilter(FamilyFilter families, byte[][] suffixes) {
        slots = families.slots;
        lengths = families.lengths;
        this.suffixes = suffixes;
    }

    private FamilyFilter(Set<String> plainNames) {
        suffixes = SUFFIXES;
        slots = new byte[Integer.highestOneBit(Math.max(4, 4 * plainNames.size()))][];
        long bits = 0;
        for (String plainName : plainNames) {
            byte[] name = utf8(plainName);
            slots[freeSlot(name)] = name;
            bits |= 1L << name.length;
        }
        lengths = bits;
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
