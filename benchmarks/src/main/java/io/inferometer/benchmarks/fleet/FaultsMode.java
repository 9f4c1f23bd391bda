package io.inferometer.benchmarks.fleet;

import io.inferometer.Collectors;
import io.inferometer.collect.Limits;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.ScrapeFailure;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Many targets, a tenth of them broken, each in one of ten ways: nothing leaks, no healthy one is missed, every fault is named.
 *
 * @param targets how many targets
 * @param settling time until threads, sockets and heap are looked at for the first time
 * @param watched time until they are looked at again
 * @param limits how much is taken from a target
 */
record FaultsMode(int targets, Duration settling, Duration watched, Limits limits) {
    private static final String HEALTHY = "healthy-";
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int QUEUE_MAX = 100_000;
    private static final int LOOKS = 20;
    private static final int LOOKS_APART_MILLIS = 250;
    private static final int THREADS_MORE = 8;
    private static final int FILES_MORE = 32;
    private static final double HEAP_GROWTH_MAX = 1.15;
    private static final double HEAP_GROWTH_BYTES = 10e6;
    private static final double TICKS_MIN = 0.97;

    private record Usage(int threads, int files, long heap) {
        /** The least of some seconds: what comes and goes is no leak. */
        static Usage atRest() throws InterruptedException {
            int threads = Integer.MAX_VALUE;
            int files = Integer.MAX_VALUE;
            for (int i = 0; i < LOOKS; i++) {
                Thread.sleep(LOOKS_APART_MILLIS);
                threads = Math.min(threads, Proc.threads());
                files = Math.min(files, Proc.openFiles());
            }
            return new Usage(threads, files, Proc.heapAfterGc());
        }
    }

    Verdict run() throws IOException, InterruptedException {
        Verdict verdict = new Verdict("faults");
        int broken = targets / 10;
        int healthy = targets - broken;
        int filesBefore = Proc.openFiles();
        Missed missed = new Missed();
        try (ServerProcess server = ServerProcess.start(healthy, 64, INTERVAL)) {
            MonitorOptions options = MonitorOptions.DEFAULTS
                    .withInterval(INTERVAL)
                    .withTimeout(TIMEOUT)
                    .withListenerQueueMax(QUEUE_MAX);
            EngineMonitor monitor =
                    new EngineMonitor(engine -> Collectors.forEngine(engine).withLimits(limits), options);
            try (monitor) {
                monitor.addListener(missed);
                monitor.add(all(server, healthy, broken));
                monitor.start();
                long start = System.nanoTime();
                Duration allUp = untilUp(monitor, healthy);
                Thread.sleep(Math.max(0, settling.toMillis() - (System.nanoTime() - start) / 1_000_000));
                Usage first = Usage.atRest();
                Thread.sleep(PAUSE.toMillis()); // A collection of the whole heap is no engine's fault.
                missed.watching = true;
                Map<String, Long> ticksBefore = ticks(monitor);
                MonitorSample sample = MonitorSample.over(watched, monitor);
                missed.watching = false;
                long leastTicks = leastTicks(monitor, ticksBefore);
                List<TargetView> views = monitor.targets();
                verdict.figure(
                        "%d targets x %d s, %d of them broken in %d ways, for %.0f s",
                        targets, INTERVAL.toSeconds(), broken, Fault.values().length, watched.toMillis() / 1e3);
                tellLeaks(first, Usage.atRest(), verdict);
                tellHealthy(missed, leastTicks, sample, verdict);
                tellFaults(views, verdict);
                verdict.bound(
                        allUp.compareTo(settling) < 0, "all healthy ones UP after %.1f s", allUp.toMillis() / 1e3);
                verdict.figure("%.3f cores, %.2f %% of ticks late", sample.cores(), sample.latePercent());
            }
            int threads = monitor.stats().threads();
            verdict.bound(threads == 0, "%d threads of the monitor after close()", threads);
        }
        int files = filesAfter(filesBefore + FILES_MORE);
        verdict.bound(files <= filesBefore + FILES_MORE, "%d open files before, %d after close()", filesBefore, files);
        return verdict;
    }

    private static long healthyUp(EngineMonitor monitor) {
        return monitor.targets().stream()
                .filter(view -> view.name().startsWith(HEALTHY) && view.state() == TargetState.UP)
                .count();
    }

    /** How long it takes until all healthy targets are UP, no longer than it may. */
    private Duration untilUp(EngineMonitor monitor, int wanted) throws InterruptedException {
        long start = System.nanoTime();
        Duration passed = Duration.ZERO;
        while (passed.compareTo(settling) < 0 && healthyUp(monitor) < wanted) {
            Thread.sleep(LOOKS_APART_MILLIS);
            passed = Duration.ofNanos(System.nanoTime() - start);
        }
        return passed;
    }

