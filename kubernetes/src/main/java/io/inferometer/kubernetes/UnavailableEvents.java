package io.inferometer.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inferometer.saturation.SourceListener;
import io.inferometer.saturation.SourceTrouble;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a Warning event with the reason {@code MetricsUnavailable} on the objects that own a model's pods, when a source
 * gives up a fetch: {@code kubectl describe deployment llama} then says why it is not scaled.
 *
 * <p>Safe to share. Posts on a daemon thread of its own, named {@code inferometer-kubernetes-events}, which begins with the
 * first event and ends after a minute without any. An object gets one event, whose count grows; it is written at most once
 * in ten seconds, so that the count may lag a little, and begun anew when the cluster has forgotten it. A right that is
 * missing ({@code create} and {@code patch} {@code events}) is logged once and costs nothing else.
 */
public final class UnavailableEvents implements SourceListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnavailableEvents.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int QUEUE_MAX = 100;

    /** An object in its namespace. */
    record Involved(String namespace, PodOwner object) {}

    private final Function<SourceTrouble, List<Involved>> objects;
    private final EventWriter writer;
    private final ThreadPoolExecutor poster;

    UnavailableEvents(KubernetesClient client, Function<SourceTrouble, List<Involved>> objects, Duration pause) {
        this.objects = objects;
        this.writer = new EventWriter(client, pause);
        this.poster = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE_MAX), UnavailableEvents::thread);
        poster.allowCoreThreadTimeOut(true);
    }

    /**
     * Posts on one object, whatever the model.
     *
     * @param client how to reach the cluster; the caller closes it
     * @param namespace where the object is
     * @param object such as {@code new PodOwner("apps/v1", "Deployment", "llama", uid)}; without a uid {@code kubectl
     *     describe} does not find the event, {@code kubectl get events} does
     * @return the listener
     */
    public static UnavailableEvents on(KubernetesClient client, String namespace, PodOwner object) {
        List<Involved> one = List.of(new Involved(namespace, object));
        return new UnavailableEvents(client, trouble -> one, PAUSE);
    }

    /**
     * Posts on the owners of the pods that serve, or may serve, the model in question.
     *
     * @param client how to reach the cluster; the caller closes it
     * @param pods knows the pods
     * @return the listener
     */
    public static UnavailableEvents onOwners(KubernetesClient client, KubernetesDiscovery pods) {
        return new UnavailableEvents(client, trouble -> owners(pods, trouble), PAUSE);
    }

    @Override
    public void onUnavailable(SourceTrouble trouble) {
        try {
            poster.execute(() -> post(trouble));
        } catch (RejectedExecutionException e) {
            LOG.debug("An event is left out: {}", trouble.message());
        }
    }

    /** Posts what waits, for five seconds at most. A second call does nothing. */
    @Override
    public void close() {
        poster.shutdown();
        try {
            if (!poster.awaitTermination(5, TimeUnit.SECONDS)) {
                poster.shutdownNow();
            }
        } catch (InterruptedException e) {
            poster.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void post(SourceTrouble trouble) {
        try {
            objects.apply(trouble).forEach(object -> writer.write(object, trouble));
        } catch (RuntimeException e) {
            LOG.warn("An event about metrics that are unavailable is left out: {}", e.toString());
        }
    }

    private static List<Involved> owners(KubernetesDiscovery pods, SourceTrouble trouble) {
        Set<Involved> owners = new LinkedHashSet<>();
        for (PodDescription pod : pods.pods()) {
            boolean sameModel = trouble.model() == null
                    || pod.model() == null
                    || trouble.model().equals(pod.model());
            boolean samePlace =
                    trouble.namespace() == null || trouble.namespace().equals(pod.namespace());
            if (sameModel && samePlace) {
                PodOwner owner = pod.owner() == null ? new PodOwner("v1", "Pod", pod.name(), pod.uid()) : pod.owner();
                owners.add(new Involved(pod.namespace(), owner));
            }
        }
        return List.copyOf(owners);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "inferometer-kubernetes-events");
        thread.setDaemon(true);
        return thread;
    }
}
