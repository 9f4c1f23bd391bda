package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every engine's snapshot holds: the header, the common words and where they came from.
 *
 * <p>Immutable and safe to share.
 *
 * @param header which engine was read, and when
 * @param metrics the common words of the whole engine
 * @param byModel the common words per model, empty unless the page names more than one
 * @param byRank the common words per data-parallel rank, empty unless the page names more than one
 * @param provenance where each common field came from, by its path, such as {@code load.requests_running}; also of
 *     fields that a rule left absent
 * @param rawMetrics all samples of the engine's own families; null unless asked for
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"header", "metrics", "by_model", "by_rank", "provenance", "raw_metrics"})
public record CommonView(
        @JsonUnwrapped SnapshotHeader header,
        @JsonIgnore EngineMetrics metrics,
        @JsonProperty("by_model") Map<String, EngineMetrics> byModel,
        @JsonProperty("by_rank") Map<String, EngineMetrics> byRank,
        @JsonProperty("provenance") Map<String, Provenance> provenance,
        @JsonIgnore @Nullable List<MetricSample> rawMetrics) {

    /**
     * Copies the maps and the list.
     *
     * @param header which engine was read, and when
     * @param metrics the common words of the whole engine
     * @param byModel the common words per model
     * @param byRank the common words per data-parallel rank
     * @param provenance where each common field came from
     * @param rawMetrics all samples of the engine's own families, or null
     */
    public CommonView {
        byModel = Copies.of(byModel);
        byRank = Copies.of(byRank);
        provenance = Copies.of(provenance);
        rawMetrics = rawMetrics == null ? null : List.copyOf(rawMetrics);
    }

    @JsonProperty("metrics")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    EngineMetrics metricsEvenIfEmpty() {
        return metrics;
    }

    @JsonProperty("raw_metrics")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable
    List<MetricSample> rawMetricsIfAsked() {
        return rawMetrics;
    }
}
