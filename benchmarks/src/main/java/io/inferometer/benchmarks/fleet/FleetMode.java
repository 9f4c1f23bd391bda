package io.inferometer.benchmarks.fleet;

import io.inferometer.Collectors;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A fleet's point: many targets, whole pages now and then; and how CPU and memory grow when there are ten times as many.
 *
 * @param sizes how many targets, one monitor after another; the last is the one with bounds
 * @param interval time between two scrapes of a target
 * @param warmup time before anything is counted: long enough that windows are full
 * @param measured time that is counted
 */
record FleetMode(List<Integer> sizes, Duration interval, Duration warmup, Duration measured) {
    private static final double CORES_MAX = 2;
    private static final double LATE_PERCENT_MAX = 1;
    private static final double RETAINED_KILOBYTES_MAX = 50;
    private static final int SNAPSHOTS = 500;

    private record Run(int targets, MonitorSample sample, long heapBytes, long residentBytes, int threads) {
        double kilobytesPerTarget() {
            return heapBytes / 1e3 / targets;
        }
    }

    /** The table stands on the lines before the result line. */
    Verdict run() throws IOException, InterruptedException {
        Verdict verdict = new Verdict("fleet");
        List<Run> runs = new ArrayList<>();
        for (int size : sizes) {
            runs.add(watch(size));
        }
        double snapshot = snapshotKilobytes();
        tellGrowth(runs, snapshot);
        Run last = runs.get(runs.size() - 1);
        MonitorSample sample = last.sample;
        double due = last.targets * sample.seconds() / (interval.toMillis() / 1e3);
        verdict.figure(
                "%d targets x %.0f s, whole pages of %.1f kB",
                last.targets, interval.toMillis() / 1e3, sample.kilobytesPerScrape());
        verdict.bound(sample.cores() <= CORES_MAX, "%.3f cores (<= %.0f)", sample.cores(), CORES_MAX);
        verdict.bound(
                sample.failed() == 0 && sample.scrapes() >= 0.95 * due,
                "%d of %.0f scrapes, %d failed, %.0f us CPU a scrape",
                sample.scrapes(),
                due,
                sample.failed(),
                sample.microsPerScrape());
        verdict.bound(
                sample.latePercent() <= LATE_PERCENT_MAX,
                "%.2f %% of ticks late by over 10 ms (<= %.0f %%)",
                sample.latePercent(),
                LATE_PERCENT_MAX);
        double beyond = last.kilobytesPerTarget() - snapshot;
        verdict.bound(
                beyond <= RETAINED_KILOBYTES_MAX,
                "%.1f kB retained per target beyond its snapshot of %.1f kB (<= %.0f kB; heap after GC with the targets less heap after GC of the same monitor without, by target, less the heap that %d snapshots of such targets take when nothing but they is kept)",
                beyond,
                snapshot,
                RETAINED_KILOBYTES_MAX,
                SNAPSHOTS);
        verdict.figure("%.0f MB resident, %d threads", last.residentBytes / 1e6, last.threads);
        return verdict;
    }

    private static void tellGrowth(List<Run> runs, double snapshot) {
        System.out.printf(
                "%-8s %10s %12s %14s %22s %12s %8s%n",
                "targets", "cores", "scrapes/s", "us CPU/scrape", "kB/target - snapshot", "MB resident", "threads");
        for (Run run : runs) {
            System.out.printf(
                    Locale.ROOT,
                    "%-8d %10.4f %12.1f %14.0f %22.1f %12.0f %8d%n",
                    run.targets,
                    run.sample.cores(),
                    run.sample.scrapes() / run.sample.seconds(),
                    run.sample.microsPerScrape(),
                    run.kilobytesPerTarget() - snapshot,
                    run.residentBytes / 1e6,
                    run.threads);
        }
    }

    private Run watch(int targets) throws IOException, InterruptedException {
        MonitorOptions options = MonitorOptions.DEFAULTS.withInterval(interval).withWholeInterval(interval);
        try (ServerProcess server = ServerProcess.start(targets, pagesNeeded(), interval);
                EngineMonitor monitor = Collectors.monitor(options)) {
            monitor.start();
            long heapWithout = Proc.heapAfterGc();
            monitor.add(IntStream.range(0, targets)
                    .mapToObj(number ->
                            MonitoredTarget.of("vllm", server.url(number)).withName("engine-" + number))
                    .toList());
            Thread.sleep(warmup.toMillis());
            MonitorSample sample = MonitorSample.over(measured, monitor);
            long heapWith = Proc.heapAfterGc();
            return new Run(
                    targets,
                    sample,
                    heapWith - heapWithout,
                    Proc.residentBytes(),
                    monitor.stats().threadsMax());
        }
    }

    /** What a snapshot takes by itself, the objects that it shares with nobody else. */
    private double snapshotKilobytes() throws IOException {
        try (ServerProcess server = ServerProcess.start(SNAPSHOTS, 4, interval)) {
            MetricsCollector collector = Collectors.forEngine("vllm");
            collector.collect(server.url(0)); // What is made once, such as classes, is not counted.
            List<EngineSnapshot> kept = new ArrayList<>(SNAPSHOTS);
            long without = Proc.heapAfterGc();
            for (int i = 0; i < SNAPSHOTS; i++) {
                kept.add(collector.collect(server.url(i)));
            }
            long with = Proc.heapAfterGc();
            if (kept.size() != SNAPSHOTS) {
                throw new IllegalStateException("All snapshots are kept until here.");
            }
            return (with - without) / 1e3 / SNAPSHOTS;
        }
    }

    private int pagesNeeded() {
        return (int) (warmup.plus(measured).toMillis() / interval.toMillis()) + 4;
    }
}
