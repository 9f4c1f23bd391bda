package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a source could say about a model's replicas at one moment, and who did not answer.
 *
 * <p>Immutable and safe to share. Each replica has its own freshness. A target that once answered is among the replicas,
 * with its last values and their age; one that never did is among the unreachable only.
 *
 * @param model the model that was asked for
 * @param namespace the namespace that was asked for, null for any
 * @param at when this was put together
 * @param replicas the replicas, in the source's order
 * @param unreachable who gave nothing at all and may serve the model
 * @param answered how many targets (or servers) ever answered, whatever model they serve; 0 means that nothing could be
 *     asked
 */
@JsonPropertyOrder({"replicas", "unreachable"})
public record ReplicaReport(
        @JsonIgnore String model,
        @JsonIgnore @Nullable String namespace,
        @JsonIgnore Instant at,
        @JsonProperty("replicas") List<ReplicaMetrics> replicas,
        @JsonProperty("unreachable") List<Unreachable> unreachable,
        @JsonIgnore int answered) {
    /**
     * Copies the lists.
     *
     * @param model the model that was asked for
     * @param namespace the namespace that was asked for, null for any
     * @param at when this was put together
     * @param replicas the replicas
     * @param unreachable who gave nothing at all
     * @param answered how many ever answered
     */
    public ReplicaReport {
        replicas = List.copyOf(replicas);
        unreachable = List.copyOf(unreachable);
    }

    /** A copy with other replicas. */
    public ReplicaReport withReplicas(List<ReplicaMetrics> others) {
        return new ReplicaReport(model, namespace, at, others, unreachable, answered);
    }

    /** Whether somebody was to be asked and nobody ever answered. */
    @JsonIgnore
    public boolean nothingCouldBeAsked() {
        return answered == 0 && !unreachable.isEmpty();
    }

    /** Whether there is no replica, and nobody who may be one stayed silent. */
    @JsonIgnore
    public boolean isTrulyEmpty() {
        return replicas.isEmpty() && unreachable.isEmpty();
    }
}
