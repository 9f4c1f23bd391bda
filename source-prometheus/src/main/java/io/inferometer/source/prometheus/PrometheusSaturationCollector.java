package io.inferometer.source.prometheus;

import io.inferometer.saturation.Availability;
import io.inferometer.saturation.Availability.Status;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationOptions;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.saturation.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replicas of a model from a Prometheus-compatible server that scrapes them: the source {@code "prometheus"}.
 *
 * <p>Safe to share; with-ers return copies over the same client, caches and threads. A replica is a target that has a last
 * sample of the model within the freshness window; its age is that of this sample, whatever the server's queries still
 * answer. Its id is the label {@code pod}, with the port where a pod has several targets, else {@code instance}. A replica is
 * ready while the server's last scrape of it succeeded and the engine is not asleep.
 *
 * <p>A first fetch starts up to {@code withParallelQueries} daemon threads, which end after some idle seconds.
 */
public final class PrometheusSaturationCollector implements SaturationCollector {
    static final String NAME = "prometheus";

    private final Workshop workshop;
    private final SaturationOptions options;

    private PrometheusSaturationCollector(Workshop workshop, SaturationOptions options) {
        this.workshop = workshop;
        this.options = options;
    }

    /**
     * A collector with default settings.
     *
     * @param url the server's base URL
     * @throws IllegalArgumentException when it is no HTTP URL
     */
    public static PrometheusSaturationCollector of(String url) {
        return of(PrometheusOptions.of(url), PrometheusSettings.DEFAULTS);
    }

    /**
     * A collector.
     *
     * @param server where the server is, and how it is spoken to
     * @param settings how it is asked
     * @throws IllegalArgumentException when a certificate or key cannot be read
     */
    public static PrometheusSaturationCollector of(PrometheusOptions server, PrometheusSettings settings) {
        return new PrometheusSaturationCollector(
                new Workshop(new PrometheusClient(server), settings),
                SaturationOptions.DEFAULTS.withDeadline(server.timeout()));
    }

    /**
     * A collector as the environment sets it up; {@code docs/prometheus.md} lists the variables.
     *
     * @param environment such as {@code System.getenv()}
     * @throws IllegalArgumentException when the URL is missing or a value is bad; names the variable
     */
    public static PrometheusSaturationCollector fromEnvironment(Map<String, String> environment) {
        PrometheusOptions server = PrometheusOptions.fromEnvironment(environment);
        PrometheusSettings settings = PrometheusSettings.fromEnvironment(environment);
        SaturationOptions bounds = PrometheusSettings.optionsFromEnvironment(environment);
        return of(server, settings).withOptions(bounds.withDeadline(server.timeout()));
    }

    @Override
    public String source() {
        return NAME;
    }

    @Override
    public SaturationOptions options() {
        return options;
    }

    @Override
    public PrometheusSaturationCollector withOptions(SaturationOptions others) {
        return new PrometheusSaturationCollector(workshop, others);
    }

    /** {@inheritDoc} Waits up to the deadline, and asks the server again within it where that may help. */
    @Override
    public ReplicaReport report(String model, @Nullable String namespace) {
        ModelSelection selection = new ModelSelection(model, namespace);
        SeenModel seen = await(selection);
        List<ReplicaMetrics> replicas = new ReplicaWriter(
                        seen, selection, options.freshness(), workshop.settings.clock.instant(), workshop.skew())
                .replicas();
        forgetStale(selection, replicas);
        return options.enrich(
                new ReplicaReport(model, namespace, workshop.settings.clock.instant(), replicas, List.of(), 1));
    }

    /** {@inheritDoc} The words are MetricsFound, MetricsMissing, MetricsStale and PrometheusError. */
    @Override
    public Availability validate(String model, @Nullable String namespace) {
        Availability general = SaturationCollector.super.validate(model, namespace);
        return switch (general.status()) {
            case AVAILABLE -> general;
            case MISSING -> missing(model, namespace);
            case STALE ->
                new Availability(
                        Status.STALE,
                        general.reason(),
                        "Check on the server's page /targets that it still scrapes them (up == 1), and that its scrape interval is shorter than METRICS_STALE_THRESHOLD.");
            case UNREACHABLE ->
                new Availability(
                        Status.UNREACHABLE,
                        general.reason(),
                        "Try: curl '%s/api/v1/query?query=up'."
                                .formatted(workshop.client.options().shown()),
                        "PrometheusError");
        };
    }

    /** Begins to read a model in the background, at once and then in each interval; does nothing where that is off. */
    public void track(String model, @Nullable String namespace) {
        workshop.refresher.track(new ModelSelection(model, namespace));
    }

