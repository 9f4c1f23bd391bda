package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An engine's snapshot as a backend would write it. */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"common", "own_words"})
public record TestSnapshot(
        @JsonUnwrapped CommonView common,
        @JsonProperty("own_words") OwnWords ownWords) implements EngineSnapshot {
    static final Instant COLLECTED_AT = Instant.parse("2026-01-01T00:00:00Z");

    /** An own group. */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record OwnWords(
            @JsonProperty("count") @Nullable Long count,
            @JsonProperty("ratio") @Nullable Double ratio,
            @JsonProperty("seconds") @Nullable Distribution seconds,
            @JsonProperty("by_word") Map<String, Long> byWord) {}

    static TestSnapshot of(SnapshotHeader header, EngineMetrics metrics) {
        return new TestSnapshot(
                new CommonView(header, metrics, Map.of(), Map.of(), Map.of(), null),
                new OwnWords(null, null, null, Map.of()));
    }

    static TestSnapshot withRanks(EngineMetrics metrics, Map<String, EngineMetrics> byRank) {
        return new TestSnapshot(
                new CommonView(
                        header("acme", "engine:8000", COLLECTED_AT, null), metrics, Map.of(), byRank, Map.of(), null),
                new OwnWords(null, null, null, Map.of()));
    }

    static SnapshotHeader header(String engine, String instance, Instant at, @Nullable Instant startedAt) {
        return new SnapshotHeader(
                engine,
                instance,
                URI.create("http://engine:8000/metrics"),
                at,
                Duration.ofMillis(12),
                null,
                0,
                startedAt);
    }

    /** Metrics of which only these were reported. */
    static EngineMetrics metrics(
            @Nullable Long succeeded,
            @Nullable Long failed,
            @Nullable Long prompt,
            @Nullable Long generated,
            @Nullable Long preemptions,
            @Nullable Distribution endToEnd,
            @Nullable Double kvUsage) {
        return new EngineMetrics(
                new EngineMetrics.Load(null, null, null, null, null, null),
                new EngineMetrics.Requests(null, succeeded, failed, null, Map.of()),
                new EngineMetrics.Tokens(prompt, generated, null),
                new EngineMetrics.Latency(null, null, null, endToEnd, null, null, null, null),
                new EngineMetrics.Size(null, null, null),
                new EngineMetrics.Cache(kvUsage, null, null, null, null, null, null),
                new EngineMetrics.Speculation(null, null, null),
                new EngineMetrics.Adapters(null, null, null),
                new EngineMetrics.Memory(null, null),
                List.of(),
                new EngineMetrics.Events(preemptions));
    }

    static EngineMetrics nothing() {
        return metrics(null, null, null, null, null, null, null);
    }
}
