package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The answer is no metrics page (or not the JSON that the engine answers): a login page, an empty body, another service.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class NotMetricsPageException extends CollectException {
    NotMetricsPageException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
