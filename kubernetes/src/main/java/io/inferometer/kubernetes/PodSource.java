package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pods of a selector, by an informer; those of a Service by a second one, which tells the labels. Thread-safe. */
final class PodSource implements AutoCloseable {
    private final KubernetesClient client;
    private final PodSelector selector;
    private final @Nullable String namespace;
    private final Problems problems;
    private final Runnable onChange;

    // Guarded by this.
    private @Nullable Watching<Service> services;
    private @Nullable Watching<Pod> pods;
    private @Nullable Map<String, String> podLabels;
    private @Nullable CompletableFuture<Void> firstList;
    private boolean closed;
    private volatile boolean keepsTrying;

    PodSource(KubernetesClient client, PodSelector selector, Problems problems, Runnable onChange) {
        this.client = client;
        this.selector = selector;
        this.namespace = namespace(client, selector);
        this.problems = problems;
        this.onChange = onChange;
    }

    boolean allNamespaces() {
        return namespace == null;
    }

    /** Starts the informers and has the first lists waited for. */
    void begin(Consumer<CompletableFuture<?>> await) {
        String service = selector.service();
        if (service != null) {
            await.accept(watchService(service));
            followService();
        } else {
            watchPods(null);
        }
        CompletableFuture<Void> first = firstList();
        if (first != null) {
            await.accept(first);
        }
    }

    /** From now on a refusal is no reason to end: rights may come back. */
    void keepTrying() {
        keepsTrying = true;
    }

    /** The pods; empty where the Service selects none, null while the list is on its way. */
    synchronized @Nullable List<Pod> pods() {
        followService();
        Watching<Pod> watching = pods;
        if (watching == null) {
            return List.of();
        }
        return watching.hasSynced() ? watching.list() : null;
    }

    /** To which ports of the pods the Service leads. */
    synchronized List<IntOrString> serviceTargets() {
        Service service = service();
        if (service == null || service.getSpec() == null) {
            return List.of();
        }
        return service.getSpec().getPorts().stream()
                .map(port -> port.getTargetPort() == null ? new IntOrString(port.getPort()) : port.getTargetPort())
                .toList();
    }

    /** What was asked last, for messages. */
    synchronized Access access() {
        return services != null && pods == null ? services.access() : podAccess();
    }

    /** What went wrong last, if anything did. */
    synchronized Throwable lastError(Throwable otherwise) {
        Watching<?> watching = pods == null ? services : pods;
        Throwable last = watching == null ? null : watching.lastError();
        return last == null ? otherwise : last;
    }

    synchronized void noteRecovery() {
        if (services != null) {
            services.noteRecovery();
        }
        if (pods != null) {
            pods.noteRecovery();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (services != null) {
            services.close();
        }
        if (pods != null) {
            pods.close();
        }
    }

    private synchronized @Nullable CompletableFuture<Void> firstList() {
        return firstList;
    }

    private synchronized CompletableFuture<Void> watchService(String name) {
        Watching<Service> watching = new Watching<>(
                client.services()
                        .inNamespace(String.valueOf(namespace))
                        .withName(name)
                        .runnableInformer(0),
                Access.of(client, "list", "", "services", namespace),
                problems,
                () -> keepsTrying,
                onChange);
        services = watching;
        return watching.start();
    }

    /** The Service's labels may have changed: other labels are another list. */
    private synchronized void followService() {
        if (services == null || closed) {
            return;
        }
        Map<String, String> labels = selectedBy(service());
        if (labels.equals(podLabels)) {
            return;
        }
        podLabels = labels;
        if (pods != null) {
            pods.close();
            pods = null;
        }
        if (!labels.isEmpty()) {
            watchPods(labels);
        }
    }

    private Map<String, String> selectedBy(@Nullable Service service) {
        String place = "service";
        if (service == null) {
            problems.set(
                    place,
                    "There is no Service '%s' in namespace '%s', so no pods. Check its name: kubectl get services -n %s; it is taken up as soon as it is there."
                            .formatted(selector.service(), namespace, namespace));
            return Map.of();
        }
        Map<String, String> labels =
                service.getSpec() == null ? null : service.getSpec().getSelector();
        if (labels == null || labels.isEmpty()) {
            problems.set(
                    place,
                    "The Service '%s' in namespace '%s' selects no pods: it has no selector. Use a label selector instead."
                            .formatted(selector.service(), namespace));
            return Map.of();
        }
        problems.clear(place);
        return Map.copyOf(labels);
    }

    private synchronized @Nullable Service service() {
        return services == null || services.list().isEmpty()
                ? null
                : services.list().get(0);
    }

    private synchronized void watchPods(@Nullable Map<String, String> labels) {
        Watching<Pod> watching = new Watching<>(
                selected(labels).runnableInformer(0), podAccess(), problems, () -> keepsTrying, onChange);
        pods = watching;
        firstList = watching.start().whenComplete((nothing, error) -> onChange.run());
    }

    private FilterWatchListDeletable<Pod, PodList, PodResource> selected(@Nullable Map<String, String> labels) {
        FilterWatchListDeletable<Pod, PodList, PodResource> all = namespace == null
                ? client.pods().inAnyNamespace()
                : client.pods().inNamespace(namespace);
        if (labels != null) {
            return all.withLabels(labels);
        }
        return selector.labels() == null ? all : all.withLabelSelector(selector.labels());
    }

    private Access podAccess() {
        return Access.of(client, "list", "", "pods", namespace);
    }

    private static @Nullable String namespace(KubernetesClient client, PodSelector selector) {
        if (selector.allNamespaces()) {
            return null;
        }
        String own = client.getNamespace() == null ? "default" : client.getNamespace();
        return selector.namespace() == null ? own : selector.namespace();
    }
}
