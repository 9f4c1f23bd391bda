package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The answer could not be read: JSON that is none, or a page that a mode refuses.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class MalformedPageException extends CollectException {
    private final long line;
    private final int column;

    MalformedPageException(String message, long line, int column, @Nullable Throwable cause) {
        super(message, false, cause);
        this.line = line;
        this.column = column;
    }

    /** The line of the fault, 1-based; 0 when it is not known. */
    public long line() {
        return line;
    }

    /** The column of the fault in bytes, 1-based; 0 when it is not known. */
    public int column() {
        return column;
    }
}
