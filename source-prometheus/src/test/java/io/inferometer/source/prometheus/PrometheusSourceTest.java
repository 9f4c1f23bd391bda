package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.saturation.Availability;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationConfig;
import io.inferometer.saturation.SourceListener;
import io.inferometer.saturation.SourceTrouble;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.spi.EngineBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retries, caches, refresh, clusters and rules, over a server whose answers are put into it. */
@Timeout(60)
class PrometheusSourceTest {
    private static final RetryPolicy QUICK =
            new RetryPolicy(List.of(Duration.ofMillis(20), Duration.ofMillis(40)), 0.1);

    private final CannedServer server = new CannedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksAgainWhatMayPassAndTells() {
        server.then(503, "{}").then(503, "{}");
        Heard heard = new Heard();
        try (PrometheusSaturationCollector collector = collector(heard, CacheOptions.NONE)) {
            assertThat(collector.fetch("m")).isEmpty();
        }

        assertThat(server.requests).hasSize(3);
        assertThat(heard.retries).extracting(SourceTrouble::attempt).containsExactly(1, 2);
        assertThat(heard.lost).isEmpty();
    }

    @Test
    void asksOnceWhatCannotPass() {
        server.then(401, "{}");
        Heard heard = new Heard();
        try (PrometheusSaturationCollector collector = collector(heard, CacheOptions.NONE)) {
            assertThatThrownBy(() -> collector.fetch("m")).isInstanceOf(SourceUnavailableException.class);
        }

        assertThat(server.requests).hasSize(1);
        assertThat(heard.retries).isEmpty();
        assertThat(heard.lost).hasSize(1);
        assertThat(heard.lost.get(0).model()).isEqualTo("m");
    }

