package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The server answered with a status other than 200.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class EngineRefusedException extends CollectException {
    private final int status;

    EngineRefusedException(String message, int status, @Nullable Throwable cause) {
        super(message, status == 429 || status == 502 || status == 503 || status == 504, cause);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
