package io.inferometer.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves. Safe to share. */
final class FakeClock implements MonitorClock {
    /** What time it is at the beginning. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private volatile Duration wallShift = Duration.ZERO;

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos.get()).plus(wallShift);
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Sets the wall clock forward or back, as an operator or NTP would. */
    public void setWall(Duration shift) {
        wallShift = shift;
    }

    /** How long ago the test began. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos.get());
    }
}
