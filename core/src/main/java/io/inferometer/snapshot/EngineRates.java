package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast an engine's counts grew between two snapshots.
 *
 * <p>Immutable and safe to share. A rate is null when either snapshot lacks its count, when no time passed, or when the
 * engine restarted in between; it is never negative.
 *
 * @param interval time between the two snapshots
 * @param restarted whether the engine restarted in between: its start time moved, or a count fell
 * @param requestsPerSecond requests that succeeded, or where that is not counted requests that ended (count of the
 *     end-to-end latency), per second
 * @param promptTokensPerSecond prompt tokens per second
 * @param generatedTokensPerSecond generated tokens per second; of engines that count at a request's end it comes in
 *     bursts
 * @param failedPerSecond failed requests per second
 * @param preemptionsPerSecond preemptions per second
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngineRates(
        @JsonIgnore Duration interval,
        @JsonProperty("restarted") boolean restarted,
        @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,
        @JsonProperty("prompt_tokens_per_second") @Nullable Double promptTokensPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Double generatedTokensPerSecond,

        @JsonProperty("failed_per_second") @Nullable Double failedPerSecond,
        @JsonProperty("preemptions_per_second") @Nullable Double preemptionsPerSecond) {
    private static final Duration START_JITTER = Duration.ofSeconds(1);

    /**
     * The rates between two snapshots of one instance.
     *
     * @param previous the earlier snapshot
     * @param now the later snapshot
     * @return the rates
     * @throws IllegalArgumentException when they are of different engines or instances
     */
    public static EngineRates between(EngineSnapshot previous, EngineSnapshot now) {
        if (!previous.engine().equals(now.engine()) || !previous.instanceId().equals(now.instanceId())) {
            throw new IllegalArgumentException(
                    "Rates need two snapshots of one instance; found %s %s and %s %s. Pass the instance's own previous snapshot."
                            .formatted(previous.engine(), previous.instanceId(), now.engine(), now.instanceId()));
        }
        Duration interval = Duration.between(previous.collectedAt(), now.collectedAt());
        boolean restarted = restarted(previous, now);
        if (restarted || interval.isNegative() || interval.isZero()) {
            return new EngineRates(interval, restarted, null, null, null, null, null);
        }
        double seconds = interval.toNanos() / 1e9;
        EngineMetrics a = previous.metrics();
        EngineMetrics b = now.metrics();
        return new EngineRates(
                interval,
                false,
                perSecond(ended(a), ended(b), seconds),
                perSecond(a.tokens().prompt(), b.tokens().prompt(), seconds),
                perSecond(a.tokens().generated(), b.tokens().generated(), seconds),
                perSecond(a.requests().failed(), b.requests().failed(), seconds),
                perSecond(a.events().preemptions(), b.events().preemptions(), seconds));
    }

    @JsonProperty("interval_seconds")
    double intervalSeconds() {
        return interval.toNanos() / 1e9;
    }

    private static boolean restarted(EngineSnapshot previous, EngineSnapshot now) {
        Instant before = previous.header().startedAt();
        Instant after = now.header().startedAt();
        if (before != null && after != null) {
            Duration moved = Duration.between(before, after).abs();
            if (moved.compareTo(START_JITTER) > 0) {
                return true;
            }
        }
        EngineMetrics a = previous.metrics();
        EngineMetrics b = now.metrics();
        return fell(ended(a), ended(b))
                || fell(a.tokens().prompt(), b.tokens().prompt())
                || fell(a.tokens().generated(), b.tokens().generated())
                || fell(a.requests().failed(), b.requests().failed())
                || fell(a.events().preemptions(), b.events().preemptions());
    }

    private static @Nullable Long ended(EngineMetrics metrics) {
        Long succeeded = metrics.requests().succeeded();
        Distribution endToEnd = metrics.latency().endToEnd();
        return succeeded != null || endToEnd == null ? succeeded : endToEnd.count();
    }

    private static boolean fell(@Nullable Long before, @Nullable Long after) {
        return before != null && after != null && after < before;
    }

    private static @Nullable Double perSecond(@Nullable Long before, @Nullable Long after, double seconds) {
        return before == null || after == null ? null : (Double) ((after - before) / seconds);
    }
}
