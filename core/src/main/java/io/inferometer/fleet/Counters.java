package io.inferometer.fleet;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What a monitor counts about itself. Safe to share. */
final class Counters {
    private static final long LATE_NANOS = 10_000_000;

    final LongAdder loads = new LongAdder();
    final LongAdder wholes = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder parseNanos = new LongAdder();
    final LongAdder scrapeNanos = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder lagTotal = new LongAdder();
    final LongAccumulator lagMax = new LongAccumulator(Math::max, 0);
    final LongAdder listenerEvents = new LongAdder();
    final LongAdder listenerDrops = new LongAdder();
    final LongAdder listenerErrors = new LongAdder();
    private final Map<FailureKind, LongAdder> failures = new EnumMap<>(FailureKind.class);

    Counters() {
        for (FailureKind kind : FailureKind.values()) {
            failures.put(kind, new LongAdder());
        }
    }

    void began(long lag) {
        lagTotal.add(lag);
        lagMax.accumulate(lag);
        if (lag > LATE_NANOS) {
            late.increment();
        }
    }

    void failed(FailureKind kind) {
        LongAdder count = failures.get(kind);
        if (count != null) {
            count.increment();
        }
    }

    Map<FailureKind, Long> failures() {
        Map<FailureKind, Long> happened = new EnumMap<>(FailureKind.class);
        failures.forEach((kind, count) -> {
            if (count.sum() > 0) {
                happened.put(kind, count.sum());
            }
        });
        return happened;
    }
}
