package io.inferometer.kubernetes;

import io.inferometer.saturation.ReplicaEnricher;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells replicas what their pods are. Safe to share; uses what is known already and asks nobody.
 *
 * <p>What a replica knows stays; readiness alone needs both: the engine answers, and the pod takes requests.
 */
final class PodEnricher implements ReplicaEnricher {
    private final Supplier<PodIndex> index;

    PodEnricher(Supplier<PodIndex> index) {
        this.index = index;
    }

    @Override
    public ReplicaReport enrich(ReplicaReport report) {
        PodIndex known = index.get();
        List<@Nullable PodDescription> pods = new ArrayList<>();
        Map<String, Integer> replicasOf = new HashMap<>();
        for (ReplicaMetrics replica : report.replicas()) {
            PodDescription pod = known.find(replica);
            pods.add(pod);
            if (pod != null) {
                replicasOf.merge(pod.key(), 1, Integer::sum);
            }
        }
        List<ReplicaMetrics> described = new ArrayList<>();
        for (int i = 0; i < pods.size(); i++) {
            ReplicaMetrics replica = report.replicas().get(i);
            PodDescription pod = pods.get(i);
            described.add(
                    pod == null ? named(replica) : described(replica, pod, replicasOf.getOrDefault(pod.key(), 1)));
        }
        return report.withReplicas(withUniqueIds(described));
    }

    @Override
    public String toString() {
        return "Kubernetes";
    }

    /** A pod that is not known here, perhaps because it is gone, still has its name. */
    private static ReplicaMetrics named(ReplicaMetrics replica) {
        String pod = PodIndex.podLabel(replica);
        return pod == null || replica.replicaId().startsWith(pod)
                ? replica
                : replica.toBuilder().replicaId(pod).build();
    }

    private static ReplicaMetrics described(ReplicaMetrics replica, PodDescription pod, int replicas) {
        boolean several = replicas > 1 || pod.ports().size() > 1;
        return replica.toBuilder()
                .replicaId(several ? pod.name() + suffix(replica) : pod.name())
                .namespace(known(replica.namespace(), pod.namespace()))
                .variant(known(replica.variant(), pod.variant()))
                .accelerator(known(replica.accelerator(), pod.accelerator()))
                .zone(known(replica.zone(), pod.zone()))
                .maxBatchSize(known(replica.maxBatchSize(), pod.maxBatchSize()))
                .ready(!Boolean.FALSE.equals(replica.ready()) && pod.ready())
                .labels(labels(replica, pod))
                .build();
    }

    /** The port, which tells the ranks of a pod apart; else the rank that the series names. */
    private static String suffix(ReplicaMetrics replica) {
        String instance = replica.instance();
        int colon = instance == null ? -1 : instance.lastIndexOf(':');
        if (instance != null && colon >= 0) {
            return instance.substring(colon);
        }
        String rank = replica.labels().getOrDefault("rank", replica.labels().get("dp_rank"));
        return rank == null ? "" : ":rank-" + rank;
    }

    private static Map<String, String> labels(ReplicaMetrics replica, PodDescription pod) {
        Map<String, String> labels = new LinkedHashMap<>(replica.labels());
        PodTargets.put(labels, "pod", pod.name());
        PodTargets.put(labels, "node", pod.node());
        PodTargets.put(labels, "replica_index", pod.replicaIndex());
        PodTargets.put(labels, "accelerator_count", pod.acceleratorCount());
        return labels;
    }

    /** Pods of one name in two namespaces, or what cannot be told apart by its port. */
    private static List<ReplicaMetrics> withUniqueIds(List<ReplicaMetrics> replicas) {
        Map<String, Integer> uses = new HashMap<>();
        replicas.forEach(replica -> uses.merge(replica.replicaId(), 1, Integer::sum));
        Set<String> given = new HashSet<>();
        List<ReplicaMetrics> unique = new ArrayList<>();
        for (ReplicaMetrics replica : replicas) {
            String id = replica.replicaId();
            boolean shared = uses.getOrDefault(id, 0) > 1;
            if (shared && replica.namespace() != null) {
                id = replica.namespace() + "/" + id;
            }
            String wanted = id;
            for (int more = 2; !given.add(id); more++) {
                id = wanted + "#" + more;
            }
            unique.add(
                    id.equals(replica.replicaId())
                            ? replica
                            : replica.toBuilder().replicaId(id).build());
        }
        return unique;
    }

    private static <T> @Nullable T known(@Nullable T already, @Nullable T otherwise) {
        return already != null ? already : otherwise;
    }
}
