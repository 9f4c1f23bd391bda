package io.inferometer.parser;

import java.nio.charset.StandardCharsets;

/**
 * Reads one number as Go's {@code ParseFloat} takes it from a metrics page: decimal with an optional exponent, or
 * {@code NaN}, {@code Inf} and {@code Infinity} in any case. No hexadecimal, no underscores, nothing out of range.
 *
 * <p>The result equals {@link Double#parseDouble} bit for bit. Up to nineteen digits are one long, and the algorithm of
 * Clinger, or of Eisel and Lemire, turns it into the nearest double; the few numbers with more digits that lie near the
 * middle of two doubles are left to the JDK. One thread.
 */
final class DecimalReader {
    /** As long as the digits so far are below this, one more fits into an unsigned long. */
    private static final long ROOM_FOR_A_DIGIT = 1_000_000_000_000_000_000L;

    /** An exponent beyond this is out of range whatever stands before it: no line holds that many zeros. */
    private static final long EXPONENT_MAX = 1_000_000_000;

    /** So many digits, with a point and a sign, fit into a long. */
    private static final int PLAIN_BYTES_MAX = 20;

    static final long ZEROS = Bytes.eightTimes('0');

    /** Added to a digit this leaves its byte's high bit clear, added to a larger number it sets it. */
    private static final long NINES_TO_HIGH_BIT = Bytes.eightTimes((char) 0x76);

    /** {@code .0}, which Python writes behind whole numbers. */
    private static final int POINT_ZERO = '.' | ('0' << 8);

    private static final int NO_EXPONENT = Integer.MIN_VALUE;
    private static final long[] LONG_POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long EXACT_MANTISSA_MAX = 1L << 53;

    private double value;

    // What the digits were, between reading and computing.
    private long digits;
    private int digitCount;
    private int digitsDropped;
    private boolean nonZeroDropped;
    private int places;
    private int exponent;

    /** The number read last. */
    double value() {
        return value;
    }

    /** Reads all of {@code [from, to)}; says whether it is a number within range. */
    boolean read(byte[] bytes, int from, int to) {
        if (from >= to) {
            return false;
        }
        boolean negative = bytes[from] == '-';
        int at = negative || bytes[from] == '+' ? from + 1 : from;
        if (at < to && bytes[at] > '9') {
            return readWord(bytes, at, to, negative, at > from);
        }
        return readDecimal(bytes, at, to) && compute(bytes, from, to, negative);
    }

    /** Like {@link #read}, but takes {@code -nan} and {@code +nan} too, which C libraries print and Go refuses. */
    boolean readLeniently(byte[] bytes, int from, int to) {
        int sign = from < to && (bytes[from] == '-' || bytes[from] == '+') ? 1 : 0;
        return (sign == 1 && readNaN(bytes, from + sign, to)) || read(bytes, from, to);
    }

