package io.inferometer.fleet;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineMetrics.Cache;
import io.inferometer.snapshot.EngineMetrics.Latency;
import io.inferometer.snapshot.EngineMetrics.Requests;
import io.inferometer.snapshot.EngineMetrics.Size;
import io.inferometer.snapshot.EngineSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an earlier snapshot: what counts since the engine's start, and no more, since a fleet keeps several for each
 * target. Immutable.
 */
record Past(CommonView common) implements EngineSnapshot {
    private static final double[] NONE = {};

    /** The counts, and of distributions what a rate needs. */
    static Past counts(EngineSnapshot snapshot) {
        return of(snapshot, Past::countsOf, Past::countsOf);
    }

    /** The counts, and the distributions of the whole and of each model. */
    static Past distributions(EngineSnapshot snapshot) {
        return of(snapshot, Past::distributionsOf, Past::countsOf);
    }

    private static Past of(
            EngineSnapshot snapshot, UnaryOperator<EngineMetrics> kept, UnaryOperator<EngineMetrics> keptOfRanks) {
        return new Past(new CommonView(
                snapshot.header(),
                kept.apply(snapshot.metrics()),
                each(snapshot.byModel(), kept),
                each(snapshot.byRank(), keptOfRanks),
                Map.of(),
                null));
    }

    private static Map<String, EngineMetrics> each(
            Map<String, EngineMetrics> parts, UnaryOperator<EngineMetrics> kept) {
        Map<String, EngineMetrics> all = new LinkedHashMap<>();
        parts.forEach((name, part) -> all.put(name, kept.apply(part)));
        return all;
    }

    private static EngineMetrics countsOf(EngineMetrics metrics) {
        Latency latency =
                new Latency(null, null, null, countOf(metrics.latency().endToEnd()), null, null, null, null);
        return with(metrics, latency, Nothing.SIZE);
    }

    private static EngineMetrics distributionsOf(EngineMetrics metrics) {
        return with(metrics, metrics.latency(), metrics.size());
    }

    private static EngineMetrics with(EngineMetrics metrics, Latency latency, Size size) {
        Requests requests = metrics.requests();
        Cache cache = metrics.cache();
        return new EngineMetrics(
                Nothing.LOAD,
                new Requests(
                        requests.received(), requests.succeeded(), requests.failed(), requests.aborted(), Map.of()),
                metrics.tokens(),
                latency,
                size,
                new Cache(null, null, null, null, cache.prefixHits(), cache.prefixQueries(), null),
                Nothing.SPECULATION,
                Nothing.ADAPTERS,
                Nothing.MEMORY,
                List.of(),
                metrics.events());
    }

    private static @Nullable Distribution countOf(@Nullable Distribution distribution) {
        Long count = distribution == null ? null : distribution.count();
        return count == null ? null : Distribution.ofSummary(NONE, NONE, Double.NaN, count);
    }
}
