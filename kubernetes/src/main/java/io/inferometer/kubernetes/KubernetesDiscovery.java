package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaEnricher;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which pods there are, by a watch: keeps the targets of monitors up to date and describes replicas.
 *
 * <pre>{@code
 * try (KubernetesClient client = new KubernetesClientBuilder().build();
 *         EngineMonitor monitor = Collectors.monitor();
 *         KubernetesDiscovery pods = KubernetesDiscovery.of(client, PodSelector.service("chat", "llama"))) {
 *     pods.feed(monitor).start();
 *     monitor.start();
 *     SaturationCollector fleet = SaturationCollectors.direct(monitor).withEnricher(pods.enricher());
 * }
 * }</pre>
 *
 * <p>Safe to share. It uses the client's own way to sign in (kubeconfig, service account) and neither starts nor closes it.
 * {@link #start} begins one daemon thread named {@code inferometer-kubernetes}, gone after {@link #close}; the client has
 * threads of its own. After a break the watch begins anew, and until then what was known stays. A missing right costs only
 * what it was for, and stands in {@link #problems}; only without the right to list and watch the pods (or the Service)
 * {@link #start} fails.
 */
public final class KubernetesDiscovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesDiscovery.class);
    private static final long SETTLE_MILLIS = 20; // A rollout's many changes are one.

    private final DiscoveryOptions options;
    private final Problems problems = new Problems();
    private final Map<String, String> complaints = new HashMap<>(); // Of the worker's thread alone.
    private final PodSource source;
    private final Lookups lookups;
    private final PodReader reader;
    private final PodTargets podTargets = new PodTargets(complaints);
    private final List<MonitorFeed> feeds = new CopyOnWriteArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor worker;
    private volatile PodIndex index = PodIndex.EMPTY;
    private volatile List<MonitoredTarget> targets = List.of();
    private final AtomicBoolean lookingAgain = new AtomicBoolean();
    private volatile boolean started;
    private volatile boolean closed;

    private KubernetesDiscovery(KubernetesClient client, PodSelector selector, DiscoveryOptions options) {
        this.options = options;
        this.source = new PodSource(client, selector, problems, this::changed);
        this.lookups = new Lookups(client, problems, options.lookupAge());
        this.reader = new PodReader(options, lookups, new Engines(), complaints);
        this.worker = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "inferometer-kubernetes");
            thread.setDaemon(true);
            return thread;
        });
        worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        worker.setRemoveOnCancelPolicy(true);
    }

    /**
     * Discovery with default options; it asks nothing until it is started.
     *
     * @param client how to reach the cluster; the caller closes it
     * @param selector which pods
     * @return the discovery
     */
    public static KubernetesDiscovery of(KubernetesClient client, PodSelector selector) {
        return of(client, selector, DiscoveryOptions.DEFAULTS);
    }

    /**
     * Discovery; it asks nothing until it is started.
     *
     * @param client how to reach the cluster; the caller closes it
     * @param selector which pods
     * @param options how pods are read
     * @return the discovery
     */
    public static KubernetesDiscovery of(KubernetesClient client, PodSelector selector, DiscoveryOptions options) {
        return new KubernetesDiscovery(client, selector, options);
    }

    /**
     * Keeps a monitor's targets up to date from now on. Targets that others added to it stay as they are, and win over a pod of
     * the same name.
     *
     * @param monitor whose targets; the caller starts and closes it
     * @return this
     */
    public KubernetesDiscovery feed(EngineMonitor monitor) {
        feeds.add(new MonitorFeed(monitor));
        changed();
        return this;
    }

    /**
     * Begins, and waits for the first list of pods. A second call does nothing.
     *
     * @return this
     * @throws KubernetesAccessException when the right to list or watch is missing (it names verb, resource and namespace), or
     *     nothing answers within {@link DiscoveryOptions#startTimeout}; then this is closed
     * @throws IllegalStateException when this is closed
     */
    public synchronized KubernetesDiscovery start() {
        if (closed) {
            throw new IllegalStateException("This discovery is closed; make a new one.");
        }
        if (!started) {
            started = true;
            try {
                begin();
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
        return this;
    }

    /** What is to be scraped now: one target for each port of each pod; empty before {@link #start}. */
    public List<MonitoredTarget> targets() {
        return targets;
    }

    /** The pods that were found, as they are described now; without those that have ended. */
    public List<PodDescription> pods() {
        return index.pods();
    }

    /** Describes the replicas of any source, by what is known at each fetch. Safe to share; asks nobody. */
    public ReplicaEnricher enricher() {
        return new PodEnricher(() -> index);
    }

    /**
     * What is wrong now: rights that are missing, lists that failed, pods without a port. Each is a sentence that says what to
     * do; empty when all is well. A watch that broke and is being renewed by the client is not among them.
     */
    public List<String> problems() {
        source.noteRecovery();
        return problems.list();
    }

    /** Stops watching. The monitors keep their targets. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        worker.shutdownNow();
        source.close();
    }

    private void begin() {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        source.begin(future -> await(future, deadline));
        source.keepTrying();
        await(CompletableFuture.runAsync(this::reconcile, worker), deadline);
    }

    private void await(CompletableFuture<?> future, long deadline) {
        try {
            future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw source.access().failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw source.access()
                    .failed(source.lastError(
                            new IllegalStateException("no answer within " + options.startTimeout(), e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw source.access().failed(e);
        }
    }

    private void changed() {
        if (started && !closed && due.compareAndSet(false, true)) {
            later(Duration.ofMillis(SETTLE_MILLIS), this::reconcileOrLog);
        }
    }

    /** At most one of these is planned. */
    private void lookAgain() {
        lookingAgain.set(false);
        reconcileOrLog();
    }

    private void later(Duration delay, Runnable work) {
        try {
            Future<?> unused = worker.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed in the meantime", e);
        }
    }

    private void reconcileOrLog() {
        try {
            reconcile();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("The pods could not be read and stay as they were: {}", e.toString(), e);
            }
        }
    }

    /** From what the informers hold to targets; on the worker's thread only. */
    private void reconcile() {
        due.set(false);
        List<Pod> found = source.pods();
        if (found == null || closed) {
            return; // A list is on its way; until then what was known stays.
        }
        complaints.clear();
        List<PodDescription> described = found.stream()
                .sorted(Comparator.comparing((Pod pod) -> pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName()))
                .map(pod -> readOrComplain(pod))
                .filter(pod -> pod != null)
                .toList();
        index = new PodIndex(described);
        targets = podTargets.of(described, source.allNamespaces());
        problems.replaceAll("pod/", complaints);
        feedAll();
        source.noteRecovery();
        lookups.forgetOld();
        if (lookups.anyFailed() && lookingAgain.compareAndSet(false, true)) {
            later(options.lookupAge(), this::lookAgain);
        }
    }

    private void feedAll() {
        Map<String, String> refused = new HashMap<>();
        feeds.forEach(feed -> refused.putAll(feed.update(targets)));
        problems.replaceAll("monitor/", refused);
    }

    private @Nullable PodDescription readOrComplain(Pod pod) {
        try {
            return reader.read(pod, source.serviceTargets());
        } catch (RuntimeException e) {
            String name =
                    pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
            complaints.put("pod/" + name, "Pod '%s' cannot be read and is left out: %s.".formatted(name, e.toString()));
            return null;
        }
    }
}
