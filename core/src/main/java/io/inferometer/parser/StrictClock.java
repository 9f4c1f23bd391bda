package io.inferometer.parser;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The timestamp of the point at hand. Compared as numbers are, and where a double cannot tell two of them apart, by all
 * of their digits. One thread.
 */
final class StrictClock {
    /** Longer ones are compared as doubles: no clock has that many digits. */
    private static final int EXACT_BYTES_MAX = 64;

    private final byte[] text = new byte[EXACT_BYTES_MAX];
    private int length;
    private boolean hasTime;
    private double seconds;

    boolean hasTime() {
        return hasTime;
    }

    void set(boolean stamped, StrictReader line) {
        hasTime = stamped;
        seconds = stamped ? secondsOf(line) : 0;
        length = line.stampEnd - line.stampStart;
        if (length <= EXACT_BYTES_MAX) {
            System.arraycopy(line.bytes, line.stampStart, text, 0, length);
        }
    }

    /** Whether the line is of the same moment, or neither says of which. */
    boolean isNow(boolean stamped, StrictReader line) {
        return hasTime == stamped && (!stamped || compare(line) == 0);
    }

    /** Whether this moment is before that of the line; both must have one. */
    boolean isBefore(StrictReader line) {
        return compare(line) < 0;
    }

    private static double secondsOf(StrictReader line) {
        line.numbers.read(line.bytes, line.stampStart, line.stampEnd);
        return line.numbers.value();
    }

    private int compare(StrictReader line) {
        double other = secondsOf(line);
        int from = line.stampStart;
        int to = line.stampEnd;
        boolean sameText = length <= EXACT_BYTES_MAX && Arrays.equals(text, 0, length, line.bytes, from, to);
        if (seconds != other || sameText || !isExact(text, 0, length) || !isExact(line.bytes, from, to)) {
            return seconds == other ? 0 : Double.compare(seconds, other);
        }
        return decimal(text, 0, length).compareTo(decimal(line.bytes, from, to));
    }

    /** Whether it is digits, with a sign or a point, and not too many of them. */
    private static boolean isExact(byte[] bytes, int from, int to) {
        if (to - from > EXACT_BYTES_MAX) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (bytes[at] > '9') {
                return false;
            }
        }
        return true;
    }

    private static BigDecimal decimal(byte[] bytes, int from, int to) {
        return new BigDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }
}