    @Test
    void asksOnceForAllWhoAskWithinTheTimeToLive() {
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.DEFAULTS)) {
            for (int i = 0; i < 5; i++) {
                collector.fetch("m");
            }
            assertThat(server.requests).hasSize(1);
            assertThat(collector.stats().replicas().hitRate()).isEqualTo(0.8);
            collector.invalidate("m", null);
            collector.fetch("m");
            assertThat(server.requests).hasSize(2);
            collector.invalidatePrefix("other:");
            collector.fetch("m");
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void readsTrackedModelsInTheBackgroundUntilItIsClosed() {
        PrometheusSettings settings = PrometheusSettings.DEFAULTS
                .withFetchInterval(Duration.ofMillis(100))
                .withRetry(RetryPolicy.NONE);
        try (PrometheusSaturationCollector collector =
                PrometheusSaturationCollector.of(PrometheusOptions.of(server.url()), settings)) {
            collector.track("m", null);
            assertThat(collector.tracked()).containsExactly(new TrackedModel("m", null));
            await().atMost(20, TimeUnit.SECONDS).until(() -> collector.stats().refreshes() >= 3);
            collector.untrack("m", null);
            assertThat(collector.tracked()).isEmpty();
            collector.track(() -> List.of(new TrackedModel("n", "ns")));
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> !collector.tracked().isEmpty());
        }
    }

    @Test
    void readsNothingInTheBackgroundWhereThatIsOff() {
        PrometheusSettings settings = PrometheusSettings.fromEnvironment(Map.of("METRICS_BACKGROUND_FETCH", "false"));
        try (PrometheusSaturationCollector collector =
                PrometheusSaturationCollector.of(PrometheusOptions.of(server.url()), settings)) {
            collector.track("m", null);
            assertThat(collector.tracked()).isEmpty();
        }
    }

    @Test
    void givesTheReasonsByTheirWords() {
        server.then(200, CannedServer.EMPTY).then(400, "{}");
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.NONE)) {
            Availability missing = collector.validate("m", "ns");
            assertThat(missing.word()).isEqualTo("MetricsMissing");
            assertThat(missing.remedy()).contains("model_name").contains("TGI");
            assertThat(collector.validate("m", null).word()).isEqualTo("PrometheusError");
        }
    }

    @Test
    void reportsADeadClusterAndGivesTheOthers() {
        CannedServer dead = new CannedServer();
        String url = dead.url();
        dead.close();
        PrometheusSaturationCollector east = collector(new Heard(), CacheOptions.NONE);
        PrometheusSaturationCollector west = PrometheusSaturationCollector.of(url);
        try (ClusteredSaturationCollector both = ClusteredSaturationCollector.of(Map.of("east", east, "west", west))) {
            ReplicaReport report = both.report("m", null);
            assertThat(report.answered()).isEqualTo(1);
            assertThat(report.unreachable()).extracting(silent -> silent.name()).containsExactly("west");
        }
        try (ClusteredSaturationCollector none =
                ClusteredSaturationCollector.of(Map.of("west", PrometheusSaturationCollector.of(url)))) {
            assertThatThrownBy(() -> none.report("m", null))
                    .isInstanceOf(SourceUnavailableException.class)
                    .hasMessageContaining("west");
        }
    }

    @Test
    void isFoundByName() {
        assertThat(SaturationCollectors.named("prometheus").settings()).isNotEmpty();
        assertThatThrownBy(() -> SaturationCollectors.named("prometheus").create(SaturationConfig.none()))
                .hasMessageContaining("'url'");
        SaturationCollectors.named("prometheus")
                .create(SaturationConfig.none().with("url", server.url()).with("cache-ttl", "0s"))
                .close();
    }

    @Test
    void putsNamesIntoTemplatesWithoutLettingThemEndTheString() {
        ModelSelection nasty = new ModelSelection("a\"} or up{b=\"\\", "n\ns");

        assertThat(CustomQueries.text("x{m=\"$model\",n=\"$namespace\",o=\"$models\"}", nasty))
                .isEqualTo("x{m=\"a\\\"} or up{b=\\\"\\\\\",n=\"n\\ns\",o=\"$models\"}");
    }

    @Test
    void letsCalmAnswersLiveLongerAndMovingOnesShorter() {
        AdaptiveTtl ttl = new AdaptiveTtl(CacheOptions.DEFAULTS);
        Duration ten = Duration.ofSeconds(10);

        assertThat(ttl.of(answer(100), null, null)).isEqualTo(ten);
        assertThat(ttl.of(answer(101), answer(100), ten)).isEqualTo(Duration.ofSeconds(15));
        assertThat(ttl.of(answer(200), answer(100), ten)).isEqualTo(Duration.ofSeconds(5));
        assertThat(ttl.of(answer(200), answer(100), Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(2));
        assertThat(ttl.of(answer(100), answer(100), Duration.ofSeconds(25))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void writesQueriesForEveryEngineThatHasFamilies() {
        for (String name : List.of("vllm", "sglang", "tgi", "llamacpp")) {
            EngineBackend<?> backend = Collectors.backends().get(name);
            assertThat(PrometheusQueries.of(backend, QuerySettings.DEFAULTS, "m", "ns"))
                    .extracting(PrometheusQueries.Query::group)
                    .contains(QueryGroup.FRESHNESS, QueryGroup.LOAD, QueryGroup.RATES, QueryGroup.UP);
        }
    }

    @Test
    void findsByAMappingWhatNamesNoModel() {
        QuerySettings mapped = QuerySettings.DEFAULTS.withMapping("m", "job", "tgi-1");

        assertThat(PrometheusQueries.of(Collectors.backends().get("tgi"), mapped, "m", null))
                .allSatisfy(query -> assertThat(query.text()).contains("job=\"tgi-1\""));
    }

    @Test
    void writesRulesThatPromtoolAccepts(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                MetricsServer.onPath("promtool") != null, "Needs the program 'promtool': apt-get install prometheus");
        Path file = folder.resolve("rules.yml");
        Files.write(
                file,
                RecordingRules.yaml(Collectors.backends().values(), QuerySettings.DEFAULTS, Duration.ofSeconds(15)));

        Process promtool = new ProcessBuilder("promtool", "check", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }

    private static PrometheusResult answer(double value) {
        PrometheusSeries series = new PrometheusSeries(Map.of("a", "b"), List.of(new PrometheusSeries.Point(0, value)));
        return new PrometheusResult("vector", List.of(series), List.of(), List.of(), 0, null);
    }

    private PrometheusSaturationCollector collector(Heard heard, CacheOptions cache) {
        return PrometheusSaturationCollector.of(
                PrometheusOptions.of(server.url()),
                PrometheusSettings.DEFAULTS.withRetry(QUICK).withCache(cache).withListener(heard));
    }

    private static final class Heard implements SourceListener {
        final List<SourceTrouble> retries = new CopyOnWriteArrayList<>();
        final List<SourceTrouble> lost = new CopyOnWriteArrayList<>();

        @Override
        public void onRetry(SourceTrouble trouble) {
            retries.add(trouble);
        }

        @Override
        public void onUnavailable(SourceTrouble trouble) {
            lost.add(trouble);
        }
    }
}
