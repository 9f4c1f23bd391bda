package io.inferometer.saturation;

import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replicas of a model from an {@link EngineMonitor}: no Prometheus server is needed.
 *
 * <p>Immutable and safe to share. A replica is a target times a model. The page's model name wins, else the target's label
 * {@code model}, else the name that the engine gives elsewhere (TGI's {@code /info}). The namespace, variant, accelerator, zone and
 * cost are the target's labels of these names. A replica is ready while its target is UP and the engine not asleep.
 *
 * <p>A fetch reads what the monitor knows and asks no engine itself. While targets that may serve the model were never asked
 * yet it waits for them, up to the deadline. The monitor stays its owner's: closing this collector does not close it.
 */
public final class DirectSaturationCollector implements SaturationCollector {
    static final String NAME = "direct";
    private static final long POLL_MILLIS = 5;

    private final EngineMonitor monitor;
    private final SaturationOptions options;

    /**
     * A collector over a monitor, which the caller starts and closes.
     *
     * @param monitor what to read from
     * @param options deadline, bounds of ages, enrichers
     */
    public DirectSaturationCollector(EngineMonitor monitor, SaturationOptions options) {
        this.monitor = monitor;
        this.options = options;
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
    public DirectSaturationCollector withOptions(SaturationOptions others) {
        return new DirectSaturationCollector(monitor, others);
    }

    /** {@inheritDoc} Waits up to the deadline for targets that may serve the model and were never asked. */
    @Override
    public ReplicaReport report(String model, @Nullable String namespace) {
        awaitFirstAnswers(model, namespace);
        return report(model, namespace, readers(namespace));
    }

    /**
     * The replicas of all models, such as for {@link ReplicaAggregate#byModel}; a target whose models have no name is not
     * among them.
     *
     * @param namespace the namespace, which leaves out what has none; null for any
     * @return the replicas, stale ones included
     * @throws SourceUnavailableException when the caller was interrupted
     */
    public List<ReplicaMetrics> replicas(@Nullable String namespace) {
        awaitFirstAnswers(null, namespace);
        List<ReplicaReader> readers = readers(namespace);
        Set<String> models = new TreeSet<>();
        readers.forEach(reader -> models.addAll(reader.models()));
        return models.stream()
                .flatMap(model -> report(model, namespace, readers).replicas().stream())
                .toList();
    }

    /**
     * The models that a target serves: those that its page names, else its label {@code model}, else those that the engine
     * names elsewhere (TGI's {@code /info}, Ollama's list).
     *
     * @param view what a monitor knows of the target
     * @return the names; empty while it never answered, or when nobody named one
     */
    public static List<String> modelsOf(TargetView view) {
        return new ReplicaReader(view, FreshnessThresholds.DEFAULTS).models();
    }

    @Override
    public void close() {
        // The monitor is its owner's.
    }

    private ReplicaReport report(String model, @Nullable String namespace, List<ReplicaReader> readers) {
        List<ReplicaMetrics> replicas = new ArrayList<>();
        List<Unreachable> unreachable = new ArrayList<>();
        int answered = 0;
        for (ReplicaReader reader : readers) {
            if (reader.answered()) {
                answered++;
                if (reader.models().contains(model)) {
                    replicas.add(reader.read(model));
                }
            } else if (reader.mayServe(model)) {
                unreachable.add(reader.unreachable(monitor.isRunning()));
            }
        }
        Instant now = monitor.options().clock().now();
        return options.enrich(new ReplicaReport(model, namespace, now, replicas, unreachable, answered));
    }

    private List<ReplicaReader> readers(@Nullable String namespace) {
        return monitor.targets().stream()
                .filter(view ->
                        namespace == null || namespace.equals(view.target().label(ReplicaReader.NAMESPACE)))
                .map(view -> new ReplicaReader(view, options.freshness()))
                .toList();
    }

    /** Waits for those who may serve the model and were never asked; null for any model. */
    private void awaitFirstAnswers(@Nullable String model, @Nullable String namespace) {
        if (!monitor.isRunning() || options.deadline().isZero()) {
            return;
        }
        long deadline = System.nanoTime() + options.deadline().toNanos();
        try {
            for (ReplicaReader reader : readers(namespace)) {
                if (model == null || reader.mayServe(model)) {
                    awaitFirstAnswer(reader.name(), deadline);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceUnavailableException(
                    "The fetch was interrupted while it waited for the first answers of %d targets."
                            .formatted(monitor.targets().size()),
                    List.of(),
                    true,
                    e);
        }
    }

    private void awaitFirstAnswer(String name, long deadline) throws InterruptedException {
        TargetView view = monitor.target(name);
        while (view != null
                && view.state() == TargetState.UNKNOWN
                && monitor.isRunning()
                && System.nanoTime() - deadline < 0) {
            Thread.sleep(POLL_MILLIS);
            view = monitor.target(name);
        }
    }
}
