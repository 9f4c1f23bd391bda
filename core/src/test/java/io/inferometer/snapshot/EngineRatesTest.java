package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineRatesTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aRateIsTheGrowthPerSecond() {
        EngineRates rates = at(4, counts(130L, 9L, 1500L, 700L, 12L)).rates(at(0, counts(100L, 5L, 1000L, 300L, 10L)));
        assertThat(rates).isEqualTo(new EngineRates(Duration.ofSeconds(4), false, 7.5, 125.0, 100.0, 1.0, 0.5));
    }

    @Test
    void whatStandsStillHasRateZeroAndWhatIsMissingHasNone() {
        EngineRates rates =
                at(1, counts(100L, null, 1000L, 300L, null)).rates(at(0, counts(100L, 5L, 1000L, null, null)));
        assertThat(rates).isEqualTo(new EngineRates(Duration.ofSeconds(1), false, 0.0, 0.0, null, null, null));
    }

    @Test
    void whereSuccessIsNotCountedTheEndedRequestsAre() {
        EngineRates rates = at(2, ended(30)).rates(at(0, ended(20)));
        assertThat(rates.requestsPerSecond()).isEqualTo(5.0);
    }

    @Test
    void successesAreNeverComparedWithEndedRequests() {
        EngineMetrics successes = counts(100L, null, null, null, null);
        assertThat(at(2, ended(30)).rates(at(0, successes)))
                .isEqualTo(new EngineRates(Duration.ofSeconds(2), false, null, null, null, null, null));
        assertThat(at(2, successes).rates(at(0, ended(30))).requestsPerSecond()).isNull();
    }

    @Test
    void aCountThatFellIsARestartAndNothingIsKnown() {
        EngineMetrics before = counts(100L, 5L, 1000L, 300L, 10L);
        assertRestarted(at(1, counts(99L, 9L, 1500L, 700L, 12L)).rates(at(0, before)));
        assertRestarted(at(1, counts(130L, 4L, 1500L, 700L, 12L)).rates(at(0, before)));
        assertRestarted(at(1, counts(130L, 9L, 999L, 700L, 12L)).rates(at(0, before)));
        assertRestarted(at(1, counts(130L, 9L, 1500L, 299L, 12L)).rates(at(0, before)));
        assertRestarted(at(1, counts(130L, 9L, 1500L, 700L, 9L)).rates(at(0, before)));
        assertRestarted(at(1, ended(19)).rates(at(0, ended(20))));
    }

    @Test
    void aStartTimeThatMovedIsARestartThoughCountsGrew() {
        TestSnapshot before = started(0, counts(10L, 0L, 0L, 0L, 0L), T0.minusSeconds(100));
        TestSnapshot after = started(60, counts(20L, 0L, 0L, 0L, 0L), T0.plusSeconds(30));
        assertRestarted(after.rates(before));
        TestSnapshot jitter = started(60, counts(20L, 0L, 0L, 0L, 0L), T0.minusSeconds(99));
        assertThat(jitter.rates(before).restarted()).isFalse();
        TestSnapshot silent = started(60, counts(20L, 0L, 0L, 0L, 0L), null);
        assertThat(silent.rates(before).restarted()).isFalse();
        assertThat(before.rates(silent).restarted()).isTrue(); // 10 after 20.
    }

    @Test
    void withoutTimeThereIsNoRate() {
        EngineMetrics some = counts(100L, 5L, 1000L, 300L, 10L);
        assertThat(at(0, some).rates(at(0, some)))
                .isEqualTo(new EngineRates(Duration.ZERO, false, null, null, null, null, null));
        assertThat(at(0, some).rates(at(5, some)))
                .isEqualTo(new EngineRates(Duration.ofSeconds(-5), false, null, null, null, null, null));
    }

    @Test
    void ratesOfTwoInstancesAreAnError() {
        TestSnapshot here = TestSnapshot.of(TestSnapshot.header("acme", "a:1", T0, null), TestSnapshot.nothing());
        TestSnapshot there = TestSnapshot.of(TestSnapshot.header("acme", "b:1", T0, null), TestSnapshot.nothing());
        TestSnapshot other = TestSnapshot.of(TestSnapshot.header("else", "a:1", T0, null), TestSnapshot.nothing());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> here.rates(there))
                .withMessage(
                        "Rates need two snapshots of one instance; found acme b:1 and acme a:1. Pass the instance's own previous snapshot.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> here.rates(other))
                .withMessage(
                        "Rates need two snapshots of one instance; found else a:1 and acme a:1. Pass the instance's own previous snapshot.");
    }

    @Test
    void theirJsonLeavesOutWhatIsAbsent() throws JsonProcessingException {
        EngineRates rates = new EngineRates(Duration.ofMillis(1500), false, 2.5, null, null, null, null);
        assertThat(new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(rates)))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"interval_seconds\":1.5,\"restarted\":false,\"requests_per_second\":2.5}"));
    }

    private static void assertRestarted(EngineRates rates) {
        assertThat(rates).isEqualTo(new EngineRates(rates.interval(), true, null, null, null, null, null));
    }

    private static TestSnapshot at(int seconds, EngineMetrics metrics) {
        return started(seconds, metrics, null);
    }

    private static TestSnapshot started(int seconds, EngineMetrics metrics, @Nullable Instant startedAt) {
        return TestSnapshot.of(TestSnapshot.header("acme", "engine:8000", T0.plusSeconds(seconds), startedAt), metrics);
    }

    private static EngineMetrics counts(
            @Nullable Long succeeded,
            @Nullable Long failed,
            @Nullable Long prompt,
            @Nullable Long generated,
            @Nullable Long preemptions) {
        return TestSnapshot.metrics(succeeded, failed, prompt, generated, preemptions, null, null);
    }

    private static EngineMetrics ended(double count) {
        Distribution endToEnd = Distribution.ofSummary(new double[0], new double[0], 1, count);
        return TestSnapshot.metrics(null, null, null, null, null, endToEnd, null);
    }
}
