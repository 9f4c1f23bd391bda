package io.inferometer.fleet;

import java.time.Instant;

/** The clock of this machine. */
enum SystemClock implements MonitorClock {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
