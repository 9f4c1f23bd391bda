package io.inferometer.fleet;

import java.time.Instant;

/**
 * Where a monitor reads the time; another one than the system's is for tests.
 *
 * <p>Implementations are safe to share. Ages, intervals and the schedule come from {@link #nanoTime}, so that a wall
 * clock which is set does not disturb them.
 */
public interface MonitorClock {
    /** Nanoseconds from an arbitrary origin, never going back; see {@link System#nanoTime()}. */
    long nanoTime();

    /** What time it is. */
    Instant now();

    /** The clock of this machine. */
    static MonitorClock system() {
        return SystemClock.INSTANCE;
    }
}
