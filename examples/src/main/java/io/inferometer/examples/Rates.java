package io.inferometer.examples;

import io.inferometer.Collectors;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import org.jspecify.annotations.Nullable;

/** How fast: two snapshots, one difference. */
final class Rates {
    private final MetricsCollector collector = Collectors.forEngine("vllm");
    private @Nullable EngineSnapshot previous;

    // region rates
    /** Tokens per second since the last call; null at the first, and when the engine restarted in between. */
    @Nullable
    Double tokensPerSecond(String url) {
        EngineSnapshot now = collector.collect(url);
        EngineRates rates = previous == null ? null : now.rates(previous);
        previous = now;
        return rates == null ? null : rates.generatedTokensPerSecond();
    }
    // endregion
}
