package io.inferometer.saturation;

import org.jspecify.annotations.Nullable;

/**
 * Why there is no list of replicas: what was asked, what was found, what to do.
 *
 * <p>Immutable and safe to share. Unchecked, because fetches run inside schedulers and lambdas.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public abstract sealed class SaturationException extends RuntimeException
        permits StaleReplicasException, SourceUnavailableException {
    SaturationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
