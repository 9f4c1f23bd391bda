package io.inferometer.it;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.SaturationCollectorContract;
import java.time.Duration;
import java.util.List;

/** The direct source, over real sockets, on a clock that the test moves. */
class DirectSaturationContractTest extends SaturationCollectorContract {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Override
    protected Source over(List<Member> members) {
        DirectSource source = new DirectSource();
        for (Member member : members) {
            source.monitor.add(
                    MonitoredTarget.of(member.engine().engine(), member.engine().url())
                            .withName(member.name())
                            .withLabels(member.labels()));
        }
        return source;
    }

    @Override
    protected Source unavailable() {
        FakeEngine gone = FakeEngine.start("vllm");
        DirectSource source = new DirectSource();
        source.monitor.add(MonitoredTarget.of("vllm", gone.url()).withName("gone"));
        gone.close();
        source.read();
        return source;
    }

    @Override
    protected Source hanging() {
        return new HangingSource();
    }

    private static final class DirectSource implements Source {
        private final MovedClock clock = new MovedClock();
        private final EngineMonitor monitor = Collectors.monitor(MonitorOptions.DEFAULTS
                .withInterval(SECOND)
                .withWholeInterval(SECOND)
                .withBackoffMax(SECOND)
                .withClock(clock));

        @Override
        public SaturationCollector collector() {
            return SaturationCollectors.direct(monitor);
        }

        @Override
        public void read() {
            pass(SECOND);
        }

        @Override
        public void pass(Duration time) {
            for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(SECOND)) {
                clock.advance(SECOND);
                monitor.runDue();
            }
        }

        @Override
        public void close() {
            monitor.close();
        }
    }

    /** A monitor that runs by itself, and an engine that takes half a minute. */
    private static final class HangingSource implements Source {
        private final FakeEngine slow = FakeEngine.start("vllm").delay(Duration.ofSeconds(30));
        private final EngineMonitor monitor = Collectors.monitor(
                MonitorOptions.DEFAULTS.withTimeout(Duration.ofSeconds(29)).withCloseTimeout(Duration.ofSeconds(2)));

        HangingSource() {
            monitor.add(MonitoredTarget.of("vllm", slow.url())).start();
        }

        @Override
        public SaturationCollector collector() {
            return SaturationCollectors.direct(monitor);
        }

        @Override
        public void read() {
            throw new UnsupportedOperationException("It never answers in time.");
        }

        @Override
        public void pass(Duration time) {
            throw new UnsupportedOperationException("It runs in real time.");
        }

        @Override
        public void close() {
            monitor.close();
            slow.close();
        }
    }
}
