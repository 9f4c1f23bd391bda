package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.inferometer.saturation.Freshness;
import io.inferometer.saturation.FreshnessThresholds;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SourceListener;
import io.inferometer.saturation.SourceTrouble;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines and servers that die, hang and come back. */
@Tag("servers")
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class DyingTest {
    private static final Duration FRESH_BELOW = Duration.ofSeconds(5);
    private static final Duration STALE_BELOW = Duration.ofSeconds(10);

    /** An engine's last scrape is up to a second before its end; the rest is for a machine that has much to do. */
    private static final Duration SCRAPE = Duration.ofSeconds(4);

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void anEnginesValuesAgeFromItsLastScrape(MetricsServer.Kind kind) {
        FakeEngine dying = FakeEngine.start("vllm").withModel("m");
        try (FakeEngine living = FakeEngine.start("vllm").withModel("m");
                MetricsServer server =
                        MetricsServer.start(kind, List.of(scraped(dying, "dying"), scraped(living, "living")));
                PrometheusSaturationCollector source = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()), ServerContract.settings())) {
            SaturationCollector collector = source.withFreshness(new FreshnessThresholds(FRESH_BELOW, STALE_BELOW));
            server.awaitScrapes();
            collector.fetch("m");

            Instant end = Instant.now();
            dying.close();
            Set<Freshness> seen = new TreeSet<>();
            while (!seen.contains(Freshness.UNAVAILABLE)) {
                Instant before = Instant.now();
                Map<String, ReplicaMetrics> replicas = EveryQueryTest.byId(collector.fetch("m"));
                Duration elapsed = Duration.between(end, before);

                ReplicaMetrics dead = Objects.requireNonNull(replicas.get("dying"));
                assertThat(dead.collectedAt()).isBetween(end.minus(SCRAPE), Instant.now());
                assertThat(dead.age())
                        .isBetween(
                                elapsed.minusSeconds(1),
                                Duration.between(end, Instant.now()).plus(SCRAPE));
                assertThat(dead.freshness()).isEqualTo(expected(Objects.requireNonNull(dead.age())));
                assertThat(Objects.requireNonNull(replicas.get("living")).freshness())
                        .isEqualTo(Freshness.FRESH);
                seen.add(dead.freshness());
                MetricsServer.sleep(Duration.ofMillis(300));
            }
            assertThat(seen).containsExactlyInAnyOrder(Freshness.values());
        } finally {
            dying.close();
        }
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void aServerThatHangsIsAskedAgainAndMissedUntilItAnswers(MetricsServer.Kind kind) {
        Heard heard = new Heard();
        PrometheusSettings settings = ServerContract.settings()
                .withRetry(new RetryPolicy(List.of(Duration.ofMillis(200), Duration.ofMillis(400)), 0.1))
                .withListener(heard);
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m");
                MetricsServer server = MetricsServer.start(kind, List.of(scraped(engine, "a")));
                PrometheusSaturationCollector source = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()).withTimeout(Duration.ofSeconds(2)), settings)) {
            SaturationCollector collector = source.withDeadline(Duration.ofSeconds(20));
            server.awaitScrapes();
            await().atMost(30, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(collector.fetch("m")).hasSize(1));

            server.freeze();
            heard.retries.clear();
            heard.lost.clear();
            SourceUnavailableException gone =
                    catchThrowableOfType(SourceUnavailableException.class, () -> collector.fetch("m"));
            server.thaw();

            assertThat(gone).hasMessageContaining("did not answer within");
            assertThat(gone.isTransient()).isTrue();
            assertThat(heard.retries).extracting(SourceTrouble::attempt).containsExactly(1, 2);
            assertThat(heard.lost).hasSize(1);
            await().atMost(30, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(collector.fetch("m")).hasSize(1));
        }
    }

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void aServerThatDiesIsMissedUntilItRunsAgain(MetricsServer.Kind kind) {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m").submit(6);
                MetricsServer server = MetricsServer.start(kind, List.of(scraped(engine, "a")));
                PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()), ServerContract.settings())) {
            server.awaitScrapes();
            assertThat(collector.fetch("m")).hasSize(1);

            server.stop();
            SourceUnavailableException gone =
                    catchThrowableOfType(SourceUnavailableException.class, () -> collector.fetch("m"));
            assertThat(gone).hasMessageContaining("Nobody answers at " + server.url());
            assertThat(gone.isTransient()).isFalse(); // Until somebody starts it.

            server.run();
            server.awaitScrapes();
            assertThat(collector.fetch("m"))
                    .extracting(ReplicaMetrics::freshness)
                    .containsExactly(Freshness.FRESH);
        }
    }

    private static Freshness expected(Duration age) {
        if (age.compareTo(FRESH_BELOW) < 0) {
            return Freshness.FRESH;
        }
        return age.compareTo(STALE_BELOW) < 0 ? Freshness.STALE : Freshness.UNAVAILABLE;
    }

    private static MetricsServer.Scraped scraped(FakeEngine engine, String pod) {
        return new MetricsServer.Scraped(engine, Map.of("pod", pod));
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
