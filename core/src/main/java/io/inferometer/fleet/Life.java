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
 * @param rated the two whole pages between which the rates up to the last one lie; null until there are two
 */
record Life(
        @Nullable Timed last,
        Gauges gauges,
        Map<String, Gauges> gaugesByModel,
        List<Timed> pages,
        @Nullable Timed rateBase,
        @Nullable Timed olderRateBase,
        @Nullable Between rated) {
    private static final int PAGES_PER_WINDOW = 6;

    /** Two pages; how fast counts grew is worked out for those who ask. */
    record Between(Timed from, Timed to) {
        EngineRates rates() {
            return Life.between(from, to);
        }
    }

    static Life begin(Pace pace) {
        return new Life(null, Gauges.empty(pace), Map.of(), List.of(), null, null, null);
    }

    /**
     * Whether a snapshot is of another life of the engine, or of another engine.
     *
     * <p>The engine as a whole is looked at each time; its models and ranks whenever rates get a new base from a whole page, which
     * is often enough to see that one of them began anew.
     */
    boolean endedBefore(Timed now, boolean wholePage, Pace pace) {
        if (last == null) {
            return false;
        }
        boolean partsToo = wholePage && rateBase != null && needsNewBase(now, pace);
        EngineSnapshot before = last.snapshot();
        EngineSnapshot after = now.snapshot();
        return !before.engine().equals(after.engine())
                || !before.instanceId().equals(after.instanceId())
                || EngineRates.restartedAsAWhole(before, after)
                || (partsToo && rateBase != null && EngineRates.restarted(rateBase.snapshot(), after));
    }

    /** With a snapshot that was asked for the load alone. */
    Life withLoad(Timed now, Pace pace) {
        Timed compared = last == null ? now : last;
        return new Life(
                compared,
                gauges.with(now.nanos(), now.snapshot().common().pulse()),
                byModel(now, pace),
                pages,
                rateBase,
                olderRateBase,
                rated);
    }

    /** With a snapshot of the whole page. */
    Life withWhole(Timed now, Pace pace) {
        Timed base = rateBase;
        boolean baseIsOld = needsNewBase(now, pace);
        Timed from = baseIsOld || olderRateBase == null ? base : olderRateBase;
        return new Life(
                last == null ? now : new Timed(Past.remembering(last.snapshot(), now.snapshot()), now.nanos()),
                gauges.with(now.nanos(), now.snapshot().common().pulse()),
                byModel(now, pace),
                pagesWith(now, baseIsOld, pace),
                baseIsOld
                        ? new Timed(Past.counts(base == null ? null : base.snapshot(), now.snapshot()), now.nanos())
                        : base,
                baseIsOld ? base : olderRateBase,
                from == null ? null : new Between(from, now));
    }

    private boolean needsNewBase(Timed now, Pace pace) {
        return rateBase == null || now.nanos() - rateBase.nanos() >= nearly(pace.ratesOver(), pace);
    }

    /** How fast counts grew up to the last whole page; null until there are two. */
    @Nullable
    EngineRates rates() {
        return rated == null ? null : rated.rates();
    }

    /**
     * The page before {@code last} with which a window that began at {@code start} begins: the nearest to that. Sums over other
     * models or ranks than on {@code last} are not compared with it: then there is none.
     */
    @Nullable
    Timed windowBase(Timed last, long start) {
        Timed best = null;
        for (Timed page : pages) {
            boolean nearer = best == null || Math.abs(page.nanos() - start) < Math.abs(best.nanos() - start);
            if (page.nanos() < last.nanos() && nearer) {
                best = page;
            }
        }
        return best == null || hasPartsOf(best.snapshot(), last.snapshot()) ? best : null;
    }

    static EngineRates between(Timed from, Timed to) {
        return EngineRates.between(from.snapshot(), to.snapshot(), Duration.ofNanos(to.nanos() - from.nanos()));
    }

    /** Where models or ranks came or went, windows begin anew; those are looked at whenever rates get a new base. */
    private List<Timed> pagesWith(Timed now, boolean lookAtParts, Pace pace) {
        boolean begins =
                pages.isEmpty() || (lookAtParts && !hasPartsOf(pages.get(0).snapshot(), now.snapshot()));
        long apart = pace.window() / PAGES_PER_WINDOW;
        boolean tooSoon = !begins && now.nanos() - pages.get(pages.size() - 1).nanos() < nearly(apart, pace);
        if (tooSoon) {
            return pages;
        }
        List<Timed> kept = begins ? new ArrayList<>() : new ArrayList<>(pages);
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
