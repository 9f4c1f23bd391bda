package io.inferometer.exporter;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.ScrapeFailure;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.saturation.DirectSaturationCollector;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a target at one moment; null is not known. Its JSON is one target of a tick.
 *
 * @param name the target's name
 * @param engine the engine's name
 * @param model the model that its page names first, else its label, else what the engine says elsewhere
 * @param at when it was looked at
 * @param state whether it answers
 * @param age the age of the last good snapshot
 * @param running requests in the batch
 * @param waiting requests in the queue
 * @param kvUsage share of the KV cache in use, 0..1
 * @param requestsPerSecond requests ended per second
 * @param tokensPerSecond tokens generated per second
 * @param timeToFirstTokenP99 of the window, in seconds
 * @param interTokenP99 of the window, in seconds
 * @param error why the last scrape failed, null when it did not
 * @param byModel each model's part; empty unless the page names more than one
 * @param byRank each data-parallel rank's part; empty unless the page names more than one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"name", "engine", "model", "state", "age_seconds"})
record Reading(
        @JsonProperty("name") String name,
        @JsonProperty("engine") String engine,
        @JsonProperty("model") @Nullable String model,
        @JsonIgnore Instant at,
        @JsonProperty("state") TargetState state,
        @JsonIgnore @Nullable Duration age,
        @JsonProperty("running") @Nullable Long running,
        @JsonProperty("waiting") @Nullable Long waiting,
        @JsonProperty("kv_cache_usage") @Nullable Double kvUsage,
        @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Double tokensPerSecond,

        @JsonProperty("time_to_first_token_p99_seconds") @Nullable
        Double timeToFirstTokenP99,

        @JsonProperty("inter_token_p99_seconds") @Nullable Double interTokenP99,
        @JsonProperty("error") @Nullable String error,

        @JsonProperty("by_model") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, Part> byModel,

        @JsonProperty("by_rank") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, Part> byRank) {
    private static final double NANOS = 1e9;
    private static final double P99 = 0.99;

    /** What nobody has read yet. */
    static Reading unread(MonitoredTarget target) {
        return new Reading(
                target.name(),
                target.engine(),
                target.label("model"),
                Instant.EPOCH,
                TargetState.UNKNOWN,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of());
    }

    static Reading of(TargetView view) {
        EngineMetrics metrics = view.metrics();
        EngineSnapshot latest = view.latest();
        EngineRates rates = view.rates();
        EngineMetrics.Latency latency = view.window().latency();
        return new Reading(
                view.name(),
                latest == null ? view.target().engine() : latest.engine(),
                model(view),
                view.readAt(),
                view.state(),
                view.age(),
                metrics == null ? null : metrics.load().requestsRunning(),
                metrics == null ? null : metrics.load().requestsWaiting(),
                metrics == null ? null : metrics.cache().kvUsage(),
                rates == null ? null : rates.requestsPerSecond(),
                rates == null ? null : rates.generatedTokensPerSecond(),
                p99(latency.timeToFirstToken()),
                p99(latency.interToken()),
                error(view),
                Part.of(view.byModel(), rates == null ? Map.of() : rates.byModel()),
                Part.of(view.byRank(), rates == null ? Map.of() : rates.byRank()));
    }

    /** Whether its numbers are of now rather than of an engine that is gone. */
    @JsonIgnore
    boolean counts() {
        return state == TargetState.UP || state == TargetState.STALE;
    }

    @JsonProperty("age_seconds")
    @Nullable
    Double ageSeconds() {
        return age == null ? null : (Double) (age.toNanos() / NANOS);
    }

    private static @Nullable String model(TargetView view) {
        List<String> models = DirectSaturationCollector.modelsOf(view);
        return models.isEmpty() ? view.target().label("model") : models.get(0);
    }

    private static @Nullable Double p99(@Nullable Distribution distribution) {
        return distribution == null ? null : distribution.quantile(P99);
    }

    private static @Nullable String error(TargetView view) {
        ScrapeFailure failure = view.consecutiveFailures() == 0 ? null : view.lastFailure();
        return failure == null ? null : Printable.line(failure.message());
    }
}
