package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
 * @param source which way it came
 * @param groups the groups that were asked for, in their order; the common fields of all others are absent because nobody
 *     asked. Empty when everything was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "engine",
    "instance_id",
    "endpoint",
    "timestamp",
    "scrape_duration_seconds",
    "engine_version",
    "unreadable_lines",
    "source",
    "groups"
})
public record SnapshotHeader(
        @JsonProperty("engine") String engine,
        @JsonProperty("instance_id") String instanceId,
        @JsonIgnore URI endpoint,
        @JsonIgnore Instant collectedAt,
        @JsonIgnore Duration scrapeDuration,
        @JsonProperty("engine_version") @Nullable String engineVersion,
        @JsonProperty("unreadable_lines") long unreadableLines,
        @JsonIgnore @Nullable Instant startedAt,
        @JsonIgnore SnapshotSource source,
        @JsonIgnore Set<MetricGroup> groups) {

    /**
     * Copies the groups.
     *
     * @param engine the backend's name
     * @param instanceId which instance
     * @param endpoint what was asked
     * @param collectedAt when the answer had arrived
     * @param scrapeDuration from the request to the last byte read
     * @param engineVersion the engine's version, or null
     * @param unreadableLines lines of the page that were skipped
     * @param startedAt when the engine's process started, or null
     * @param source which way it came
     * @param groups the groups that were asked for; empty when everything was
     */
    public SnapshotHeader {
        groups = MetricGroup.copyOf(groups);
    }

    /**
     * The header of a whole page.
     *
     * @param engine the backend's name
     * @param instanceId which instance
     * @param endpoint what was asked
     * @param collectedAt when the answer had arrived
     * @param scrapeDuration from the request to the last byte read
     * @param engineVersion the engine's version, or null
     * @param unreadableLines lines of the page that were skipped
     * @param startedAt when the engine's process started, or null
     */
    public SnapshotHeader(
            String engine,
            String instanceId,
            URI endpoint,
            Instant collectedAt,
            Duration scrapeDuration,
            @Nullable String engineVersion,
            long unreadableLines,
            @Nullable Instant startedAt) {
        this(
                engine,
                instanceId,
                endpoint,
                collectedAt,
                scrapeDuration,
                engineVersion,
                unreadableLines,
                startedAt,
                SnapshotSource.WHOLE_PAGE,
                Set.of());
    }

    /** The same with another start, null where it is not known. */
    public SnapshotHeader withStartedAt(@Nullable Instant time) {
        return new SnapshotHeader(
                engine,
                instanceId,
                endpoint,
                collectedAt,
                scrapeDuration,
                engineVersion,
                unreadableLines,
                time,
                source,
                groups);
    }

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

    /** Said only where it is not the usual way. */
    @JsonProperty("source")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable
    String sourceWord() {
        boolean usual = source == SnapshotSource.WHOLE_PAGE || source == SnapshotSource.JSON_ENDPOINTS;
        return usual ? null : source.word();
    }

    @JsonProperty("groups")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    List<String> groupWords() {
        return groups.stream().map(MetricGroup::word).toList();
    }
}
