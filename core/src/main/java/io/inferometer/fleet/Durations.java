package io.inferometer.fleet;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks durations that come from outside. */
final class Durations {
    static final Duration INTERVAL_MIN = Duration.ofMillis(10);
    static final Duration LONGEST = Duration.ofDays(1);

    private Durations() {}

    static void checkInterval(String name, @Nullable Duration value) {
        checkPositive(name, value);
        if (value != null && value.compareTo(INTERVAL_MIN) < 0) {
            throw new IllegalArgumentException(
                    "%s must be 10 ms or more; found %s. Use Duration.ofSeconds(1), say.".formatted(name, value));
        }
    }

    static void checkPositive(String name, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "%s must be more than zero and a day at most; found %s. Use Duration.ofSeconds(5), say."
                            .formatted(name, value));
        }
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