    /**
     * Reads the number at {@code from}, behind which a blank or a newline must stand, and behind that eight readable
     * bytes.
     *
     * @return where the blank or the newline stands, or -1 if there is no such number
     */
    int readPlain(byte[] bytes, int from) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        long eight = Bytes.eightAt(bytes, first);
        int count = leadingDigits(eight);
        long whole = firstDigits(eight, count);
        int at = first + count;
        if (count == Bytes.EIGHT) {
            eight = Bytes.eightAt(bytes, at);
            count = leadingDigits(eight);
            whole = whole * LONG_POWERS[count] + firstDigits(eight, count);
            at += count;
        }
        if (at == first || count == Bytes.EIGHT) {
            return readToken(bytes, from);
        }
        int end = ((eight >>> (8 * count)) & 0xFFFF) == POINT_ZERO ? at + 2 : at;
        if (isEnd(bytes[end])) {
            value = negative ? -(double) whole : whole;
            return end;
        }
        return bytes[at] == '.' ? readPlainFraction(bytes, from, at + 1, whole) : readToken(bytes, from);
    }

    private int readPlainFraction(byte[] bytes, int from, int point, long whole) {
        long read = whole;
        int at = point;
        int count;
        do {
            long eight = Bytes.eightAt(bytes, at);
            count = leadingDigits(eight);
            read = read * LONG_POWERS[count] + firstDigits(eight, count);
            at += count;
        } while (count == Bytes.EIGHT && at - from <= PLAIN_BYTES_MAX);
        int places = at - point;
        if (places == 0 || at - from > PLAIN_BYTES_MAX) {
            return readToken(bytes, from);
        }
        int power = 0;
        if (bytes[at] == 'e') {
            power = plainExponent(bytes, at + 1);
            at += 4;
        }
        if (power == NO_EXPONENT || !isEnd(bytes[at])) {
            return readToken(bytes, from);
        }
        double magnitude = magnitude(read, power - places);
        value = bytes[from] == '-' ? -magnitude : magnitude;
        return at;
    }

    /** The exponent at {@code at} if it is a sign and two digits, which is how most programs print one. */
    private static int plainExponent(byte[] bytes, int at) {
        byte sign = bytes[at];
        if ((sign != '-' && sign != '+') || !isDigit(bytes[at + 1]) || !isDigit(bytes[at + 2])) {
            return NO_EXPONENT;
        }
        int exponent = 10 * bytes[at + 1] + bytes[at + 2] - 11 * '0';
        return sign == '-' ? -exponent : exponent;
    }

    private static boolean isEnd(byte b) {
        return b == '\n' || b == ' ';
    }

    /** How many of the eight bytes are digits before the first that is none. */
    static int leadingDigits(long eight) {
        return Bytes.firstOf(otherThanDigits(eight ^ ZEROS));
    }

    /** The number that the first {@code count} bytes, all digits, are. */
    static long firstDigits(long eight, int count) {
        // Two shifts, since one by 64 would be none.
        return number((eight ^ ZEROS) << (Long.SIZE / 2 - 4 * count) << (Long.SIZE / 2 - 4 * count));
    }

    /** How many bits the digits are that {@code value}, eight bytes {@link #ZEROS} was taken from, begins with: eight for each. */
    static int digitBits(long value) {
        return Long.numberOfTrailingZeros(otherThanDigits(value)) & -Byte.SIZE;
    }

    /** The high bit of each byte of {@code value} that is more than nine. */
    private static long otherThanDigits(long value) {
        return ((value + NINES_TO_HIGH_BIT) | value) & Bytes.HIGH_BITS;
    }

    /** The number of eight bytes with a digit's value each, the first digit lowest. */
    static long number(long digits) {
        long pairs = ((digits * 2561) >>> 8) & 0x00FF00FF00FF00FFL;
        long fours = ((pairs * 6553601) >>> 16) & 0x0000FFFF0000FFFFL;
        return (fours * 42949672960001L) >>> 32;
    }

    /** Ten to the power of {@code exponent}, which is 8 at most. */
    static long power(int exponent) {
        return LONG_POWERS[exponent];
    }

    private int readToken(byte[] bytes, int from) {
        int to = from;
        while (bytes[to] != ' ' && bytes[to] != '\n') {
            to++;
        }
        return read(bytes, from, to) ? to : -1;
    }

    private boolean readWord(byte[] bytes, int at, int to, boolean negative, boolean signed) {
        if (wordIs("inf", bytes, at, to) || wordIs("infinity", bytes, at, to)) {
            value = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return true;
        }
        return !signed && readNaN(bytes, at, to);
    }

    private boolean readNaN(byte[] bytes, int at, int to) {
        value = Double.NaN;
        return wordIs("nan", bytes, at, to);
    }

    private static boolean wordIs(String word, byte[] bytes, int from, int to) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean readDecimal(byte[] bytes, int from, int to) {
        clear();
        int at = readDigits(bytes, from, to);
        if (at < to && bytes[at] == '.') {
            int fraction = at + 1;
            at = readDigits(bytes, fraction, to);
            places = at - fraction;
        }
        return digitCount > 0 && (at == to || readExponent(bytes, at, to));
    }

    private void clear() {
        digits = 0;
        digitCount = 0;
        digitsDropped = 0;
        nonZeroDropped = false;
        places = 0;
        exponent = 0;
    }

    private int readDigits(byte[] bytes, int from, int to) {
        int at = from;
        for (; at < to && isDigit(bytes[at]); at++) {
            digitCount++;
            takeDigit(bytes[at] - '0');
        }
        return at;
    }

    /** Leading zeros cost no room; what does not fit is dropped, and only whether it was all zeros is kept. */
    private void takeDigit(int digit) {
        if (digits >= 0 && digits < ROOM_FOR_A_DIGIT) {
            digits = digits * 10 + digit;
        } else {
            digitsDropped++;
            nonZeroDropped |= digit != 0;
        }
    }

    private boolean readExponent(byte[] bytes, int from, int to) {
        if ((bytes[from] | 0x20) != 'e') {
            return false;
        }
        boolean negative = from + 1 < to && bytes[from + 1] == '-';
        int first = negative || (from + 1 < to && bytes[from + 1] == '+') ? from + 2 : from + 1;
        int at = first;
        for (; at < to && isDigit(bytes[at]); at++) {
            exponent = (int) Math.min(exponent * 10L + bytes[at] - '0', EXPONENT_MAX);
        }
        exponent = negative ? -exponent : exponent;
        return at > first && at == to;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private boolean compute(byte[] bytes, int from, int to, boolean negative) {
        int power = exponent - places + digitsDropped;
        double magnitude = magnitude(digits, power);
        if (nonZeroDropped && magnitude != magnitude(digits + 1, power)) {
            // The dropped digits decide. Rare enough to afford a String.
            magnitude = Math.abs(Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));
        }
        value = negative ? -magnitude : magnitude;
        return !Double.isInfinite(magnitude);
    }

    /** The double nearest to {@code digits} times ten to the {@code power}; infinite if there is none so large. */
    static double magnitude(long digits, int power) {
        if (digits >= 0 && digits <= EXACT_MANTISSA_MAX && power >= -22 && power <= 22) {
            return power < 0 ? digits / EXACT_POWERS[-power] : digits * EXACT_POWERS[power];
        }
        if (digits == 0 || power < DecimalPowers.SMALLEST) {
            return 0;
        }
        return power > DecimalPowers.LARGEST ? Double.POSITIVE_INFINITY : nearest(digits, power);
    }

    /** Eisel and Lemire: the top of a 192-bit product is enough to round, since it is never too near a tie. */
    private static double nearest(long digits, int power) {
        int leadingZeros = Long.numberOfLeadingZeros(digits);
        long normal = digits << leadingZeros;
        long high = unsignedMultiplyHigh(normal, DecimalPowers.high(power));
        long low = normal * DecimalPowers.high(power);
        if ((high & 0x1FF) == 0x1FF) {
            long more = unsignedMultiplyHigh(normal, DecimalPowers.low(power));
            low += more;
            high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
        }
        int top = (int) (high >>> 63);
        int shift = top + 9;
        long mantissa = high >>> shift;
        int biased = ((217_706 * power) >> 16) + 63 + 1023 + top - leadingZeros;
        if (biased <= 0) {
            return subnormal(mantissa, biased);
        }
        boolean tie = Long.compareUnsigned(low, 1) <= 0
                && power >= -4
                && power <= 23
                && (mantissa & 3) == 1
                && mantissa << shift == high;
        mantissa = (tie ? mantissa & ~1L : mantissa) + (tie ? 0 : mantissa & 1);
        return assemble(mantissa >>> 1, biased);
    }

    private static double subnormal(long mantissa, int biased) {
        int shift = 1 - biased;
        if (shift >= Long.SIZE) {
            return 0;
        }
        long shifted = mantissa >>> shift;
        long rounded = (shifted + (shifted & 1)) >>> 1;
        // A carry into bit 52 makes it the smallest normal number by itself.
        return Double.longBitsToDouble(rounded);
    }

    private static double assemble(long mantissa, int biased) {
        int carried = (int) (mantissa >>> 53);
        int finalExponent = biased + carried;
        if (finalExponent >= 0x7FF) {
            return Double.POSITIVE_INFINITY;
        }
        return Double.longBitsToDouble(((mantissa >>> carried) & ((1L << 52) - 1)) | ((long) finalExponent << 52));
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
