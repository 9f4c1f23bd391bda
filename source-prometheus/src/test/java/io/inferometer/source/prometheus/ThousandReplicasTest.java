package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.testkit.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thousand replicas in a real server, and what one fetch of them costs; the log states time and bytes. */
@Tag("servers")
@Timeout(180)
class ThousandReplicasTest {
    private static final Logger LOG = LoggerFactory.getLogger(ThousandReplicasTest.class);
    private static final int REPLICAS = 1000;
    private static final int QUERIES_MAX = 12;

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void areFetchedInTwelveQueries(MetricsServer.Kind kind) {
        try (FakeEngine page = FakeEngine.start("vllm").page(page(), "text/plain; version=0.0.4");
                MetricsServer server =
                        MetricsServer.startHonoringLabels(kind, List.of(new MetricsServer.Scraped(page, Map.of())));
                PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()),
                        PrometheusSettings.DEFAULTS
                                .withCache(CacheOptions.NONE)
                                .withQueries(QuerySettings.DEFAULTS.withScrapeInterval(Duration.ofSeconds(1))))) {
            server.awaitQuery("count(vllm:num_requests_running) > 999");
            server.awaitScrapes();

            Instant start = Instant.now();
            List<ReplicaMetrics> replicas = collector.fetch("m");
            Duration took = Duration.between(start, Instant.now());

            PrometheusStats stats = collector.stats();
            LOG.info("{}: {} replicas, {} in {} ms", kind, replicas.size(), stats, took.toMillis());
            assertThat(replicas).hasSize(REPLICAS);
            assertThat(replicas).allMatch(replica -> replica.queueDepth() != null && replica.kvCacheUsage() != null);
            assertThat(stats.queries()).isBetween(2L, (long) QUERIES_MAX);
        }
    }

    /** One page that speaks for all of them. */
    private static byte[] page() {
        StringBuilder text = new StringBuilder();
        gauge(text, "vllm:num_requests_running", 3);
        gauge(text, "vllm:num_requests_waiting", 5);
        gauge(text, "vllm:kv_cache_usage_perc", 0.5);
        gauge(text, "vllm:generation_tokens_total", 1000);
        gauge(text, "vllm:time_to_first_token_seconds_sum", 10);
        gauge(text, "vllm:time_to_first_token_seconds_count", 100);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void gauge(StringBuilder text, String name, double value) {
        for (int i = 0; i < REPLICAS; i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s{instance=\"10.0.%d.%d:8000\",pod=\"vllm-%d\",model_name=\"m\",engine=\"0\"} %s\n",
                    name,
                    i / 250,
                    i % 250,
                    i,
                    value));
        }
    }
}
