package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.parser.MetricType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shape of the JSON is a contract; a plain Jackson 2 ObjectMapper has to give it. */
class SnapshotJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void everythingThatCanBeReported() throws JsonProcessingException {
        assertJson(full(), """
                {
                  "engine": "acme",
                  "instance_id": "engine:8000",
                  "endpoint": "http://engine:8000/metrics",
                  "timestamp": "2026-01-01T00:00:00.250Z",
                  "scrape_duration_seconds": 0.0125,
                  "engine_version": "1.2.3",
                  "unreadable_lines": 2,
                  "metrics": {
                    "load": {
                      "requests_running": 3, "requests_waiting": 0, "requests_swapped": 1, "batch_size": 4,
                      "max_batch_tokens": 4096, "asleep": false
                    },
                    "requests": {
                      "received": 20, "succeeded": 15, "failed": 2, "aborted": 1,
                      "by_reason": {"stop": 10, "length": 5}
                    },
                    "tokens": {"prompt": 9007199254740993, "generated": 500, "cached_prompt": 100},
                    "latency": {
                      "time_to_first_token_seconds": {"kind": "value", "mean": 0.025},
                      "inter_token_seconds": {"kind": "value", "mean": 1},
                      "per_output_token_seconds": {"kind": "value", "mean": 0.5},
                      "end_to_end_seconds": {"kind": "value", "mean": 0.5},
                      "queue_seconds": {"kind": "value", "mean": 0.5},
                      "prefill_seconds": {"kind": "value", "mean": 0.5},
                      "decode_seconds": {"kind": "value", "mean": 0.5},
                      "inference_seconds": {"kind": "value", "mean": 0.5}
                    },
                    "size": {
                      "prompt_tokens": {
                        "kind": "histogram", "count": 10, "sum": 45, "mean": 4.5, "p50": 4, "p90": 9, "p99": 9.9
                      },
                      "generated_tokens": {
                        "kind": "summary", "count": 3, "sum": 6, "mean": 2, "p50": 1.5, "p99": 4,
                        "quantiles": {"0.5": 1.5, "0.99": 4.0}
                      },
                      "max_new_tokens": {"kind": "histogram", "count": 0, "sum": 0}
                    },
                    "cache": {
                      "kv_usage": 0.25, "kv_blocks": 1000, "kv_block_size": 16, "kv_capacity_tokens": 16000,
                      "prefix_hits": 40, "prefix_queries": 80, "hit_rate": 0.5
                    },
                    "speculation": {"drafts": 7, "draft_tokens": 21, "accepted_tokens": 14},
                    "adapters": {"max_lora": 4, "running_adapters": ["a", "b"], "waiting_adapters": []},
                    "memory": {"resident_bytes": 9000000000, "vram_bytes": 8000000000},
                    "models": [
                      {
                        "name": "m", "loaded": true, "context_length": 8192, "expires_at": "2026-01-01T00:05:00Z",
                        "never_expires": false, "resident_bytes": 5, "vram_bytes": 4, "disk_bytes": 3,
                        "family": "llama", "parameter_size": "7.6B", "quantization": "Q4_K_M", "digest": "d1"
                      },
                      {"name": "kept", "loaded": true, "never_expires": true},
                      {"name": "served"}
                    ],
                    "events": {"preemptions": 0}
                  },
                  "by_model": {"m": {"load": {"requests_running": 1}}, "n": {}},
                  "by_rank": {"0": {"cache": {"kv_usage": 0.25}}, "1": {"cache": {"kv_usage": 0.125}}},
                  "provenance": {
                    "load.requests_running": {"family": "acme:running", "series": 2},
                    "cache.kv_usage": {"family": "acme:kv", "series": 1, "note": "out of range 0..1"}
                  },
                  "raw_metrics": [
                    {"name": "acme:running", "type": "gauge", "labels": {"b": "1", "a": ""}, "value": 3,
                     "timestamp": "2026-01-01T00:00:00Z"},
                    {"name": "acme:odd", "type": "unknown", "labels": {}, "value": "NaN"}
                  ],
                  "own_words": {"count": 1, "seconds": {"kind": "value", "mean": 0.5}, "by_word": {"a": 1}}
                }
                """);
    }

    @Test
    void theHeaderComesFirstAndTheOwnWordsLast() throws JsonProcessingException {
        List<String> names = new ArrayList<>();
        JSON.readTree(JSON.writeValueAsString(full())).fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "engine",
                        "instance_id",
                        "endpoint",
                        "timestamp",
                        "scrape_duration_seconds",
                        "engine_version",
                        "unreadable_lines",
                        "metrics",
                        "by_model",
                        "by_rank",
                        "provenance",
                        "raw_metrics",
                        "own_words");
    }

    @Test
    void whatWasNotReportedIsLeftOutAndMetricsIsThereAllTheSame() throws JsonProcessingException {
        TestSnapshot nothing = TestSnapshot.of(
                TestSnapshot.header("acme", "engine:8000", TestSnapshot.COLLECTED_AT, Instant.EPOCH),
                TestSnapshot.nothing());
        assertJson(nothing, """
                {
                  "engine": "acme",
                  "instance_id": "engine:8000",
                  "endpoint": "http://engine:8000/metrics",
                  "timestamp": "2026-01-01T00:00:00Z",
                  "scrape_duration_seconds": 0.012,
                  "unreadable_lines": 0,
                  "metrics": {}
                }
                """);
    }

    @Test
    void rawMetricsThatWereAskedForAreThereThoughThereAreNone() throws JsonProcessingException {
        CommonView view = new CommonView(
                TestSnapshot.header("acme", "engine:8000", TestSnapshot.COLLECTED_AT, null),
                TestSnapshot.nothing(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of());
        JsonNode tree = JSON.readTree(JSON.writeValueAsString(view));
        assertThat(tree.get("raw_metrics")).isEqualTo(JSON.readTree("[]"));
    }

    @ParameterizedTest
    @CsvSource({
        "3,                    3",
        "0,                    0",
        "-2,                   -2",
        "0.5,                  0.5",
        "1e15,                 1000000000000000",
        "9007199254740992,     9007199254740992",
        "1e300,                1.0E300",
        "NaN,                  \"NaN\"",
        "Infinity,             \"+Inf\"",
        "-Infinity,            \"-Inf\"",
    })
    void aSamplesValueIsANumberOrAWord(double value, String json) throws JsonProcessingException {
        MetricSample sample = new MetricSample("a", MetricType.GAUGE, Labels.none(), value, null);
        assertThat(JSON.writeValueAsString(sample))
                .isEqualTo("{\"name\":\"a\",\"type\":\"gauge\",\"labels\":{},\"value\":" + json + "}");
    }

    @Test
    void aSampleWithoutATimeTakesTheScrapes() {
        MetricSample timeless = new MetricSample("a", MetricType.COUNTER, Labels.none(), 1, null);
        MetricSample timed = timeless.withDefaultTimestamp(Instant.EPOCH);
        assertThat(timed.timestamp()).isEqualTo(Instant.EPOCH);
        assertThat(timed.withDefaultTimestamp(Instant.MAX)).isSameAs(timed);
    }

    private static void assertJson(Object value, String expected) throws JsonProcessingException {
        assertThat(JSON.readTree(JSON.writeValueAsString(value))).isEqualTo(JSON.readTree(expected));
    }

    private static TestSnapshot full() {
        Distribution half = Distribution.ofValue(0.5);
        Map<String, Long> reasons = new LinkedHashMap<>();
        reasons.put("stop", 10L);
        reasons.put("length", 5L);
        EngineMetrics metrics = new EngineMetrics(
                new EngineMetrics.Load(3L, 0L, 1L, 4L, 4096L, false),
                new EngineMetrics.Requests(20L, 15L, 2L, 1L, reasons),
                new EngineMetrics.Tokens(9_007_199_254_740_993L, 500L, 100L),
                new EngineMetrics.Latency(
                        Distribution.ofValue(0.025), Distribution.ofValue(1), half, half, half, half, half, half),
                new EngineMetrics.Size(
                        Distribution.ofHistogram(new double[] {4, 9, 10, INF}, new double[] {5, 9, 10, 10}, 45, 10),
                        Distribution.ofSummary(new double[] {0.5, 0.99}, new double[] {1.5, 4}, 6, 3),
                        Distribution.ofHistogram(new double[] {1, INF}, new double[] {0, 0}, 0, 0)),
                new EngineMetrics.Cache(0.25, 1000L, 16L, 16_000L, 40L, 80L, 0.5),
                new EngineMetrics.Speculation(7L, 21L, 14L),
                new EngineMetrics.Adapters(4L, List.of("a", "b"), List.of()),
                new EngineMetrics.Memory(9_000_000_000L, 8_000_000_000L),
                List.of(
                        new ModelInfo(
                                "m",
                                true,
                                8192L,
                                Instant.parse("2026-01-01T00:05:00Z"),
                                5L,
                                4L,
                                3L,
                                "llama",
                                "7.6B",
                                "Q4_K_M",
                                "d1"),
                        new ModelInfo("kept", true, null, Instant.MAX, null, null, null, null, null, null, null),
                        ModelInfo.named("served", null)),
                new EngineMetrics.Events(0L));
        Map<String, EngineMetrics> ranks = new LinkedHashMap<>();
        ranks.put("0", TestSnapshot.metrics(null, null, null, null, null, null, 0.25));
        ranks.put("1", TestSnapshot.metrics(null, null, null, null, null, null, 0.125));
        Map<String, EngineMetrics> models = new LinkedHashMap<>();
        models.put("m", running(1));
        models.put("n", TestSnapshot.nothing());
        Map<String, Provenance> provenance = new LinkedHashMap<>();
        provenance.put("load.requests_running", new Provenance("acme:running", 2, null));
        provenance.put("cache.kv_usage", new Provenance("acme:kv", 1, "out of range 0..1"));
        SnapshotHeader header = new SnapshotHeader(
                "acme",
                "engine:8000",
                URI.create("http://engine:8000/metrics"),
                Instant.parse("2026-01-01T00:00:00.250Z"),
                Duration.ofNanos(12_500_000),
                "1.2.3",
                2,
                Instant.EPOCH);
        CommonView view = new CommonView(
                header,
                metrics,
                models,
                ranks,
                provenance,
                List.of(
                        new MetricSample(
                                "acme:running",
                                MetricType.GAUGE,
                                Labels.of("b", "1", "a", ""),
                                3,
                                Instant.parse("2026-01-01T00:00:00Z")),
                        new MetricSample("acme:odd", MetricType.UNKNOWN, Labels.none(), Double.NaN, null)));
        return new TestSnapshot(view, new TestSnapshot.OwnWords(1L, Double.NaN, half, Map.of("a", 1L)));
    }

    private static EngineMetrics running(long requests) {
        EngineMetrics none = TestSnapshot.nothing();
        return new EngineMetrics(
                new EngineMetrics.Load(requests, null, null, null, null, null),
                none.requests(),
                none.tokens(),
                none.latency(),
                none.size(),
                none.cache(),
                none.speculation(),
                none.adapters(),
                none.memory(),
                none.models(),
                none.events());
    }
}
