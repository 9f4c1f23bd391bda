package io.inferometer.parser;

/**
 * Passes over the lines of families that nobody wants. They come in runs, so one look at a name decides for many lines.
 * One thread.
 */
final class UnwantedLines {
    static final int WANTED = -1;

    /** A longer name is looked at anew on every line. */
    private static final int NAME_BYTES_MAX = 120;

    private final FamilyFilter filter;

    /** The last unwanted name and the byte behind it, and how long they are; 0 if there is none. */
    private final byte[] name = new byte[NAME_BYTES_MAX + 1 + Bytes.EIGHT];

    private int length;

    UnwantedLines(FamilyFilter filter) {
        this.filter = filter;
    }

    /** Where the newline stands of a line whose name nobody wants; {@link #WANTED} if it must be read. */
    int newlineOf(byte[] bytes, int from) {
        if (length > 0 && Bytes.mismatch(bytes, from, name, 0, length) == length) {
            return Bytes.newlineFrom(bytes, from + length);
        }
        int end = PlainLines.metricNameEnd(bytes, from);
        if (end < 0 || (bytes[end] != '{' && bytes[end] != ' ') || filter.wants(bytes, from, end)) {
            return WANTED;
        }
        length = end - from <= NAME_BYTES_MAX ? end + 1 - from : 0;
        System.arraycopy(bytes, from, name, 0, length);
        return Bytes.newlineFrom(bytes, end + 1);
    }
}
