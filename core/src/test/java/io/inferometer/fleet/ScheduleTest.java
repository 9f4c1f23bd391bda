package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inferometer.collect.TestFailures;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.snapshot.MetricGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final MonitorOptions EACH_SECOND =
            MonitorOptions.DEFAULTS.withInterval(ofSeconds(1)).withWholeInterval(ofSeconds(5));

    private final FakeFleet fleet = new FakeFleet();

    @Test
    void asksForTheWholePageAtOnceThenForTheLoadAtEachTickAndForTheWholePageEveryFewSeconds() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        fleet.run(monitor, ofMinutes(1));
        List<String> asked = fleet.asked("a:80");
        assertThat(asked.get(0)).isEqualTo("whole@0");
        List<Long> ticks = times(asked, "");
        assertThat(ticks.get(1)).isBetween(500L, 1500L); // The target's own place in the second.
        assertThat(gaps(ticks.subList(1, ticks.size()))).isNotEmpty().containsOnly(1000L);
        List<Long> wholes = times(asked, "whole");
        assertThat(wholes.get(1)).isLessThanOrEqualTo(5500L);
        assertThat(gaps(wholes.subList(1, wholes.size()))).hasSizeGreaterThan(9).containsOnly(5000L);
    }

    @Test
    void asksForWholePagesOnlyWhereTheyAreWantedAtEachTick() {
        EngineMonitor monitor =
                fleet.monitor(EACH_SECOND.withWholeInterval(ofSeconds(1))).add(target("a"));
        fleet.run(monitor, ofSeconds(10));
        assertThat(times(fleet.asked("a:80"), "load")).isEmpty();
        assertThat(times(fleet.asked("a:80"), "whole")).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void spreadsManyTargetsOverTheInterval() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND);
        for (int i = 0; i < 100; i++) {
            monitor.add(target("t" + i));
        }
        fleet.run(monitor, ofSeconds(10));
        int[] tenths = new int[10];
        for (int i = 0; i < 100; i++) {
            List<Long> ticks = times(fleet.asked("t" + i + ":80"), "");
            assertThat(ticks.get(0)).isEqualTo(i); // The first ones a millisecond apart.
            tenths[(int) (ticks.get(5) % 1000 / 100)]++;
        }
        assertThat(Arrays.stream(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(7, 13));
    }

    @Test
    void spreadsWholePagesToo() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND);
        for (int i = 0; i < 100; i++) {
            monitor.add(target("t" + i));
        }
        fleet.run(monitor, ofSeconds(20));
        int[] seconds = new int[5];
        for (int i = 0; i < 100; i++) {
            seconds[(int) (times(fleet.asked("t" + i + ":80"), "whole").get(2) % 5000 / 1000)]++;
        }
        assertThat(Arrays.stream(seconds).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(10, 32)); // 20 each, were it quite even.
    }

    @Test
    void asksATargetAtItsOwnPace() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND)
                .add(target("a").withInterval(ofMillis(50)).withWholeInterval(ofMillis(500)));
        fleet.run(monitor, ofSeconds(10));
        List<Long> ticks = times(fleet.asked("a:80"), "");
        assertThat(gaps(ticks.subList(1, ticks.size()))).containsOnly(50L);
        List<Long> wholes = times(fleet.asked("a:80"), "whole");
        assertThat(gaps(wholes.subList(1, wholes.size()))).containsOnly(500L);
    }

    @Test
    void leavesOutTheTicksThatPassWhileAScrapeRuns() {
        EngineMonitor monitor =
                fleet.monitor(EACH_SECOND.withInterval(ofMillis(100))).add(target("a"));
        fleet.run(monitor, ofSeconds(1));
        long before = monitor.stats().skippedTicks();
        long next = last(fleet.asked("a:80")) + 100;
        fleet.answer("a:80", () -> {
            fleet.clock.advance(ofMillis(250));
            return Told.nothing();
        });
        fleet.run(monitor, ofMillis(750));
        assertThat(times(fleet.asked("a:80"), "")).contains(next, next + 300).doesNotContain(next + 100, next + 200);
        assertThat(monitor.stats().skippedTicks() - before).isBetween(4L, 6L); // Two with each of two or three scrapes.
    }

    @Test
    void countsWhatBeganLate() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND.withInterval(ofSeconds(10)));
        monitor.add(target("slow"), target("other"));
        fleet.answer("slow:80", () -> {
            fleet.clock.advance(ofMillis(40));
            return Told.nothing();
        });
        monitor.runDue(); // The other is due at 1 ms and, one after another on this thread, begins at 40 ms.
        MonitorStats stats = monitor.stats();
        assertThat(stats.lateTicks()).isEqualTo(1);
        assertThat(stats.lagMax()).isEqualTo(ofMillis(39));
        assertThat(stats.lagTotal()).isEqualTo(ofMillis(39));
    }

    @Test
    void asksAFailingTargetEverMoreRarelyUpToABoundAndComesBack() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        fleet.answer("a:80", () -> {
            throw TestFailures.unreachable("nobody there");
        });
        fleet.run(monitor, ofSeconds(200));
        List<Long> gaps = gaps(times(fleet.asked("a:80"), ""));
        assertThat(gaps.get(0)).isBetween(500L, 1500L);
        long[] expected = {2000, 4000, 8000, 16000, 30000, 30000, 30000};
        for (int i = 0; i < expected.length; i++) {
            assertThat(gaps.get(i + 1)).isBetween(expected[i] * 9 / 10, expected[i] * 11 / 10);
        }
        fleet.answer("a:80", Told::nothing);
        fleet.run(monitor, ofSeconds(34));
        int known = fleet.asked("a:80").size();
        fleet.run(monitor, ofSeconds(10));
        List<Long> again = times(fleet.asked("a:80"), "");
        assertThat(gaps(again.subList(known, again.size()))).hasSize(9).containsOnly(1000L);
    }

    @Test
    void neverWaitsLongerThanTheBoundNorShorterThanTheInterval() {
        MonitorOptions minutes = EACH_SECOND.withInterval(Duration.ofMinutes(2));
        assertThat(Pace.of(target("a"), minutes).backoff(1))
                .isEqualTo(ofMinutes(2).toNanos());
        assertThat(Pace.of(target("a"), minutes).backoff(9))
                .isEqualTo(ofMinutes(2).toNanos());
        assertThat(Pace.of(target("a"), EACH_SECOND).backoff(5))
                .isEqualTo(ofSeconds(16).toNanos());
        assertThat(Pace.of(target("a"), EACH_SECOND).backoff(6))
                .isEqualTo(ofSeconds(30).toNanos());
        assertThat(Pace.of(target("a"), EACH_SECOND).backoff(Integer.MAX_VALUE))
                .isEqualTo(ofSeconds(30).toNanos());
    }

    @Test
    void readsTheWholePageOfAnEngineThatWasGone() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        fleet.run(monitor, ofSeconds(3));
        fleet.answer("a:80", () -> {
            throw TestFailures.unreachable("nobody there");
        });
        fleet.run(monitor, ofSeconds(1));
        fleet.answer("a:80", Told::nothing);
        int known = fleet.asked("a:80").size();
        fleet.run(monitor, ofSeconds(2));
        assertThat(fleet.asked("a:80").get(known)).startsWith("whole@");
    }

    @Test
    void stillReadsTheLoadOfAnEngineWhoseWholePageTakesTooLong() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        boolean[] first = {true};
        fleet.answer("a:80", () -> {
            String asked = fleet.asked("a:80").get(fleet.asked("a:80").size() - 1);
            if (asked.startsWith("whole") && !first[0]) {
                throw TestFailures.timedOut("too long");
            }
            first[0] = false;
            return Told.nothing().load(7, 0, 0.5);
        });
        fleet.run(monitor, ofSeconds(30));
        assertThat(times(fleet.asked("a:80"), "whole")).hasSizeBetween(5, 7);
        assertThat(times(fleet.asked("a:80"), "load")).hasSizeGreaterThan(20);
        assertThat(view(monitor).state()).isEqualTo(TargetState.UP);
        assertThat(view(monitor).ageOf(MetricGroup.TOKENS)).isEqualTo(ofSeconds(30));
    }

    @Test
    void addsAndRemovesTargetsWhileItRuns() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        fleet.run(monitor, ofSeconds(3));
        monitor.add(target("b"));
        fleet.run(monitor, ofSeconds(3));
        assertThat(fleet.asked("b:80").get(0)).isEqualTo("whole@3000");
        assertThat(monitor.remove("a:80")).isTrue();
        assertThat(monitor.remove("a:80")).isFalse();
        int known = fleet.asked("a:80").size();
        fleet.run(monitor, ofSeconds(3));
        assertThat(fleet.asked("a:80")).hasSize(known);
        assertThat(fleet.closed()).containsExactly("a:80");
        assertThat(monitor.target("a:80")).isNull();
        assertThat(monitor.targets()).extracting(TargetView::name).containsExactly("b:80");
    }

    @Test
    void replacesTheTargetsAndKeepsWhatIsEqual() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"), target("b"));
        fleet.run(monitor, ofSeconds(2));
        monitor.setTargets(List.of(target("b"), target("c")));
        assertThat(monitor.targets()).extracting(TargetView::name).containsExactly("b:80", "c:80");
        assertThat(fleet.closed()).containsExactly("a:80");
        assertThat(view(monitor, "b:80").goodScrapes()).isGreaterThan(1);
        monitor.setTargets(List.of(target("b").withLabel("zone", "2")));
        assertThat(view(monitor, "b:80").goodScrapes()).isZero(); // Another target by that name.
        assertThat(view(monitor, "b:80").target().label("zone")).isEqualTo("2");
    }

    @Test
    void refusesASecondTargetOfAName() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.add(target("b"), target("a")))
                .withMessage(
                        "A target named 'a:80' is watched already. Remove it first, or give this one another name with withName(...).");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.setTargets(List.of(target("b"), target("b"))))
                .withMessage("Two targets are named 'b:80'. Give one another name with withName(...).");
        assertThat(monitor.targets()).hasSize(1);
    }

    @Test
    void refusesAnEngineThatNobodyKnowsAndAddsNothing() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND);
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> monitor.add(target("a"), MonitoredTarget.of("unheard-of", "http://b:80")));
        assertThat(monitor.targets()).isEmpty();
    }

    @Test
    void namesSnapshotsAsTheTargetIsNamed() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a").withName("replica-1"));
        monitor.runDue();
        TargetView view = view(monitor, "replica-1");
        assertThat(view.latest())
                .isNotNull()
                .satisfies(latest -> assertThat(latest.instanceId()).isEqualTo("replica-1"));
    }

    @Test
    void doesNothingOnceItIsClosed() {
        EngineMonitor monitor = fleet.monitor(EACH_SECOND).add(target("a"));
        monitor.close();
        monitor.close();
        assertThat(fleet.closed()).containsExactly("a:80");
        assertThat(monitor.isRunning()).isFalse();
        assertThatIllegalStateException().isThrownBy(monitor::runDue);
        assertThatIllegalStateException().isThrownBy(monitor::start);
        assertThatIllegalStateException().isThrownBy(() -> monitor.add(target("b")));
        assertThatIllegalStateException()
                .isThrownBy(() -> monitor.addListener(new MonitorListener() {}))
                .withMessage("The monitor is closed; make a new one.");
    }

    @Test
    void sleepsForADayWithoutTargets() {
        assertThat(fleet.monitor(EACH_SECOND).runDue()).isEqualTo(Duration.ofDays(1));
    }

    private static MonitoredTarget target(String host) {
        return MonitoredTarget.of("acme", "http://" + host + ":80");
    }

    private static TargetView view(EngineMonitor monitor) {
        return view(monitor, "a:80");
    }

    private static TargetView view(EngineMonitor monitor, String name) {
        TargetView view = monitor.target(name);
        if (view == null) {
            throw new AssertionError("no target " + name);
        }
        return view;
    }

    private static List<Long> times(List<String> asked, String what) {
        return asked.stream()
                .filter(line -> line.startsWith(what))
                .map(line -> Long.parseLong(line.substring(line.indexOf('@') + 1)))
                .toList();
    }

    private static long last(List<String> asked) {
        List<Long> times = times(asked, "");
        return times.get(times.size() - 1);
    }

    private static List<Long> gaps(List<Long> times) {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i) - times.get(i - 1));
        }
        return gaps;
    }
}
