package io.inferometer.examples;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationAdvice;
import io.inferometer.saturation.SaturationAnalyzer;
import io.inferometer.saturation.SaturationCollector;
import java.time.Duration;
import java.util.function.Consumer;

/** Many engines, watched in this process: how full each replica of a model is, and whether more are needed. */
final class Fleet {
    private Fleet() {}

    static SaturationAdvice watch(String url, Consumer<ReplicaMetrics> handle) throws InterruptedException {
        // region fleet
        try (EngineMonitor monitor = Collectors.monitor()) {
            monitor.add(MonitoredTarget.of("vllm", url).withLabel("variant", "a100"));
            monitor.start();
            monitor.awaitScrapes(2, Duration.ofSeconds(10)); // A rate needs two.
            SaturationCollector fleet = SaturationCollectors.direct(monitor);
            ReplicaReport report = fleet.report("llama-3", null); // Any namespace.
            report.replicas().forEach(handle);
            return SaturationAnalyzer.DEFAULTS.analyze(report); // up, steady, down, unknown, and why
        }
        // endregion
    }
}
