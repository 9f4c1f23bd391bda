package io.inferometer.fleet;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineMetrics.Cache;
import io.inferometer.snapshot.EngineMetrics.Events;
import io.inferometer.snapshot.EngineMetrics.Latency;
import io.inferometer.snapshot.EngineMetrics.Requests;
import io.inferometer.snapshot.EngineMetrics.Size;
import io.inferometer.snapshot.EngineMetrics.Tokens;
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

    /**
     * The counts of {@code now}, and of distributions what a rate needs; of its models and ranks also counts that only {@code
     * before} had, since some engines leave out a counter until there is something to count.
     */
    static Past counts(@Nullable EngineSnapshot before, EngineSnapshot now) {
        Past counts = of(now, Past::countsOf, Past::countsOf);
        boolean nothingLost = before == null
                || (noneLost(before.byModel(), now.byModel()) && noneLost(before.byRank(), now.byRank()));
        return nothingLost || before == null
                ? counts
                : new Past(new CommonView(
                        counts.header(),
                        counts.metrics(),
                        remembering(before.byModel(), now.byModel()),
                        remembering(before.byRank(), now.byRank()),
                        Map.of(),
                        null));
    }

    /** The counts, and the distributions of the whole and of each model. */
    static Past distributions(EngineSnapshot snapshot) {
        return of(snapshot, Past::distributionsOf, Past::countsOf);
    }

    /**
     * What the next snapshot is compared with to see a restart: {@code now}, with the counts that only the one before had.
     *
     * <p>Some engines leave out a counter until there is something to count, so that a restart first shows as a gap.
     */
    static EngineSnapshot remembering(EngineSnapshot before, EngineSnapshot now) {
        boolean nothingLost = !losesStart(before, now)
                && !losesPulse(before.common().pulse(), now.common().pulse());
        if (nothingLost) {
            return now;
        }
        return new Past(new CommonView(
                losesStart(before, now) ? before.header() : now.header(),
                remembering(before.metrics(), now.metrics()),
                remembering(before.byModel(), now.byModel()),
                remembering(before.byRank(), now.byRank()),
                Map.of(),
                null));
    }

    private static boolean losesStart(EngineSnapshot before, EngineSnapshot now) {
        return before.header().startedAt() != null && now.header().startedAt() == null;
    }

    private static boolean noneLost(Map<String, EngineMetrics> before, Map<String, EngineMetrics> now) {
        return now.entrySet().stream().noneMatch(part -> {
            EngineMetrics earlier = before.get(part.getKey());
            return earlier != null && losesCounts(earlier, part.getValue());
        });
    }

    private static boolean losesCounts(EngineMetrics a, EngineMetrics b) {
        return losesPulse(a, b) || lost(a.latency().endToEnd(), b.latency().endToEnd());
    }

    private static boolean losesPulse(EngineMetrics a, EngineMetrics b) {
        return lost(a.requests().succeeded(), b.requests().succeeded())
                || lost(a.requests().failed(), b.requests().failed())
                || lost(a.tokens().prompt(), b.tokens().prompt())
                || lost(a.tokens().generated(), b.tokens().generated())
                || lost(a.events().preemptions(), b.events().preemptions());
    }

    private static boolean lost(@Nullable Object before, @Nullable Object now) {
        return before != null && now == null;
    }

    /** The parts of now; one that is gone may be another when it comes back. */
    private static Map<String, EngineMetrics> remembering(
            Map<String, EngineMetrics> before, Map<String, EngineMetrics> now) {
        Map<String, EngineMetrics> all = new LinkedHashMap<>();
        now.forEach((name, part) -> {
            EngineMetrics earlier = before.get(name);
            all.put(name, earlier == null ? countsOf(part) : remembering(earlier, part));
        });
        return all;
    }

    private static EngineMetrics remembering(EngineMetrics before, EngineMetrics now) {
        EngineMetrics a = countsOf(before);
        EngineMetrics b = countsOf(now);
        return new EngineMetrics(
                Nothing.LOAD,
                new Requests(
                        null,
                        either(b.requests().succeeded(), a.requests().succeeded()),
                        either(b.requests().failed(), a.requests().failed()),
                        null,
                        Map.of()),
                new Tokens(
                        either(b.tokens().prompt(), a.tokens().prompt()),
                        either(b.tokens().generated(), a.tokens().generated()),
                        null),
                b.latency().endToEnd() == null ? a.latency() : b.latency(),
                Nothing.SIZE,
                Nothing.METRICS.cache(),
                Nothing.SPECULATION,
                Nothing.ADAPTERS,
                Nothing.MEMORY,
                List.of(),
                new Events(either(b.events().preemptions(), a.events().preemptions())));
    }

    private static @Nullable Long either(@Nullable Long now, @Nullable Long before) {
        return now == null ? before : now;
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
