package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two pages between which a window lies, and the moment at which it is read. Immutable.
 *
 * @param from the page at its beginning; null when there are not two of the engine's present life within it
 * @param to the page at its end
 */
record Window(@Nullable Timed from, @Nullable Timed to, long length, long nanos) {
    static Window of(Reading reading, Pace pace, long nanos) {
        Timed whole = reading.whole();
        boolean usable = whole != null && reading.wholeIsOfThisLife() && nanos - whole.nanos() <= pace.window();
        Timed from = usable && whole != null ? reading.life().windowBase(whole, nanos - pace.window()) : null;
        return new Window(from, from == null ? null : whole, pace.window(), nanos);
    }

    @Nullable
    EngineRates rates() {
        return from == null || to == null ? null : Life.between(from, to);
    }

    TargetWindow of(
            Gauges gauges,
            Function<EngineSnapshot, @Nullable EngineMetrics> part,
            @Nullable EngineRates rates,
            boolean provenance) {
        EngineMetrics a = from == null ? null : part.apply(from.snapshot());
        EngineMetrics b = to == null ? null : part.apply(to.snapshot());
        if (a == null || b == null || from == null || to == null) {
            return window(gauges, Duration.ZERO, null, Nothing.LATENCY, Nothing.SIZE, null, Map.of());
        }
        WindowedDistributions grown =
                new WindowedDistributions(a, b, provenance ? to.snapshot().provenance() : Map.of());
        EngineMetrics.Latency latency = grown.latency();
        EngineMetrics.Size size = grown.size();
        return window(
                gauges,
                Duration.ofNanos(to.nanos() - from.nanos()),
                rates,
                latency,
                size,
                hitRate(a.cache(), b.cache()),
                grown.notes());
    }

    private TargetWindow window(
            Gauges gauges,
            Duration covered,
            @Nullable EngineRates rates,
            EngineMetrics.Latency latency,
            EngineMetrics.Size size,
            @Nullable Double hitRate,
            Map<String, String> notes) {
        return new TargetWindow(
                Duration.ofNanos(length),
                covered,
                gauges.running().at(nanos),
                gauges.waiting().at(nanos),
                gauges.kvUsage().at(nanos),
                rates,
                latency,
                size,
                hitRate,
                notes);
    }

    private static @Nullable Double hitRate(EngineMetrics.Cache a, EngineMetrics.Cache b) {
        Long hits = grown(a.prefixHits(), b.prefixHits());
        Long queries = grown(a.prefixQueries(), b.prefixQueries());
        boolean known = hits != null && queries != null && queries > 0 && hits >= 0 && hits <= queries;
        return known && hits != null && queries != null ? (Double) ((double) hits / queries) : null;
    }

    private static @Nullable Long grown(@Nullable Long before, @Nullable Long after) {
        return before == null || after == null ? null : (Long) (after - before);
    }
}
