package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every engine's snapshot holds: the header, the common words and where they came from.
 *
 * <p>Immutable, value-equal and safe to share. What stands on the page of a target that is read often is worked out when somebody
 * first asks for it.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"header", "metrics", "by_model", "by_rank", "provenance", "raw_metrics"})
public final class CommonView {
    private final SnapshotHeader header;
    private final Lazy<Whole> whole;
    private final Lazy<EngineMetrics> pulse;
    private final Lazy<Map<String, EngineMetrics>> byModel;
    private final Lazy<Map<String, EngineMetrics>> byRank;
    private final @Nullable List<MetricSample> rawMetrics;

    /**
     * The common words of the whole engine, and where they came from.
     *
     * @param metrics the common words
     * @param provenance where each field came from, by its path
     */
    public record Whole(EngineMetrics metrics, Map<String, Provenance> provenance) {
        /**
         * Copies the map.
         *
         * @param metrics the common words
         * @param provenance where each field came from
         */
        public Whole {
            provenance = Copies.of(provenance);
        }
    }

    /**
     * A view of values that are known; copies the maps and the list.
     *
     * @param header which engine was read, and when
     * @param metrics the common words of the whole engine
     * @param byModel the common words per model
     * @param byRank the common words per data-parallel rank
     * @param provenance where each common field came from
     * @param rawMetrics all samples of the engine's own families, or null
     */
    public CommonView(
            SnapshotHeader header,
            EngineMetrics metrics,
            Map<String, EngineMetrics> byModel,
            Map<String, EngineMetrics> byRank,
            Map<String, Provenance> provenance,
            @Nullable List<MetricSample> rawMetrics) {
        this(
                header,
                Lazy.known(new Whole(metrics, provenance)),
                Lazy.known(metrics),
                Lazy.known(Copies.of(byModel)),
                Lazy.known(Copies.of(byRank)),
                rawMetrics);
    }

    /**
     * A view of values that may be worked out when they are asked for.
     *
     * @param header which engine was read, and when
     * @param whole the common words of the whole engine
     * @param pulse those of them that {@link #pulse()} names
     * @param byModel the common words per model, in a map that nobody changes
     * @param byRank the common words per data-parallel rank, in a map that nobody changes
     * @param rawMetrics all samples of the engine's own families, or null; copied
     */
    public CommonView(
            SnapshotHeader header,
            Lazy<Whole> whole,
            Lazy<EngineMetrics> pulse,
            Lazy<Map<String, EngineMetrics>> byModel,
            Lazy<Map<String, EngineMetrics>> byRank,
            @Nullable List<MetricSample> rawMetrics) {
        this.header = header;
        this.whole = whole;
        this.pulse = pulse;
        this.byModel = byModel;
        this.byRank = byRank;
        this.rawMetrics = rawMetrics == null ? null : List.copyOf(rawMetrics);
    }

    /** Which engine was read, and when. */
    @JsonProperty("header")
    @JsonUnwrapped
    public SnapshotHeader header() {
        return header;
    }

    /** The common words of the whole engine. */
    @JsonProperty("metrics")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public EngineMetrics metrics() {
        return whole.get().metrics();
    }

    /**
     * What is watched at every tick, for less than {@link #metrics()} may cost: requests running, waiting, succeeded and failed,
     * KV usage, prompt and generated tokens and preemptions, as they are there. What else there is may be missing here.
     */
    public EngineMetrics pulse() {
        return pulse.get();
    }

    /** The common words per model, empty unless the page names more than one. */
    @JsonProperty("by_model")
    public Map<String, EngineMetrics> byModel() {
        return byModel.get();
    }

    /** The common words per data-parallel rank, empty unless the page names more than one. */
    @JsonProperty("by_rank")
    public Map<String, EngineMetrics> byRank() {
        return byRank.get();
    }

    /**
     * Where each common field came from, by its path, such as {@code load.requests_running}; also of fields that a rule left
     * absent.
     */
    @JsonProperty("provenance")
    public Map<String, Provenance> provenance() {
        return whole.get().provenance();
    }

    /** All samples of the engine's own families; null unless asked for. */
    @JsonProperty("raw_metrics")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public @Nullable List<MetricSample> rawMetrics() {
        return rawMetrics;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CommonView that
                && header.equals(that.header)
                && whole.equals(that.whole)
                && byModel.equals(that.byModel)
                && byRank.equals(that.byRank)
                && Objects.equals(rawMetrics, that.rawMetrics);
    }

    @Override
    public int hashCode() {
        return Objects.hash(header, whole, byModel, byRank, rawMetrics);
    }

    @Override
    public String toString() {
        return "CommonView[header=%s, metrics=%s, byModel=%s, byRank=%s, provenance=%s, rawMetrics=%s]"
                .formatted(header, metrics(), byModel, byRank, provenance(), rawMetrics);
    }
}
