package io.inferometer.examples;

import io.inferometer.Collectors;
import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import java.time.Duration;

/** All that is optional is a with-er. */
final class Options {
    private Options() {}

    static CollectionResult read(String url, String token) {
        // region options
        MetricsCollector collector =
                Collectors.forEngine("vllm").withTimeout(Duration.ofSeconds(2)).withBearerToken(() -> token);
        CollectionResult result = collector.tryCollect(Target.of(url)); // for callers that must not throw
        // endregion
        return result;
    }
}
