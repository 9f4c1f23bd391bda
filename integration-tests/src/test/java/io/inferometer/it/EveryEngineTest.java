package io.inferometer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.Collectors;
import io.inferometer.EngineInfo;
import io.inferometer.collect.CollectException;
import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.collect.EngineTimedOutException;
import io.inferometer.collect.EngineUnreachableException;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.NotMetricsPageException;
import io.inferometer.collect.OtherEngineException;
import io.inferometer.collect.Target;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each backend against its fake engine, over real HTTP. */
class EveryEngineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<String> engines() {
        return FakeEngine.engines();
    }

    static Stream<String> enginesWithAPage() {
        return engines().stream().filter(name -> !name.equals("ollama"));
    }

    @Test
    void allFiveAreOnTheClassPath() {
        assertThat(Collectors.engines())
                .extracting(EngineInfo::name)
                .containsExactly("llamacpp", "ollama", "sglang", "tgi", "vllm");
        assertThat(Collectors.engines()).allSatisfy(engine -> {
            assertThat(engine.title()).isNotBlank();
            assertThat(engine.versions()).isNotBlank();
            assertThat(engine.support()).isNotEmpty();
        });
        assertThat(engines()).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void itIsDetectedByItsAnswers(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(2).submit(3);
            assertThat(Collectors.detect(engine.url()).engine()).isEqualTo(name);
            EngineSnapshot snapshot = Collectors.auto().collect(engine.url());
            assertThat(snapshot.engine()).isEqualTo(name);
            assertThat(snapshot.instanceId()).isEqualTo(Target.of(engine.url()).hostAndPort());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void freshItIsDetectedToo(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            assertThat(Collectors.detect(engine.url()).engine()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesWithAPage")
    void whatRunsAndWaitsIsWhatTheEngineDoes(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.withSlots(2).serve(1).submit(7);
            Ledger ledger = engine.ledger();
            assertThat(ledger.waiting()).isEqualTo(5);
            EngineMetrics.Load load =
                    Collectors.forEngine(name).collect(engine.url()).metrics().load();
            assertThat(load.requestsRunning()).isEqualTo(2);
            assertThat(load.requestsWaiting()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesWithAPage")
    void ratesFollowWhatWasServed(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(3, 100, 50);
            MetricsCollector collector = Collectors.forEngine(name);
            EngineSnapshot before = collector.collect(engine.url());
            engine.serve(4, 100, 50);
            EngineSnapshot after = collector.collect(engine.url());
            EngineRates rates = after.rates(before);
            double seconds = rates.interval().toNanos() / 1e9;
            assertThat(rates.restarted()).isFalse();
            assertThat(Math.round(rates.generatedTokensPerSecond() * seconds)).isEqualTo(200);
            assertThat(Math.round(rates.promptTokensPerSecond() * seconds)).isEqualTo(400);
            engine.restart().serve(1, 100, 50);
            EngineRates restarted = collector.collect(engine.url()).rates(after);
            assertThat(restarted.restarted()).isTrue();
            assertThat(restarted.generatedTokensPerSecond()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("enginesWithAPage")
    void aPageOfAnotherEngineIsAnErrorThatNamesIt(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(2);
            for (String other :
                    enginesWithAPage().filter(each -> !each.equals(name)).toList()) {
                assertThatExceptionOfType(OtherEngineException.class)
                        .as("%s read as %s", name, other)
                        .isThrownBy(() -> Collectors.forEngine(other).collect(engine.url()))
                        .withMessage(
                                "%s/metrics is not %s: its page is that of %s. Ask for it with forEngine(\"%s\").",
                                engine.url(), titleOf(other), name, name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aCompressedAnswerSaysTheSame(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(3).submit(2);
            EngineSnapshot plain = Collectors.forEngine(name).collect(engine.url());
            engine.gzip(true);
            EngineSnapshot unasked = Collectors.forEngine(name).collect(engine.url());
            engine.heal().gzip(false);
            EngineSnapshot asked = Collectors.forEngine(name).withGzip(true).collect(engine.url());
            assertThat(unasked.metrics()).isEqualTo(plain.metrics());
            assertThat(asked.metrics()).isEqualTo(plain.metrics());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void whatGoesWrongOnTheWayIsACollectException(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(3);
            assertThat(failure(engine.dropConnections(), name)).isInstanceOf(EngineUnreachableException.class);
            engine.heal();
            assertThat(failure(engine.failWith(503, "loading", "text/plain"), name))
                    .isInstanceOf(EngineRefusedException.class)
                    .matches(CollectException::isTransient);
            engine.heal();
            assertThat(failure(engine.redirectTo("http://elsewhere.example/?token=secret"), name))
                    .isInstanceOf(EngineRefusedException.class)
                    .hasMessageContaining("it redirects to http://elsewhere.example/.")
                    .hasMessageNotContaining("secret");
            engine.heal();
            CollectionResult slow = Collectors.forEngine(name)
                    .withTimeout(Duration.ofMillis(300))
                    .tryCollect(Target.of(engine.delay(Duration.ofSeconds(20)).url()));
            assertThat(slow.error()).isInstanceOf(EngineTimedOutException.class);
            engine.heal();
            assertThat(Collectors.forEngine(name)
                            .tryCollect(Target.of(engine.url()))
                            .success())
                    .as("healed")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("enginesWithAPage")
    void aLoginPageIsNoMetricsPage(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            assertThat(failure(engine.answerHtml(), name)).isInstanceOf(NotMetricsPageException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("enginesWithAPage")
    void aPageCutAnywhereGivesLessButNothingFalse(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(3).submit(6);
            MetricsCollector collector = Collectors.forEngine(name);
            EngineMetrics.Load whole = collector.collect(engine.url()).metrics().load();
            for (int bytes = 1; bytes < 6000; bytes += 211) {
                engine.heal().at("/metrics").truncateAfter(bytes);
                CollectionResult result = collector.tryCollect(Target.of(engine.url()));
                if (result.success()) {
                    EngineMetrics.Load part = result.metrics().metrics().load();
                    assertThat(part.requestsRunning()).isIn(null, whole.requestsRunning());
                    assertThat(part.requestsWaiting()).isIn(null, whole.requestsWaiting());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aTokenIsSentToEveryEndpoint(String name) {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(1).withToken("t0k3n");
            assertThat(failure(engine, name))
                    .isInstanceOf(EngineRefusedException.class)
                    .matches(error -> ((EngineRefusedException) error).status() == 401);
            EngineSnapshot snapshot =
                    Collectors.forEngine(name).withBearerToken(() -> "t0k3n").collect(engine.url());
            assertThat(snapshot.engine()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void itsJsonHoldsNoNaNAndNoNull(String name) throws Exception {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(5).fail(1).abort(1).submit(3);
            EngineSnapshot snapshot =
                    Collectors.forEngine(name).withRawMetrics(true).collect(engine.url());
            String text = JSON.writeValueAsString(snapshot);
            JsonNode tree = JSON.readTree(text);
            assertThat(tree.get("engine").asText()).isEqualTo(name);
            assertThat(tree.get("metrics").isObject()).isTrue();
            assertThat(text).doesNotContain("NaN", "Infinity", ":null");
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void oneCollectorServesManyThreads(String name) throws Exception {
        try (FakeEngine engine = FakeEngine.start(name)) {
            engine.serve(3).submit(6);
            MetricsCollector collector = Collectors.forEngine(name);
            EngineMetrics expected = collector.collect(engine.url()).metrics();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Callable<EngineMetrics>> scrapes = new ArrayList<>();
                for (int i = 0; i < 80; i++) {
                    scrapes.add(() -> collector.collect(engine.url()).metrics());
                }
                for (Future<EngineMetrics> metrics : threads.invokeAll(scrapes)) {
                    assertThat(metrics.get()).isEqualTo(expected);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aPageOfTwoEnginesGivesASnapshotOfEach() {
        String page = """
                vllm:num_requests_running{engine="0",model_name="m"} 2
                sglang:num_running_reqs{model_name="m",tp_rank="0",pp_rank="0"} 3
                """;
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            engine.page(page.getBytes(StandardCharsets.UTF_8), "text/plain; version=0.0.4");
            assertThat(Collectors.auto().collectAll(Target.of(engine.url())))
                    .extracting(snapshot ->
                            snapshot.engine() + " " + snapshot.metrics().load().requestsRunning())
                    .containsExactly("sglang 3", "vllm 2");
        }
    }

    private static CollectException failure(FakeEngine engine, String name) {
        CollectException error = catchThrowableOfType(
                CollectException.class, () -> Collectors.forEngine(name).collect(engine.url()));
        assertThat(error).as("an error of " + name).isNotNull();
        return error;
    }

    private static String titleOf(String name) {
        return Collectors.engines().stream()
                .filter(engine -> engine.name().equals(name))
                .map(EngineInfo::title)
                .findFirst()
                .orElseThrow();
    }
}
