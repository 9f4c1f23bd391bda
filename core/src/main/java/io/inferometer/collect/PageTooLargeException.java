package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * The answer is larger than the limits allow.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class PageTooLargeException extends CollectException {
    PageTooLargeException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, transientFailure, cause);
    }
}
