package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The server answered a metrics page without any family of the engine.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class MetricsDisabledException extends CollectException {
    MetricsDisabledException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
