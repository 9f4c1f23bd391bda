package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The answer did not arrive within the timeout.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class EngineTimedOutException extends CollectException {
    EngineTimedOutException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
