package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of an engine since it started, as far as windows and rates need it. A restart begins a new one, so that nothing
 * from before gets into them. Immutable.
 *
 * @param last with what the next snapshot is compared to see a restart; null at the very beginning
 * @param gauges gauges of the whole engine
 * @param gaugesByModel gauges per model
 * @param pages whole pages of the past, oldest first, a sixth of the window apart
 * @param rateBase the whole page from which the next rate is taken, once it is old enough
 * @param olderRateBase the one before, until then
 * @param rates the rates up to the last whole page
 */
record Life(
        @Nullable Timed last,
        Gauges gauges,
        Map<String, Gauges> gaugesByModel,
        List<Timed> pages,
        @Nullable Timed rateBase,
        @Nullable Timed olderRateBase,
        @Nullable EngineRates rates) {
    private static final int PAGES_PER_WINDOW = 6;

    static Life begin(Pace pace) {
        return new Life(null, Gauges.empty(pace), Map.of(), List.of(), null, null, null);
    }

    /** Whether a snapshot is of another life of the engine, or of another engine. */
    boolean endedBefore(EngineSnapshot now) {
        if (last == null) {
            return false;
        }
        EngineSnapshot before = last.snapshot();
        return !before.engine().equals(now.engine())
                || !before.instanceId().equals(now.instanceId())
                || EngineRates.restarted(before, now);
    }

    /** With a snapshot that was asked for the load alone. */
    Life withLoad(Timed now, Pace pace) {
        Timed compared = last == null ? now : last;
        return new Life(
                compared,
                gauges.with(now.nanos(), now.snapshot().metrics()),
                byModel(now, pace),
                pages,
                rateBase,
                olderRateBase,
                rates);
    }

    /** With a snapshot of the whole page. */
    Life withWhole(Timed now, Pace pace) {
        boolean samePages = pages.isEmpty() || hasPartsOf(pages.get(0).snapshot(), now.snapshot());
        Timed base = rateBase;
        boolean baseIsOld = base == null || now.nanos() - base.nanos() >= nearly(pace.ratesOver(), pace);
        Timed from = baseIsOld || olderRateBase == null ? base : olderRateBase;
        return new Life(
                last == null ? now : new Timed(Past.remembering(last.snapshot(), now.snapshot()), now.nanos()),
                gauges.with(now.nanos(), now.snapshot().metrics()),
                byModel(now, pace),
                pagesWith(samePages ? pages : List.of(), now, pace),
                baseIsOld ? new Timed(Past.counts(now.snapshot()), now.nanos()) : base,
                baseIsOld ? base : olderRateBase,
                from == null ? null : between(from, now));
    }

    /** The page before {@code last} with which a window that began at {@code start} begins: the nearest to that. */
    @Nullable
    Timed windowBase(Timed last, long start) {
        Timed best = null;
        for (Timed page : pages) {
            boolean nearer = best == null || Math.abs(page.nanos() - start) < Math.abs(best.nanos() - start);
            if (page.nanos() < last.nanos() && nearer) {
                best = page;
            }
        }
        return best;
    }

    static EngineRates between(Timed from, Timed to) {
        return EngineRates.between(from.snapshot(), to.snapshot(), Duration.ofNanos(to.nanos() - from.nanos()));
    }

    private static List<Timed> pagesWith(List<Timed> pages, Timed now, Pace pace) {
        long apart = pace.window() / PAGES_PER_WINDOW;
        boolean tooSoon =
                !pages.isEmpty() && now.nanos() - pages.get(pages.size() - 1).nanos() < nearly(apart, pace);
        if (tooSoon) {
            return pages;
        }
        List<Timed> kept = new ArrayList<>(pages);
        while (kept.size() > 1 && now.nanos() - kept.get(1).nanos() >= pace.window()) {
            kept.remove(0);
        }
        kept.add(new Timed(Past.distributions(now.snapshot()), now.nanos()));
        return List.copyOf(kept);
    }

    /** Pages come on a beat, a little early or late: half a tick is forgiven. */
    private static long nearly(long time, Pace pace) {
        return time - Math.min(pace.interval(), time) / 2;
    }

    /** Sums over other models or ranks than before are not compared: windows begin anew. */
    private static boolean hasPartsOf(EngineSnapshot before, EngineSnapshot now) {
        return before.byModel().keySet().equals(now.byModel().keySet())
                && before.byRank().keySet().equals(now.byRank().keySet());
    }

    private Map<String, Gauges> byModel(Timed now, Pace pace) {
        Map<String, EngineMetrics> parts = now.snapshot().byModel();
        if (parts.isEmpty()) {
            return Map.of();
        }
        Map<String, Gauges> all = new LinkedHashMap<>();
        parts.forEach((model, part) -> {
            Gauges before = gaugesByModel.getOrDefault(model, Gauges.empty(pace));
            all.put(model, before.with(now.nanos(), part));
        });
        return all;
    }
}
