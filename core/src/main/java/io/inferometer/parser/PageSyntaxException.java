package io.inferometer.parser;

/**
 * A page was refused: at one place it says something that the mode does not allow.
 *
 * <p>Immutable and safe to share.
 */
public final class PageSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long line;
    private final int column;
    private final String expected;
    private final String found;

    PageSyntaxException(long line, int column, String expected, String found) {
        super("line " + line + ", column " + column + ": expected " + expected + ", found " + found);
        this.line = line;
        this.column = column;
        this.expected = expected;
        this.found = found;
    }

    /** The line of the fault, from 1. */
    public long line() {
        return line;
    }

    /** Where in the line the fault is, in bytes from 1. */
    public int column() {
        return column;
    }

    /** What could have stood there, in words. */
    public String expected() {
        return expected;
    }

    /** What stood there instead. */
    public String found() {
        return found;
    }
}
