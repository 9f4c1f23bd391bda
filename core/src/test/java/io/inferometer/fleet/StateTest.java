package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.collect.CollectException;
import io.inferometer.collect.TestFailures;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
import io.inferometer.spi.CommonField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateTest {
    /** One whole page at 0 s, then nothing for a day. */
    private static final MonitorOptions ONCE = MonitorOptions.DEFAULTS
            .withInterval(Duration.ofDays(1))
            .withStaleAfter(ofSeconds(3))
            .withDownAfter(ofSeconds(10));

    private final FakeFleet fleet = new FakeFleet();

    @Test
    void isUnknownUntilAScrapeHasEnded() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        TargetView view = view(monitor);
        assertThat(view.state()).isEqualTo(TargetState.UNKNOWN);
        assertThat(view.metrics()).isNull();
        assertThat(view.latest()).isNull();
        assertThat(view.whole()).isNull();
        assertThat(view.age()).isNull();
        assertThat(view.rates()).isNull();
        assertThat(view.lastFailure()).isNull();
        assertThat(view.byModel()).isEmpty();
        assertThat(view.byRank()).isEmpty();
        assertThat(view.window().running()).isNull();
        assertThat(view.window().covered()).isZero();
        assertThat(view.windowByModel()).isEmpty();
    }

    @Test
    void isUpThenStaleThenDownByTheAgeOfTheLastGoodSnapshot() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        monitor.runDue();
        assertThat(view(monitor).state()).isEqualTo(TargetState.UP);
        fleet.clock.advance(ofMillis(2999));
        assertThat(view(monitor).state()).isEqualTo(TargetState.UP);
        fleet.clock.advance(ofMillis(1));
        assertThat(view(monitor).state()).isEqualTo(TargetState.STALE);
        assertThat(view(monitor).age()).isEqualTo(ofSeconds(3));
        fleet.clock.advance(ofMillis(6999));
        assertThat(view(monitor).state()).isEqualTo(TargetState.STALE);
        fleet.clock.advance(ofMillis(1));
        assertThat(view(monitor).state()).isEqualTo(TargetState.DOWN);
    }

    @Test
    void aViewStaysAsItWasWhenItWasTaken() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        monitor.runDue();
        TargetView view = view(monitor);
        fleet.clock.advance(ofMinutes(1));
        assertThat(view.state()).isEqualTo(TargetState.UP);
        assertThat(view.age()).isZero();
        assertThat(view.readAt()).isEqualTo(FakeClock.START);
    }

    @Test
    void isDownWithTheReasonWhenItNeverAnswered() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        fleet.answer("a:80", () -> {
            throw TestFailures.unreachable("nobody listens at a:80; start it");
        });
        monitor.runDue();
        TargetView view = view(monitor);
        assertThat(view.state()).isEqualTo(TargetState.DOWN);
        assertThat(view.consecutiveFailures()).isEqualTo(1);
        assertThat(view.failedScrapes()).isEqualTo(1);
        assertThat(view.lastFailure())
                .isEqualTo(new ScrapeFailure(
                        FailureKind.UNREACHABLE, "nobody listens at a:80; start it", FakeClock.START, true));
    }

    @Test
    void aGoodScrapeEndsTheRowOfFailuresAndKeepsTheLastReason() {
        EngineMonitor monitor = fleet.monitor(ONCE.withInterval(ofSeconds(1))).add(target());
        fleet.answer("a:80", () -> {
            throw TestFailures.timedOut("too slow");
        });
        fleet.run(monitor, ofSeconds(4)); // At 0 s, about 1 s and about 3 s.
        assertThat(view(monitor).consecutiveFailures()).isEqualTo(3);
        fleet.answer("a:80", Told::nothing);
        fleet.run(monitor, ofSeconds(5));
        TargetView view = view(monitor);
        assertThat(view.consecutiveFailures()).isZero();
        assertThat(view.failedScrapes()).isEqualTo(3);
        assertThat(view.state()).isEqualTo(TargetState.UP);
        assertThat(view.lastFailure())
                .isNotNull()
                .extracting(ScrapeFailure::message)
                .isEqualTo("too slow");
    }

    @Test
    void thresholdsFollowTheIntervalUnlessTheyAreGiven() {
        assertThat(stale(ofMillis(50))).isEqualTo(ofSeconds(1));
        assertThat(stale(ofSeconds(15))).isEqualTo(ofSeconds(45));
        assertThat(down(ofMillis(50))).isEqualTo(ofSeconds(5));
        assertThat(down(ofSeconds(15))).isEqualTo(ofSeconds(150));
    }

    @Test
    void tellsEachChangeOfStateWhenItHappensThoughNothingIsScraped() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        List<String> heard = new ArrayList<>();
        monitor.addListener(new MonitorListener() {
            @Override
            public void onStateChange(TargetView view, TargetState before) {
                heard.add(before + ">" + view.state() + "@"
                        + fleet.clock.elapsed().toMillis());
            }
        });
        fleet.run(monitor, ofMinutes(1));
        assertThat(heard).containsExactly("UNKNOWN>UP@0", "UP>STALE@3000", "STALE>DOWN@10000");
    }

    @Test
    void tellsThatATargetIsDownWhileItFailsAndThatItCameBack() {
        EngineMonitor monitor = fleet.monitor(ONCE.withInterval(ofSeconds(1))
                        .withDownAfter(ofSeconds(3))
                        .withBackoffMax(ofSeconds(1)))
                .add(target());
        List<String> heard = new ArrayList<>();
        monitor.addListener(new MonitorListener() {
            @Override
            public void onStateChange(TargetView view, TargetState before) {
                heard.add(before + ">" + view.state());
            }
        });
        fleet.run(monitor, ofSeconds(5));
        fleet.answer("a:80", () -> {
            throw TestFailures.refused("503", 503);
        });
        fleet.run(monitor, ofSeconds(10));
        assertThat(heard).containsExactly("UNKNOWN>UP", "UP>DOWN"); // Not later than stale: no STALE.
        fleet.answer("a:80", Told::nothing);
        fleet.run(monitor, ofSeconds(2));
        assertThat(heard).containsExactly("UNKNOWN>UP", "UP>DOWN", "DOWN>UP");
        fleet.run(monitor, ofMinutes(10));
        assertThat(heard).hasSize(3); // Each second's snapshot puts the look at the state off.
    }

    @Test
    void aRefreshThatCameMeanwhilePutsTheThresholdsOff() {
        EngineMonitor monitor = fleet.monitor(ONCE.withInterval(ofSeconds(4))).add(target()); // Stale after 3 s.
        List<String> heard = new ArrayList<>();
        monitor.addListener(new MonitorListener() {
            @Override
            public void onStateChange(TargetView view, TargetState before) {
                heard.add(view.state() + "@" + view.age());
            }
        });
        fleet.run(monitor, ofSeconds(14)); // Scrapes at 0, 2 (half an interval later), 6 and 10 s.
        assertThat(fleet.asked("a:80"))
                .extracting(line -> line.replaceFirst(".*@", ""))
                .containsExactly("0", "2000", "6000", "10000", "14000");
        assertThat(heard)
                .containsExactly("UP@PT0S", "STALE@PT3S", "UP@PT0S", "STALE@PT3S", "UP@PT0S", "STALE@PT3S", "UP@PT0S");
    }

    @Test
    void keepsTheAgeOfEachFieldApart() {
        EngineMonitor monitor = fleet.monitor(
                        MonitorOptions.DEFAULTS.withInterval(ofSeconds(2)).withWholeInterval(ofMinutes(1)))
                .add(target());
        Told told = Told.nothing().load(1, 0, 0.1).counts(10, 100, 1000);
        fleet.answer("a:80", () -> told);
        fleet.run(monitor, ofMillis(500));
        told.load(5, 2, 0.6).counts(20, 200, 2000);
        fleet.run(monitor, ofSeconds(3)); // The load at 1 s and at 3 s; now it is 3.5 s.
        assertThat(fleet.asked("a:80")).containsExactly("whole@0", "load@1000", "load@3000");
        TargetView view = view(monitor);
        assertThat(view.age()).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(CommonField.REQUESTS_RUNNING)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(CommonField.KV_USAGE)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(CommonField.GENERATED_TOKENS)).isEqualTo(ofMillis(3500));
        assertThat(view.ageOf(MetricGroup.LOAD)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(MetricGroup.ADAPTERS)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(MetricGroup.CACHE)).isEqualTo(ofMillis(3500));
        assertThat(view.metrics()).isNotNull().satisfies(metrics -> {
            assertThat(metrics.load().requestsRunning()).isEqualTo(5);
            assertThat(metrics.load().requestsWaiting()).isEqualTo(2);
            assertThat(metrics.cache().kvUsage()).isEqualTo(0.6);
            assertThat(metrics.requests().succeeded()).isEqualTo(10);
            assertThat(metrics.tokens().generated()).isEqualTo(1000);
        });
    }

    @Test
    void whatTheLoadNoLongerSaysIsAbsentNotOld() {
        EngineMonitor monitor = fleet.monitor(
                        MonitorOptions.DEFAULTS.withInterval(ofSeconds(2)).withWholeInterval(ofMinutes(1)))
                .add(target());
        Told told = Told.nothing().load(1, 3, 0.1).counts(10, 100, 1000);
        told.capacity = 8000L;
        fleet.answer("a:80", () -> told);
        fleet.run(monitor, ofMillis(500));
        told.waiting = null;
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).metrics()).isNotNull().satisfies(metrics -> {
            assertThat(metrics.load().requestsRunning()).isEqualTo(1);
            assertThat(metrics.load().requestsWaiting()).isNull();
            assertThat(metrics.cache().kvCapacityTokens()).isEqualTo(8000);
        });
    }

    @Test
    void whatAnEndpointOfTheLoadAloneDoesNotTellIsThatOfTheWholePage() {
        EngineMonitor monitor = fleet.monitor(
                        MonitorOptions.DEFAULTS.withInterval(ofSeconds(2)).withWholeInterval(ofMinutes(1)))
                .add(target());
        Told told = Told.nothing().load(1, 3, 0.1).counts(10, 100, 1000);
        told.maxLora = 4L;
        told.loadSource = SnapshotSource.LOAD_ENDPOINT; // As of SGLang: it tells the load, and no adapters.
        fleet.answer("a:80", () -> told);
        fleet.run(monitor, ofMillis(500));
        told.load(2, 0, 0.2);
        told.waiting = null;
        fleet.run(monitor, ofSeconds(1)); // The load at 1 s; now it is 1.5 s.
        assertThat(fleet.asked("a:80")).containsExactly("whole@0", "load@1000");
        TargetView view = view(monitor);
        assertThat(view.metrics()).isNotNull().satisfies(metrics -> {
            assertThat(metrics.load().requestsRunning()).isEqualTo(2);
            assertThat(metrics.load().requestsWaiting()).isEqualTo(3);
            assertThat(metrics.cache().kvUsage()).isEqualTo(0.2);
            assertThat(metrics.adapters().maxLora()).isEqualTo(4);
        });
        assertThat(view.ageOf(CommonField.REQUESTS_RUNNING)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(CommonField.REQUESTS_WAITING)).isEqualTo(ofMillis(1500));
        assertThat(view.ageOf(CommonField.MAX_LORA)).isEqualTo(ofMillis(1500));
        assertThat(view.ageOf(MetricGroup.LOAD)).isEqualTo(ofMillis(500));
        assertThat(view.ageOf(MetricGroup.ADAPTERS)).isEqualTo(ofMillis(1500));
        assertThat(view.ageOf(MetricGroup.CACHE)).isEqualTo(ofMillis(1500));
    }

    @Test
    void mergesTheLoadOfEachModelAndRank() {
        EngineMonitor monitor = fleet.monitor(
                        MonitorOptions.DEFAULTS.withInterval(ofSeconds(2)).withWholeInterval(ofMinutes(1)))
                .add(target());
        Told m = Told.nothing().load(1, 0, 0.1).counts(1, 10, 100);
        Told n = Told.nothing().load(2, 0, 0.2).counts(2, 20, 200);
        Told told = Told.nothing()
                .load(3, 0, 0.2)
                .model("m", m)
                .model("n", n)
                .rank("0", m)
                .rank("1", n);
        fleet.answer("a:80", () -> told);
        fleet.run(monitor, ofMillis(500));
        m.load(4, 1, 0.4).counts(9, 90, 900);
        told.models.remove("n");
        fleet.run(monitor, ofSeconds(1));
        TargetView view = view(monitor);
        assertThat(view.byModel()).containsOnlyKeys("m", "n");
        assertThat(view.byModel().get("m")).satisfies(part -> {
            assertThat(part.load().requestsRunning()).isEqualTo(4);
            assertThat(part.tokens().generated()).isEqualTo(100);
        });
        assertThat(view.byModel().get("n")).satisfies(part -> {
            assertThat(part.load().requestsRunning()).isNull(); // Asked for, and not there any more.
            assertThat(part.tokens().generated()).isEqualTo(200);
        });
        assertThat(view.byRank().get("0").load().requestsWaiting()).isEqualTo(1);
    }

    @Test
    void namesEachKindOfFailure() {
        Map<CollectException, FailureKind> kinds = new LinkedHashMap<>();
        kinds.put(TestFailures.unreachable("x"), FailureKind.UNREACHABLE);
        kinds.put(TestFailures.timedOut("x"), FailureKind.TIMED_OUT);
        kinds.put(TestFailures.refused("x", 500), FailureKind.REFUSED);
        kinds.put(TestFailures.notMetrics("x"), FailureKind.NOT_METRICS);
        kinds.put(TestFailures.malformed("x"), FailureKind.MALFORMED);
        kinds.put(TestFailures.tooLarge("x"), FailureKind.TOO_LARGE);
        kinds.put(TestFailures.otherEngine("x"), FailureKind.OTHER_ENGINE);
        kinds.put(TestFailures.disabled("x"), FailureKind.METRICS_DISABLED);
        kinds.put(new UnknownEngineException("x"), FailureKind.UNKNOWN_ENGINE);
        kinds.forEach((failure, kind) -> assertThat(FailureKind.of(failure)).isEqualTo(kind));
        assertThat(FailureKind.of(new StackOverflowError())).isEqualTo(FailureKind.OTHER);
        assertThat(FailureKind.TIMED_OUT.word()).isEqualTo("timed_out");
    }

    @Test
    void anErrorInABackendIsAFailureOfThatTargetOnly() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target(), MonitoredTarget.of("acme", "http://b:80"));
        fleet.answer("a:80", () -> {
            throw new StackOverflowError("deep");
        });
        monitor.runDue();
        fleet.clock.advance(ofMillis(1));
        monitor.runDue();
        assertThat(view(monitor).lastFailure())
                .isEqualTo(new ScrapeFailure(
                        FailureKind.OTHER,
                        "java.lang.StackOverflowError: deep. This is not the engine's doing; look at the log for what threw it.",
                        FakeClock.START,
                        false));
        assertThat(monitor.stats().byState()).isEqualTo(Map.of(TargetState.DOWN, 1, TargetState.UP, 1));
    }

    @Test
    void aWallClockThatIsSetDoesNotMoveAges() {
        EngineMonitor monitor = fleet.monitor(ONCE).add(target());
        monitor.runDue();
        fleet.clock.setWall(Duration.ofHours(-5));
        fleet.clock.advance(ofSeconds(2));
        assertThat(view(monitor).age()).isEqualTo(ofSeconds(2));
        assertThat(view(monitor).state()).isEqualTo(TargetState.UP);
    }

    private static Duration stale(Duration interval) {
        return Duration.ofNanos(Pace.of(target(), MonitorOptions.DEFAULTS.withInterval(interval))
                .stale());
    }

    private static Duration down(Duration interval) {
        return Duration.ofNanos(Pace.of(target(), MonitorOptions.DEFAULTS.withInterval(interval))
                .down());
    }

    private static MonitoredTarget target() {
        return MonitoredTarget.of("acme", "http://a:80");
    }

    private static TargetView view(EngineMonitor monitor) {
        TargetView view = monitor.target("a:80");
        if (view == null) {
            throw new AssertionError("a:80 is not watched");
        }
        return view;
    }
}
