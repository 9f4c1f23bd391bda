package io.inferometer.saturation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells which replicas serve a model and how full they are, whatever the source: direct scrapes, a Prometheus server.
 *
 * <p>Safe to share; with-ers return changed copies over the same source. {@link #fetch} has three different answers:
 *
 * <ul>
 *   <li>a list, empty when the source answered and <em>no replica</em> serves the model yet;
 *   <li>{@link StaleReplicasException}, with the last known values, when <em>every</em> replica's are older than {@link
 *       SaturationOptions#staleAfter} (if only some are, all are returned, each with its own freshness);
 *   <li>{@link SourceUnavailableException}, when nobody who could know answered.
 * </ul>
 *
 * <p>{@link #report} gives the same without a verdict, and beside the replicas who did not answer.
 */
public interface SaturationCollector extends AutoCloseable {
    /** The source's name, as in {@code SaturationCollectors.named(...)}: {@code "direct"}. */
    String source();

    /** What is set. */
    SaturationOptions options();

    /** A copy over the same source with other options. */
    SaturationCollector withOptions(SaturationOptions options);

    /**
     * All that the source can say now, stale replicas and silent targets included.
     *
     * @param model the model, by the name that clients use
     * @param namespace the namespace, which leaves out what has none; null for any
     * @return the report
     * @throws SourceUnavailableException when the source itself cannot be asked, or the caller was interrupted
     */
    ReplicaReport report(String model, @Nullable String namespace);

    /**
     * The model's replicas.
     *
     * @param model the model, by the name that clients use
     * @param namespace the namespace, which leaves out what has none; null for any
     * @return the replicas; empty when there are none yet
     * @throws StaleReplicasException when every replica's values are too old; carries them
     * @throws SourceUnavailableException when nobody who could know answered, or the caller was interrupted
     */
    default List<ReplicaMetrics> fetch(String model, @Nullable String namespace) {
        return Verdict.replicasOf(report(model, namespace), options().staleAfter());
    }

    /** {@link #fetch(String, String)} in any namespace. */
    default List<ReplicaMetrics> fetch(String model) {
        return fetch(model, null);
    }

    /**
     * Fetches on another thread.
     *
     * @param model the model
     * @param namespace the namespace, or null
     * @param executor where it runs; one thread of it is busy meanwhile
     * @return completes with the replicas or with a {@link SaturationException}; cancelling it interrupts the fetch
     */
    default CompletableFuture<List<ReplicaMetrics>> fetchAsync(
            String model, @Nullable String namespace, Executor executor) {
        return AsyncFetch.start(() -> fetch(model, namespace), executor);
    }

    /**
     * Whether there are values to work with, without throwing for what the source did.
     *
     * @param model the model
     * @param namespace the namespace, or null
     * @return which of the answers {@link #fetch} would give, why, and what to do
     */
    default Availability validate(String model, @Nullable String namespace) {
        return Verdict.validate(this, model, namespace);
    }

    /** A copy whose fetches wait at most so long for values that are on their way; zero does not wait. */
    default SaturationCollector withDeadline(Duration deadline) {
        return withOptions(options().withDeadline(deadline));
    }

    /** A copy for which values older than this, if every replica's are, are no answer. */
    default SaturationCollector withStaleAfter(Duration staleAfter) {
        return withOptions(options().withStaleAfter(staleAfter));
    }

    /** A copy with other bounds of freshness. */
    default SaturationCollector withFreshness(FreshnessThresholds freshness) {
        return withOptions(options().withFreshness(freshness));
    }

    /** A copy that lets {@code enricher} add to each report. */
    default SaturationCollector withEnricher(ReplicaEnricher enricher) {
        return withOptions(options().withEnricher(enricher));
    }

    /** Ends what this collector (or the one that it was copied from) started itself; nothing that it was given. */
    @Override
    void close();
}
