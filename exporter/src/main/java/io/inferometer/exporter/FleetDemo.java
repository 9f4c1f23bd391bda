package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A small fleet of which one engine dies and comes back, as a monitor sees it. */
final class FleetDemo {
    static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;

    private final List<FakeEngine> engines;
    private final Consumer<FleetDemoStep> steps;
    private final long start = System.nanoTime();

    /**
     * A demo.
     *
     * @param engines the fleet, of which the first dies
     * @param steps hears what happens, one at a time
     */
    FleetDemo(List<FakeEngine> engines, Consumer<FleetDemoStep> steps) {
        this.engines = engines;
        this.steps = steps;
    }

    void run() throws InterruptedException {
        FakeEngine mortal = engines.get(0);
        MonitorOptions options = MonitorOptions.DEFAULTS
                .withInterval(INTERVAL)
                .withWholeInterval(INTERVAL)
                .withStaleAfter(INTERVAL.multipliedBy(3))
                .withDownAfter(INTERVAL.multipliedBy(6))
                .withBackoffMax(INTERVAL.multipliedBy(2));
        try (EngineMonitor monitor = Collectors.monitor(options)) {
            for (FakeEngine engine : engines) {
                monitor.add(MonitoredTarget.of(engine.engine(), engine.url()).withName(engine.engine()));
            }
            monitor.addListener(new Telling());
            monitor.start();
            for (FakeEngine engine : engines) {
                await(monitor, engine, TargetState.UP);
            }
            tell(FleetDemoStep.did(seconds(), mortal.engine(), "killed"));
            mortal.dropConnections();
            await(monitor, mortal, TargetState.DOWN);
            show(monitor);
            tell(FleetDemoStep.did(seconds(), mortal.engine(), "started again"));
            mortal.heal().restart();
            await(monitor, mortal, TargetState.UP);
            monitor.awaitScrapes(2, PATIENCE);
            show(monitor);
        }
    }

    private static void await(EngineMonitor monitor, FakeEngine engine, TargetState wanted)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            TargetView view = monitor.target(engine.engine());
            if (view != null && view.state() == wanted) {
                return;
            }
            Thread.sleep(INTERVAL.toMillis() / 10);
        }
    }

    private void show(EngineMonitor monitor) {
        tell(FleetDemoStep.saw(seconds(), monitor.targets()));
    }

    private synchronized void tell(FleetDemoStep step) {
        steps.accept(step);
    }

    private double seconds() {
        return (System.nanoTime() - start) / NANOS;
    }

    private final class Telling implements MonitorListener {
        @Override
        public void onStateChange(TargetView view, TargetState before) {
            tell(FleetDemoStep.became(seconds(), view.name(), before, view.state()));
        }
    }
}
