package io.inferometer.fleet;

import io.inferometer.snapshot.EngineSnapshot;

/** A snapshot and when the engine began to tell it, in nanoseconds of the monitor's clock. Immutable. */
record Timed(EngineSnapshot snapshot, long nanos) {}
