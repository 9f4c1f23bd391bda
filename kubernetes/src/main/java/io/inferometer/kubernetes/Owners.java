package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what a pod belongs to. For one thread. */
final class Owners {
    static final String LWS_NAME = "leaderworkerset.sigs.k8s.io/name";
    private static final String LWS_API = "leaderworkerset.x-k8s.io/v1";
    private static final String LWS = "LeaderWorkerSet";
    private static final String TEMPLATE_HASH = "pod-template-hash";

    private final Lookups lookups;

    Owners(Lookups lookups) {
        this.lookups = lookups;
    }

    /** Null for a pod that nobody made but a user. */
    @Nullable
    PodOwner of(Pod pod) {
        String leaderWorkerSet = PodTexts.labels(pod).get(LWS_NAME);
        OwnerReference owner = controllerOf(pod);
        if (leaderWorkerSet != null) {
            return leaderWorkerSet(pod, owner, leaderWorkerSet);
        }
        if (owner == null) {
            return null;
        }
        return owner.getKind().equals("ReplicaSet") ? aboveReplicaSet(pod, owner) : owner(owner);
    }

    private PodOwner aboveReplicaSet(Pod pod, OwnerReference replicaSet) {
        HasMetadata found =
                lookups.replicaSet(pod.getMetadata().getNamespace(), replicaSet.getName(), replicaSet.getUid());
        if (found != null) {
            OwnerReference above = controllerOf(found);
            return owner(above == null ? replicaSet : above);
        }
        String hash = PodTexts.labels(pod).get(TEMPLATE_HASH);
        String suffix = "-" + hash;
        if (hash != null && replicaSet.getName().endsWith(suffix)) {
            String name = replicaSet.getName().substring(0, replicaSet.getName().length() - suffix.length());
            return new PodOwner("apps/v1", "Deployment", name, null);
        }
        return owner(replicaSet);
    }

    /** A leader belongs to a StatefulSet of the LeaderWorkerSet, a worker to one of its leader. */
    private PodOwner leaderWorkerSet(Pod pod, @Nullable OwnerReference owner, String name) {
        if (owner != null && owner.getKind().equals("StatefulSet")) {
            HasMetadata found = lookups.statefulSet(pod.getMetadata().getNamespace(), owner.getName(), owner.getUid());
            OwnerReference above = found == null ? null : controllerOf(found);
            if (above != null && above.getKind().equals(LWS)) {
                return owner(above);
            }
        }
        return new PodOwner(LWS_API, LWS, name, null);
    }

    private static PodOwner owner(OwnerReference reference) {
        return new PodOwner(reference.getApiVersion(), reference.getKind(), reference.getName(), reference.getUid());
    }

    private static @Nullable OwnerReference controllerOf(HasMetadata object) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        return owners.stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst()
                .orElse(null);
    }
}
