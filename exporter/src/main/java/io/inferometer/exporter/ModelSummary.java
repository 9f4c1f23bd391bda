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
 * The targets of one model together; a sum is of those that answer and say the number, null when none does. A target that
 * serves several models counts for each, with that model's part.
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

    /** What one target says of one model. */
    private record Share(Reading reading, Part part) {}

    static List<ModelSummary> of(List<Reading> readings) {
        Map<String, List<Share>> byModel = new LinkedHashMap<>();
        for (Reading reading : readings) {
            parts(reading)
                    .forEach((model, part) -> byModel.computeIfAbsent(model, unused -> new ArrayList<>())
                            .add(new Share(reading, part)));
        }
        return byModel.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Map<String, Part> parts(Reading reading) {
        if (!reading.byModel().isEmpty()) {
            return reading.byModel();
        }
        Part whole = new Part(
                reading.running(),
                reading.waiting(),
                reading.kvUsage(),
                reading.requestsPerSecond(),
                reading.tokensPerSecond());
        return Map.of(Objects.requireNonNullElse(reading.model(), UNKNOWN), whole);
    }

    private static ModelSummary of(String model, List<Share> all) {
        long up = all.stream()
                .filter(share -> share.reading.state() == TargetState.UP)
                .count();
        List<Part> parts = all.stream()
                .filter(share -> share.reading.counts())
                .map(Share::part)
                .toList();
        Double running = sum(parts, Part::running);
        Double waiting = sum(parts, Part::waiting);
        return new ModelSummary(
                model,
                all.size(),
                (int) up,
                running == null ? null : running.longValue(),
                waiting == null ? null : waiting.longValue(),
                max(parts, Part::kvUsage),
                sum(parts, Part::requestsPerSecond),
                sum(parts, Part::tokensPerSecond));
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

    private static @Nullable Double sum(List<Part> parts, Function<Part, @Nullable Number> key) {
        Double sum = null;
        for (Part part : parts) {
            Number value = key.apply(part);
            if (value != null) {
                sum = value.doubleValue() + (sum == null ? 0 : sum);
            }
        }
        return sum;
    }

    private static @Nullable Double max(List<Part> parts, Function<Part, @Nullable Double> key) {
        Double max = null;
        for (Part part : parts) {
            Double value = key.apply(part);
            max = value == null || (max != null && max >= value) ? max : value;
        }
        return max;
    }
}
