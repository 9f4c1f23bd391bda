package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast an engine's counts grew between two snapshots.
 *
 * <p>Immutable and safe to share. A rate is null when either snapshot lacks its count, when no time passed, or when the
 * engine restarted in between; it is never negative.
 *
 * @param interval time between the two snapshots
 * @param restarted whether the engine restarted in between: its start time moved, or a count fell, of the whole or of a
 *     part
 * @param requestsPerSecond requests that succeeded, or where that is not counted requests that ended (count of the
 *     end-to-end latency), per second
 * @param promptTokensPerSecond prompt tokens per second
 * @param generatedTokensPerSecond generated tokens per second; of engines that count at a request's end it comes in
 *     bursts
 * @param failedPerSecond failed requests per second
 * @param preemptionsPerSecond preemptions per second
 * @param byModel the rates of each model that both snapshots name; empty unless they name more than one
 * @param byRank the rates of each data-parallel rank that both snapshots name; empty unless they name more than one
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
public record EngineRates(
        @JsonIgnore Duration interval,
        @JsonProperty("restarted") boolean restarted,
        @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,
        @JsonProperty("prompt_tokens_per_second") @Nullable Double promptTokensPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Double generatedTokensPerSecond,

        @JsonProperty("failed_per_second") @Nullable Double failedPerSecond,
        @JsonProperty("preemptions_per_second") @Nullable Double preemptionsPerSecond,
        @JsonProperty("by_model") Map<String, EngineRates> byModel,
        @JsonProperty("by_rank") Map<String, EngineRates> byRank) {
    private static final Duration START_JITTER = Duration.ofSeconds(1);

    /**
     * Copies the maps.
     *
     * @param interval time between the two snapshots
     * @param restarted whether the engine restarted in between
     * @param requestsPerSecond requests per second
     * @param promptTokensPerSecond prompt tokens per second
     * @param generatedTokensPerSecond generated tokens per second
     * @param failedPerSecond failed requests per second
     * @param preemptionsPerSecond preemptions per second
     * @param byModel the rates of each model
     * @param byRank the rates of each rank
     */
    public EngineRates {
        byModel = Copies.of(byModel);
        byRank = Copies.of(byRank);
    }

    /**
     * Rates without parts.
     *
     * @param interval time between the two snapshots
     * @param restarted whether the engine restarted in between
     * @param requestsPerSecond requests per second
     * @param promptTokensPerSecond prompt tokens per second
     * @param generatedTokensPerSecond generated tokens per second
     * @param failedPerSecond failed requests per second
     * @param preemptionsPerSecond preemptions per second
     */
    public EngineRates(
            Duration interval,
            boolean restarted,
            @Nullable Double requestsPerSecond,
            @Nullable Double promptTokensPerSecond,
            @Nullable Double generatedTokensPerSecond,
            @Nullable Double failedPerSecond,
            @Nullable Double preemptionsPerSecond) {
        this(
                interval,
                restarted,
                requestsPerSecond,
                promptTokensPerSecond,
                generatedTokensPerSecond,
                failedPerSecond,
                preemptionsPerSecond,
                Map.of(),
                Map.of());
    }

    /**
     * The rates between two snapshots of one instance, by the times at which they were collected.
     *
     * @param previous the earlier snapshot
     * @param now the later snapshot
     * @return the rates
     * @throws IllegalArgumentException when they are of different engines or instances
     */
    public static EngineRates between(EngineSnapshot previous, EngineSnapshot now) {
        return between(previous, now, Duration.between(previous.collectedAt(), now.collectedAt()));
    }

    /**
     * The rates between two snapshots of one instance, for those who measured the time between them with a better clock than
     * the wall's, which may be set.
     *
     * @param previous the earlier snapshot
     * @param now the later snapshot
     * @param interval the time between them
     * @return the rates
     * @throws IllegalArgumentException when they are of different engines or instances
     */
    public static EngineRates between(EngineSnapshot previous, EngineSnapshot now, Duration interval) {
        if (!previous.engine().equals(now.engine()) || !previous.instanceId().equals(now.instanceId())) {
            throw new IllegalArgumentException(
                    "Rates need two snapshots of one instance; found %s %s and %s %s. Pass the instance's own previous snapshot."
                            .formatted(previous.engine(), previous.instanceId(), now.engine(), now.instanceId()));
        }
        if (restarted(previous, now)) {
            return unknown(interval, true);
        }
        Map<String, EngineRates> byModel = parts(previous.byModel(), now.byModel(), interval);
        Map<String, EngineRates> byRank = parts(previous.byRank(), now.byRank(), interval);
        EngineRates whole = sameParts(previous, now)
                ? between(previous.metrics(), now.metrics(), interval)
                : unknown(interval, false);
        return new EngineRates(
                interval,
                false,
                whole.requestsPerSecond,
                whole.promptTokensPerSecond,
                whole.generatedTokensPerSecond,
                whole.failedPerSecond,
                whole.preemptionsPerSecond,
                byModel,
                byRank);
    }

    private static EngineRates between(EngineMetrics a, EngineMetrics b, Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            return unknown(interval, false);
        }
        double seconds = interval.toNanos() / 1e9;
        return new EngineRates(
                interval,
                false,
                requestsPerSecond(a, b, seconds),
                perSecond(a.tokens().prompt(), b.tokens().prompt(), seconds),
                perSecond(a.tokens().generated(), b.tokens().generated(), seconds),
                perSecond(a.requests().failed(), b.requests().failed(), seconds),
                perSecond(a.events().preemptions(), b.events().preemptions(), seconds));
    }

    private static EngineRates unknown(Duration interval, boolean restarted) {
        return new EngineRates(interval, restarted, null, null, null, null, null);
    }

    private static Map<String, EngineRates> parts(
            Map<String, EngineMetrics> before, Map<String, EngineMetrics> after, Duration interval) {
        Map<String, EngineRates> rates = new LinkedHashMap<>();
        after.forEach((name, part) -> {
            EngineMetrics earlier = before.get(name);
            if (earlier != null) {
                rates.put(name, between(earlier, part, interval));
            }
        });
        return rates;
    }

    /** A sum over other ranks than before grew by more, or less, than was done in between. */
    private static boolean sameParts(EngineSnapshot previous, EngineSnapshot now) {
        return previous.byModel().keySet().equals(now.byModel().keySet())
                && previous.byRank().keySet().equals(now.byRank().keySet());
    }

    @JsonProperty("interval_seconds")
    double intervalSeconds() {
        return interval.toNanos() / 1e9;
    }

    /**
     * Whether an engine restarted between two snapshots of one instance: its start time moved by more than a second, or
     * something fell that only grows, in the whole or in a part that both name.
     *
     * @param previous the earlier snapshot
     * @param now the later snapshot
     * @return whether it did; a restart that leaves no trace is not seen
     */
    public static boolean restarted(EngineSnapshot previous, EngineSnapshot now) {
        return startMoved(previous.header().startedAt(), now.header().startedAt())
                || (fell(previous.metrics(), now.metrics()) && sameParts(previous, now))
                || aPartFell(previous.byModel(), now.byModel())
                || aPartFell(previous.byRank(), now.byRank());
    }

    /**
     * The same as far as the {@linkplain CommonView#pulse() pulse} of the engine as a whole tells, which costs less than to look
     * at every model, rank and distribution: a rank that restarted alone may not show in the sum.
     *
     * @param previous the earlier snapshot
     * @param now the later snapshot
     * @return whether its start time moved, or a sum over the same models and ranks fell
     */
    public static boolean restartedAsAWhole(EngineSnapshot previous, EngineSnapshot now) {
        return startMoved(previous.header().startedAt(), now.header().startedAt())
                || (countsFell(previous.common().pulse(), now.common().pulse()) && sameParts(previous, now));
    }

    private static boolean startMoved(@Nullable Instant before, @Nullable Instant after) {
        return before != null
                && after != null
                && Duration.between(before, after).abs().compareTo(START_JITTER) > 0;
    }

    private static boolean aPartFell(Map<String, EngineMetrics> before, Map<String, EngineMetrics> after) {
        return after.entrySet().stream().anyMatch(part -> {
            EngineMetrics earlier = before.get(part.getKey());
            return earlier != null && fell(earlier, part.getValue());
        });
    }

    private static boolean fell(EngineMetrics a, EngineMetrics b) {
        return countsFell(a, b) || fell(ended(a), ended(b));
    }

    private static boolean countsFell(EngineMetrics a, EngineMetrics b) {
        return fell(a.requests().succeeded(), b.requests().succeeded())
                || fell(a.tokens().prompt(), b.tokens().prompt())
                || fell(a.tokens().generated(), b.tokens().generated())
                || fell(a.requests().failed(), b.requests().failed())
                || fell(a.events().preemptions(), b.events().preemptions());
    }

    /** Two counts of one kind: where one snapshot lacks the successes, those of the other are no measure. */
    private static @Nullable Double requestsPerSecond(EngineMetrics a, EngineMetrics b, double seconds) {
        Double succeeded = perSecond(a.requests().succeeded(), b.requests().succeeded(), seconds);
        return succeeded == null ? perSecond(ended(a), ended(b), seconds) : succeeded;
    }

    private static @Nullable Long ended(EngineMetrics metrics) {
        Distribution endToEnd = metrics.latency().endToEnd();
        return endToEnd == null ? null : endToEnd.count();
    }

    private static boolean fell(@Nullable Long before, @Nullable Long after) {
        return before != null && after != null && after < before;
    }

    private static @Nullable Double perSecond(@Nullable Long before, @Nullable Long after, double seconds) {
        return before == null || after == null ? null : (Double) ((after - before) / seconds);
    }
}
