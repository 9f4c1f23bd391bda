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
import java.util.Locale;

/** A small fleet of which one engine dies and comes back, as a monitor sees it. */
final class FleetDemo {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS = 1e9;

    private final Output out;
    private final List<FakeEngine> engines;
    private final long start = System.nanoTime();

    FleetDemo(Output out, List<FakeEngine> engines) {
        this.out = out;
        this.engines = engines;
    }

    void run() throws InterruptedException {
        FakeEngine mortal = engines.get(0);
        MonitorOptions options = MonitorOptions.DEFAULTS
                .withInterval(INTERVAL)
                .withWholeInterval(INTERVAL)
                .withStaleAfter(INTERVAL.multipliedBy(3))
                .withDownAfter(INTERVAL.multipliedBy(6))
                .withBackoffMax(INTERVAL.multipliedBy(2));
        out.line("");
        out.line("a fleet, read every 200 ms, of which one engine dies and comes back");
        try (EngineMonitor monitor = Collectors.monitor(options)) {
            for (FakeEngine engine : engines) {
                monitor.add(MonitoredTarget.of(engine.engine(), engine.url()).withName(engine.engine()));
            }
            monitor.addListener(new Telling());
            monitor.start();
            for (FakeEngine engine : engines) {
                await(monitor, engine, TargetState.UP);
            }
            say("%s is killed".formatted(mortal.engine()));
            mortal.dropConnections();
            await(monitor, mortal, TargetState.DOWN);
            table(monitor);
            say("%s starts again".formatted(mortal.engine()));
            mortal.heal().restart();
            await(monitor, mortal, TargetState.UP);
            monitor.awaitScrapes(2, PATIENCE);
            table(monitor);
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

    private void table(EngineMonitor monitor) {
        TextTable table = new TextTable();
        table.row("  target", "state", "age", "running", "waiting", "tokens/s", "restarts", "");
        for (TargetView view : monitor.targets()) {
            Reading reading = Reading.of(view);
            table.row(
                    "  " + reading.name(),
                    reading.state().name(),
                    SaturationTable.age(reading.age()),
                    SaturationTable.number(reading.running()),
                    SaturationTable.number(reading.waiting()),
                    SaturationTable.number(reading.tokensPerSecond()),
                    String.valueOf(view.restarts()),
                    reading.error() == null ? "" : reading.error());
        }
        synchronized (this) {
            out.lines(table.lines());
        }
    }

    private synchronized void say(String text) {
        double seconds = (System.nanoTime() - start) / NANOS;
        out.line(String.format(Locale.ROOT, "  %4.1f s  %s", seconds, Printable.line(text)));
    }

    private final class Telling implements MonitorListener {
        @Override
        public void onStateChange(TargetView view, TargetState before) {
            say("%s: %s -> %s".formatted(view.name(), before, view.state()));
        }
    }
}
