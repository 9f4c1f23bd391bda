package io.inferometer.spi;

import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotHeader;
import io.inferometer.snapshot.SnapshotSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that one scrape brought: a page, JSON answers, or both.
 *
 * <p>Immutable and safe to share, as long as nobody writes to the arrays.
 *
 * @param engine the name of the backend that reads it
 * @param instanceId which instance was asked
 * @param endpoint what was asked, without user-info and query
 * @param query the query of the URL that was asked, decoded, empty when there was none; a name that stands twice keeps
 *     its first value
 * @param collectedAt when the answer had arrived
 * @param duration from the request to the last byte
 * @param page the metrics page, null when there was none
 * @param answers JSON bodies by the name of their endpoint; an endpoint that failed or was not asked is missing
 * @param keepSamples whether the user wants raw samples
 * @param source which way it came
 * @param groups the groups that were asked for; empty when everything was
 */
public record Scrape(
        String engine,
        String instanceId,
        URI endpoint,
        Map<String, String> query,
        Instant collectedAt,
        Duration duration,
        @Nullable Page page,
        Map<String, byte[]> answers,
        boolean keepSamples,
        SnapshotSource source,
        Set<MetricGroup> groups) {

    /**
     * A scrape of everything, from a page where there is one.
     *
     * @param engine the name of the backend that reads it
     * @param instanceId which instance was asked
     * @param endpoint what was asked
     * @param query the query of the URL that was asked
     * @param collectedAt when the answer had arrived
     * @param duration from the request to the last byte
     * @param page the metrics page, or null
     * @param answers JSON bodies by the name of their endpoint
     * @param keepSamples whether the user wants raw samples
     */
    public Scrape(
            String engine,
            String instanceId,
            URI endpoint,
            Map<String, String> query,
            Instant collectedAt,
            Duration duration,
            @Nullable Page page,
            Map<String, byte[]> answers,
            boolean keepSamples) {
        this(
                engine,
                instanceId,
                endpoint,
                query,
                collectedAt,
                duration,
                page,
                answers,
                keepSamples,
                page == null ? SnapshotSource.JSON_ENDPOINTS : SnapshotSource.WHOLE_PAGE,
                Set.of());
    }

    /** The same with another page. */
    public Scrape withPage(@Nullable Page other) {
        return new Scrape(
                engine,
                instanceId,
                endpoint,
                query,
                collectedAt,
                duration,
                other,
                answers,
                keepSamples,
                source,
                groups);
    }

    /** The JSON body of an endpoint, or null when it was not asked or failed. */
    public byte @Nullable [] answer(String endpointName) {
        return answers.get(endpointName);
    }

    /**
     * The snapshot's header.
     *
     * @param engineVersion the engine's version where the backend found it
     */
    public SnapshotHeader header(@Nullable String engineVersion) {
        return new SnapshotHeader(
                engine,
                instanceId,
                endpoint,
                collectedAt,
                duration,
                engineVersion,
                page == null ? 0 : page.skippedLines(),
                page == null ? null : page.startedAt(),
                source,
                groups);
    }
}
