package io.inferometer.parser;

/**
 * The part of a page that is not read yet. Grows with the longest line, never with the page. One thread.
 */
final class PageBuffer {
    /** How many bytes stand behind the last one in use, so that eight can be looked at from any place, and thirteen digits. */
    static final int SLACK = 2 * Bytes.EIGHT;

    private static final int FIRST_SIZE = 1 << 16;

    private final int firstSize;
    byte[] bytes;
    int start;
    int end;

    /** Behind the last newline, or {@link #start} if there is none. */
    int linesEnd;

    /** For a page that comes piece by piece. */
    PageBuffer() {
        this(FIRST_SIZE);
    }

    /**
     * For as much as is known to come.
     *
     * @param firstSize how large it is at first, in bytes
     */
    PageBuffer(int firstSize) {
        this.firstSize = firstSize;
        bytes = new byte[firstSize];
    }

    void clear() {
        start = 0;
        end = 0;
        linesEnd = 0;
    }

    int size() {
        return end - start;
    }

    /** Makes room for at least {@code wanted} more bytes at the end. What is unread may move. */
    void makeRoom(int wanted) {
        int size = size();
        byte[] target = size + wanted + SLACK <= bytes.length ? bytes : new byte[sizeFor(size + wanted + SLACK)];
        System.arraycopy(bytes, start, target, 0, size);
        bytes = target;
        linesEnd -= start;
        start = 0;
        end = size;
    }

    /** Counts the bytes that were written at {@link #end}. */
    void grow(int count) {
        int behindNewline = Bytes.behindLastNewline(bytes, end, end + count);
        linesEnd = behindNewline > end ? behindNewline : linesEnd;
        end += count;
    }

    /** Throws away what stands before {@code place}. */
    void startAt(int place) {
        start = place;
        linesEnd = Math.max(linesEnd, start);
    }

    private int sizeFor(int needed) {
        return Math.max(firstSize, Integer.highestOneBit(needed - 1) << 1);
    }

    /** How many bytes can be written at {@link #end} without making room. */
    int room() {
        return bytes.length - SLACK - end;
    }

    void append(byte[] more, int from, int to) {
        if (room() < to - from) {
            makeRoom(to - from);
        }
        System.arraycopy(more, from, bytes, end, to - from);
        end += to - from;
    }

    /** Ends the last line, if it has no newline yet; there must be room for one byte. */
    void endLine() {
        if (size() > 0 && bytes[end - 1] != '\n') {
            bytes[end++] = '\n';
        }
    }

    /** The unread bytes, {@code max} at most, as text. */
    String head(int max) {
        return Bytes.utf8(bytes, start, start + Math.min(size(), max));
    }

    /** Gives back the memory that one page with monstrous lines took. */
    void shrink(int max) {
        if (bytes.length > max) {
            bytes = new byte[firstSize];
        }
    }
}
