package io.inferometer.source.prometheus;

import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationException;
import io.inferometer.saturation.SaturationOptions;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.saturation.Unreachable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Several clusters, each with a source of its own, as one source.
 *
 * <p>Safe to share; with-ers return copies over the same sources. Each replica has the label {@code cluster}. A cluster
 * whose source does not answer is among the unreachable, and the others' replicas are given; only when none answers is
 * the whole unavailable.
 */
public final class ClusteredSaturationCollector implements SaturationCollector {
    /** The label that holds the cluster's name. */
    public static final String CLUSTER = "cluster";

    private final Map<String, SaturationCollector> clusters;
    private final SaturationOptions options;

    private ClusteredSaturationCollector(Map<String, SaturationCollector> clusters, SaturationOptions options) {
        this.clusters = clusters;
        this.options = options;
    }

    /**
     * A source over others.
     *
     * @param clusters a source by the cluster's name, one at least; closed with this one
     * @throws IllegalArgumentException when there is none
     */
    public static ClusteredSaturationCollector of(Map<String, ? extends SaturationCollector> clusters) {
        if (clusters.isEmpty()) {
            throw new IllegalArgumentException("No cluster was given. Give one source at least.");
        }
        return new ClusteredSaturationCollector(
                Collections.unmodifiableMap(new LinkedHashMap<String, SaturationCollector>(clusters)),
                clusters.values().iterator().next().options());
    }

    @Override
    public String source() {
        return PrometheusSaturationCollector.NAME;
    }

    @Override
    public SaturationOptions options() {
        return options;
    }

    @Override
    public ClusteredSaturationCollector withOptions(SaturationOptions others) {
        return new ClusteredSaturationCollector(clusters, others);
    }

    @Override
    public ReplicaReport report(String model, @Nullable String namespace) {
        List<ReplicaMetrics> replicas = new ArrayList<>();
        List<Unreachable> silent = new ArrayList<>();
        int answered = 0;
        boolean passes = false;
        Map<String, Answer> answers = ask(model, namespace);
        for (Map.Entry<String, Answer> one : answers.entrySet()) {
            ReplicaReport report = one.getValue().report();
            if (report == null) {
                SaturationException failure = one.getValue().failure();
                silent.add(new Unreachable(
                        one.getKey(), failure == null ? "no answer" : String.valueOf(failure.getMessage())));
                passes |= failure instanceof SourceUnavailableException unavailable && unavailable.isTransient();
            } else {
                answered++;
                report.replicas().forEach(replica -> replicas.add(named(one.getKey(), replica)));
            }
        }
        if (answered == 0) {
            throw new SourceUnavailableException(
                    "None of %d clusters answered; of %s: %s"
                            .formatted(
                                    silent.size(),
                                    silent.get(0).name(),
                                    silent.get(0).reason()),
                    silent,
                    passes,
                    null);
        }
        return options.enrich(new ReplicaReport(model, namespace, Instant.now(), replicas, silent, answered));
    }

    /** Closes the sources of all clusters. */
    @Override
    public void close() {
        clusters.values().forEach(SaturationCollector::close);
    }

    private record Answer(
            @Nullable ReplicaReport report, @Nullable SaturationException failure) {}

    /** All at once, so that one that hangs costs no more than its own deadline. */
    private Map<String, Answer> ask(String model, @Nullable String namespace) {
        ExecutorService threads = Executors.newFixedThreadPool(clusters.size(), task -> {
            Thread thread = new Thread(task, "inferometer-cluster");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<String, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
            clusters.forEach((name, source) ->
                    asked.put(name, CompletableFuture.supplyAsync(() -> answer(source, model, namespace), threads)));
            Map<String, Answer> answers = new LinkedHashMap<>();
            for (Map.Entry<String, CompletableFuture<Answer>> one : asked.entrySet()) {
                answers.put(one.getKey(), one.getValue().get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceUnavailableException(
                    "The fetch was interrupted while it waited for the clusters.", List.of(), true, e);
        } catch (ExecutionException e) {
            throw new SourceUnavailableException("The fetch failed: " + e.getCause(), List.of(), false, e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Answer answer(SaturationCollector source, String model, @Nullable String namespace) {
        try {
            SaturationOptions bounds = source.options()
                    .withDeadline(options.deadline())
                    .withFreshness(options.freshness())
                    .withStaleAfter(options.staleAfter());
            return new Answer(source.withOptions(bounds).report(model, namespace), null);
        } catch (SaturationException e) {
            return new Answer(null, e);
        }
    }

    private static ReplicaMetrics named(String cluster, ReplicaMetrics replica) {
        Map<String, String> labels = new LinkedHashMap<>(replica.labels());
        labels.put(CLUSTER, cluster);
        return replica.toBuilder().labels(labels).build();
    }
}
