package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What to do with the number of replicas of a model, and why.
 *
 * <p>Immutable and safe to share.
 *
 * @param action what to do
 * @param reason why, in words
 * @param variant the variant to add a replica to, or to take one from; null when nothing is to be done, or when the replicas
 *     have no variants
 * @param evidence what the advice rests on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"action", "reason", "variant"})
public record SaturationAdvice(
        @JsonProperty("action") Action action,
        @JsonProperty("reason") String reason,
        @JsonProperty("variant") @Nullable String variant,
        @JsonIgnore Evidence evidence) {
    /** What to do. */
    public enum Action {
        /** Add a replica. */
        UP,
        /** Leave the number as it is. */
        STEADY,
        /** Take one replica away. */
        DOWN,
        /** Data is missing; leave the number as it is, and find out. */
        UNKNOWN;

        /** As JSON spells it: {@code "up"}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What an advice rests on: replicas by their ids, and the spare capacity.
     *
     * <p>Immutable and safe to share; a replica stands in one list only, an unready one in {@code inTransition}.
     *
     * @param saturated replicas that are full
     * @param notSaturated replicas that are known not to be full
     * @param unknown replicas of which data is missing or old, and targets that never answered
     * @param inTransition replicas that are starting, stopping or asleep, so that they neither serve nor idle
     * @param spareUsage mean distance of the not saturated replicas' usage to the threshold; null when unknown
     * @param spareQueue mean distance of their queues to the threshold, in requests; null when unknown
     * @param tokenDemand share of all their KV capacity that held and waiting tokens need; null when unknown
     */
    public record Evidence(
            List<String> saturated,
            List<String> notSaturated,
            List<String> unknown,
            List<String> inTransition,
            @Nullable Double spareUsage,
            @Nullable Double spareQueue,
            @Nullable Double tokenDemand) {
        /**
         * Copies the lists.
         *
         * @param saturated replicas that are full
         * @param notSaturated replicas that are known not to be full
         * @param unknown replicas of which data is missing or old
         * @param inTransition replicas that are starting, stopping or asleep
         * @param spareUsage mean distance of usage to the threshold
         * @param spareQueue mean distance of queues to the threshold
         * @param tokenDemand share of KV capacity needed
         */
        public Evidence {
            saturated = List.copyOf(saturated);
            notSaturated = List.copyOf(notSaturated);
            unknown = List.copyOf(unknown);
            inTransition = List.copyOf(inTransition);
        }
    }
}
