package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fleet of all engines, read by a monitor and by a real server at once: both say the same of every replica. */
@Timeout(180)
class AgreementTest {
    private static final String MODEL = "the/model";
    private static final List<String> ENGINES = List.of("vllm", "sglang", "tgi", "llamacpp");

    /** Prometheus' rate reaches half a scrape interval beyond its samples, never below zero: of ten samples, this. */
    private static final double HALF_A_SCRAPE = 0.08;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<FakeEngine> engines = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    void bothSourcesAgreeOnEveryField(MetricsServer.Kind kind) {
        List<MetricsServer.Scraped> scraped = new ArrayList<>();
        for (String name : ENGINES) {
            FakeEngine engine = FakeEngine.start(name).withModel(MODEL).withSlots(2);
            engines.add(engine.serve(30, 50, 10).submit(5));
            scraped.add(new MetricsServer.Scraped(engine, Map.of("pod", name, "model", MODEL)));
        }
        try (MetricsServer server = MetricsServer.start(kind, scraped);
                EngineMonitor monitor = Collectors.monitor(
                        MonitorOptions.DEFAULTS.withInterval(SECOND).withWholeInterval(SECOND));
                PrometheusSaturationCollector indirect = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(server.url()), ServerContract.settings())) {
            engines.forEach(
                    engine -> monitor.add(MonitoredTarget.of(engine.engine(), "http://127.0.0.1:" + engine.port())
                            .withName(engine.engine())
                            .withLabel("model", MODEL)));
            monitor.start();
            server.awaitQuery("count(up) == " + ENGINES.size(), 0);
            server.awaitScrapes();
            engines.forEach(engine -> engine.serve(4, 300, 20));
            server.awaitScrapes();

            List<ReplicaMetrics> replicas = indirect.fetch(MODEL);
            List<ReplicaMetrics> direct = SaturationCollectors.direct(monitor).fetch(MODEL);

            assertThat(direct).hasSize(ENGINES.size());
            assertThat(replicas).hasSize(ENGINES.size());
            direct.forEach(replica -> agree(replica, named(replicas, replica.replicaId())));
        } finally {
            engines.forEach(FakeEngine::close);
        }
    }

    private static void agree(ReplicaMetrics direct, ReplicaMetrics indirect) {
        String id = direct.replicaId();
        assertThat(indirect.engine()).as(id).isEqualTo(direct.engine());
        assertThat(indirect.model()).as(id).isEqualTo(direct.model());
        assertThat(indirect.ready()).as(id + " ready").isEqualTo(direct.ready());
        assertThat(indirect.instance()).as(id + " instance").isEqualTo(direct.instance());
        assertThat(indirect.freshness()).as(id + " freshness").isEqualTo(direct.freshness());
        assertThat(indirect.running()).as(id + " running").isEqualTo(direct.running());
        assertThat(indirect.queueDepth()).as(id + " queue").isEqualTo(direct.queueDepth());
        assertThat(indirect.kvCapacityTokens()).as(id + " capacity").isEqualTo(direct.kvCapacityTokens());
        assertThat(indirect.tokensInUse()).as(id + " in use").isEqualTo(direct.tokensInUse());
        assertThat(indirect.maxBatchSize()).as(id + " batch").isEqualTo(direct.maxBatchSize());
        assertThat(indirect.loraAdapters()).as(id + " adapters").isEqualTo(direct.loraAdapters());
        same(id + " usage", direct.kvCacheUsage(), indirect.kvCacheUsage(), 1e-6);
        same(id + " prompt", direct.averagePromptTokens(), indirect.averagePromptTokens(), HALF_A_SCRAPE);
        same(id + " generated", direct.averageGeneratedTokens(), indirect.averageGeneratedTokens(), HALF_A_SCRAPE);
        same(id + " hit rate", direct.prefixHitRate(), indirect.prefixHitRate(), HALF_A_SCRAPE);
        same(id + " first token", direct.timeToFirstTokenSeconds(), indirect.timeToFirstTokenSeconds(), HALF_A_SCRAPE);
        same(id + " inter token", direct.interTokenSeconds(), indirect.interTokenSeconds(), HALF_A_SCRAPE);
        bothKnown(id + " requests", direct.requestsPerSecond(), indirect.requestsPerSecond());
        bothKnown(id + " tokens", direct.generatedTokensPerSecond(), indirect.generatedTokensPerSecond());
    }

    private static void same(String what, @Nullable Double direct, @Nullable Double indirect, double share) {
        if (direct == null) {
            assertThat(indirect).as(what).isNull();
        } else {
            assertThat(indirect).as(what).isNotNull().isCloseTo(direct, within(share * Math.max(1, direct)));
        }
    }

    /** A server divides by its whole window, the monitor by the time it has watched: seconds after a start they differ. */
    private static void bothKnown(String what, @Nullable Double direct, @Nullable Double indirect) {
        if (direct == null) {
            assertThat(indirect).as(what).isNull();
        } else {
            assertThat(indirect).as(what).isNotNull();
            assertThat(indirect > 0).as(what).isEqualTo(direct > 0);
        }
    }

    private static ReplicaMetrics named(List<ReplicaMetrics> replicas, String id) {
        return replicas.stream()
                .filter(replica -> replica.replicaId().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The server knows no replica " + id));
    }
}
