package io.inferometer.fleet;

import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.WatchedTarget;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The collectors of a monitor, made once for all targets that need the same. Guarded by its owner. */
final class Collecting {
    private record Key(String engine, Duration timeout) {}

    private final Function<String, MetricsCollector> source;
    private final Map<String, MetricsCollector> byEngine = new HashMap<>();
    private final Map<Key, MetricsCollector> byTimeout = new HashMap<>();

    Collecting(Function<String, MetricsCollector> source) {
        this.source = source;
    }

    MetricsCollector collector(String engine) {
        return byEngine.computeIfAbsent(engine, source);
    }

    WatchedTarget watch(MonitoredTarget target, Duration timeout) {
        MetricsCollector collector = byTimeout.computeIfAbsent(
                new Key(target.engine(), timeout), key -> collector(key.engine).withTimeout(key.timeout));
        boolean ownName = !target.name().equals(target.target().hostAndPort());
        return (ownName ? collector.withInstanceId(target.name()) : collector).watch(target.target());
    }
}
