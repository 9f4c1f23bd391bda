package io.inferometer.parser;

/** What stands behind the key of a plain line: a number, perhaps a blank and milliseconds, and the newline. One thread. */
final class PlainValue {
    /** A timestamp of more digits may not fit into a long. */
    private static final int STAMP_DIGITS_MAX = 18;

    /** So many digits leave room in eight bytes for what may stand behind them. */
    private static final int SHORT_DIGITS_MAX = 5;

    private static final int POINT_ZERO_NEWLINE = '.' | '0' << 8 | '\n' << 16;

    private final DecimalReader numbers = new DecimalReader();
    private final boolean stamps;

    private boolean stamped;
    private long millis;

    /**
     * A reader of values.
     *
     * @param stamps whether a timestamp is whole milliseconds
     */
    PlainValue(boolean stamps) {
        this.stamps = stamps;
    }

    /** Reads what starts at {@code from}; returns where the newline stands, or {@link PlainLines#NOT_PLAIN}. */
    int read(byte[] bytes, int from) {
        int end = numbers.readPlain(bytes, from);
        if (end < 0 || bytes[end] == '\n') {
            stamped = false;
            return end;
        }
        stamped = true;
        return stamps ? readStamp(bytes, end + 1) : PlainLines.NOT_PLAIN;
    }

    /**
     * The same where a few digits stand there and nothing else but Python's {@code .0}; small enough to become part of a loop.
     */
    int readShort(byte[] bytes, int from) {
        long eight = Bytes.eightAt(bytes, from);
        int count = DecimalReader.leadingDigits(eight);
        if (count > 0 && count <= SHORT_DIGITS_MAX) {
            long rest = eight >>> (Byte.SIZE * count);
            boolean whole = (rest & 0xFF) == '\n';
            if (whole || (rest & 0xFFFFFF) == POINT_ZERO_NEWLINE) {
                numbers.set((double) DecimalReader.firstDigits(eight, count));
                stamped = false;
                return whole ? from + count : from + count + 2;
            }
        }
        return PlainLines.NOT_PLAIN;
    }

    private int readStamp(byte[] bytes, int from) {
        long eight = Bytes.eightAt(bytes, from);
        int count = DecimalReader.leadingDigits(eight);
        long number = DecimalReader.firstDigits(eight, count);
        int at = from + count;
        while (count == Bytes.EIGHT && at - from <= STAMP_DIGITS_MAX) {
            eight = Bytes.eightAt(bytes, at);
            count = DecimalReader.leadingDigits(eight);
            number = number * DecimalReader.power(count) + DecimalReader.firstDigits(eight, count);
            at += count;
        }
        millis = number;
        boolean good = at > from && at - from <= STAMP_DIGITS_MAX && bytes[at] == '\n';
        return good ? at : PlainLines.NOT_PLAIN;
    }

    /** The number read last. */
    double number() {
        return numbers.value();
    }

    /** Whether a timestamp stood behind it. */
    boolean isStamped() {
        return stamped;
    }

    /** The timestamp, if there was one. */
    long millis() {
        return millis;
    }
}
