package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often a server is asked while somebody fetches ten times a second, with the usual caches; the log states it. */
@Tag("servers")
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class SteadyStateTest {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyStateTest.class);
    private static final long SECONDS = Long.getLong("inferometer.steady.seconds", 25);

    /** A fetch asks 8 queries of one engine, and at most once in the 5 s for which replicas are kept. */
    private static final double QUERIES_PER_MINUTE_MAX = 8 * 60 / 5.0;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksSeldom(boolean busy) {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m");
                MetricsServer server = MetricsServer.start(
                        MetricsServer.Kind.PROMETHEUS, List.of(new MetricsServer.Scraped(engine, Map.of())));
                PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()),
                        PrometheusSettings.DEFAULTS.withQueries(ServerContract.QUERIES))) {
            server.awaitScrapes();
            collector.fetch("m"); // What the first fetch costs is no steady state.
            long before = collector.stats().queries();
            Instant start = Instant.now();
            long fetches = 0;
            while (Duration.between(start, Instant.now()).toSeconds() < SECONDS) {
                if (busy) {
                    engine.serve(1 + (int) (fetches % 7));
                }
                assertThat(collector.fetch("m")).hasSize(1);
                fetches++;
                MetricsServer.sleep(Duration.ofMillis(100));
            }
            double minutes = Duration.between(start, Instant.now()).toMillis() / 60_000.0;
            double perMinute = (collector.stats().queries() - before) / minutes;
            LOG.info(
                    "busy {}: {} fetches in {} s, {} queries a minute, {}",
                    busy,
                    fetches,
                    SECONDS,
                    Math.round(perMinute),
                    collector.stats());
            assertThat(perMinute).isPositive().isLessThanOrEqualTo(QUERIES_PER_MINUTE_MAX * 1.1 + 8 / minutes);
            assertThat(fetches).isGreaterThan(SECONDS);
        }
    }
}
