package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One fleet of all engines, read by a monitor and by a real server at once: both say the same of every replica. */
@Tag("servers")
@Timeout(180)
class AgreementTest {
    private static final List<String> MODELS = List.of("the/model", "other model");
    private static final List<String> ENGINES = List.of("vllm", "sglang", "tgi", "llamacpp");
    private static final Set<String> RANKED = Set.of("vllm", "sglang");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final int PROMPT_TOKENS = 300;
    private static final int GENERATED_TOKENS = 20;

    /** Both read once a second, each at its own moment: of ten seconds, two may differ under load. */
    private static final double RATE_SLACK = 0.25;

    /** Prometheus extrapolates a counter half a scrape back, but not below zero: few hits less than many lookups. */
    private static final double HITS_SLACK = 0.06;

    @ParameterizedTest
    @EnumSource(MetricsServer.Kind.class)
    @Execution(ExecutionMode.CONCURRENT)
    void bothSourcesAgreeOnEveryField(MetricsServer.Kind kind) {
        List<FakeEngine> engines = new ArrayList<>();
        List<MetricsServer.Scraped> scraped = new ArrayList<>();
        for (String model : MODELS) {
            for (String name : ENGINES) {
                FakeEngine engine = engine(name, model);
                engines.add(engine);
                scraped.add(new MetricsServer.Scraped(engine, labels(name, model, engines.size())));
            }
        }
        try (MetricsServer server = MetricsServer.start(kind, scraped);
                EngineMonitor longMonitor = monitor(LONG, scraped);
                EngineMonitor shortMonitor = monitor(SHORT, scraped);
                PrometheusSaturationCollector ofLong = indirect(LONG, server);
                PrometheusSaturationCollector ofShort = indirect(SHORT, server)) {
            server.awaitScrapes();
            await(() -> eachReplica(SaturationCollectors.direct(longMonitor), ofLong, AgreementTest::agreeOnTheLoad));

            engines.forEach(engine -> engine.drain().serve(40, PROMPT_TOKENS, GENERATED_TOKENS));
            server.awaitScrapes();
            await(() -> eachReplica(SaturationCollectors.direct(longMonitor), ofLong, AgreementTest::agreeOnTheMeans));

            loadFor(SHORT.plusSeconds(4), engines);
            eachReplica(SaturationCollectors.direct(shortMonitor), ofShort, AgreementTest::agreeOnTheRates);
        } finally {
            engines.forEach(FakeEngine::close);
        }
    }

