package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaMetricsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "PT0S, FRESH",
        "PT59.999S, FRESH",
        "PT60S, STALE",
        "PT299.999S, STALE",
        "PT300S, UNAVAILABLE",
        "PT24H, UNAVAILABLE"
    })
    void isFreshBelowOneMinuteAndStaleBelowFive(Duration age, Freshness freshness) {
        ReplicaMetrics replica = ReplicaMetrics.builder("a")
                .collected(NOW.minus(age), NOW, FreshnessThresholds.DEFAULTS)
                .build();

        assertThat(replica.freshness()).isEqualTo(freshness);
        assertThat(replica.age()).isEqualTo(age);
    }

    @Test
    void isUnavailableWhenItsAgeIsNotKnown() {
        assertThat(ReplicaMetrics.builder("a").build().freshness()).isEqualTo(Freshness.UNAVAILABLE);
        assertThat(ReplicaMetrics.builder("a")
                        .collected(null, NOW, FreshnessThresholds.DEFAULTS)
                        .build()
                        .freshness())
                .isEqualTo(Freshness.UNAVAILABLE);
    }

    @Test
    void isOfAgeZeroWhenTheClockWasSetBack() {
        ReplicaMetrics replica = ReplicaMetrics.builder("a")
                .collected(NOW.plusSeconds(3), NOW, FreshnessThresholds.DEFAULTS)
                .build();

        assertThat(replica.age()).isEqualTo(Duration.ZERO);
    }

    @Test
    void takesOtherBoundsOfFreshness() {
        FreshnessThresholds seconds = new FreshnessThresholds(Duration.ofSeconds(2), Duration.ofSeconds(4));

        assertThat(seconds.of(Duration.ofMillis(1999))).isEqualTo(Freshness.FRESH);
        assertThat(seconds.of(Duration.ofSeconds(2))).isEqualTo(Freshness.STALE);
        assertThat(seconds.of(Duration.ofSeconds(4))).isEqualTo(Freshness.UNAVAILABLE);
        assertThatThrownBy(() -> new FreshnessThresholds(Duration.ofSeconds(4), Duration.ofSeconds(2)))
                .hasMessageStartingWith("Freshness needs 0 < freshBelow <= staleBelow; found PT4S and PT2S.");
    }

    @Test
    void writesEveryNameAsDocumented() {
        JsonNode json = JSON.valueToTree(full().build());

        assertThat(names(json))
                .containsExactly(
                        "replica_id",
                        "model",
                        "namespace",
                        "engine",
                        "variant",
                        "accelerator",
                        "ready",
                        "kv_cache_usage",
                        "queue_depth",
                        "running",
                        "requests_per_second",
                        "average_prompt_tokens",
                        "average_generated_tokens",
                        "prefix_hit_rate",
                        "kv_capacity_tokens",
                        "tokens_in_use",
                        "generated_tokens_per_second",
                        "time_to_first_token_seconds",
                        "inter_token_seconds",
                        "collected_at",
                        "age_seconds",
                        "freshness",
                        "zone",
                        "cost",
                        "max_batch_size",
                        "lora_adapters",
                        "custom");
        assertThat(json.get("collected_at").asText()).isEqualTo("2026-01-01T11:59:58.500Z");
        assertThat(json.get("age_seconds").asDouble()).isEqualTo(1.5);
        assertThat(json.get("freshness").asText()).isEqualTo("FRESH");
        assertThat(json.get("lora_adapters").toString()).isEqualTo("{\"max\":4,\"running\":[\"sql\"],\"waiting\":[]}");
    }

    @Test
    void leavesOutOfJsonWhatIsUnknownAndKeepsZeroAndFalse() {
        ReplicaMetrics replica = ReplicaMetrics.builder("a")
                .ready(false)
                .kvCacheUsage(0.0)
                .queueDepth(0L)
                .build();

        assertThat(JSON.valueToTree(replica).toString())
                .isEqualTo(
                        "{\"replica_id\":\"a\",\"ready\":false,\"kv_cache_usage\":0.0,\"queue_depth\":0,\"freshness\":\"UNAVAILABLE\"}");
    }

    @Test
    void writesAReportWithoutAVerdict() {
        ReplicaReport report = new ReplicaReport(
                "m", "prod", NOW, Replicas.of("a 0.5 1"), List.of(new Unreachable("b", "no such host")), 1);

        assertThat(names(JSON.valueToTree(report))).containsExactly("replicas", "unreachable");
        assertThat(JSON.valueToTree(report).get("unreachable").toString())
                .isEqualTo("[{\"name\":\"b\",\"reason\":\"no such host\"}]");
        assertThat(JSON.valueToTree(new SaturationAdvice(
                                SaturationAdvice.Action.DOWN,
                                "enough to spare",
                                "big",
                                SaturationAnalyzer.DEFAULTS.analyze(List.of()).evidence()))
                        .toString())
                .isEqualTo("{\"action\":\"down\",\"reason\":\"enough to spare\",\"variant\":\"big\"}");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.7, -0.1, Double.NaN, Double.POSITIVE_INFINITY, 85})
    void leavesOutAUsageThatCannotBeAndNamesTheReplica(double usage) {
        ReplicaMetrics replica = ReplicaMetrics.builder("gpu-7")
                .kvCacheUsage(usage)
                .queueDepth(3L)
                .build();

        assertThat(replica.kvCacheUsage()).isNull();
        assertThat(replica.queueDepth()).isEqualTo(3);
        assertThat(replica.notes())
                .containsExactly(
                        "kv_cache_usage of gpu-7 was " + usage + " and is left out: a share lies within 0..1.");
    }

    @Test
    void leavesOutCountsAndAmountsThatCannotBe() {
        ReplicaMetrics replica = ReplicaMetrics.builder("gpu-7")
                .queueDepth(-1L)
                .running(-2L)
                .kvCapacityTokens(-3L)
                .requestsPerSecond(Double.NaN)
                .timeToFirstTokenSeconds(-0.5)
                .cost(Double.POSITIVE_INFINITY)
                .prefixHitRate(0.25)
                .build();

        assertThat(replica.toString()).startsWith("ReplicaMetrics{replicaId=gpu-7, prefixHitRate=0.25,");
        assertThat(replica.notes())
                .hasSize(6)
                .contains("queue_depth of gpu-7 was -1 and is left out: a count is 0 or more.")
                .contains("requests_per_second of gpu-7 was NaN and is left out: a number of 0 or more is expected.");
    }

    @Test
    void takesAShareThatWasRoundedUpForOne() {
        ReplicaMetrics replica =
                ReplicaMetrics.builder("a").kvCacheUsage(1.0000000001).build();

        assertThat(replica.kvCacheUsage()).isEqualTo(1.0);
        assertThat(replica.notes()).isEmpty();
    }

    @Test
    void countsTokensInUseByUsageAndCapacityUnlessTheyAreGiven() {
        ReplicaMetrics.Builder replica =
                ReplicaMetrics.builder("a").kvCacheUsage(0.25).kvCapacityTokens(40_000L);

        assertThat(replica.build().tokensInUse()).isEqualTo(10_000);
        assertThat(replica.tokensInUse(9_000L).build().tokensInUse()).isEqualTo(9_000);
        assertThat(ReplicaMetrics.builder("a").kvCacheUsage(0.25).build().tokensInUse())
                .isNull();
    }

    @Test
    void weighsWhatWaitsAgainstTheCapacity() {
        ReplicaMetrics.Builder replica = ReplicaMetrics.builder("a")
                .kvCapacityTokens(10_000L)
                .tokensInUse(4_000L)
                .queueDepth(6L)
                .averagePromptTokens(500.0);

        assertThat(replica.build().tokenDemandRatio()).isEqualTo(0.7); // (4,000 + 6 x 500) / 10,000
        assertThat(replica.prefixHitRate(0.5).build().tokenDemandRatio()).isEqualTo(0.55); // 4,000 + 1,500
        assertThat(replica.averagePromptTokens(null).build().tokenDemandRatio()).isNull();
        assertThat(replica.queueDepth(0L).build().tokenDemandRatio()).isEqualTo(0.4);
        assertThat(replica.kvCapacityTokens(0L).build().tokenDemandRatio()).isNull();
        assertThat(replica.queueDepth(null).build().tokenDemand()).isNull();
    }

    @Test
    void isEqualByValueAndCopiesWhatItIsGiven() {
        Map<String, String> labels = new java.util.HashMap<>(Map.of("pod", "p-0"));
        ReplicaMetrics replica = full().labels(labels).build();
        labels.put("pod", "p-1");

        assertThat(replica.labels()).containsExactly(Map.entry("pod", "p-0"));
        assertThat(replica)
                .isEqualTo(replica.toBuilder().build())
                .hasSameHashCodeAs(replica.toBuilder().build());
        assertThat(replica).isNotEqualTo(replica.toBuilder().queueDepth(9L).build());
        assertThat(replica.queueDepth()).isEqualTo(2); // A builder made from it changes nothing here.
        assertThat(replica.instance()).isEqualTo("10.0.0.7:8000");
    }

    private static ReplicaMetrics.Builder full() {
        return ReplicaMetrics.builder("gpu-7")
                .model("llama")
                .namespace("prod")
                .engine("vllm")
                .variant("h100")
                .accelerator("H100")
                .zone("eu-1")
                .instance("10.0.0.7:8000")
                .ready(true)
                .kvCacheUsage(0.5)
                .queueDepth(2L)
                .running(3L)
                .requestsPerSecond(1.5)
                .averagePromptTokens(100.0)
                .averageGeneratedTokens(200.0)
                .prefixHitRate(0.25)
                .kvCapacityTokens(1000L)
                .maxBatchSize(256L)
                .timeToFirstTokenSeconds(0.2)
                .interTokenSeconds(0.02)
                .generatedTokensPerSecond(300.0)
                .loraAdapters(new LoraAdapters(4L, List.of("sql"), List.of()))
                .cost(2.5)
                .custom(Map.of("gpu_seconds", 7.0))
                .collected(NOW.minusMillis(1500), NOW, FreshnessThresholds.DEFAULTS);
    }

    private static List<String> names(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
