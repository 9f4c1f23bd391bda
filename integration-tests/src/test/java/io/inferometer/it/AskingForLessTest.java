package io.inferometer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inferometer.Collectors;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.Faults;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part of the page is believed only where it was seen to be right; whatever goes wrong, no engine looks idle. */
@Timeout(60)
class AskingForLessTest {
    private static final Set<MetricGroup> LOAD = EnumSet.of(MetricGroup.LOAD);
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private FakeEngine engine;

    @BeforeEach
    void start() {
        engine = FakeEngine.start("vllm").withSlots(2);
        engine.serve(3).submit(5); // Two run, three wait.
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void theSecondScrapeAsksForTheLoadAlone() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            long whole = watch.bytesRead();
            EngineSnapshot part = watch.collect(LOAD);
            assertLoad(part, SnapshotSource.FILTERED_PAGE);
            assertThat(watch.bytesRead() - whole).isBetween(1L, whole / 5);
            assertThat(part.metrics().requests().succeeded()).isNull();
            assertThat(part.metrics().latency().timeToFirstToken()).isNull();
            assertThat(part.header().startedAt()).isNotNull();
            assertThat(last(engine.paths())).startsWith("/metrics/?name").contains("num_requests_running");
            assertThat(watch.collect().metrics().requests().succeeded()).isEqualTo(3);
        }
    }

    @Test
    void thePartSaysWhatTheWholePageSaysOfTheSameFields() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            EngineSnapshot whole = watch.collect(LOAD);
            EngineSnapshot part = watch.collect(LOAD);
            assertThat(part.header().source()).isEqualTo(SnapshotSource.FILTERED_PAGE);
            assertThat(part.metrics()).isEqualTo(whole.metrics());
            assertThat(part.provenance()).isEqualTo(whole.provenance());
        }
    }

    @Test
    void aCollectorWithGroupsDoesSoByItself() {
        MetricsCollector collector = Collectors.forEngine("vllm").withGroups(MetricGroup.LOAD);
        try (WatchedTarget watch = watch(collector)) {
            assertLoad(watch.collect(), SnapshotSource.WHOLE_PAGE);
            assertLoad(watch.collect(), SnapshotSource.FILTERED_PAGE);
        }
        assertThat(collector.collect(engine.url()).metrics().requests().succeeded())
                .isNull();
        assertLoad(collector.collect(engine.url()), SnapshotSource.WHOLE_PAGE); // Without a handle nothing is proven.
    }

    @Test
    void theSwitchTurnsItOff() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm").withFilteredPages(false))) {
            for (int i = 0; i < 3; i++) {
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            }
        }
        assertThat(engine.paths()).allMatch("/metrics"::equals);
    }

    @Test
    void manyProcessesAnswerNothingAndThatIsNotIdle() {
        try (FakeEngine ranks = FakeEngine.start("vllm").withRanks(2).withSlots(1)) {
            ranks.submit(5); // Two run, three wait.
            try (WatchedTarget watch = Collectors.forEngine("vllm").watch(ranks.url())) {
                for (int i = 0; i < 6; i++) {
                    assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
                }
            }
        }
    }

    @Test
    void aServerThatIgnoresTheNamesAnswersWholePagesOnly() {
        byte[] page =
                "# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running{engine=\"0\",model_name=\"m\"} 2.0\nvllm:num_requests_waiting{engine=\"0\",model_name=\"m\"} 3.0\nvllm:kv_cache_usage_perc{engine=\"0\",model_name=\"m\"} 0.5\nvllm:prompt_tokens_total{engine=\"0\",model_name=\"m\"} 7.0\nprocess_start_time_seconds 1.7e9\n"
                        .getBytes(StandardCharsets.UTF_8);
        engine.page(page, TYPE);
        engine.at("/metrics/").answer(page, TYPE);
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            for (int i = 0; i < 4; i++) {
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            }
        }
    }

    @Test
    void aProxyWithoutThatPathIsAskedForTheWholePage() {
        engine.at("/metrics/").failWith(404, "no such path", "text/plain");
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            for (int i = 0; i < 4; i++) {
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            }
        }
    }

    /** What stands between may answer the second path by anything at all, from the start or after it was proven. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anythingElseThanThePartIsNotBelieved(boolean provenBefore) {
        List<Consumer<Faults>> answers = List.of(
                part -> part.answer(bytes("{\"detail\":\"Not Found\"}"), "application/json"),
                part -> part.answer(bytes("# EOF\n"), "application/openmetrics-text"),
                part -> part.answer(bytes("tgi_queue_size 0\n"), TYPE),
                part -> part.answer(bytes("process_start_time_seconds 1\n"), TYPE),
                part -> part.answer(bytes("vllm:num_requests_running{engine=\"0\"} 0\n"), TYPE),
                Faults::answerHtml,
                Faults::dropConnections,
                part -> part.redirectTo("/metrics"),
                part -> part.truncateAfter(100),
                part -> part.truncateAfter(0),
                part -> part.failWith(200, "", "text/plain"),
                part -> part.failWith(401, "who are you", "text/plain"));
        for (Consumer<Faults> answer : answers) {
            engine.at("/metrics/").heal();
            try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
                watch.collect(LOAD);
                if (provenBefore) {
                    assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
                }
                answer.accept(engine.at("/metrics/"));
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anAnswerThatTurnsEmptyIsNotBelieved() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            watch.collect(LOAD);
            assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
            engine.at("/metrics/").answer(new byte[0], TYPE);
            assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
        }
    }

    /** A cache before the engine keeps the answer for an idle engine, while the engine gets to work. */
    @Test
    void aProxyThatAnswersTheSameForeverIsFoundOut() throws Exception {
        try (FakeEngine idle = FakeEngine.start("vllm").withSlots(2);
                WatchedTarget watch = Collectors.forEngine("vllm").watch(idle.url())) {
            watch.collect(LOAD);
            watch.collect(LOAD);
            byte[] kept = partOf(idle);
            idle.at("/metrics/").answer(kept, TYPE);
            idle.submit(5); // Two run, three wait, and the cache does not know.
            long deadline = System.nanoTime() + 25_000_000_000L;
            EngineSnapshot snapshot = watch.collect(LOAD);
            while (snapshot.metrics().load().requestsRunning() == 0 && System.nanoTime() < deadline) {
                Thread.sleep(200);
                snapshot = watch.collect(LOAD);
            }
            for (int i = 0; i < 5; i++) {
                assertLoad(snapshot, SnapshotSource.WHOLE_PAGE);
                snapshot = watch.collect(LOAD);
            }
        }
    }

    private static byte[] partOf(FakeEngine engine) throws Exception {
        String part = last(engine.paths());
        assertThat(part).startsWith("/metrics/?name");
        try (java.io.InputStream body =
                java.net.URI.create(engine.url() + part).toURL().openStream()) {
            return body.readAllBytes();
        }
    }

    @Test
    void aPartOfAnotherLifeOfTheEngineIsNotBelieved() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            watch.collect(LOAD);
            assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
            engine.restart();
            engine.submit(1);
            EngineSnapshot first = watch.collect(LOAD);
            assertThat(first.header().source()).isEqualTo(SnapshotSource.WHOLE_PAGE);
            assertThat(first.metrics().load().requestsRunning()).isEqualTo(1);
            EngineSnapshot second = watch.collect(LOAD);
            assertThat(second.header().source()).isEqualTo(SnapshotSource.FILTERED_PAGE);
            assertThat(second.metrics().load().requestsRunning()).isEqualTo(1);
        }
    }

    @Test
    void anErrorMakesTheNextPageWhole() {
        try (WatchedTarget watch = watch(Collectors.forEngine("vllm"))) {
            watch.collect(LOAD);
            assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
            engine.failWith(503, "starting", "text/plain");
            assertThat(catchThrowable(() -> watch.collect(LOAD))).hasMessageContaining("503");
            engine.heal();
            assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
        }
    }

    @Test
    void sglangTellsItsLoadWithoutAPage() {
        try (FakeEngine sglang = FakeEngine.start("sglang").withSlots(2)) {
            sglang.submit(5);
            try (WatchedTarget watch = Collectors.forEngine("sglang").watch(sglang.url())) {
                assertLoad(watch.collect(LOAD), SnapshotSource.LOAD_ENDPOINT);
                assertThat(sglang.paths()).containsExactly("/v1/loads");
                sglang.at("/v1/loads").failWith(404, "not found", "text/plain");
                assertLoad(watch.collect(LOAD), SnapshotSource.WHOLE_PAGE);
            }
        }
    }

    @Test
    void enginesWithoutAShortcutAreReadAsEver() {
        for (String name : List.of("tgi", "llamacpp")) {
            try (FakeEngine other = FakeEngine.start(name)) {
                other.serve(1).submit(1);
                try (WatchedTarget watch = Collectors.forEngine(name).watch(other.url())) {
                    for (int i = 0; i < 3; i++) {
                        EngineSnapshot snapshot = watch.collect(LOAD);
                        assertThat(snapshot.header().source()).isEqualTo(SnapshotSource.WHOLE_PAGE);
                        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void anUnnamedEngineIsAskedForLessOnceItIsFound() {
        try (WatchedTarget watch = watch(Collectors.auto())) {
            watch.collect(LOAD);
            watch.collect(LOAD);
            assertLoad(watch.collect(LOAD), SnapshotSource.FILTERED_PAGE);
        }
    }

    private WatchedTarget watch(MetricsCollector collector) {
        return collector.watch(engine.url());
    }

    private static String last(List<String> asked) {
        return asked.get(asked.size() - 1);
    }

    private static void assertLoad(EngineSnapshot snapshot, SnapshotSource source) {
        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(2);
        assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(3);
        assertThat(snapshot.header().source()).isEqualTo(source);
    }
}
