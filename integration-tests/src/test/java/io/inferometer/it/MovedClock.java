package io.inferometer.it;

import io.inferometer.fleet.MonitorClock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until a test moves it. For one thread. */
final class MovedClock implements MonitorClock {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private volatile long nanos;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void advance(Duration time) {
        nanos += time.toNanos();
    }
}
