package io.inferometer.exporter;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** In which order targets are shown: as they were named, by name, or the largest number first; unknown ones last. */
enum WatchOrder {
    /** As they were named. */
    GIVEN,
    NAME,
    /** Those that are down first. */
    STATE,
    AGE,
    RUNNING,
    WAITING,
    KV,
    REQUESTS,
    TOKENS,
    TTFT;

    /** The readings in this order; those that are equal as they came. */
    List<Reading> sorted(List<Reading> readings) {
        Comparator<Reading> order = switch (this) {
            case GIVEN -> Comparator.comparingInt(reading -> 0);
            case NAME -> Comparator.comparing(Reading::name);
            case STATE -> Comparator.comparing(Reading::state, Comparator.reverseOrder());
            case AGE -> largestFirst(Reading::ageSeconds);
            case RUNNING -> largestFirst(Reading::running);
            case WAITING -> largestFirst(Reading::waiting);
            case KV -> largestFirst(Reading::kvUsage);
            case REQUESTS -> largestFirst(Reading::requestsPerSecond);
            case TOKENS -> largestFirst(Reading::tokensPerSecond);
            case TTFT -> largestFirst(Reading::timeToFirstTokenP99);
        };
        return readings.stream().sorted(order).toList();
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Comparator<Reading> largestFirst(Function<Reading, @Nullable Number> key) {
        return Comparator.comparingDouble(reading -> {
            Number value = key.apply(reading);
            return value == null ? Double.POSITIVE_INFINITY : -value.doubleValue();
        });
    }
}
