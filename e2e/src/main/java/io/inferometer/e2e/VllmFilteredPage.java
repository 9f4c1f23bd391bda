package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** The part of the page that vLLM gives where it is asked for names. */
final class VllmFilteredPage {
    private static final Set<MetricGroup> LOAD = EnumSet.of(MetricGroup.LOAD);
    private static final int WARMING_UP = 50;
    private static final int SCRAPES = 400;
    private static final Duration UNASKED = Duration.ofSeconds(3);
    private static final double CHEAPER = 8;

    private final VllmRun run;
    private final Facts facts;

    VllmFilteredPage(VllmRun run) {
        this.run = run;
        this.facts = run.facts();
    }

    /** It says what the whole page says, idle and busy, and costs the engine less. */
    void judge(int open) throws InterruptedException {
        try (WatchedTarget watch = watch()) {
            EngineSnapshot whole = watch.collect(LOAD);
            EngineSnapshot part = watch.collect(LOAD);
            facts.that(
                    "filtered",
                    "source",
                    "first whole, then a part",
                    SnapshotSource.WHOLE_PAGE + ", " + SnapshotSource.FILTERED_PAGE,
                    whole.header().source() + ", " + part.header().source(),
                    whole.header().source() == SnapshotSource.WHOLE_PAGE
                            && part.header().source() == SnapshotSource.FILTERED_PAGE);
            same("idle", run.metrics(), part.metrics());
            try (SteadyLoad load = new SteadyLoad(run.engine().url(), open, VllmRun.longAsk("held"))) {
                EngineMetrics busy = run.awaitLoad(open, 0);
                EngineSnapshot now = watch.collect(LOAD);
                facts.that(
                        "filtered",
                        "source",
                        "a part while requests are open",
                        SnapshotSource.FILTERED_PAGE,
                        now.header().source(),
                        now.header().source() == SnapshotSource.FILTERED_PAGE);
                same("busy", busy, now.metrics());
            }
        }
        run.settled();
        cost();
    }

    /** Neither running nor waiting changes in steady load, so two scrapes say the same. */
    private void same(String step, EngineMetrics whole, EngineMetrics part) {
        facts.that(
                step,
                "filtered: load",
                "as on the whole page",
                whole.load(),
                part.load(),
                whole.load().equals(part.load()));
    }

    private void cost() throws InterruptedException {
        try (WatchedTarget wholes = watch();
                WatchedTarget parts = watch()) {
            for (int i = 0; i < WARMING_UP; i++) {
                wholes.collect();
                parts.collect(LOAD);
            }
            double unasked = unaskedShare();
            double whole = cpuMillis(wholes::collect, SnapshotSource.WHOLE_PAGE, unasked);
            double part = cpuMillis(() -> parts.collect(LOAD), SnapshotSource.FILTERED_PAGE, unasked);
            facts.that(
                    "filtered",
                    "the engine's CPU a scrape",
                    "at least 8 times less, by /proc/PID/stat, beyond what it uses unasked",
                    "whole page %.2f ms".formatted(whole),
                    "part %.2f ms".formatted(part),
                    whole > 0 && whole >= CHEAPER * part);
        }
    }

    /** CPU seconds that the engine uses in a second in which nobody asks. */
    private double unaskedShare() throws InterruptedException {
        long started = System.nanoTime();
        Duration before = run.engine().cpu();
        Thread.sleep(UNASKED.toMillis());
        return (double) run.engine().cpu().minus(before).toNanos() / (System.nanoTime() - started);
    }

    /** The engine's CPU for one scrape of a kind; the few of another kind in between are paid for by these. */
    private double cpuMillis(Supplier<EngineSnapshot> scrape, SnapshotSource kind, double unasked) {
        long started = System.nanoTime();
        Duration before = run.engine().cpu();
        int scrapes = 0;
        for (int i = 0; i < SCRAPES; i++) {
            scrapes += scrape.get().header().source() == kind ? 1 : 0;
        }
        double used = run.engine().cpu().minus(before).toNanos() - unasked * (System.nanoTime() - started);
        return scrapes == 0 ? Double.NaN : used / 1e6 / scrapes;
    }

    private WatchedTarget watch() {
        return Collectors.forEngine("vllm").watch(Target.of(run.engine().url()));
    }
}