    /** Ends what {@link #track(String, String)} began. */
    public void untrack(String model, @Nullable String namespace) {
        workshop.refresher.untrack(new ModelSelection(model, namespace));
    }

    /**
     * Tracks what a supplier names, which is asked once in an interval; models that it no longer names are not tracked
     * any longer.
     *
     * @param models asked on the refresher's thread
     */
    public void track(Supplier<List<TrackedModel>> models) {
        workshop.refresher.track(() -> models.get().stream()
                .map(model -> new ModelSelection(model.model(), model.namespace()))
                .toList());
    }

    /** The models that are tracked now. */
    public List<TrackedModel> tracked() {
        return workshop.refresher.tracked().stream()
                .map(selection -> new TrackedModel(selection.model(), selection.namespace()))
                .toList();
    }

    /** Forgets all that is kept of a model, so that the next fetch asks the server. */
    public void invalidate(String model, @Nullable String namespace) {
        workshop.invalidate(new ModelSelection(model, namespace).prefix());
    }

    /**
     * Forgets all that is kept under keys with a prefix.
     *
     * @param prefix of {@code model:namespace:query}; empty for all
     */
    public void invalidatePrefix(String prefix) {
        workshop.invalidate(prefix);
    }

    /** Numbers about itself. */
    public PrometheusStats stats() {
        return new PrometheusStats(
                workshop.client.queries(),
                workshop.client.bytesRead(),
                workshop.answerStats(),
                workshop.modelStats(),
                workshop.refresher.refreshes(),
                workshop.refresher.errors());
    }

    /** Ends background refresh, threads and connections, of all copies. */
    @Override
    public void close() {
        workshop.close();
    }

    private SeenModel await(ModelSelection selection) {
        Instant deadline = Instant.now().plus(options.deadline());
        CompletableFuture<SeenModel> fetch = workshop.fetch(selection, deadline);
        try {
            return fetch.get(Math.max(1, options.deadline().toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(selection, "The fetch was interrupted while it waited for the server.", true, e);
        } catch (TimeoutException e) {
            workshop.invalidate(selection.prefix()); // The next caller does not wait for this one's query.
            String message =
                    "%s did not answer within %s. Give it more time with withDeadline(...), or relieve it with recording rules."
                            .formatted(workshop.client.options().shown(), words(options.deadline()));
            throw unavailable(selection, message, true, e);
        } catch (ExecutionException e) {
            Throwable cause = Failures.cause(e);
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause instanceof PrometheusException failure) {
                throw unavailable(selection, String.valueOf(failure.getMessage()), failure.isTransient(), failure);
            }
            throw unavailable(selection, "The fetch failed: " + cause, false, cause);
        }
    }

    private SourceUnavailableException unavailable(
            ModelSelection selection, String message, boolean passes, Throwable cause) {
        workshop.tell(listener -> listener.onUnavailable(workshop.trouble(selection, message, 1, null, passes)));
        return new SourceUnavailableException(
                message, List.of(new Unreachable(workshop.client.options().shown(), message)), passes, cause);
    }

    /** A fetch that finds only old values shall not answer from memory the next time. */
    private void forgetStale(ModelSelection selection, List<ReplicaMetrics> replicas) {
        boolean stale = !replicas.isEmpty()
                && replicas.stream().allMatch(replica -> {
                    Duration age = replica.age();
                    return age == null || age.compareTo(options.staleAfter()) > 0;
                });
        if (stale) {
            workshop.invalidate(selection.prefix());
        }
    }

    private Availability missing(String model, @Nullable String namespace) {
        String where = namespace == null ? "" : " in namespace '" + namespace + "'";
        String blind = String.join(
                ", ",
                workshop.backends.values().stream()
                        .filter(backend -> !backend.replicaTable().isEmpty()
                                && backend.replicaTable().modelLabels().isEmpty())
                        .map(backend -> backend.title())
                        .toList());
        String labelled = blind.isEmpty()
                ? ""
                : " The series of %s do not name their model: give their targets the label '%s', or a mapping."
                        .formatted(blind, workshop.settings.queries.modelLabel());
        return new Availability(
                Status.MISSING,
                "%s answers and has no replica of '%s'%s within the last %s."
                        .formatted(
                                workshop.client.options().shown(),
                                model,
                                where,
                                words(workshop.settings.queries.freshnessWindow())),
                "Check the model's name as the engine spells it (label model_name), that the server scrapes the engine, and the namespace."
                        + labelled);
    }

    private static String words(Duration duration) {
        return Promql.duration(duration);
    }
}
