package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.Provenance;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final long SECOND = ofSeconds(1).toNanos();
    private static final MonitorOptions WHOLE_EACH_SECOND =
            MonitorOptions.DEFAULTS.withInterval(ofSeconds(1)).withWholeInterval(ofSeconds(1));

    private final FakeFleet fleet = new FakeFleet();
    private final Told told = Told.nothing();

    @Test
    void aGaugeHasItsHighestAndItsMeanValueOfTheLastMinute() {
        GaugeRing ring = GaugeRing.empty(60 * SECOND, 15 * SECOND);
        ring = ring.with(0, 9).with(15 * SECOND, 3).with(30 * SECOND, 6).with(45 * SECOND, 0);
        assertThat(ring.at(45 * SECOND)).isEqualTo(new GaugeWindow(9, 4.5, 4)); // 18 / 4
        assertThat(ring.at(60 * SECOND)).isEqualTo(new GaugeWindow(9, 4.5, 4));
        assertThat(ring.at(60 * SECOND + 1)).isEqualTo(new GaugeWindow(6, 3, 3)); // 9 / 3
        assertThat(ring.at(105 * SECOND)).isEqualTo(new GaugeWindow(0, 0, 1));
        assertThat(ring.at(105 * SECOND + 1)).isNull();
    }

    @Test
    void aRingOfSixtySlotsHoldsAMinuteOfTwentyValuesASecond() {
        GaugeRing ring = GaugeRing.empty(60 * SECOND, SECOND / 20);
        for (int tick = 0; tick < 20 * 300; tick++) {
            ring = ring.with(tick * SECOND / 20, tick == 20 * 200 ? 100 : tick % 2);
        }
        long end = (20 * 300 - 1) * SECOND / 20; // 299.95 s
        assertThat(ring.at(end)).isNotNull().satisfies(window -> {
            assertThat(window.max()).isEqualTo(1); // The 100 at 200 s was long ago.
            assertThat(window.mean()).isCloseTo(0.5, within(1e-9));
            assertThat(window.samples()).isBetween(1200L, 1220L); // 60 s, and up to a slot of one second more.
        });
        assertThat(ring.with(end + 1, 2).at(end + 1))
                .isNotNull()
                .extracting(GaugeWindow::max)
                .isEqualTo(2.0);
    }

    @Test
    void aPeakLeavesTheWindowAMinuteLater() {
        GaugeRing ring = GaugeRing.empty(60 * SECOND, SECOND);
        for (int second = 0; second <= 200; second++) {
            ring = ring.with(second * SECOND, second == 100 ? 50 : 1);
            GaugeWindow window = ring.at(second * SECOND);
            assertThat(window).isNotNull();
            assertThat(window.max()).isEqualTo(second >= 100 && second <= 160 ? 50 : 1);
        }
    }

    @Test
    void whatIsUnknownOrImpossibleIsNotInTheWindow() {
        GaugeRing ring = GaugeRing.empty(60 * SECOND, SECOND);
        ring = ring.with(0, null).with(1, Double.NaN).with(2, Double.POSITIVE_INFINITY);
        assertThat(ring.at(3)).isNull();
        assertThat(ring.with(3, 2L).with(4, null).at(5)).isEqualTo(new GaugeWindow(2, 2, 1));
    }

    @Test
    void timeMayHaveAnyOrigin() {
        GaugeRing ring = GaugeRing.empty(60 * SECOND, SECOND);
        long start = -90 * SECOND;
        ring = ring.with(start, 4).with(start + 30 * SECOND, 8);
        assertThat(ring.at(start + 60 * SECOND)).isEqualTo(new GaugeWindow(8, 6, 2));
        assertThat(ring.at(start + 61 * SECOND)).isEqualTo(new GaugeWindow(8, 8, 1));
    }

    @Test
    void showsPeaksThatTheLatestValueNoLongerHas() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.load(2, 0, 0.2);
        fleet.run(monitor, ofSeconds(10));
        told.load(8, 12, 0.95);
        fleet.run(monitor, ofSeconds(1));
        told.load(2, 0, 0.2);
        fleet.run(monitor, ofSeconds(20));
        TargetWindow window = view(monitor).window();
        assertThat(known(window.waiting()).max()).isEqualTo(12);
        assertThat(known(window.kvUsage()).max()).isEqualTo(0.95);
        assertThat(known(window.running()).samples()).isEqualTo(32); // At 0, 0.5, 1.5, … 30.5 s.
        assertThat(known(window.running()).mean()).isCloseTo((31 * 2 + 8) / 32.0, within(1e-9));
        assertThat(known(view(monitor).metrics()).load().requestsWaiting()).isZero();
        fleet.run(monitor, ofSeconds(45));
        assertThat(known(view(monitor).window().waiting()).max()).isZero();
    }

    @Test
    void ratesAndLatenciesAreThoseOfTheWindowNotSinceTheStart() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.counts(1000, 0, 0).prefix(500, 1000).timeToFirstToken(buckets(1000, 1000, 1000, 100)); // All below 0.1 s.
        fleet.run(monitor, ofMillis(500)); // The page at 0 s.
        told.counts(1010, 0, 0)
                .prefix(530, 1040)
                .timeToFirstToken(buckets(1000, 1010, 1010, 105)); // Ten of 0.1 to 1 s.
        fleet.run(monitor, ofMillis(10_200)); // Now it is 10.7 s, and the last page is of 10.5 s.
        TargetWindow window = view(monitor).window();
        assertThat(window.length()).isEqualTo(ofMinutes(1));
        assertThat(window.covered()).isEqualTo(ofMillis(10_500));
        assertThat(known(window.rates()).requestsPerSecond()).isCloseTo(10 / 10.5, within(1e-9));
        Distribution first = known(window.latency().timeToFirstToken());
        assertThat(first.count()).isEqualTo(10);
        assertThat(first.mean()).isEqualTo(0.5);
        assertThat(first.quantile(0.5)).isCloseTo(0.55, within(1e-9)); // The middle of 0.1 to 1.
        assertThat(window.prefixHitRate()).isEqualTo(0.75); // 30 / 40
        assertThat(window.notes()).isEmpty();
        assertThat(window.latency().interToken()).isNull();
    }

    @Test
    void slideAlongAndStayAMinuteLong() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        for (int second = 0; second < 300; second++) {
            told.counts(second * 2L, 0, 0);
            fleet.run(monitor, ofSeconds(1));
        }
        TargetWindow window = view(monitor).window();
        assertThat(window.covered()).isBetween(ofSeconds(54), ofSeconds(66));
        assertThat(known(window.rates()).requestsPerSecond()).isCloseTo(2.0, within(1e-9));
    }

    @Test
    void stayAMinuteLongAtTheFleetsPaceToo() {
        EngineMonitor monitor =
                watch(WHOLE_EACH_SECOND.withInterval(ofSeconds(15)).withWholeInterval(ofSeconds(15)));
        for (int tick = 0; tick < 40; tick++) {
            told.counts(tick * 30L, 0, 0);
            fleet.run(monitor, ofSeconds(15));
        }
        TargetWindow window = view(monitor).window();
        assertThat(window.covered()).isBetween(ofSeconds(45), ofMinutes(1));
        assertThat(known(window.rates()).requestsPerSecond()).isCloseTo(2.0, within(1e-9));
    }

    @Test
    void keepFewPages() {
        EngineMonitor monitor =
                watch(WHOLE_EACH_SECOND.withInterval(ofMillis(50)).withWholeInterval(ofMillis(50)));
        Life life = Life.begin(Pace.of(MonitoredTarget.of("acme", "http://a:80"), monitor.options()));
        Pace pace = Pace.of(MonitoredTarget.of("acme", "http://a:80"), monitor.options());
        for (int tick = 0; tick < 20 * 200; tick++) {
            life = life.withWhole(new Timed(told.whole("a:80", FakeClock.START), tick * SECOND / 20), pace);
        }
        assertThat(life.pages()).hasSizeBetween(6, 8);
    }

    @Test
    void endWithTheEngineTheyAreOf() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.load(9, 9, 0.9).counts(1000, 0, 0).timeToFirstToken(buckets(0, 1000, 1000, 500));
        fleet.run(monitor, ofSeconds(20));
        told.load(1, 0, 0.1).counts(0, 0, 0).timeToFirstToken(buckets(0, 0, 0, 0));
        fleet.run(monitor, ofSeconds(3));
        TargetWindow window = view(monitor).window();
        assertThat(window.running()).isEqualTo(new GaugeWindow(1, 1, 3));
        assertThat(window.covered()).isEqualTo(ofSeconds(2));
        assertThat(known(window.latency().timeToFirstToken()).count()).isZero();
        assertThat(known(window.rates()).requestsPerSecond()).isZero();
    }

    @Test
    void areEmptyOnceNothingWasReadForAMinute() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.load(1, 1, 0.1).counts(5, 0, 0);
        fleet.run(monitor, ofSeconds(5));
        fleet.clock.advance(ofSeconds(61));
        TargetWindow window = view(monitor).window();
        assertThat(window.running()).isNull();
        assertThat(window.rates()).isNull();
        assertThat(window.covered()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aSumThatItsBucketsCannotMakeHasNoMeanAndSaysWhy() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.timeToFirstToken(buckets(10, 10, 10, 0.5));
        fleet.run(monitor, ofMillis(500));
        told.timeToFirstToken(buckets(12, 13, 13, 2165.5)); // Two below 0.1 s and one below 1 s: 1.2 s at most.
        fleet.run(monitor, ofSeconds(1));
        TargetWindow window = view(monitor).window();
        Distribution first = known(window.latency().timeToFirstToken());
        assertThat(first.mean()).isNull();
        assertThat(first.sum()).isNull();
        assertThat(first.count()).isEqualTo(3);
        assertThat(first.quantile(0.5)).isCloseTo(0.075, within(1e-9)); // 1.5 of 2 in the first bucket.
        assertThat(window.notes())
                .containsEntry(
                        "latency.time_to_first_token_seconds",
                        "the sum grew by 2165, which 3 observations in these buckets cannot make (1.200 at most)");
    }

    @Test
    void anObservationFarAboveTheHighestBucketIsAClock() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.timeToFirstToken(buckets(10, 10, 10, 0.5));
        fleet.run(monitor, ofMillis(500));
        told.timeToFirstToken(buckets(10, 10, 11, 2165.5));
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).window().notes())
                .containsEntry(
                        "latency.time_to_first_token_seconds",
                        "the sum grew by 2165, which 1 observations in these buckets cannot make (0 at most without the 1 above the highest bucket)");
        told.timeToFirstToken(buckets(10, 10, 11, 9.5)); // Nine seconds are much, and may be.
        EngineMonitor other = watch(WHOLE_EACH_SECOND);
        told.timeToFirstToken(buckets(10, 10, 10, 0.5));
        fleet.run(other, ofMillis(500));
        told.timeToFirstToken(buckets(10, 10, 11, 9.5));
        fleet.run(other, ofSeconds(1));
        assertThat(view(other).window().notes()).isEmpty();
        assertThat(known(view(other).window().latency().timeToFirstToken()).mean())
                .isEqualTo(9.0);
    }

    @Test
    void aPartThatLastsLongerThanAnyWholeRequestIsAClock() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.endToEnd = seconds(0, 0, 0, 0);
        told.prefill = seconds(0, 0, 0, 0);
        fleet.run(monitor, ofMillis(500));
        told.endToEnd = seconds(2, 2, 2, 3); // Two requests below 10 s.
        told.prefill = seconds(2, 2, 3, 2166); // And one more prefill, between 100 and 10,000 s.
        fleet.run(monitor, ofSeconds(1));
        TargetWindow window = view(monitor).window();
        assertThat(known(window.latency().prefill()).mean()).isNull();
        assertThat(known(window.latency().endToEnd()).mean()).isEqualTo(1.5);
        assertThat(window.notes().get("latency.prefill_seconds"))
                .isEqualTo(
                        "an observation of 100 s or more is longer than any whole request of the window: the host's clock, added for a request that the server aborted");
        told.endToEnd = seconds(2, 2, 3, 2169); // Were it a real request, the whole would have lasted as long.
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).window().notes()).isEmpty();
    }

    @Test
    void aSumThatTheBackendTookAwayIsExplainedInItsWords() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        told.prefill = seconds(1, 1, 1, 1);
        fleet.run(monitor, ofMillis(500));
        told.prefill = seconds(2, 2, 2, Double.NaN);
        told.provenance.put("latency.prefill_seconds", new Provenance("p", 1, "sum and mean left out"));
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).window().notes()).containsEntry("latency.prefill_seconds", "sum and mean left out");
        told.provenance.clear();
        fleet.run(monitor, ofSeconds(1));
        assertThat(view(monitor).window().notes())
                .containsEntry("latency.prefill_seconds", "the engine reports no sum");
    }

    @Test
    void eachModelHasItsOwn() {
        EngineMonitor monitor = watch(WHOLE_EACH_SECOND);
        Told m = Told.nothing().load(1, 0, 0.1).counts(0, 0, 0);
        Told n = Told.nothing().load(5, 4, 0.7).counts(0, 0, 0).timeToFirstToken(buckets(0, 0, 0, 0));
        told.load(6, 4, 0.7).counts(0, 0, 0).model("m", m).model("n", n);
        fleet.run(monitor, ofMillis(600));
        n.counts(4, 0, 0).timeToFirstToken(buckets(0, 4, 4, 2)).load(3, 1, 0.5);
        fleet.run(monitor, ofSeconds(1)); // The last page is of 1.5 s.
        assertThat(view(monitor).windowByModel()).containsOnlyKeys("m", "n");
        TargetWindow window = known(view(monitor).windowByModel().get("n"));
        assertThat(known(window.waiting())).isEqualTo(new GaugeWindow(4, 3, 3)); // 4, 4, 1.
        assertThat(known(window.latency().timeToFirstToken()).mean()).isEqualTo(0.5);
        assertThat(known(window.rates()))
                .extracting(EngineRates::requestsPerSecond)
                .isEqualTo(4 / 1.5);
        assertThat(known(view(monitor).windowByModel().get("m").kvUsage()).max())
                .isEqualTo(0.1);
    }

    private EngineMonitor watch(MonitorOptions options) {
        fleet.answer("a:80", () -> told);
        return fleet.monitor(options).add(MonitoredTarget.of("acme", "http://a:80"));
    }

    /** Cumulative counts at 0.1 s, 1 s and above. */
    private static Distribution buckets(double tenth, double one, double all, double sum) {
        return Distribution.ofHistogram(new double[] {0.1, 1, INF}, new double[] {tenth, one, all}, sum, all);
    }

    /** Cumulative counts at 10 s, 100 s and 10,000 s, none above. */
    private static Distribution seconds(double ten, double hundred, double tenThousand, double sum) {
        return Distribution.ofHistogram(
                new double[] {10, 100, 10_000, INF},
                new double[] {ten, hundred, tenThousand, tenThousand},
                sum,
                tenThousand);
    }

    private static TargetView view(EngineMonitor monitor) {
        return known(monitor.target("a:80"));
    }

    private static <T> T known(@Nullable T value) {
        assertThat(value).isNotNull();
        if (value == null) {
            throw new AssertionError();
        }
        return value;
    }
}
