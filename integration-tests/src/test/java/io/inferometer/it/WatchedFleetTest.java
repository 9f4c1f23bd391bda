package io.inferometer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.backend.vllm.VllmSnapshot;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.saturation.Observation;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SloEvaluator;
import io.inferometer.saturation.SloReport;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.testkit.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A monitor and engines over real sockets; where times matter, on a clock that the test moves. */
@Timeout(60)
class WatchedFleetTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String TEXT = "text/plain; version=0.0.4";

    private final MovedClock clock = new MovedClock();
    private final MonitorOptions wholeEachSecond = MonitorOptions.DEFAULTS
            .withInterval(SECOND)
            .withWholeInterval(SECOND)
            .withBackoffMax(SECOND)
            .withClock(clock);

    @Test
    void fillsTheRatesOfTheVllmView() {
        try (FakeEngine engine = FakeEngine.start("vllm");
                EngineMonitor monitor = Collectors.monitor(wholeEachSecond)) {
            engine.serve(10, 100, 20);
            monitor.add(MonitoredTarget.of("vllm", engine.url()).withName("a"));
            pass(monitor, 2);
            engine.serve(6, 100, 20);
            pass(monitor, 1); // One second after the page before: 6 requests, 120 tokens.

            VllmSnapshot snapshot = (VllmSnapshot) known(view(monitor).whole());
            assertThat(snapshot.throughput().requestsPerSecond()).isCloseTo(6.0, within(1e-9));
            assertThat(snapshot.throughput().tokensPerSecond()).isCloseTo(120.0, within(1e-9));
        }
    }

    @Test
    void givesRatesOfEachModelAndOfEachRank() {
        String page = """
                vllm:generation_tokens_total{engine="0",model_name="m"} %d
                vllm:generation_tokens_total{engine="1",model_name="m"} %d
                vllm:generation_tokens_total{engine="0",model_name="n"} %d
                vllm:num_requests_running{engine="0",model_name="m"} 1
                """;
        try (FakeEngine engine = FakeEngine.start("vllm");
                EngineMonitor monitor = Collectors.monitor(wholeEachSecond)) {
            monitor.add(MonitoredTarget.of("vllm", engine.url()).withName("a"));
            engine.page(page.formatted(100, 200, 400).getBytes(StandardCharsets.UTF_8), TEXT);
            pass(monitor, 2);
            engine.page(page.formatted(110, 230, 450).getBytes(StandardCharsets.UTF_8), TEXT);
            pass(monitor, 1);

            EngineRates rates = known(view(monitor).rates());
            assertThat(rates.generatedTokensPerSecond()).isEqualTo(90.0); // 10 + 30 + 50
            assertThat(known(rates.byModel().get("m")).generatedTokensPerSecond())
                    .isEqualTo(40.0);
            assertThat(known(rates.byModel().get("n")).generatedTokensPerSecond())
                    .isEqualTo(50.0);
            assertThat(known(rates.byRank().get("0")).generatedTokensPerSecond())
                    .isEqualTo(60.0);
            assertThat(known(rates.byRank().get("1")).generatedTokensPerSecond())
                    .isEqualTo(30.0);
        }
    }

    @Test
    void seesTheRestartOfAnEngineThatDoesNotSayWhenItStarted() {
        try (FakeEngine engine = FakeEngine.start("llamacpp");
                EngineMonitor monitor = Collectors.monitor(wholeEachSecond)) {
            engine.serve(10, 100, 20);
            monitor.add(MonitoredTarget.of("llamacpp", engine.url()).withName("a"));
            pass(monitor, 3);
            assertThat(view(monitor).restarts()).isZero();
            engine.dropConnections();
            pass(monitor, 11);
            assertThat(view(monitor).state()).isEqualTo(TargetState.DOWN);
            assertThat(known(view(monitor).lastFailure()).message()).contains("/metrics");
            SloReport dark = SloEvaluator.of("running requests < 100").evaluate(Observation.of(view(monitor)));
            assertThat(dark.notEvaluated()).hasSize(1); // What it said before it died is no news of it.
            assertThat(dark.isCompliant()).isFalse();
            engine.heal().restart();
            engine.serve(1, 100, 20);
            pass(monitor, 2);

            assertThat(view(monitor).state()).isEqualTo(TargetState.UP);
            assertThat(view(monitor).restarts()).isEqualTo(1);
            assertThat(view(monitor).consecutiveFailures()).isZero();
            EngineRates rates = view(monitor).rates();
            assertThat(rates == null ? null : rates.generatedTokensPerSecond())
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            rate -> assertThat(rate).isZero());
        }
    }

    @Test
    void aPageThatArrivesSlowlyIsAsOldAsItsBeginning() throws Exception {
        try (FakeEngine engine =
                        FakeEngine.start("vllm").slowly(60_000); // Its page of some 50 kB takes most of a second.
                EngineMonitor monitor =
                        Collectors.monitor(MonitorOptions.DEFAULTS.withStaleAfter(Duration.ofMillis(200)))) {
            CompletableFuture<TargetView> first = new CompletableFuture<>();
            monitor.addListener(new MonitorListener() {
                @Override
                public void onSnapshot(TargetView view) {
                    first.complete(view);
                }
            });
            monitor.add(MonitoredTarget.of("vllm", engine.url())).start();

            TargetView view = first.get(30, TimeUnit.SECONDS);
            assertThat(view.age()).isGreaterThan(Duration.ofMillis(200));
            assertThat(view.state()).isEqualTo(TargetState.UP); // It has just arrived, after all.
        }
    }

    @Test
    void aFetchDoesNotWaitForNewTargetsThatCannotServeTheModel() throws Exception {
        try (FakeEngine good = FakeEngine.start("vllm").withModel("m");
                FakeEngine slow = FakeEngine.start("vllm").delay(Duration.ofSeconds(20));
                EngineMonitor monitor =
                        Collectors.monitor(MonitorOptions.DEFAULTS.withTimeout(Duration.ofSeconds(19)))) {
            monitor.add(MonitoredTarget.of("vllm", good.url()).withName("good").withLabel("namespace", "chat"))
                    .start();
            assertThat(monitor.awaitScrapes(1, Duration.ofSeconds(20))).isTrue();
            monitor.add(
                    MonitoredTarget.of("vllm", slow.url()).withName("other").withLabel("model", "n"),
                    MonitoredTarget.of("vllm", slow.url()).withName("elsewhere").withLabel("namespace", "batch"));

            long start = System.nanoTime();
            List<ReplicaMetrics> replicas = SaturationCollectors.direct(monitor).fetch("m", "chat");
            assertThat(replicas).extracting(ReplicaMetrics::replicaId).containsExactly("good");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private void pass(EngineMonitor monitor, int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(SECOND);
            monitor.runDue();
        }
    }

    private static TargetView view(EngineMonitor monitor) {
        return known(monitor.target("a"));
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("It should be known.");
        }
        return value;
    }
}
