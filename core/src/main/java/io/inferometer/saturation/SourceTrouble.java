package io.inferometer.saturation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One failure between a source and the server behind it.
 *
 * <p>Immutable and safe to share. Holds no secrets: URLs are without user-info and query.
 *
 * @param source the source's name, such as {@code "prometheus"}
 * @param model the model that was asked for, null where the failure belongs to none
 * @param namespace the namespace that was asked for, or null
 * @param message what was asked, what was found, what to do
 * @param attempt which attempt failed, from 1
 * @param retryIn when it is tried again, null when it is not
 * @param transientFailure whether the same may well succeed a little later
 * @param at when it happened
 */
public record SourceTrouble(
        String source,
        @Nullable String model,
        @Nullable String namespace,
        String message,
        int attempt,
        @Nullable Duration retryIn,
        boolean transientFailure,
        Instant at) {
    /** A word for the reason of an event; it never changes. */
    public static final String REASON = "MetricsUnavailable";
}
