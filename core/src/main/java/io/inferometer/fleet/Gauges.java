package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;

/** The gauges that have windows, of a whole engine or of one model. Immutable. */
record Gauges(GaugeRing running, GaugeRing waiting, GaugeRing kvUsage) {
    static Gauges empty(Pace pace) {
        GaugeRing ring = GaugeRing.empty(pace.window(), pace.interval());
        return new Gauges(ring, ring, ring);
    }

    Gauges with(long nanos, EngineMetrics metrics) {
        return new Gauges(
                running.with(nanos, metrics.load().requestsRunning()),
                waiting.with(nanos, metrics.load().requestsWaiting()),
                kvUsage.with(nanos, metrics.cache().kvUsage()));
    }
}
