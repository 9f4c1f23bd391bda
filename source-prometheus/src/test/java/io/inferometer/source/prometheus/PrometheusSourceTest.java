package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.saturation.Availability;
import io.inferometer.saturation.FreshnessThresholds;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationConfig;
import io.inferometer.saturation.SourceListener;
import io.inferometer.saturation.SourceTrouble;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.spi.EngineBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void asksOnceForAllWhoMissTheSameAtOnce() throws Exception {
        server.slowly(Duration.ofMillis(300));
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.DEFAULTS)) {
            List<Future<List<ReplicaMetrics>>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(callers.submit(() -> collector.fetch("m")));
            }
            for (Future<List<ReplicaMetrics>> one : all) {
                assertThat(one.get(20, TimeUnit.SECONDS)).isEmpty();
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(server.requests).hasSize(1);
    }

    @Test
    void keepsApartWhatAColonInANameWouldMix() {
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.DEFAULTS)) {
            collector.fetch("a:b", "c");
            collector.fetch("a", "b:c");
        }

        assertThat(server.requests).hasSize(2);
    }

    @Test
    void startsNoThreadForTheBackgroundBeforeTheFirstModelIsTracked() {
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.NONE)) {
            collector.fetch("m");
            assertThat(refreshers()).isZero();
            collector.track("m", null);
            assertThat(refreshers()).isEqualTo(1);
            collector.untrack("m", null);
            await().atMost(10, TimeUnit.SECONDS).until(() -> refreshers() == 0);
        }
    }

    private static long refreshers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("inferometer-prometheus-refresh"))
                .count();
    }

    @Test
    void countsAndTellsErrorsInTheBackground() {
        PrometheusSettings settings = PrometheusSettings.DEFAULTS
                .withFetchInterval(Duration.ofMinutes(10)) // The first read comes at once.
                .withRetry(RetryPolicy.NONE);
        Heard heard = new Heard();
        server.then(401, "{}");
        try (PrometheusSaturationCollector collector =
                PrometheusSaturationCollector.of(PrometheusOptions.of(server.url()), settings.withListener(heard))) {
            collector.track("m", "ns");
            await().atMost(20, TimeUnit.SECONDS).until(() -> !heard.lost.isEmpty());
            assertThat(collector.stats().refreshErrors()).isEqualTo(1);
        }

        assertThat(heard.lost).extracting(SourceTrouble::model).containsExactly("m");
    }

    @Test
    void saysThatAgesMayBeWrongWhereTheClocksDiffer() {
        Instant theirs = Instant.now().minusSeconds(90);
        String at = String.valueOf(theirs.getEpochSecond());
        String found =
                "{\"metric\":{\"instance\":\"a:1\",\"inferometer_engine\":\"vllm\"},\"value\":[1,\"" + at + "\"]}";
        server.clock(theirs).then(200, CannedServer.vector(found));
        try (PrometheusSaturationCollector collector = collector(new Heard(), CacheOptions.NONE)) {
            ReplicaMetrics replica = collector.fetch("m").get(0);

            assertThat(replica.age()).isBetween(Duration.ofSeconds(89), Duration.ofSeconds(110)); // By our own clock.
            assertThat(replica.notes())
                    .anySatisfy(note -> assertThat(note)
                            .startsWith("age may be wrong by ")
                            .endsWith(" s: this machine's clock and the server's are that far apart."));
        }
    }

    @Test
    void putsACustomQuerysValuesBesideTheOthers() {
        String found = "{\"metric\":{\"instance\":\"%s\",\"inferometer_engine\":\"vllm\"},\"value\":[1,\""
                + Instant.now().getEpochSecond() + "\"]}";
        server.then(200, CannedServer.vector(found.formatted("a:1"), found.formatted("b:1")))
                .on(
                        "power{m=\"m\"}",
                        CannedServer.vector("{\"metric\":{\"instance\":\"b:1\"},\"value\":[1,\"310.5\"]}"));
        try (PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                PrometheusOptions.of(server.url()),
                PrometheusSettings.DEFAULTS
                        .withCache(CacheOptions.NONE)
                        .withCustomQuery("watts", "power{m=\"$model\"}"))) {
            List<ReplicaMetrics> replicas = collector.fetch("m");

            assertThat(replicas).extracting(ReplicaMetrics::replicaId).containsExactlyInAnyOrder("a:1", "b:1");
            assertThat(replicas)
                    .allSatisfy(replica -> assertThat(replica.custom())
                            .isEqualTo(replica.replicaId().equals("b:1") ? Map.of("watts", 310.5) : Map.of()));
        }
    }

    @Test
    void keepsQueriesShortEnoughForAnyServer() {
        String longName = "organisation/".repeat(15) + "ü".repeat(40); // 275 bytes.
        List<List<EngineQueries>> all = Collectors.backends().values().stream()
                .map(backend -> EngineQueries.of(
                        backend, QuerySettings.DEFAULTS, new ModelSelection(longName, "a-namespace-of-some-length")))
                .toList();

        assertThat(all.stream().flatMap(List::stream).toList())
                .hasSizeGreaterThan(10)
                .allSatisfy(queries -> {
                    for (QueryGroup group : QueryGroup.values()) {
                        assertThat(queries.of(group))
                                .allSatisfy(text -> assertThat(text.getBytes(StandardCharsets.UTF_8).length)
                                        .isLessThan(16_384)); // VictoriaMetrics' limit.
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        METRICS_CACHE_TTL             | soon
        METRICS_BACKGROUND_FETCH      | perhaps
        METRICS_FETCH_INTERVAL        | -1s
        METRICS_FETCH_INTERVAL        | 0s
        METRICS_FRESH_THRESHOLD       | 1 fortnight
        METRICS_FRESH_THRESHOLD       | 0s
        METRICS_STALE_THRESHOLD       | x
        METRICS_UNAVAILABLE_THRESHOLD | 30s
        """)
    void namesTheVariableThatIsBad(String name, String value) {
        Map<String, String> environment = Map.of("PROMETHEUS_URL", server.url(), name, value);

        assertThatThrownBy(() -> PrometheusSaturationCollector.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void takesEverythingFromTheEnvironment() {
        Map<String, String> environment = Map.of(
                "PROMETHEUS_URL", server.url(),
                "PROMETHEUS_QUERY_TIMEOUT", "1m30s",
                "METRICS_CACHE_TTL", "500ms",
                "METRICS_BACKGROUND_FETCH", "false",
                "METRICS_FETCH_INTERVAL", "PT20S",
                "METRICS_FRESH_THRESHOLD", "10s",
                "METRICS_STALE_THRESHOLD", "3m",
                "METRICS_UNAVAILABLE_THRESHOLD", "10m");

        PrometheusSettings settings = PrometheusSettings.fromEnvironment(environment);
        try (PrometheusSaturationCollector collector = PrometheusSaturationCollector.fromEnvironment(environment)) {
            assertThat(settings.cache.queryTtl()).isEqualTo(Duration.ofMillis(500));
            assertThat(settings.backgroundFetch).isFalse();
            assertThat(settings.fetchInterval).isEqualTo(Duration.ofSeconds(20));
            assertThat(settings.queries.freshnessWindow())
                    .isEqualTo(Duration.ofMinutes(11)); // Reaches back far enough.
            assertThat(collector.options().deadline()).isEqualTo(Duration.ofSeconds(90));
            assertThat(collector.options().staleAfter()).isEqualTo(Duration.ofMinutes(3));
            assertThat(collector.options().freshness())
                    .isEqualTo(new FreshnessThresholds(Duration.ofSeconds(10), Duration.ofMinutes(10)));
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
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

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
