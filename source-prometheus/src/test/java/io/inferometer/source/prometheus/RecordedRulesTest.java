package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.Collectors;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules that {@code rules} prints, in a real Prometheus. */
@Tag("servers")
@Timeout(120)
class RecordedRulesTest {
    private static final String MODEL = "the/model";

    @Test
    void areEvaluatedAndUsedAndSayTheSame() {
        List<FakeEngine> engines = new ArrayList<>();
        List<MetricsServer.Scraped> scraped = new ArrayList<>();
        for (String name : List.of("vllm", "sglang", "tgi", "llamacpp")) {
            FakeEngine engine = FakeEngine.start(name).withModel(MODEL).withSlots(2);
            engines.add(engine.serve(200, 50, 10).submit(6));
            scraped.add(new MetricsServer.Scraped(engine, Map.of("model", MODEL, "pod", name)));
        }
        List<String> rules =
                RecordingRules.yaml(Collectors.backends().values(), ServerContract.QUERIES, Duration.ofSeconds(1));
        Duration another = ServerContract.QUERIES.window().plusSeconds(1); // Of which nothing is recorded.
        try (MetricsServer server = MetricsServer.startWithRules(MetricsServer.Kind.PROMETHEUS, scraped, rules);
                PrometheusSaturationCollector using = collector(server, ServerContract.QUERIES);
                PrometheusSaturationCollector asking = collector(server, ServerContract.QUERIES.withWindow(another))) {
            server.awaitScrapes();
            engines.forEach(engine -> engine.drain().serve(40, 300, 20));
            server.awaitScrapes();
            server.awaitQuery("count(inferometer:running) == 4");
            double now = Instant.now().toEpochMilli() / 1000.0; // Evaluated twice more: of what is there now.
            server.awaitQuery("count(timestamp(inferometer:running) > %.3f) == 4".formatted(now + 1));

            List<ReplicaMetrics> asked = sorted(asking.fetch(MODEL));
            assertThat(server.queryLog()).doesNotContain("inferometer:queue_depth{");
            List<ReplicaMetrics> used = sorted(using.fetch(MODEL));
            assertThat(server.queryLog()).contains("inferometer:queue_depth{");

            assertThat(server.get("/api/v1/rules"))
                    .contains("inferometer:prefix_hit_rate")
                    .doesNotContain("\"health\":\"err\"");
            assertThat(used).hasSize(4);
            for (int i = 0; i < used.size(); i++) {
                assertSame(used.get(i), asked.get(i));
            }
        } finally {
            engines.forEach(FakeEngine::close);
        }
    }

    private static void assertSame(ReplicaMetrics used, ReplicaMetrics asked) {
        assertThat(used)
                .usingRecursiveComparison()
                .comparingOnlyFields(
                        "is.replicaId",
                        "is.model",
                        "is.engine",
                        "is.ready",
                        "is.kvCacheUsage",
                        "is.queueDepth",
                        "is.running",
                        "is.kvCapacityTokens",
                        "is.averagePromptTokens",
                        "is.averageGeneratedTokens",
                        "is.prefixHitRate",
                        "is.timeToFirstTokenSeconds",
                        "is.interTokenSeconds")
                .withComparatorForType(Comparator.comparingLong(number -> Math.round(number * 1e6)), Double.class)
                .isEqualTo(asked);
        assertThat(used.queueDepth()).isPositive();
    }

    private static PrometheusSaturationCollector collector(MetricsServer server, QuerySettings queries) {
        return PrometheusSaturationCollector.of(
                PrometheusOptions.of(server.url()), ServerContract.settings().withQueries(queries));
    }

    private static List<ReplicaMetrics> sorted(List<ReplicaMetrics> replicas) {
        return replicas.stream()
                .sorted(Comparator.comparing(ReplicaMetrics::replicaId))
                .toList();
    }
}
