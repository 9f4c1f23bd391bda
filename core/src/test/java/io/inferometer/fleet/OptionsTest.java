package io.inferometer.fleet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inferometer.collect.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void aTargetIsNamedByHostAndPortAndFindsOutItsEngineUnlessToldOtherwise() {
        MonitoredTarget target = MonitoredTarget.of("http://gpu-7:8080/metrics?token=1");
        assertThat(target.name()).isEqualTo("gpu-7:8080");
        assertThat(target.engine()).isEqualTo("auto");
        assertThat(target.labels()).isEmpty();
        assertThat(target.interval()).isNull();
        MonitoredTarget other =
                MonitoredTarget.of(" vLLM ", "http://gpu-7:8000").withName("replica-3");
        assertThat(other.name()).isEqualTo("replica-3");
        assertThat(other.engine()).isEqualTo("vllm");
        assertThat(other.target()).isEqualTo(Target.of("http://gpu-7:8000"));
    }

    @Test
    void aTargetHasLabelsAndAPaceOfItsOwn() {
        Map<String, String> more = new LinkedHashMap<>(Map.of("zone", "b"));
        MonitoredTarget target = MonitoredTarget.of("vllm", "http://gpu-7:8000")
                .withLabel("model", "llama")
                .withLabel("zone", "a")
                .withLabels(more)
                .withInterval(ofMillis(50))
                .withWholeInterval(ofSeconds(2))
                .withTimeout(ofSeconds(1));
        more.put("zone", "c");
        assertThat(target.labels()).containsExactly(Map.entry("model", "llama"), Map.entry("zone", "b"));
        assertThat(target.label("model")).isEqualTo("llama");
        assertThat(target.label("cost")).isNull();
        Pace pace = Pace.of(target, MonitorOptions.DEFAULTS);
        assertThat(pace.interval()).isEqualTo(50_000_000);
        assertThat(pace.whole()).isEqualTo(2_000_000_000);
        assertThat(pace.timeout()).isEqualTo(ofSeconds(1));
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitoredTarget.of("vllm", "http://a:1").withName(" "))
                .withMessage(
                        "A target needs a name and an engine; found name ' ' and engine 'vllm'. Use host:port and \"auto\" where nothing better is known.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitorOptions.DEFAULTS.withInterval(ofMillis(9)))
                .withMessage("interval must be 10 ms or more; found PT0.009S. Use Duration.ofSeconds(1), say.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitorOptions.DEFAULTS.withTimeout(Duration.ZERO))
                .withMessage(
                        "timeout must be more than zero and a day at most; found PT0S. Use Duration.ofSeconds(5), say.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitorOptions.DEFAULTS.withBackoffMax(Duration.ofDays(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitorOptions.DEFAULTS.withWindow(ofMillis(999)))
                .withMessage("window must be a second or more; found PT0.999S. Use Duration.ofMinutes(1), say.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MonitorOptions.DEFAULTS.withThreadsMax(1))
                .withMessage("threadsMax must be 2 or more; found 1.");
        assertThatIllegalArgumentException().isThrownBy(() -> MonitorOptions.DEFAULTS.withListenerQueueMax(0));
    }

    @Test
    void optionsAreCopiesAndKeepWhatWasSet() {
        MonitorOptions options = MonitorOptions.DEFAULTS
                .withInterval(ofMillis(100))
                .withWholeInterval(ofSeconds(3))
                .withTimeout(ofSeconds(2))
                .withBackoffMax(ofSeconds(9))
                .withStaleAfter(ofSeconds(4))
                .withDownAfter(ofSeconds(8))
                .withWindow(ofSeconds(30))
                .withRatesOver(ofSeconds(2))
                .withListenerQueueMax(7)
                .withThreadsMax(9)
                .withCloseTimeout(ofSeconds(1));
        assertThat(options.interval()).isEqualTo(ofMillis(100));
        assertThat(options.wholeInterval()).isEqualTo(ofSeconds(3));
        assertThat(options.timeout()).isEqualTo(ofSeconds(2));
        assertThat(options.backoffMax()).isEqualTo(ofSeconds(9));
        assertThat(options.staleAfter()).isEqualTo(ofSeconds(4));
        assertThat(options.downAfter()).isEqualTo(ofSeconds(8));
        assertThat(options.window()).isEqualTo(ofSeconds(30));
        assertThat(options.ratesOver()).isEqualTo(ofSeconds(2));
        assertThat(options.listenerQueueMax()).isEqualTo(7);
        assertThat(options.threadsMax()).isEqualTo(9);
        assertThat(options.closeTimeout()).isEqualTo(ofSeconds(1));
        assertThat(options.executor()).isNull();
        assertThat(options.clock()).isSameAs(MonitorClock.system());
        assertThat(MonitorOptions.DEFAULTS.interval()).isEqualTo(ofSeconds(1));
        assertThat(MonitorOptions.DEFAULTS.staleAfter()).isNull();
    }

    @Test
    void theSystemsClockGoesOn() {
        MonitorClock clock = MonitorClock.system();
        assertThat(clock.now())
                .isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
        assertThat(clock.nanoTime() - System.nanoTime()).isBetween(-1_000_000_000L, 1_000_000_000L);
    }

    @Test
    void statsCountBytesAndTime() {
        FakeFleet fleet = new FakeFleet();
        EngineMonitor monitor = fleet.monitor(MonitorOptions.DEFAULTS).add(MonitoredTarget.of("acme", "http://a:80"));
        fleet.answer("a:80", () -> {
            fleet.clock.advance(ofMillis(3));
            return Told.nothing();
        });
        fleet.run(monitor, ofMillis(1700)); // At 0, 0.5 and 1.5 s.
        MonitorStats stats = monitor.stats();
        assertThat(stats.targets()).isEqualTo(1);
        assertThat(stats.scrapes()).isEqualTo(3);
        assertThat(stats.failed()).isZero();
        assertThat(stats.wholeScrapes()).isEqualTo(1);
        assertThat(stats.loadScrapes()).isEqualTo(2);
        assertThat(stats.bytes()).isEqualTo(3000); // A thousand each, say these engines.
        assertThat(stats.parseTime()).isEqualTo(Duration.ofNanos(90_000));
        assertThat(stats.scrapeTime()).isEqualTo(ofMillis(9));
        assertThat(stats.lateTicks()).isZero();
        assertThat(stats.threads()).isZero();
    }
}
