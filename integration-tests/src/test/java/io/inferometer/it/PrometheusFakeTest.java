package io.inferometer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.Collectors;
import io.inferometer.saturation.Freshness;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.StaleReplicasException;
import io.inferometer.source.prometheus.CacheOptions;
import io.inferometer.source.prometheus.PrometheusClient;
import io.inferometer.source.prometheus.PrometheusException;
import io.inferometer.source.prometheus.PrometheusOptions;
import io.inferometer.source.prometheus.PrometheusQueries;
import io.inferometer.source.prometheus.PrometheusSaturationCollector;
import io.inferometer.source.prometheus.PrometheusSeries;
import io.inferometer.source.prometheus.PrometheusSettings;
import io.inferometer.source.prometheus.QuerySettings;
import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.PrometheusFake;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source over the fake server that users have for their tests. */
class PrometheusFakeTest {
    private static final String MODEL = "llama-3 \"quoted\" \\ }\nline";
    private static final Map<String, String> LABELS =
            Map.of("instance", "gpu-7:8000", "job", "engines", "model_name", MODEL, "engine", "0");

    private final PrometheusFake server = PrometheusFake.start();
    private final PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
            PrometheusOptions.of(server.url()), PrometheusSettings.DEFAULTS.withCache(CacheOptions.NONE));

    @AfterEach
    void close() {
        collector.close();
        server.close();
    }

    @Test
    void hasNoReplicaWithoutValues() {
        assertThat(collector.fetch(MODEL)).isEmpty();
        assertThat(server.queries()).hasSize(1); // Nobody serves the model, so nothing more is asked.
    }

    @Test
    void givesTheReplicaThatWasInjected() {
        Instant now = Instant.now();
        Instant before = now.minusSeconds(20);
        server.inject("vllm:num_requests_running", 3, LABELS, now)
                .inject("vllm:num_requests_waiting", 9, LABELS, before)
                .inject("vllm:num_requests_waiting", 4, LABELS, now)
                .inject("vllm:kv_cache_usage_perc", 0.25, LABELS, now)
                .inject("vllm:prompt_tokens_total", 100, LABELS, before)
                .inject("vllm:prompt_tokens_total", 900, LABELS, now)
                .inject("vllm:time_to_first_token_seconds_sum", 1, LABELS, before)
                .inject("vllm:time_to_first_token_seconds_sum", 3, LABELS, now)
                .inject("vllm:time_to_first_token_seconds_count", 10, LABELS, before)
                .inject("vllm:time_to_first_token_seconds_count", 14, LABELS, now)
                .inject("up", 1, Map.of("instance", "gpu-7:8000", "job", "engines"), now);

        List<ReplicaMetrics> replicas = collector.fetch(MODEL);

        assertThat(replicas).hasSize(1);
        ReplicaMetrics replica = replicas.get(0);
        assertThat(replica.replicaId()).isEqualTo("gpu-7:8000");
        assertThat(replica.engine()).isEqualTo("vllm");
        assertThat(replica.running()).isEqualTo(3);
        assertThat(replica.queueDepth()).isEqualTo(9); // The window's peak.
        assertThat(replica.kvCacheUsage()).isEqualTo(0.25);
        assertThat(replica.timeToFirstTokenSeconds()).isCloseTo(2.0 / 4, within(1e-9));
        assertThat(replica.ready()).isTrue();
        assertThat(replica.freshness()).isEqualTo(Freshness.FRESH);
        assertThat(replica.interTokenSeconds()).isNull();
    }

    @Test
    void keepsMillisecondsOfASamplesTimeAsAServerDoes() {
        Instant late = Instant.ofEpochSecond(1_700_000_000, 5_999_999);
        server.inject("x", 7, Map.of("instance", "a"), late);

        try (PrometheusClient client = new PrometheusClient(PrometheusOptions.of(server.url()))) {
            List<PrometheusSeries> found = client.query("timestamp(x)", late.truncatedTo(ChronoUnit.MILLIS))
                    .series();

            assertThat(found).extracting(PrometheusSeries::value).containsExactly(1_700_000_000.005);
        }
    }

    @Test
    void letsValuesBeOld() {
        server.inject("vllm:num_requests_running", 3, LABELS, Instant.now().minusSeconds(200));

        assertThatThrownBy(() -> collector.fetch(MODEL)).isInstanceOf(StaleReplicasException.class);
    }

    @Test
    void evaluatesEveryQueryOfEveryEngine() {
        try (PrometheusClient client = new PrometheusClient(PrometheusOptions.of(server.url()))) {
            int asked = 0;
            for (EngineBackend<?> backend : Collectors.backends().values()) {
                for (PrometheusQueries.Query query :
                        PrometheusQueries.of(backend, QuerySettings.DEFAULTS, MODEL, "prod")) {
                    assertThat(client.query(query.text(), Instant.now()).series())
                            .isEmpty();
                    asked++;
                }
            }
            assertThat(asked).isGreaterThan(20);
        }
    }

    @Test
    void saysWhatItCannotEvaluate() {
        try (PrometheusClient client = new PrometheusClient(PrometheusOptions.of(server.url()))) {
            assertThatThrownBy(() -> client.query("histogram_quantile(0.9, x)", Instant.now()))
                    .isInstanceOf(PrometheusException.class)
                    .hasMessageContaining("PrometheusFake expected a function that it knows at character 0");
            assertThatThrownBy(() -> client.query("x{a=\"b\"", Instant.now()))
                    .isInstanceOf(PrometheusException.class)
                    .hasMessageContaining("PrometheusFake expected");
        }
    }
}
