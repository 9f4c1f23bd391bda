package io.inferometer.benchmarks.fleet;

import io.inferometer.Collectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A router's point: many targets every 50 ms.
 *
 * <p>Whole pages first, then the load by filtered pages with a whole one every five seconds, then Go's expfmt on the same
 * targets; each against a fresh server.
 *
 * @param targets how many targets
 * @param warmup time before anything is counted, for each of the three
 * @param measured time that is counted, for each of the three
 * @param goLoop the program that reads with expfmt, or null to leave it out
 */
record RouterMode(
        int targets,
        Duration warmup,
        Duration measured,
        @Nullable String goLoop) {
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final double CORES_MAX = 0.5;
    private static final double LATE_PERCENT_MAX = 1;
    private static final double RATIO_MIN = 10;
    private static final double HEAP_GROWTH_MAX = 1.1;
    private static final double HEAP_GROWTH_BYTES = 4e6;
    private static final double MACHINE_FULL = 0.95;

    private record Run(
            MonitorSample sample, PageServer.Stats arrivals, double serverCores, long heapBefore, long heapAfter) {
        double machineShare() {
            return (sample.cores() + serverCores) / Runtime.getRuntime().availableProcessors();
        }

        double longGapPercent() {
            return arrivals.gaps() == 0 ? 100 : 100.0 * arrivals.longGaps() / arrivals.gaps();
        }
    }

    Verdict run() throws IOException, InterruptedException {
        Verdict verdict = new Verdict("router");
        int asked = targets;
        RouterMode mode = this;
        Run whole = mode.watch(INTERVAL);
        while (whole.machineShare() > MACHINE_FULL && whole.serverCores > whole.sample.cores()) {
            mode = new RouterMode(mode.targets / 2, warmup, measured, goLoop);
            whole = mode.watch(INTERVAL);
        }
        PageSequence pages = new PageSequence();
        verdict.figure(
                "%d targets x %d ms%s, %d of %d lines change",
                mode.targets,
                INTERVAL.toMillis(),
                mode.targets < asked ? " (%d asked, but the server filled the machine)".formatted(asked) : "",
                pages.changing(),
                pages.samples());
        mode.tellWhole(whole, verdict);
        mode.tellFiltered(mode.watch(Duration.ofSeconds(5)), verdict);
        mode.tellGo(whole, verdict);
        return verdict;
    }

    private void tellWhole(Run run, Verdict verdict) {
        MonitorSample sample = run.sample;
        double due = targets * sample.seconds() / INTERVAL.toMillis() * 1000;
        verdict.figure("whole pages of %.1f kB", sample.kilobytesPerScrape());
        verdict.bound(
                sample.cores() <= CORES_MAX * targets / Math.max(targets, 100),
                "%.3f cores (<= %.2f)",
                sample.cores(),
                CORES_MAX);
        verdict.figure(
                "%.0f us CPU a scrape, %.0f us of it reading the page",
                sample.microsPerScrape(), sample.parseSeconds() * 1e6 / sample.scrapes());
        verdict.bound(
                sample.failed() == 0 && sample.scrapes() >= 0.99 * due,
                "%d of %.0f scrapes, %d failed",
                sample.scrapes(),
                due,
                sample.failed());
        verdict.bound(
                sample.latePercent() <= LATE_PERCENT_MAX,
                "%.2f %% of ticks late by over 10 ms (<= %.0f %%)",
                sample.latePercent(),
                LATE_PERCENT_MAX);
        verdict.bound(
                run.longGapPercent() <= LATE_PERCENT_MAX,
                "at the server %.2f %% of gaps longer by that",
                run.longGapPercent());
        verdict.bound(
                run.heapAfter <= HEAP_GROWTH_MAX * run.heapBefore + HEAP_GROWTH_BYTES,
                "heap after GC %.1f MB, then %.1f MB",
                run.heapBefore / 1e6,
                run.heapAfter / 1e6);
        verdict.figure("server %.2f cores", run.serverCores);
    }

    private void tellFiltered(Run run, Verdict verdict) {
        MonitorSample sample = run.sample;
        verdict.bound(
                sample.failed() == 0 && sample.latePercent() <= LATE_PERCENT_MAX,
                "filtered pages (whole every 5 s): %.3f cores, %.0f us CPU a scrape, %.2f %% late, %d failed",
                sample.cores(),
                sample.microsPerScrape(),
                sample.latePercent(),
                sample.failed());
    }

    private void tellGo(Run whole, Verdict verdict) throws IOException, InterruptedException {
        if (goLoop == null) {
            verdict.figure("not compared with Go's expfmt: no Go here");
            return;
        }
        GoLoop.Result go;
        try (ServerProcess server = ServerProcess.start(targets, pagesNeeded(), INTERVAL)) {
            go = GoLoop.run(goLoop, server.port(), targets, INTERVAL, warmup, measured);
        }
        double ratio = go.microsPerScrape() / whole.sample.microsPerScrape();
        verdict.bound(
                ratio >= RATIO_MIN && go.failed() == 0,
                "Go net/http + expfmt on the same targets: %d of %.0f scrapes, %d failed, %.2f cores, %.0f us CPU a scrape = %.1f x ours (>= %.0f x)",
                go.completed(),
                targets * go.seconds() / INTERVAL.toMillis() * 1000,
                go.failed(),
                go.cpuSeconds() / go.seconds(),
                go.microsPerScrape(),
                ratio,
                RATIO_MIN);
    }

    private Run watch(Duration wholeInterval) throws IOException, InterruptedException {
        MonitorOptions options = MonitorOptions.DEFAULTS
                .withInterval(INTERVAL)
                .withWholeInterval(wholeInterval)
                .withTimeout(Duration.ofSeconds(5));
        try (ServerProcess server = ServerProcess.start(targets, pagesNeeded(), INTERVAL);
                EngineMonitor monitor = Collectors.monitor(options)) {
            monitor.add(targets(server));
            monitor.start();
            Thread.sleep(warmup.toMillis());
            long heapBefore = Proc.heapAfterGc();
            Thread.sleep(
                    Math.min(2_000, warmup.toMillis() / 4)); // The ticks that the collection delayed are not counted.
            server.reset();
            double serverCpu = server.cpuSeconds();
            MonitorSample sample = MonitorSample.over(measured, monitor);
            double serverCores = (server.cpuSeconds() - serverCpu) / sample.seconds();
            PageServer.Stats arrivals = server.stats();
            requireFreshPages(arrivals);
            requireRightValues(monitor, wholeInterval.equals(INTERVAL));
            return new Run(sample, arrivals, serverCores, heapBefore, Proc.heapAfterGc());
        }
    }

    private List<MonitoredTarget> targets(ServerProcess server) {
        return IntStream.range(0, targets)
                .mapToObj(
                        number -> MonitoredTarget.of("vllm", server.url(number)).withName("engine-" + number))
                .toList();
    }

    private int pagesNeeded() {
        return (int) (warmup.plus(measured).plusSeconds(6).toMillis() / INTERVAL.toMillis()) + 10;
    }

    private void requireFreshPages(PageServer.Stats arrivals) {
        if (arrivals.mostOfOne() > pagesNeeded()) {
            throw new IllegalStateException("The server ran out of pages that change.");
        }
    }

    /** A monitor that read nothing would be fast. */
    private void requireRightValues(EngineMonitor monitor, boolean withRates) {
        for (TargetView view : monitor.targets()) {
            var metrics = view.metrics();
            Long running = metrics == null ? null : metrics.load().requestsRunning();
            boolean right = running != null && running >= 2 * 64 && running < 2 * (64 + 60) && running % 2 == 0;
            if (!right || (withRates && view.rates() == null) || view.restarts() != 0) {
                throw new IllegalStateException("%s was read wrongly: %s".formatted(view.name(), view));
            }
        }
    }
}
