package io.inferometer.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationAdvice;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.testkit.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    @Test
    void firstLineReadsAnEngine() {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            engine.serve(1, 100, 11).submit(5);
            EngineSnapshot now = FirstLine.read(engine.url());
            assertThat(now.metrics().load().requestsRunning()).isEqualTo(4);
            List<Object> words = FirstLine.words(now);
            assertThat(words.get(0)).isEqualTo(1L);
            assertThat((Double) words.get(2)).isBetween(0.2, 0.34); // 0.2 s of tokens and 0.05 s of prefill at most.
        }
    }

    @Test
    void firstLineTellsSilenceFromZero() {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            assertThat(FirstLine.words(FirstLine.read(engine.url()))).containsExactly(null, null, null, 0, null);
        }
    }

    @Test
    void typedViewReadsTheEnginesOwnWords() {
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            assertThat(TypedView.preemptions(engine.url())).isZero();
        }
    }

    @Test
    void optionsSendATokenAndNeverThrow() {
        try (FakeEngine engine = FakeEngine.start("vllm").withToken("right")) {
            assertThat(Options.read(engine.url(), "right").success()).isTrue();
            CollectionResult refused = Options.read(engine.url(), "wrong");
            assertThat(refused.success()).isFalse();
            assertThat(refused.error()).isInstanceOf(EngineRefusedException.class);
        }
    }

    @Test
    void ratesNeedTwoSnapshotsOfOneLife() {
        try (FakeEngine engine = FakeEngine.start("vllm")) {
            Rates rates = new Rates();
            assertThat(rates.tokensPerSecond(engine.url())).isNull();
            engine.serve(3);
            assertThat(rates.tokensPerSecond(engine.url())).isGreaterThan(0);
            engine.restart();
            assertThat(rates.tokensPerSecond(engine.url())).isNull();
        }
    }

    @Test
    void parsePageSumsAnyPage() {
        byte[] page = "up{a=\"1\"} 1\nup{a=\"2\"} 2\n# HELP b what\nb 0.5\n".getBytes(StandardCharsets.UTF_8);
        assertThat(ParsePage.sums(page))
                .containsEntry("up", 3.0)
                .containsEntry("b", 0.5)
                .hasSize(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParsePage.sums("no number here\n".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("line=1");
    }

    @Test
    void fleetAsksForMoreReplicasWhereTheOnlyOneHasALongQueue() throws InterruptedException {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("llama-3").withSlots(2)) {
            engine.submit(9); // Two run, seven wait: five is the threshold.
            List<ReplicaMetrics> replicas = new ArrayList<>();
            SaturationAdvice advice = Fleet.watch(engine.url(), replicas::add);
            assertThat(replicas).hasSize(1);
            assertThat(replicas.get(0).queueDepth()).isEqualTo(7);
            assertThat(replicas.get(0).running()).isEqualTo(2);
            assertThat(advice.action()).isEqualTo(SaturationAdvice.Action.UP);
            assertThat(advice.variant()).isEqualTo("a100");
        }
    }
}
