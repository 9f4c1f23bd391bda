package io.inferometer.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes says of one pod that runs an engine.
 *
 * <p>Immutable and safe to share. What is null was not said; it is never a guess.
 *
 * @param name the pod's name
 * @param namespace the pod's namespace
 * @param uid the pod's identity; another one after it was made anew under the same name
 * @param ip where it is reached, null while it has no address
 * @param hostNetwork whether it shares its node's address with others
 * @param node the node that it runs on
 * @param zone the node's zone
 * @param accelerator what it computes on: by a label of the pod or of its node, else the resource that it asks for
 * @param acceleratorCount how many of them it asks for, 1 or more
 * @param owner what it belongs to
 * @param variant the variant: by a label, else the owner's name
 * @param replicaIndex its number among the replicas of its owner, from 0; Deployments do not number
 * @param ready whether it takes requests by its readiness; false while it terminates
 * @param engine the engine: by a label, else by its image or command; null where it must be found out
 * @param model the model: by a label or annotation, else by its arguments
 * @param maxBatchSize requests that run at once at most, by its arguments; 1 or more
 * @param ports where it serves metrics, each port one rank; empty where nothing tells
 * @param path the path of the page, null for the engine's own
 * @param scheme {@code "http"} or {@code "https"}
 */
public record PodDescription(
        String name,
        String namespace,
        String uid,
        @Nullable String ip,
        boolean hostNetwork,
        @Nullable String node,
        @Nullable String zone,
        @Nullable String accelerator,
        @Nullable Long acceleratorCount,
        @Nullable PodOwner owner,
        @Nullable String variant,
        @Nullable Integer replicaIndex,
        boolean ready,
        @Nullable String engine,
        @Nullable String model,
        @Nullable Long maxBatchSize,
        List<Integer> ports,
        @Nullable String path,
        String scheme) {
    /**
     * Copies the list.
     *
     * @param name the pod's name
     * @param namespace the pod's namespace
     * @param uid the pod's identity
     * @param ip where it is reached
     * @param hostNetwork whether it shares its node's address
     * @param node the node that it runs on
     * @param zone the node's zone
     * @param accelerator what it computes on
     * @param acceleratorCount how many of them
     * @param owner what it belongs to
     * @param variant the variant
     * @param replicaIndex its number among the replicas
     * @param ready whether it takes requests
     * @param engine the engine
     * @param model the model
     * @param maxBatchSize requests that run at once at most
     * @param ports where it serves metrics
     * @param path the path of the page
     * @param scheme http or https
     */
    public PodDescription {
        ports = List.copyOf(ports);
    }

    /** {@code namespace/name}, which is unique in a cluster. */
    public String key() {
        return namespace + "/" + name;
    }

    /** {@code ip:port} as a series' {@code instance} says it, IPv6 in brackets; null while it has no address. */
    @Nullable
    String address(int port) {
        String host = ip;
        return host == null ? null : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
