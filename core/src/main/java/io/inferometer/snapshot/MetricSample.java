package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inferometer.parser.MetricType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a metrics page, kept.
 *
 * <p>Immutable and safe to share.
 *
 * @param name the name as it stood on the page, with its suffix, such as {@code vllm:e2e_request_latency_seconds_sum}
 * @param type the family's type: the catalog's where it knows the family, else the page's, else by suffix
 * @param labels the labels in the order of the page
 * @param value the value; may be NaN or infinite
 * @param timestamp the sample's own time where it has one; in a snapshot's raw samples else the time of the scrape;
 *     null when neither is known
 */
@JsonPropertyOrder({"name", "type", "labels", "value", "timestamp"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricSample(
        @JsonProperty("name") String name,
        @JsonIgnore MetricType type,
        @JsonProperty("labels") Labels labels,
        @JsonIgnore double value,
        @JsonIgnore @Nullable Instant timestamp) {

    /** The same sample with {@code time} where it has no time of its own. */
    public MetricSample withDefaultTimestamp(Instant time) {
        return timestamp == null ? new MetricSample(name, type, labels, value, time) : this;
    }

    @JsonProperty("type")
    String typeWord() {
        return type.word();
    }

    @JsonProperty("value")
    Object printableValue() {
        return JsonNumbers.printable(value);
    }

    @JsonProperty("timestamp")
    @Nullable
    String timestampText() {
        return timestamp == null ? null : timestamp.toString();
    }
}
