package io.inferometer.e2e;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again and again until something is as it should be, or it is too late. */
final class Eventually {
    private static final long PAUSE_MILLIS = 50;

    private Eventually() {}

    /** The first value that is good, or the last one that was seen. */
    static <T> T get(Supplier<T> value, Predicate<T> isGood, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        T seen = value.get();
        while (!isGood.test(seen) && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE_MILLIS);
            seen = value.get();
        }
        return seen;
    }
}
