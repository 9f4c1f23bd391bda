package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/**
 * Why a scrape gave no snapshot: what was asked, what was found, what to do.
 *
 * <p>Immutable and safe to share. Unchecked, because scrapes run inside schedulers and lambdas. Messages never hold
 * user-info, queries or headers.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public abstract sealed class CollectException extends RuntimeException
        permits EngineUnreachableException,
                EngineTimedOutException,
                EngineRefusedException,
                NotMetricsPageException,
                MalformedPageException,
                PageTooLargeException,
                OtherEngineException,
                MetricsDisabledException,
                UnknownEngineException {
    private final boolean transientFailure;

    CollectException(String message, boolean transientFailure, @Nullable Throwable cause) {
        super(message, cause);
        this.transientFailure = transientFailure;
    }

    /** Whether the same call may well succeed a little later, without anybody changing anything. */
    public boolean isTransient() {
        return transientFailure;
    }
}
