package io.inferometer.exporter;

import org.jspecify.annotations.Nullable;

/** A command ends here: one line for the user, and what the shell is told. */
final class Failure extends RuntimeException {
    /** It did not work. */
    static final int FAILED = 1;

    /** It was asked for in a way that cannot work. */
    static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static Failure failed(String message, Throwable cause) {
        return new Failure(FAILED, message, cause);
    }

    static Failure usage(String message) {
        return new Failure(USAGE, message, null);
    }

    /** The arguments were wrong, and {@code cause} says what with them. */
    static Failure usage(RuntimeException cause) {
        return new Failure(USAGE, String.valueOf(cause.getMessage()), cause);
    }

    int exitCode() {
        return exitCode;
    }
}
