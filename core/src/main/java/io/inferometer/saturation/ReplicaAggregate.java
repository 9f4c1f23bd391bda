package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many replicas as one line: those of a model, a variant or a zone.
 *
 * <p>Immutable and safe to share. Values of replicas that are {@link Freshness#UNAVAILABLE} are left out; each {@link
 * Spread} says of how many replicas it was made.
 *
 * @param group what the replicas have in common, such as the variant's name; null for those of which it is not known
 * @param replicas how many there are
 * @param ready how many are ready
 * @param byFreshness how many there are of each freshness, all three named
 * @param kvCacheUsage share of the KV cache in use, 0..1
 * @param queueDepth requests that wait
 * @param running requests in the running batches
 * @param requestsPerSecond requests ended per second
 * @param generatedTokensPerSecond generated tokens per second
 * @param tokensInUse tokens held in KV caches
 * @param kvCapacityTokens tokens that the KV caches can hold
 * @param cost what the replicas cost
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplicaAggregate(
        @JsonProperty("group") @Nullable String group,
        @JsonProperty("replicas") int replicas,
        @JsonProperty("ready") int ready,
        @JsonProperty("by_freshness") Map<Freshness, Integer> byFreshness,
        @JsonProperty("kv_cache_usage") @Nullable Spread kvCacheUsage,
        @JsonProperty("queue_depth") @Nullable Spread queueDepth,
        @JsonProperty("running") @Nullable Spread running,
        @JsonProperty("requests_per_second") @Nullable Spread requestsPerSecond,

        @JsonProperty("generated_tokens_per_second") @Nullable
        Spread generatedTokensPerSecond,

        @JsonProperty("tokens_in_use") @Nullable Spread tokensInUse,
        @JsonProperty("kv_capacity_tokens") @Nullable Spread kvCapacityTokens,
        @JsonProperty("cost") @Nullable Spread cost) {
    /**
     * Copies the counts.
     *
     * @param group what the replicas have in common
     * @param replicas how many there are
     * @param ready how many are ready
     * @param byFreshness how many there are of each freshness
     * @param kvCacheUsage share of the KV cache in use
     * @param queueDepth requests that wait
     * @param running requests in the running batches
     * @param requestsPerSecond requests ended per second
     * @param generatedTokensPerSecond generated tokens per second
     * @param tokensInUse tokens held in KV caches
     * @param kvCapacityTokens tokens that the KV caches can hold
     * @param cost what the replicas cost
     */
    public ReplicaAggregate {
        byFreshness = Collections.unmodifiableMap(new LinkedHashMap<>(byFreshness));
    }

    /**
     * One value over several replicas.
     *
     * <p>Immutable and safe to share.
     *
     * @param sum sum of the known values
     * @param max the highest one
     * @param mean their mean
     * @param worst the id of the replica that has the highest one; of equals the first
     * @param known of how many replicas the value is known
     */
    public record Spread(
            @JsonProperty("sum") double sum,
            @JsonProperty("max") double max,
            @JsonProperty("mean") double mean,
            @JsonProperty("worst") String worst,
            @JsonProperty("known") int known) {}

    /**
     * All replicas as one.
     *
     * @param group a name for them, or null
     * @param replicas the replicas
     * @return the aggregate
     */
    public static ReplicaAggregate of(@Nullable String group, Collection<ReplicaMetrics> replicas) {
        List<ReplicaMetrics> usable = replicas.stream()
                .filter(replica -> replica.freshness() != Freshness.UNAVAILABLE)
                .toList();
        return new ReplicaAggregate(
                group,
                replicas.size(),
                (int) replicas.stream()
                        .filter(replica -> Boolean.TRUE.equals(replica.ready()))
                        .count(),
                countByFreshness(replicas),
                spread(usable, ReplicaMetrics::kvCacheUsage),
                spread(usable, ReplicaMetrics::queueDepth),
                spread(usable, ReplicaMetrics::running),
                spread(usable, ReplicaMetrics::requestsPerSecond),
                spread(usable, ReplicaMetrics::generatedTokensPerSecond),
                spread(usable, ReplicaMetrics::tokensInUse),
                spread(usable, ReplicaMetrics::kvCapacityTokens),
                spread(usable, ReplicaMetrics::cost));
    }

    /** One aggregate for each model, sorted by name, those of unknown model last. */
    public static List<ReplicaAggregate> byModel(Collection<ReplicaMetrics> replicas) {
        return by(ReplicaMetrics::model, replicas);
    }

    /** One aggregate for each variant, sorted by name, those without one last. */
    public static List<ReplicaAggregate> byVariant(Collection<ReplicaMetrics> replicas) {
        return by(ReplicaMetrics::variant, replicas);
    }

    /** One aggregate for each zone, sorted by name, those of unknown zone last. */
    public static List<ReplicaAggregate> byZone(Collection<ReplicaMetrics> replicas) {
        return by(ReplicaMetrics::zone, replicas);
    }

    /**
     * One aggregate for each value of a key.
     *
     * @param key gives the group's name, null for the last group
     * @param replicas the replicas
     * @return the aggregates, sorted by name
     */
    public static List<ReplicaAggregate> by(
            Function<ReplicaMetrics, @Nullable String> key, Collection<ReplicaMetrics> replicas) {
        Map<String, List<ReplicaMetrics>> named = new TreeMap<>();
        List<ReplicaMetrics> unnamed = new ArrayList<>();
        for (ReplicaMetrics replica : replicas) {
            String name = key.apply(replica);
            List<ReplicaMetrics> group = name == null ? unnamed : named.computeIfAbsent(name, any -> new ArrayList<>());
            group.add(replica);
        }
        List<ReplicaAggregate> aggregates = new ArrayList<>();
        named.forEach((name, group) -> aggregates.add(of(name, group)));
        if (!unnamed.isEmpty()) {
            aggregates.add(of(null, unnamed));
        }
        return List.copyOf(aggregates);
    }

    private static Map<Freshness, Integer> countByFreshness(Collection<ReplicaMetrics> replicas) {
        Map<Freshness, Integer> counts = new EnumMap<>(Freshness.class);
        for (Freshness freshness : Freshness.values()) {
            counts.put(freshness, 0);
        }
        replicas.forEach(replica -> counts.merge(replica.freshness(), 1, Integer::sum));
        return counts;
    }

    private static @Nullable Spread spread(
            List<ReplicaMetrics> replicas, Function<ReplicaMetrics, ? extends @Nullable Number> value) {
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        String worst = null;
        int known = 0;
        for (ReplicaMetrics replica : replicas) {
            Number here = value.apply(replica);
            if (here != null) {
                double number = here.doubleValue();
                sum += number;
                known++;
                if (worst == null || number > max) {
                    max = number;
                    worst = replica.replicaId();
                }
            }
        }
        return worst == null ? null : new Spread(sum, max, sum / known, worst, known);
    }
}
