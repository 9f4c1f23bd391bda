package io.inferometer.kubernetes;

import io.inferometer.saturation.ReplicaMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the pod behind a replica. Immutable. */
final class PodIndex {
    static final PodIndex EMPTY = new PodIndex(List.of());
    private static final List<String> POD_LABELS = List.of("pod", "kubernetes_pod_name", "pod_name");

    private final List<PodDescription> pods;
    private final Map<String, List<PodDescription>> byName = new HashMap<>();
    private final Map<String, List<PodDescription>> byIp = new HashMap<>();

    PodIndex(List<PodDescription> pods) {
        this.pods = List.copyOf(pods);
        for (PodDescription pod : pods) {
            byName.computeIfAbsent(pod.name(), name -> new ArrayList<>()).add(pod);
            if (pod.ip() != null) {
                byIp.computeIfAbsent(pod.ip(), ip -> new ArrayList<>()).add(pod);
            }
        }
    }

    List<PodDescription> pods() {
        return pods;
    }

    /** The pod's name by the series' label; null when the series has none. */
    static @Nullable String podLabel(ReplicaMetrics replica) {
        return POD_LABELS.stream()
                .map(label -> replica.labels().get(label))
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse(null);
    }

    /**
     * By the label where there is one, and then by nothing else: the address of a pod that is gone may be another's by now.
     * Null when no pod, or more than one, can be meant.
     */
    @Nullable
    PodDescription find(ReplicaMetrics replica) {
        String label = podLabel(replica);
        if (label != null) {
            return only(byName.getOrDefault(label, List.of()).stream()
                    .filter(pod -> isIn(pod, replica.namespace()))
                    .toList());
        }
        String instance = replica.instance();
        return instance == null ? null : at(instance, replica.namespace());
    }

    private @Nullable PodDescription at(String instance, @Nullable String namespace) {
        int colon = instance.lastIndexOf(':');
        if (colon < 0 || instance.endsWith("]")) {
            return null;
        }
        String host = instance.substring(0, colon).replace("[", "").replace("]", "");
        List<PodDescription> there = byIp.getOrDefault(host, List.of()).stream()
                .filter(pod -> isIn(pod, namespace))
                .toList();
        List<PodDescription> serving = there.stream()
                .filter(pod -> pod.ports().stream().anyMatch(port -> instance.equals(pod.address(port))))
                .toList();
        if (!serving.isEmpty()) {
            return only(serving);
        }
        PodDescription alone = only(there); // Its port is not known here, so the address alone must do.
        return alone == null || alone.hostNetwork() || !alone.ports().isEmpty() ? null : alone;
    }

    private static boolean isIn(PodDescription pod, @Nullable String namespace) {
        return namespace == null || namespace.equals(pod.namespace());
    }

    private static @Nullable PodDescription only(List<PodDescription> pods) {
        return pods.size() == 1 ? pods.get(0) : null;
    }
}
