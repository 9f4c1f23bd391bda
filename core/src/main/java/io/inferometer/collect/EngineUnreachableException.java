package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * Nothing answered: no connection, no such host, TLS failed, or the connection broke before the answer.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class EngineUnreachableException extends CollectException {
    EngineUnreachableException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
