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
    private static final int SCRAPES = 400;
    private static final int ROUNDS = 4;
    private static final double CHEAPER = 8;
    private static final double CHEAPER_WHERE_OTHERS_WORK = 2.5;

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

    /** What one scrape of each kind costs the API server, in milliseconds of CPU, while others use a share of the machine. */
    private record Cost(double wholeMillis, double partMillis, double otherWork) {}

    /**
     * A small answer costs the more, the more often the processor was used by others since the last one: its caches are cold
     * then. So the quietest round counts, and where none was quiet, less is asked of it.
     */
    private void cost() {
        try (WatchedTarget wholes = watch();
                WatchedTarget parts = watch()) {
            Cost quietest = cost(wholes, parts);
            for (int i = 1; i < ROUNDS && quietest.otherWork() > OtherWork.IDLE; i++) {
                Cost next = cost(wholes, parts);
                quietest = next.otherWork() < quietest.otherWork() ? next : quietest;
            }
            boolean idle = quietest.otherWork() <= OtherWork.IDLE;
            double cheaper = idle ? CHEAPER : CHEAPER_WHERE_OTHERS_WORK;
            String others = ", since others used %.0f %% of the machine".formatted(100 * quietest.otherWork());
            facts.that(
                    "filtered",
                    "the API server's CPU a scrape",
                    "at least %.0f times less, by /proc/PID/stat%s".formatted(cheaper, idle ? "" : others),
                    "whole page %.2f ms".formatted(quietest.wholeMillis()),
                    "part %.2f ms".formatted(quietest.partMillis()),
                    quietest.wholeMillis() > 0 && quietest.wholeMillis() >= cheaper * quietest.partMillis());
        }
    }

    private Cost cost(WatchedTarget wholes, WatchedTarget parts) {
        OtherWork others = OtherWork.beside(run.engine());
        double whole = cpuMillis(wholes::collect, SnapshotSource.WHOLE_PAGE);
        double part = cpuMillis(() -> parts.collect(LOAD), SnapshotSource.FILTERED_PAGE);
        return new Cost(whole, part, others.share());
    }

    /** CPU for one scrape of a kind; the few of another kind in between are paid for by these. */
    private double cpuMillis(Supplier<EngineSnapshot> scrape, SnapshotSource kind) {
        Duration before = run.engine().ownCpu();
        int scrapes = 0;
        for (int i = 0; i < SCRAPES; i++) {
            scrapes += scrape.get().header().source() == kind ? 1 : 0;
        }
        double used = run.engine().ownCpu().minus(before).toNanos();
        return scrapes == 0 ? Double.NaN : used / 1e6 / scrapes;
    }

    private WatchedTarget watch() {
        return Collectors.forEngine("vllm").watch(Target.of(run.engine().url()));
    }
}
