package io.inferometer.exporter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.fleet.TargetState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one model together; a sum is of those that say the number, null when none does.
 *
 * @param model the model's name; {@code "?"} for targets of which it is not known
 * @param targets how many there are
 * @param up how many of them answer
 * @param running requests in batches
 * @param waiting requests in queues
 * @param kvUsage the highest share of a KV cache in use, 0..1
 * @param requestsPerSecond requests ended per second
 * @param tokensPerSecond tokens generated per second
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelSummary(
        @JsonProperty("model") String model,
        @JsonProperty("targets") int targets,
        @JsonProperty("up") int up,
        @JsonProperty("running") @Nullable Long running,
        @JsonProperty("waiting") @Nullable Long waiting,
        @JsonProperty("kv_cache_usage_max") @Nullable Double kvUsage,
        @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Double tokensPerSecond) {
    private static final String UNKNOWN = "?";

    static List<ModelSummary> of(List<Reading> readings) {
        Map<String, List<Reading>> byModel = new LinkedHashMap<>();
        for (Reading reading : readings) {
            String model = Objects.requireNonNullElse(reading.model(), UNKNOWN);
            byModel.computeIfAbsent(model, unused -> new ArrayList<>()).add(reading);
        }
        return byModel.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static ModelSummary of(String model, List<Reading> all) {
        long up = all.stream()
                .filter(reading -> reading.state() == TargetState.UP)
                .count();
        Double running = sum(all, Reading::running);
        Double waiting = sum(all, Reading::waiting);
        return new ModelSummary(
                model,
                all.size(),
                (int) up,
                running == null ? null : running.longValue(),
                waiting == null ? null : waiting.longValue(),
                max(all, Reading::kvUsage),
                sum(all, Reading::requestsPerSecond),
                sum(all, Reading::tokensPerSecond));
    }

    /** One line for people. */
    String line() {
        return "%s: %d of %d up, running %s, waiting %s, KV usage at most %s, requests/s %s, tokens/s %s"
                .formatted(
                        Printable.line(model),
                        up,
                        targets,
                        SaturationTable.number(running),
                        SaturationTable.number(waiting),
                        SaturationTable.usage(kvUsage),
                        SaturationTable.number(requestsPerSecond),
                        SaturationTable.number(tokensPerSecond));
    }

    private static @Nullable Double sum(List<Reading> readings, Function<Reading, @Nullable Number> key) {
        Double sum = null;
        for (Reading reading : readings) {
            Number value = key.apply(reading);
            if (value != null) {
                sum = value.doubleValue() + (sum == null ? 0 : sum);
            }
        }
        return sum;
    }

    private static @Nullable Double max(List<Reading> readings, Function<Reading, @Nullable Double> key) {
        Double max = null;
        for (Reading reading : readings) {
            Double value = key.apply(reading);
            max = value == null || (max != null && max >= value) ? max : value;
        }
        return max;
    }
}
