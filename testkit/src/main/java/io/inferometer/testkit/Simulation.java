package io.inferometer.testkit;

import io.inferometer.testkit.FakeRequest.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A small engine without a model: requests arrive, wait, are prefilled, get a token every 20 ms and end.
 *
 * <p>For one thread at a time. Its clock moves only when told to, in ticks of 10 ms; the same seed and the same calls
 * give the same numbers.
 */
final class Simulation {
    private static final long TICK_NANOS = Duration.ofMillis(10).toNanos();
    private static final int TICKS_PER_SECOND = 100;
    private static final int CACHE_BLOCK_TOKENS = 16;
    private static final int WAITING_MAX = 32;
    private static final Duration DRAIN_MAX = Duration.ofHours(1);

    private final String model;
    private final Instant startedAt;
    private final Random random;
    private final List<FakeRank> ranks = new ArrayList<>();
    private double arrivalsPerSecond;
    private double nextArrival;
    private long now;
    private long spareNanos;
    private long lastEnd;

    Simulation(String model, int rankCount, int slotsPerRank, long seed, Bounds bounds, Instant startedAt) {
        this.model = model;
        this.startedAt = startedAt;
        this.random = new Random(seed);
        for (int i = 0; i < rankCount; i++) {
            ranks.add(new FakeRank(slotsPerRank, bounds));
        }
    }

    /** From now on requests arrive by themselves, so many a second on average, as time is advanced. */
    void arrivals(double perSecond) {
        arrivalsPerSecond = perSecond;
        nextArrival = now + gap();
    }

    /** A request of a random size that starts at once if a slot is free. */
    void submit(Ending ending) {
        submit(20 + random.nextInt(380), 10 + random.nextInt(90), ending);
    }

    /** A request that starts at once if a slot is free. */
    void submit(int promptTokens, int maxTokens, Ending ending) {
        boolean seenBefore = random.nextInt(3) == 0;
        int cached = seenBefore ? promptTokens / 2 / CACHE_BLOCK_TOKENS * CACHE_BLOCK_TOKENS : 0;
        leastLoaded().submit(new FakeRequest(promptTokens, cached, maxTokens, ending, now));
    }

    void advance(Duration time) {
        long nanos = spareNanos + time.toNanos();
        spareNanos = nanos % TICK_NANOS;
        for (long left = nanos / TICK_NANOS; left > 0; left--) {
            tick();
        }
    }

    /** Advances until all that was submitted has ended; no new request arrives meanwhile. */
    void drain() {
        double arrivals = arrivalsPerSecond;
        arrivalsPerSecond = 0;
        for (long left = DRAIN_MAX.toNanos() / TICK_NANOS; left > 0 && ledger().inFlight() > 0; left--) {
            tick();
        }
        arrivals(arrivals);
    }

    String model() {
        return model;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Its own clock. */
    Instant now() {
        return startedAt.plusNanos(now * TICK_NANOS);
    }

    /** When the last request ended; its start when none has. */
    Instant lastEnd() {
        return startedAt.plusNanos(lastEnd * TICK_NANOS);
    }

    List<FakeRank> ranks() {
        return ranks;
    }

    Ledger ledger() {
        return ranks.stream().map(FakeRank::ledger).reduce(Ledger.EMPTY, Ledger::plus);
    }

    /** A count over all ranks. */
    long sum(ToLongFunction<FakeRank> count) {
        return ranks.stream().mapToLong(count).sum();
    }

    /** A histogram over all ranks. */
    FakeHistogram merged(Function<FakeRank, FakeHistogram> histogram) {
        return ranks.stream().map(histogram).reduce(FakeHistogram::plus).orElseThrow();
    }

    private void tick() {
        now++;
        while (arrivalsPerSecond > 0 && nextArrival <= now) {
            nextArrival += gap();
            if (sum(FakeRank::waiting) < (long) WAITING_MAX * ranks.size()) {
                submit(randomEnding());
            }
        }
        long before = ledger().ended();
        ranks.forEach(rank -> rank.step(now));
        if (ledger().ended() > before) {
            lastEnd = now;
        }
    }

    private Ending randomEnding() {
        int dice = random.nextInt(100);
        if (dice < 2) {
            return Ending.FAILED;
        }
        return dice < 4 ? Ending.ABORTED : dice < 30 ? Ending.LENGTH : Ending.STOP;
    }

    private double gap() {
        return -Math.log(1 - random.nextDouble()) / arrivalsPerSecond * TICKS_PER_SECOND;
    }

    private FakeRank leastLoaded() {
        return ranks.stream()
                .min(Comparator.comparingInt(rank -> rank.running() + rank.waiting()))
                .orElseThrow();
    }
}
