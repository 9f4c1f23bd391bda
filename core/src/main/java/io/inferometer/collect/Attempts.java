package io.inferometer.collect;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a shortcut of one target is tried again after it failed: soon at first, then more and more seldom, and at the
 * latest after five minutes. For one thread at a time.
 */
final class Attempts {
    /** No shortcut is left untried, or taken without another look at the whole page, for more scrapes than this. */
    static final int SCRAPES_MAX = 256;

    /** The same in time. */
    static final Duration TIME_MAX = Duration.ofMinutes(5);

    private static final int GROWTH = 4;

    private final LongSupplier nanos;
    private int failures;
    private int scrapesLeft;
    private long failedAt;

    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether to try now; counts the scrape when not. */
    boolean mayTry() {
        if (failures == 0 || scrapesLeft <= 0 || nanos.getAsLong() - failedAt >= TIME_MAX.toNanos()) {
            return true;
        }
        scrapesLeft--;
        return false;
    }

    void worked() {
        failures = 0;
        scrapesLeft = 0;
    }

    /** It failed: the next scrape does without when it failed before too, and more follow at each further failure. */
    void failed() {
        scrapesLeft = failures == 0 ? 0 : (int) Math.min(SCRAPES_MAX, Math.pow(GROWTH, Math.min(failures, 8)));
        failures++;
        failedAt = nanos.getAsLong();
    }

    /** What failed may have been of another life of the engine: it is tried at the next scrape. */
    void startOver() {
        failures = 0;
        scrapesLeft = 0;
    }
}
