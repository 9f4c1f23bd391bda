package io.inferometer.parser;

import java.math.BigInteger;

/**
 * The first 128 bits of every power of ten that a double can meet, as powers of five: the factor two is the exponent's
 * business. Rounded as the proof of Eisel and Lemire's algorithm asks.
 */
final class DecimalPowers {
    static final int SMALLEST = -342;
    static final int LARGEST = 308;

    /** The largest power of five that fits into 64 bits. */
    private static final int EXACT_FRACTION_MAX = 27;

    private static final int WIDTH = 128;
    private static final long[] BITS = compute();

    private DecimalPowers() {}

    /** Bits 64 to 127 of the power, the highest one set. */
    static long high(int exponent) {
        return BITS[2 * (exponent - SMALLEST)];
    }

    /** Bits 0 to 63 of the power. */
    static long low(int exponent) {
        return BITS[2 * (exponent - SMALLEST) + 1];
    }

    private static long[] compute() {
        long[] bits = new long[2 * (LARGEST - SMALLEST + 1)];
        for (int exponent = SMALLEST; exponent <= LARGEST; exponent++) {
            BigInteger power = exponent < 0 ? fraction(-exponent) : whole(exponent);
            bits[2 * (exponent - SMALLEST)] = power.shiftRight(64).longValue();
            bits[2 * (exponent - SMALLEST) + 1] = power.longValue();
        }
        return bits;
    }

    private static BigInteger whole(int exponent) {
        BigInteger power = BigInteger.valueOf(5).pow(exponent);
        int surplus = power.bitLength() - WIDTH;
        return surplus > 0 ? power.shiftRight(surplus) : power.shiftLeft(-surplus);
    }

    /**
     * One over a power of five. While five to that power fits into 64 bits the next number up decides ties rightly;
     * below, the proof asks for the number rounded down, found with as many spare bits as the power itself has.
     */
    private static BigInteger fraction(int exponent) {
        BigInteger power = BigInteger.valueOf(5).pow(exponent);
        int bits = power.bitLength();
        if (exponent <= EXACT_FRACTION_MAX) {
            return BigInteger.ONE.shiftLeft(bits + WIDTH - 1).divide(power).add(BigInteger.ONE);
        }
        BigInteger generous =
                BigInteger.ONE.shiftLeft(2 * bits + WIDTH).divide(power).add(BigInteger.ONE);
        return generous.shiftRight(generous.bitLength() - WIDTH);
    }
}
