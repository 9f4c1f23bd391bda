package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which engine was read, when, and how well.
 *
 * <p>Immutable and safe to share.
 *
 * @param engine the backend's name, such as {@code "vllm"}
 * @param instanceId which instance; host:port unless told otherwise
 * @param endpoint what was asked, without user-info and query
 * @param collectedAt when the answer had arrived, by this machine's clock
 * @param scrapeDuration from the request to the last byte read
 * @param engineVersion the engine's version, null where it does not say
 * @param unreadableLines lines of the page that were skipped
 * @param startedAt when the engine's process started by its own clock, null where it does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "engine",
    "instance_id",
    "endpoint",
    "timestamp",
    "scrape_duration_seconds",
    "engine_version",
    "unreadable_lines"
})
public record SnapshotHeader(
        @JsonProperty("engine") String engine,
        @JsonProperty("instance_id") String instanceId,
        @JsonIgnore URI endpoint,
        @JsonIgnore Instant collectedAt,
        @JsonIgnore Duration scrapeDuration,
        @JsonProperty("engine_version") @Nullable String engineVersion,
        @JsonProperty("unreadable_lines") long unreadableLines,
        @JsonIgnore @Nullable Instant startedAt) {

    @JsonProperty("endpoint")
    String endpointText() {
        return endpoint.toString();
    }

    @JsonProperty("timestamp")
    String timestampText() {
        return collectedAt.toString();
    }

    @JsonProperty("scrape_duration_seconds")
    double scrapeDurationSeconds() {
        return scrapeDuration.toNanos() / 1e9;
    }
}
