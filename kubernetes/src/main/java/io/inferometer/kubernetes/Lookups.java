package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and owners of pods, asked for one by one and kept for a while. What may not be asked is absent and a problem; the
 * same kind in the same place is then not asked again for a while. For one thread.
 */
final class Lookups {
    private static final Map<String, String> LOST = Map.of(
            "nodes",
            "Until then replicas have no zone, and an accelerator only by what their pods ask for.",
            "replicasets",
            "Until then a Deployment's name is taken from the label pod-template-hash.",
            "statefulsets",
            "Until then the LeaderWorkerSet's name is taken from the pod's label.");

    private final KubernetesClient client;
    private final Problems problems;
    private final Duration age;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Map<String, Long> refusedAt = new HashMap<>();
    private boolean failed;

    private record Kept(@Nullable HasMetadata object, long at) {}

    Lookups(KubernetesClient client, Problems problems, Duration age) {
        this.client = client;
        this.problems = problems;
        this.age = age;
    }

    @Nullable
    Node node(String name) {
        return (Node) find(
                "node/" + name,
                Access.of(client, "get", "", "nodes", null),
                () -> client.nodes().withName(name).get());
    }

    @Nullable
    HasMetadata replicaSet(String namespace, String name, String uid) {
        return inApps("replicasets", client.apps().replicaSets(), namespace, name, uid);
    }

    @Nullable
    HasMetadata statefulSet(String namespace, String name, String uid) {
        return inApps("statefulsets", client.apps().statefulSets(), namespace, name, uid);
    }

    /** Whether a look-up failed since this was asked last, so that it is worth looking again later. */
    boolean anyFailed() {
        boolean any = failed;
        failed = false;
        return any;
    }

    /** Forgets what is not asked for any more. */
    void forgetOld() {
        long now = System.nanoTime();
        kept.values().removeIf(value -> now - value.at > 2 * age.toNanos());
    }

    private <T extends HasMetadata> @Nullable HasMetadata inApps(
            String resource,
            MixedOperation<T, ?, ? extends Resource<T>> all,
            String namespace,
            String name,
            String uid) {
        return find(
                resource + "/" + namespace + "/" + name + "/" + uid,
                Access.of(client, "get", "apps", resource, namespace),
                () -> all.inNamespace(namespace).withName(name).get());
    }

    private @Nullable HasMetadata find(String key, Access access, Supplier<? extends @Nullable HasMetadata> ask) {
        long now = System.nanoTime();
        Kept known = kept.get(key);
        if (known != null && now - known.at < age.toNanos()) {
            return known.object;
        }
        String place = "look-up/" + access.resource() + "/" + access.namespace();
        Long refused = refusedAt.get(place);
        if (refused != null && now - refused < age.toNanos()) {
            failed = true;
            return known == null ? null : known.object;
        }
        try {
            HasMetadata object = ask.get();
            kept.put(key, new Kept(object, now));
            refusedAt.remove(place);
            problems.clear(place);
            return object;
        } catch (KubernetesClientException e) {
            failed = true;
            refusedAt.put(place, now);
            problems.set(place, access.explain(e) + " " + LOST.getOrDefault(access.resource(), ""));
            return known == null ? null : known.object; // What was true a while ago is better than nothing.
        }
    }
}
