package io.inferometer.e2e;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, and when it was asked for and had come, by the client's clock. The page is of some moment in between.
 *
 * @param snapshot what came
 * @param askedAt when it was asked for, in nanoseconds
 * @param cameAt when it had come, in nanoseconds
 */
record Scrape(EngineSnapshot snapshot, long askedAt, long cameAt) {
    private static final double CLOCKS_DIFFER = 0.001;

    static Scrape of(Supplier<EngineSnapshot> collect) {
        long askedAt = System.nanoTime();
        EngineSnapshot snapshot = collect.get();
        return new Scrape(snapshot, askedAt, System.nanoTime());
    }

    EngineMetrics metrics() {
        return snapshot.metrics();
    }

    /**
     * Judges a rate between an earlier scrape and this one: what the client counted over the shortest and over the longest
     * time that can have passed between the two pages.
     */
    void judgeRate(Facts facts, String scenario, String what, Scrape before, long amount, @Nullable Double perSecond) {
        double least = (double) amount / seconds(cameAt - before.askedAt) * (1 - CLOCKS_DIFFER);
        double most = (double) amount / seconds(askedAt - before.cameAt) * (1 + CLOCKS_DIFFER);
        facts.that(
                scenario,
                "rates: " + what,
                "the client's %d over its own time between the two pages".formatted(amount),
                "%.4g..%.4g".formatted(least, most),
                perSecond,
                perSecond != null && perSecond >= least && perSecond <= most);
    }

    private static double seconds(long nanos) {
        return (double) nanos / 1e9;
    }
}
