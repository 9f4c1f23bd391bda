package io.inferometer.exporter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one model or one rank of a target does; null is not known.
 *
 * @param running requests in the batch
 * @param waiting requests in the queue
 * @param kvUsage share of the KV cache in use, 0..1
 * @param requestsPerSecond requests ended per second
 * @param tokensPerSecond tokens generated per second
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Part(
        @JsonProperty("running") @Nullable Long running,
        @JsonProperty("waiting") @Nullable Long waiting,
        @JsonProperty("kv_cache_usage") @Nullable Double kvUsage,
        @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Double tokensPerSecond) {
    /** One for each part; rates are of those parts that the page before had, too. */
    static Map<String, Part> of(Map<String, EngineMetrics> parts, Map<String, EngineRates> rates) {
        Map<String, Part> all = new LinkedHashMap<>();
        parts.forEach((name, metrics) -> all.put(name, of(metrics, rates.get(name))));
        return all;
    }

    private static Part of(EngineMetrics metrics, @Nullable EngineRates rates) {
        return new Part(
                metrics.load().requestsRunning(),
                metrics.load().requestsWaiting(),
                metrics.cache().kvUsage(),
                rates == null ? null : rates.requestsPerSecond(),
                rates == null ? null : rates.generatedTokensPerSecond());
    }
}
