package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.collect.TestFailures;
import io.inferometer.snapshot.EngineRates;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final MonitorOptions WHOLE_EACH_SECOND =
            MonitorOptions.DEFAULTS.withInterval(ofSeconds(1)).withWholeInterval(ofSeconds(1));

    private final FakeFleet fleet = new FakeFleet();
    private final Told told = Told.nothing();

    @Test
    void needsTwoGoodSnapshots() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000);
        fleet.run(monitor, ofMillis(100)); // The page at 0 s.
        assertThat(view(monitor).rates()).isNull();
        assertThat(whole(monitor).filled()).isNull();
        told.counts(103, 1060, 5300);
        fleet.run(monitor, ofMillis(500)); // And that at 0.5 s: 3 requests, 60 and 300 tokens in half a second.
        EngineRates rates = rates(monitor);
        assertThat(rates).isEqualTo(new EngineRates(ofMillis(500), false, 6.0, 120.0, 600.0, null, null));
        assertThat(whole(monitor).filled()).isEqualTo(rates);
    }

    @Test
    void areThoseBetweenTheLastTwoPages() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(0, 0, 0);
        fleet.run(monitor, ofMillis(100));
        fleet.run(monitor, ofSeconds(1)); // Pages at 0 and 0.5 s.
        told.counts(4, 40, 400);
        fleet.run(monitor, ofSeconds(1)); // At 1.5 s, one second after the one before.
        assertThat(rates(monitor)).isEqualTo(new EngineRates(ofSeconds(1), false, 4.0, 40.0, 400.0, null, null));
        fleet.run(monitor, ofSeconds(1)); // At 2.5 s nothing has changed.
        assertThat(rates(monitor)).isEqualTo(new EngineRates(ofSeconds(1), false, 0.0, 0.0, 0.0, null, null));
    }

    @Test
    void areTakenOverASecondAtLeastWherePagesComeFaster() {
        EngineMonitor monitor =
                watch(WHOLE_EACH_SECOND.withInterval(ofMillis(50)).withWholeInterval(ofMillis(50)));
        told.counts(0, 0, 0);
        for (int tick = 0; tick < 100; tick++) {
            fleet.run(monitor, ofMillis(50));
            if (tick == 50) {
                told.counts(1, 0, 0); // One request: not 20 a second for a moment, but one for a while.
            }
            EngineRates rates = view(monitor).rates();
            if (tick > 25) {
                assertThat(rates).isNotNull();
                assertThat(rates.interval()).isBetween(ofSeconds(1), ofSeconds(2)); // 20 to 40 pages.
                assertThat(rates.requestsPerSecond()).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void areUnknownAcrossARestartAndTheRestartIsCounted() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000);
        fleet.run(monitor, ofMillis(2100));
        assertThat(view(monitor).restarts()).isZero();
        told.counts(2, 20, 200);
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
        assertThat(view(monitor).restartSeenAt()).isEqualTo(FakeClock.START.plusMillis(2500));
        assertThat(view(monitor).rates()).isNull();
        assertThat(view(monitor).window().rates()).isNull();
        told.counts(5, 50, 500);
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor)).isEqualTo(new EngineRates(ofSeconds(1), false, 3.0, 30.0, 300.0, null, null));
        assertThat(view(monitor).restarts()).isEqualTo(1);
    }

    @Test
    void aRestartAfterWhichTheCountersComeWithTheFirstRequestIsSeenThen() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000);
        fleet.run(monitor, ofMillis(1100));
        told.withoutCounts(); // As SGLang and TGI start: what nobody counted yet is not on the page.
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isZero(); // It may as well be a page that was cut.
        assertThat(rates(monitor).requestsPerSecond()).isNull();
        told.counts(2, 20, 200);
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
        assertThat(view(monitor).rates()).isNull();
        assertThat(view(monitor).window().rates()).isNull();
        told.counts(150, 1500, 9000); // More than before the restart, within the window.
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor)).isEqualTo(new EngineRates(ofSeconds(1), false, 148.0, 1480.0, 8800.0, null, null));
        assertThat(view(monitor).restarts()).isEqualTo(1);
    }

    @Test
    void aPageWithoutTheCountersBetweenTwoWithThemIsNoRestart() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000);
        fleet.run(monitor, ofMillis(1100));
        told.withoutCounts();
        fleet.run(monitor, ofSeconds(1));
        told.counts(103, 1030, 5030);
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isZero();
    }

    @Test
    void aPartThatLosesItsCountersIsRememberedToo() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        Told zero = Told.nothing().counts(100, 0, 1000);
        Told one = Told.nothing().counts(100, 0, 1000);
        told.counts(200, 0, 2000).rank("0", zero).rank("1", one);
        fleet.run(monitor, ofMillis(1100));
        one.withoutCounts();
        told.counts(200, 0, 2000);
        fleet.run(monitor, ofSeconds(1));
        one.counts(1, 0, 10);
        told.counts(500, 0, 5000);
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
    }

    @Test
    void aStartTimeThatMovedIsARestartThoughTheCountsGrew() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000).startedAt(FakeClock.START.minusSeconds(3600));
        fleet.run(monitor, ofMillis(2100));
        told.counts(100_000, 1_000_000, 5_000_000).startedAt(FakeClock.START.plusSeconds(2));
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).rates()).isNull();
        assertThat(view(monitor).restarts()).isEqualTo(1);
    }

    @Test
    void aStartTimeIsRememberedOverAPageWithoutIt() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000).startedAt(FakeClock.START.minusSeconds(3600));
        fleet.run(monitor, ofMillis(1100));
        told.startedAt = null;
        fleet.run(monitor, ofSeconds(1));
        told.counts(200, 2000, 9000).startedAt(FakeClock.START.plusSeconds(2));
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
        assertThat(view(monitor).rates()).isNull();
    }

    @Test
    void aRestartThatTheLoadTellsIsCountedOnceAndReadsTheWholePageNext() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND.withWholeInterval(ofMinutes(1)));
        told.load(3, 0, 0.9).counts(100, 1000, 5000).startedAt(FakeClock.START.minusSeconds(3600));
        fleet.run(monitor, ofMillis(2600));
        told.load(1, 0, 0.1).counts(200, 2000, 9000).startedAt(FakeClock.START.plusSeconds(2));
        fleet.run(monitor, ofSeconds(2));
        assertThat(fleet.asked("a:80"))
                .containsExactly("whole@0", "load@500", "load@1500", "load@2500", "load@3500", "whole@4500");
        TargetView view = view(monitor);
        assertThat(view.restarts()).isEqualTo(1);
        assertThat(view.window().kvUsage()).isEqualTo(new GaugeWindow(0.1, 0.1, 2)); // Nothing of the 0.9 before.
        assertThat(view.rates()).isNull();
    }

    @Test
    void anotherEngineOnTheSamePortIsAnotherLife() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(100, 1000, 5000);
        fleet.run(monitor, ofMillis(2100));
        told.counts(200, 2000, 9000).engine = "other";
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
        assertThat(view(monitor).rates()).isNull();
    }

    @Test
    void aWallClockThatIsSetDoesNotBendThem() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(0, 0, 0);
        fleet.run(monitor, ofMillis(1100));
        fleet.clock.setWall(Duration.ofHours(-1));
        told.counts(7, 70, 700);
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor)).isEqualTo(new EngineRates(ofSeconds(1), false, 7.0, 70.0, 700.0, null, null));
    }

    @Test
    void haveTheirPartsByModelAndRank() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        Told m = Told.nothing().counts(10, 0, 100);
        Told n = Told.nothing().counts(20, 0, 200);
        told.counts(30, 0, 300).model("m", m).model("n", n).rank("0", m).rank("1", n);
        fleet.run(monitor, ofMillis(1100));
        m.counts(11, 0, 150);
        n.counts(24, 0, 290);
        told.counts(35, 0, 440);
        fleet.run(monitor, ofSeconds(1));
        EngineRates rates = rates(monitor);
        assertThat(rates.requestsPerSecond()).isEqualTo(5.0);
        assertThat(rates.generatedTokensPerSecond()).isEqualTo(140.0);
        assertThat(rates.byModel().get("m"))
                .extracting(EngineRates::generatedTokensPerSecond)
                .isEqualTo(50.0);
        assertThat(rates.byModel().get("n"))
                .extracting(EngineRates::generatedTokensPerSecond)
                .isEqualTo(90.0);
        assertThat(rates.byRank().get("1"))
                .extracting(EngineRates::requestsPerSecond)
                .isEqualTo(4.0);
        assertThat(view(monitor).windowByModel().get("n").rates())
                .isNotNull()
                .satisfies(window -> assertThat(window.requestsPerSecond())
                        .isCloseTo(4 / 1.5, within(1e-9))); // Since the page at 0 s.
    }

    @Test
    void aRankThatVanishesAndComesBackIsNeitherARestartNorAnAbsurdRate() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        Told zero = Told.nothing().counts(1_000, 0, 100_000);
        Told one = Told.nothing().counts(2_000, 0, 200_000);
        Told two = Told.nothing().counts(3_000, 0, 300_000);
        told.counts(6_000, 0, 600_000).rank("0", zero).rank("1", one).rank("2", two);
        fleet.run(monitor, ofMillis(1100));
        told.counts(3_000, 0, 300_000).ranks.remove("2");
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isZero();
        assertThat(rates(monitor).generatedTokensPerSecond()).isNull();
        assertThat(rates(monitor).byRank().get("1"))
                .extracting(EngineRates::generatedTokensPerSecond)
                .isEqualTo(0.0);
        told.counts(6_000, 0, 600_000).rank("2", two);
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor).generatedTokensPerSecond()).isNull(); // Not 300,000 in a second.
        assertThat(view(monitor).window().rates()).isNull();
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor).generatedTokensPerSecond()).isEqualTo(0.0);
    }

    @Test
    void aRankThatStartsAnewIsARestartThoughTheSumGrew() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        Told zero = Told.nothing().counts(100, 0, 1000);
        Told one = Told.nothing().counts(100, 0, 1000);
        told.counts(200, 0, 2000).rank("0", zero).rank("1", one);
        fleet.run(monitor, ofMillis(1100));
        zero.counts(900, 0, 9000);
        one.counts(1, 0, 10);
        told.counts(901, 0, 9010);
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).restarts()).isEqualTo(1);
        assertThat(view(monitor).rates()).isNull();
    }

    @Test
    void aFailureBetweenTwoPagesOnlyMakesTheTimeBetweenThemLonger() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(0, 0, 0);
        fleet.run(monitor, ofMillis(600));
        fleet.answer("a:80", () -> {
            throw TestFailures.timedOut("x");
        });
        fleet.run(monitor, ofSeconds(1));
        told.counts(10, 0, 0);
        fleet.answer("a:80", () -> told);
        fleet.run(monitor, ofSeconds(1));
        assertThat(rates(monitor).interval()).isEqualTo(ofSeconds(2));
        assertThat(rates(monitor).requestsPerSecond()).isEqualTo(5.0);
    }

    private EngineMonitor watch(MonitorOptions options) {
        fleet.answer("a:80", () -> told);
        return fleet.monitor(options).add(MonitoredTarget.of("acme", "http://a:80"));
    }

    private static TargetView view(EngineMonitor monitor) {
        return known(monitor.target("a:80"));
    }

    private static EngineRates rates(EngineMonitor monitor) {
        return known(view(monitor).rates());
    }

    private static Told.Snapshot whole(EngineMonitor monitor) {
        return (Told.Snapshot) known(view(monitor).whole());
    }

    private static <T> T known(@Nullable T value) {
        assertThat(value).isNotNull();
        if (value == null) {
            throw new AssertionError();
        }
        return value;
    }
}