    /** Nothing moves meanwhile; but on a busy machine a scrape may come too late, and the next one makes up for it. */
    private static void await(ThrowingRunnable agreement) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(1, TimeUnit.SECONDS)
                .untilAsserted(agreement);
    }

    private static EngineMonitor monitor(Duration window, List<MetricsServer.Scraped> scraped) {
        EngineMonitor monitor = Collectors.monitor(MonitorOptions.DEFAULTS
                .withInterval(SECOND)
                .withWholeInterval(SECOND)
                .withWindow(window)
                .withRatesOver(window));
        scraped.forEach(one -> monitor.add(MonitoredTarget.of(
                        one.engine().engine(),
                        "http://127.0.0.1:" + one.engine().port())
                .withName(String.valueOf(one.labels().get("pod")))
                .withLabels(one.labels())));
        monitor.start();
        return monitor;
    }

    private static PrometheusSaturationCollector indirect(Duration window, MetricsServer server) {
        return PrometheusSaturationCollector.of(
                PrometheusOptions.of(server.url()),
                ServerContract.settings().withQueries(ServerContract.QUERIES.withWindow(window)));
    }

    /** With a past of smaller requests, of which nothing may be in the window's means, and a queue. */
    private static FakeEngine engine(String name, String model) {
        FakeEngine engine =
                FakeEngine.start(name).withModel(model).withSlots(2).withRanks(RANKED.contains(name) ? 2 : 1);
        return engine.submit(400, 50, 10).drain().submit(7 + model.length() % 4, PROMPT_TOKENS, GENERATED_TOKENS);
    }

    private static Map<String, String> labels(String engine, String model, int number) {
        return Map.of(
                "pod",
                engine + "-" + number,
                "model",
                model,
                "namespace",
                "prod",
                "variant",
                engine + "-large",
                "accelerator",
                "H100",
                "zone",
                "eu-" + number % 2,
                "cost",
                "2.5");
    }

    /** The same requests at the same pace, so that the rate of any window is known. */
    private static void loadFor(Duration time, List<FakeEngine> engines) {
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            engines.forEach(engine -> engine.serve(1, PROMPT_TOKENS, GENERATED_TOKENS));
            MetricsServer.sleep(Duration.ofMillis(100));
        }
    }

    private static void eachReplica(
            SaturationCollector direct,
            SaturationCollector indirect,
            BiConsumer<ReplicaMetrics, ReplicaMetrics> agreement) {
        for (String model : MODELS) {
            List<ReplicaMetrics> ours = direct.fetch(model, "prod");
            List<ReplicaMetrics> theirs = indirect.fetch(model, "prod");
            assertThat(ours).hasSize(ENGINES.size());
            assertThat(theirs).hasSize(ENGINES.size());
            ours.forEach(replica -> agreement.accept(replica, named(theirs, replica.replicaId())));
        }
    }

    private static void agreeOnTheLoad(ReplicaMetrics direct, ReplicaMetrics indirect) {
        String id = direct.replicaId();
        assertThat(direct.running()).as(id + " running").isPositive();
        assertThat(direct.queueDepth()).as(id + " queue").isPositive();
        assertThat(indirect.running()).as(id + " running").isEqualTo(direct.running());
        assertThat(indirect.queueDepth()).as(id + " queue").isEqualTo(direct.queueDepth());
        same(id + " usage", direct.kvCacheUsage(), indirect.kvCacheUsage(), 1e-9);
        assertThat(indirect.tokensInUse()).as(id + " in use").isEqualTo(direct.tokensInUse());
        assertThat(indirect.engine()).as(id).isEqualTo(direct.engine());
        assertThat(indirect.model()).as(id).isEqualTo(direct.model());
        assertThat(indirect.namespace()).as(id).isEqualTo(direct.namespace());
        assertThat(indirect.variant()).as(id).isEqualTo(direct.variant());
        assertThat(indirect.accelerator()).as(id).isEqualTo(direct.accelerator());
        assertThat(indirect.zone()).as(id).isEqualTo(direct.zone());
        assertThat(indirect.cost()).as(id).isEqualTo(direct.cost()).isEqualTo(2.5);
        assertThat(indirect.instance()).as(id + " instance").isEqualTo(direct.instance());
        assertThat(indirect.ready()).as(id + " ready").isEqualTo(direct.ready()).isTrue();
        assertThat(indirect.freshness()).as(id + " freshness").isEqualTo(direct.freshness());
        assertThat(indirect.collectedAt())
                .as(id + " collected")
                .isCloseTo(direct.collectedAt(), within(15, ChronoUnit.SECONDS));
        assertThat(indirect.age()).as(id + " age").isLessThan(Duration.ofSeconds(15));
        assertThat(indirect.kvCapacityTokens()).as(id + " capacity").isEqualTo(direct.kvCapacityTokens());
        assertThat(indirect.maxBatchSize()).as(id + " batch").isEqualTo(direct.maxBatchSize());
        assertThat(indirect.loraAdapters()).as(id + " adapters").isEqualTo(direct.loraAdapters());
        assertThat(indirect.custom()).as(id).isEqualTo(direct.custom());
    }

    /** All that happened since both began to read lies in both windows, so nothing but the arithmetic may differ. */
    private static void agreeOnTheMeans(ReplicaMetrics direct, ReplicaMetrics indirect) {
        String id = direct.replicaId();
        assertThat(direct.averageGeneratedTokens() == null)
                .as(id)
                .isEqualTo(direct.engine().equals("llamacpp"));
        assertThat(indirect.running()).as(id + " running").isEqualTo(direct.running());
        same(id + " prompt", direct.averagePromptTokens(), indirect.averagePromptTokens(), 1e-6);
        same(id + " generated", direct.averageGeneratedTokens(), indirect.averageGeneratedTokens(), 1e-6);
        same(id + " hit rate", direct.prefixHitRate(), indirect.prefixHitRate(), HITS_SLACK);
        same(id + " first token", direct.timeToFirstTokenSeconds(), indirect.timeToFirstTokenSeconds(), 1e-6);
        same(id + " inter token", direct.interTokenSeconds(), indirect.interTokenSeconds(), 1e-6);
        if (direct.engine().equals("vllm")) {
            assertThat(indirect.averagePromptTokens()).as(id).isCloseTo(PROMPT_TOKENS, within(1e-3));
            assertThat(indirect.averageGeneratedTokens()).as(id).isCloseTo(GENERATED_TOKENS, within(1e-3));
            assertThat(indirect.prefixHitRate()).as(id).isPositive();
        }
    }

    private static void agreeOnTheRates(ReplicaMetrics direct, ReplicaMetrics indirect) {
        String id = direct.replicaId();
        assertThat(direct.generatedTokensPerSecond()).as(id).isPositive();
        same(id + " requests", direct.requestsPerSecond(), indirect.requestsPerSecond(), RATE_SLACK);
        same(id + " tokens", direct.generatedTokensPerSecond(), indirect.generatedTokensPerSecond(), RATE_SLACK);
    }

    private static void same(String what, @Nullable Double direct, @Nullable Double indirect, double share) {
        if (direct == null) {
            assertThat(indirect).as(what).isNull();
        } else {
            assertThat(indirect).as(what).isNotNull().isCloseTo(direct, within(share * Math.abs(direct) + 1e-12));
        }
    }

    private static ReplicaMetrics named(List<ReplicaMetrics> replicas, String id) {
        return replicas.stream()
                .filter(replica -> replica.replicaId().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The server knows no replica " + id));
    }
}
