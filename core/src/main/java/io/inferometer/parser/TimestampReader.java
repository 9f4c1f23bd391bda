package io.inferometer.parser;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Reads timestamps: whole milliseconds in the text format, seconds with a fraction in OpenMetrics. One thread. */
final class TimestampReader {
    /** Longer ones are rounded like doubles: a clock with that many digits does not exist. */
    private static final int EXACT_BYTES_MAX = 64;

    /** From here on, in seconds, milliseconds do not fit into a long by far. */
    private static final double SECONDS_LIMIT = 1e16;

    /** Below this, in seconds, only the sign matters. */
    private static final double TINY_SECONDS = 1e-9;

    /** As long as the digits so far are no more than this, one more and three zeros fit into a long. */
    private static final long PLAIN_MAX = Long.MAX_VALUE / 100_000;

    private final DecimalReader numbers = new DecimalReader();
    private long millis;
    private boolean withinRange;

    /** The timestamp read last, in milliseconds since 1970; the nearest long if it is out of range. */
    long millis() {
        return millis;
    }

    /** Whether the timestamp read last fits into a long. */
    boolean withinRange() {
        return withinRange;
    }

    /** Reads all of {@code [from, to)} as digits with an optional sign. */
    boolean readMillis(byte[] bytes, int from, int to) {
        boolean negative = from < to && bytes[from] == '-';
        int first = negative || (from < to && bytes[from] == '+') ? from + 1 : from;
        // Counted downwards, since the smallest long has no positive twin.
        long negated = 0;
        withinRange = true;
        for (int at = first; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            withinRange &= negated >= (Long.MIN_VALUE + digit) / 10;
            negated = negated * 10 - digit;
        }
        withinRange &= negative || negated != Long.MIN_VALUE;
        millis = withinRange ? (negative ? negated : -negated) : (negative ? Long.MIN_VALUE : Long.MAX_VALUE);
        return first < to;
    }

    /** Reads all of {@code [from, to)} as a finite number of seconds, rounded down to milliseconds. */
    boolean readSeconds(byte[] bytes, int from, int to) {
        if (!numbers.read(bytes, from, to) || !Double.isFinite(numbers.value())) {
            return false;
        }
        double seconds = numbers.value();
        withinRange = true;
        if (Math.abs(seconds) >= SECONDS_LIMIT || to - from > EXACT_BYTES_MAX) {
            roundDown(seconds);
        } else if (Math.abs(seconds) < TINY_SECONDS) {
            millis = seconds < 0 ? -1 : 0;
        } else if (!readPlainSeconds(bytes, from, to)) {
            readExactly(new BigDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));
        }
        return true;
    }

    private void roundDown(double seconds) {
        double rounded = Math.floor(seconds * 1000);
        withinRange = Math.abs(rounded) < 0x1p63;
        millis = (long) rounded;
    }

    /** The usual form, digits and perhaps a point and digits; false if it is another one. */
    private boolean readPlainSeconds(byte[] bytes, int from, int to) {
        long exact = 0;
        int places = -1;
        boolean rest = false;
        for (int at = bytes[from] == '-' ? from + 1 : from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (bytes[at] == '.') {
                places = 0;
            } else if (digit < 0 || digit > 9 || exact > PLAIN_MAX) {
                return false;
            } else if (places < 3) {
                exact = exact * 10 + digit;
                places += places >= 0 ? 1 : 0;
            } else {
                rest |= digit != 0;
            }
        }
        for (places = Math.max(places, 0); places < 3; places++) {
            exact *= 10;
        }
        millis = bytes[from] == '-' ? -exact - (rest ? 1 : 0) : exact;
        return true;
    }

    private void readExactly(BigDecimal seconds) {
        BigInteger exact =
                seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).toBigInteger();
        withinRange = exact.bitLength() < Long.SIZE;
        millis = withinRange ? exact.longValue() : seconds.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
