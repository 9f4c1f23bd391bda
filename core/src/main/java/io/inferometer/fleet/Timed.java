package io.inferometer.fleet;

import io.inferometer.snapshot.EngineSnapshot;

/**
 * A snapshot and its times, in nanoseconds of the monitor's clock. Immutable.
 *
 * @param snapshot what the engine told
 * @param nanos when it told so, which is what ages and rates count from
 * @param arrived when all of it had been read, which is what says that the engine answers
 */
record Timed(EngineSnapshot snapshot, long nanos, long arrived) {
    Timed(EngineSnapshot snapshot, long nanos) {
        this(snapshot, nanos, nanos);
    }
}
