package io.inferometer.parser;

/**
 * What stands behind the key of a plain line: a number, perhaps a blank and milliseconds, and the newline, behind which {@link
 * PageBuffer#SLACK} bytes must be readable. One thread.
 */
final class PlainValue {
    /** A timestamp of more digits may not fit into a long. */
    private static final int STAMP_DIGITS_MAX = 18;

    /** A timestamp has so many digits since 2001, and for centuries to come. */
    private static final int USUAL_DIGITS = 13;

    /** Of its first eight digits so many bits are among the last eight, too. */
    private static final int LAST_OF_FIRST_BITS = (2 * Bytes.EIGHT - USUAL_DIGITS) * Byte.SIZE;

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

    private int readStamp(byte[] bytes, int from) {
        long first = Bytes.eightAt(bytes, from) ^ DecimalReader.ZEROS;
        long last = Bytes.eightAt(bytes, from + USUAL_DIGITS - Bytes.EIGHT) ^ DecimalReader.ZEROS;
        if ((DecimalReader.digitBits(first) & DecimalReader.digitBits(last)) == Long.SIZE
                && bytes[from + USUAL_DIGITS] == '\n') {
            long high = DecimalReader.number(first << LAST_OF_FIRST_BITS);
            millis = high * DecimalReader.power(Bytes.EIGHT) + DecimalReader.number(last);
            return from + USUAL_DIGITS;
        }
        return readAnyStamp(bytes, from);
    }

    private int readAnyStamp(byte[] bytes, int from) {
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
