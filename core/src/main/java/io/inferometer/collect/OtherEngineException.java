package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The page is another engine's than the one that was asked for.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class OtherEngineException extends CollectException {
    OtherEngineException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
