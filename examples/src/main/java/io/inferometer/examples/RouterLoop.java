package io.inferometer.examples;

import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.snapshot.EngineMetrics.Load;
import io.inferometer.snapshot.EngineSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A router's choice: the engine with the shortest queue, and never one that does not say how long its queue is. */
final class RouterLoop {
    private final MetricsCollector collector;
    private final List<Target> targets;

    RouterLoop(MetricsCollector collector, List<Target> targets) {
        this.collector = collector;
        this.targets = targets;
    }

    // region router
    /** The least loaded engine; empty when none says how loaded it is. */
    Optional<String> leastLoaded() {
        return targets.stream()
                .map(collector::tryCollect) // A dead engine is an error in its result, not an exception here.
                .map(CollectionResult::metrics)
                .filter(Objects::nonNull)
                .filter(RouterLoop::saysItsLoad)
                .min(Comparator.comparingLong(RouterLoop::inFlight))
                .map(EngineSnapshot::instanceId);
    }

    /** What was not reported is unknown, not idle; and an engine that sleeps only looks idle. */
    private static boolean saysItsLoad(EngineSnapshot snapshot) {
        Load load = snapshot.metrics().load();
        boolean known = load.requestsRunning() != null && load.requestsWaiting() != null;
        return known && !Boolean.TRUE.equals(load.asleep());
    }
    // endregion

    private static long inFlight(EngineSnapshot snapshot) {
        Load load = snapshot.metrics().load();
        long running = Objects.requireNonNullElse(load.requestsRunning(), 0L);
        return running + Objects.requireNonNullElse(load.requestsWaiting(), 0L);
    }
}
