package io.inferometer.fleet;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Provenance;
import io.inferometer.snapshot.SnapshotHeader;
import io.inferometer.snapshot.SnapshotSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an engine tells in a test; unset is not reported. For one thread. */
final class Told {
    @Nullable
    Long running;

    @Nullable
    Long waiting;

    @Nullable
    Double kvUsage;

    @Nullable
    Long succeeded;

    @Nullable
    Long prompt;

    @Nullable
    Long generated;

    @Nullable
    Long prefixHits;

    @Nullable
    Long prefixQueries;

    @Nullable
    Long capacity;

    @Nullable
    Distribution timeToFirstToken;

    @Nullable
    Distribution endToEnd;

    @Nullable
    Distribution prefill;

    @Nullable
    Instant startedAt;

    /** What a whole page says and {@link #loadOnly} does not when it came from an endpoint of its own. */
    @Nullable
    Long maxLora;

    /** Where the load alone comes from. */
    SnapshotSource loadSource = SnapshotSource.FILTERED_PAGE;

    String engine = "acme";
    final Map<String, Told> models = new LinkedHashMap<>();
    final Map<String, Told> ranks = new LinkedHashMap<>();
    final Map<String, Provenance> provenance = new LinkedHashMap<>();

    /** Nothing yet. */
    public static Told nothing() {
        return new Told();
    }

    /** Requests in the batch and in the queue. */
    public Told load(long runningNow, long waitingNow, double usage) {
        running = runningNow;
        waiting = waitingNow;
        kvUsage = usage;
        return this;
    }

    /** Counts since the start. */
    public Told counts(long succeededSoFar, long promptSoFar, long generatedSoFar) {
        succeeded = succeededSoFar;
        prompt = promptSoFar;
        generated = generatedSoFar;
        return this;
    }

    /** No counts, as on the page of an engine that counted nothing yet. */
    public Told withoutCounts() {
        succeeded = null;
        prompt = null;
        generated = null;
        return this;
    }

    /** The prefix cache. */
    public Told prefix(long hits, long queries) {
        prefixHits = hits;
        prefixQueries = queries;
        return this;
    }

    /** When the process started. */
    public Told startedAt(Instant time) {
        startedAt = time;
        return this;
    }

    /** Time to first token. */
    public Told timeToFirstToken(Distribution seconds) {
        timeToFirstToken = seconds;
        return this;
    }

    /** One model's part. */
    public Told model(String name, Told part) {
        models.put(name, part);
        return this;
    }

    /** One rank's part. */
    public Told rank(String name, Told part) {
        ranks.put(name, part);
        return this;
    }

    /** As the whole page tells it. */
    public Snapshot whole(String instance, Instant at) {
        return snapshot(instance, at, false);
    }

    /** As an answer about the load alone tells it: the rest is absent. */
    public Snapshot loadOnly(String instance, Instant at) {
        return snapshot(instance, at, true);
    }

    private Snapshot snapshot(String instance, Instant at, boolean loadOnly) {
        SnapshotHeader header = new SnapshotHeader(
                engine,
                instance,
                URI.create("http://" + instance + "/metrics"),
                at,
                Duration.ofMillis(1),
                null,
                0,
                startedAt,
                loadOnly ? loadSource : SnapshotSource.WHOLE_PAGE,
                Set.of());
        return new Snapshot(
                new CommonView(
                        header, metrics(loadOnly), parts(models, loadOnly), parts(ranks, loadOnly), provenance, null),
                null);
    }

    private static Map<String, EngineMetrics> parts(Map<String, Told> told, boolean loadOnly) {
        Map<String, EngineMetrics> parts = new LinkedHashMap<>();
        told.forEach((name, part) -> parts.put(name, part.metrics(loadOnly)));
        return parts;
    }

    private EngineMetrics metrics(boolean loadOnly) {
        EngineMetrics.Load load = new EngineMetrics.Load(running, waiting, null, null, null, null);
        EngineMetrics nothing = Nothing.METRICS;
        if (loadOnly) {
            return new EngineMetrics(
                    load,
                    nothing.requests(),
                    nothing.tokens(),
                    nothing.latency(),
                    nothing.size(),
                    new EngineMetrics.Cache(kvUsage, null, null, null, null, null, null),
                    nothing.speculation(),
                    adapters(loadSource != SnapshotSource.LOAD_ENDPOINT),
                    nothing.memory(),
                    List.of(),
                    nothing.events());
        }
        return new EngineMetrics(
                load,
                new EngineMetrics.Requests(null, succeeded, null, null, Map.of()),
                new EngineMetrics.Tokens(prompt, generated, null),
                new EngineMetrics.Latency(timeToFirstToken, null, null, endToEnd, null, prefill, null, null),
                nothing.size(),
                new EngineMetrics.Cache(kvUsage, null, null, capacity, prefixHits, prefixQueries, null),
                nothing.speculation(),
                adapters(true),
                nothing.memory(),
                List.of(),
                nothing.events());
    }

    private EngineMetrics.Adapters adapters(boolean told) {
        return new EngineMetrics.Adapters(told ? maxLora : null, null, null);
    }

    /** A snapshot that has a field for rates. */
    public record Snapshot(CommonView common, @Nullable EngineRates filled) implements EngineSnapshot {
        @Override
        public Snapshot withRates(EngineRates rates) {
            return new Snapshot(common, rates);
        }
    }
}