    private static void tellLeaks(Usage first, Usage last, Verdict verdict) {
        verdict.bound(last.threads <= first.threads + THREADS_MORE, "threads %d, then %d", first.threads, last.threads);
        verdict.bound(last.files <= first.files + FILES_MORE, "files and sockets %d, then %d", first.files, last.files);
        verdict.bound(
                last.heap <= HEAP_GROWTH_MAX * first.heap + HEAP_GROWTH_BYTES,
                "heap after GC %.1f MB, then %.1f MB",
                first.heap / 1e6,
                last.heap / 1e6);
    }

    private void tellHealthy(Missed missed, long leastTicks, MonitorSample sample, Verdict verdict) {
        double due = sample.seconds() / INTERVAL.toSeconds();
        verdict.bound(
                missed.left.isEmpty() && missed.failed.isEmpty(),
                "%d healthy targets ever left UP, %d ever failed",
                missed.left.size(),
                missed.failed.size());
        verdict.bound(
                missed.leftEarly.isEmpty() && missed.failedEarly.isEmpty(),
                "in the %d s before, while the machine compiled, %d left UP and %d failed",
                settling.toSeconds(),
                missed.leftEarly.size(),
                missed.failedEarly.size());
        verdict.bound(
                leastTicks >= TICKS_MIN * due - 1,
                "the least scraped healthy target %d times of %.0f",
                leastTicks,
                due);
    }

    private static void tellFaults(List<TargetView> views, Verdict verdict) {
        Map<Fault, String> misnamed = new LinkedHashMap<>();
        Set<String> named = new TreeSet<>();
        for (TargetView view : views) {
            if (!view.name().startsWith(HEALTHY)) {
                Fault fault = Fault.valueOf(view.name().substring(0, view.name().indexOf('-')));
                String found = found(view);
                if (isNamed(fault, view)) {
                    named.add(fault.word() + " as " + found);
                } else {
                    misnamed.put(fault, view.name() + ": " + found);
                }
            }
        }
        verdict.bound(
                misnamed.isEmpty(),
                misnamed.isEmpty() ? "every fault named: %s" : "faults not named: %s",
                misnamed.isEmpty() ? String.join(", ", named) : misnamed);
    }

    private static boolean isNamed(Fault fault, TargetView view) {
        ScrapeFailure failure = view.lastFailure();
        if (fault.kind == null) {
            EngineSnapshot latest = view.latest();
            return latest != null && latest.header().unreadableLines() > 0;
        }
        return failure != null
                && failure.kind() == fault.kind
                && failure.message().contains(fault.words)
                && view.goodScrapes() == 0;
    }

    private static String found(TargetView view) {
        ScrapeFailure failure = view.lastFailure();
        EngineSnapshot latest = view.latest();
        if (failure != null) {
            return failure.kind().word();
        }
        return latest == null
                ? "nothing"
                : "a page with %d unreadable lines".formatted(latest.header().unreadableLines());
    }

    private List<MonitoredTarget> all(ServerProcess server, int healthy, int broken) throws IOException {
        List<MonitoredTarget> all = new ArrayList<>();
        for (int i = 0; i < healthy; i++) {
            all.add(MonitoredTarget.of("vllm", server.url(i)).withName(HEALTHY + i));
        }
        int closed = closedPort();
        List<Fault> kinds = List.of(Fault.values());
        for (int i = 0; i < broken; i++) {
            Fault fault = kinds.get(i % kinds.size());
            all.add(MonitoredTarget.of("vllm", fault.url(i, server.port(), closed))
                    .withName(fault.name() + "-" + i));
        }
        return all;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Map<String, Long> ticks(EngineMonitor monitor) {
        Map<String, Long> ticks = new LinkedHashMap<>();
        monitor.targets().forEach(view -> ticks.put(view.name(), view.goodScrapes()));
        return ticks;
    }

    private static long leastTicks(EngineMonitor monitor, Map<String, Long> before) {
        return monitor.targets().stream()
                .filter(view -> view.name().startsWith(HEALTHY))
                .mapToLong(view -> view.goodScrapes() - before.getOrDefault(view.name(), 0L))
                .min()
                .orElse(0);
    }

    /** Sockets that were closed are gone a moment later. */
    private static int filesAfter(int wanted) throws InterruptedException {
        int files = Proc.openFiles();
        for (int i = 0; i < 50 && files > wanted; i++) {
            Thread.sleep(100);
            files = Proc.openFiles();
        }
        return files;
    }

    /** Healthy targets that were not what they should be, if only once. */
    private static final class Missed implements MonitorListener {
        private final Set<String> left = ConcurrentHashMap.newKeySet();
        private final Set<String> failed = ConcurrentHashMap.newKeySet();
        private final Set<String> leftEarly = ConcurrentHashMap.newKeySet();
        private final Set<String> failedEarly = ConcurrentHashMap.newKeySet();
        private volatile boolean watching;

        @Override
        public void onStateChange(TargetView view, TargetState before) {
            if (view.name().startsWith(HEALTHY) && view.state() != TargetState.UP) {
                (watching ? left : leftEarly).add(view.name());
            }
        }

        @Override
        public void onFailure(TargetView view) {
            if (view.name().startsWith(HEALTHY)) {
                (watching ? failed : failedEarly).add(view.name());
            }
        }
    }
}
