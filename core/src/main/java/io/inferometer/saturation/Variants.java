package io.inferometer.saturation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Picks a variant by what one replica of it costs, which is the mean of the costs that its replicas state. A variant without
 * a cost is picked only where none has one; of equals, the first by name.
 */
final class Variants {
    /**
     * The variant picked.
     *
     * @param name its name, null when no replica has a variant
     * @param words how it was picked, to follow a sentence; may be empty
     */
    record Choice(@Nullable String name, String words) {}

    private Variants() {}

    static Choice cheapest(Collection<ReplicaMetrics> replicas) {
        return pick(replicas, Comparator.naturalOrder(), "cheapest");
    }

    static Choice dearest(Collection<ReplicaMetrics> replicas) {
        return pick(replicas, Comparator.reverseOrder(), "dearest");
    }

    private static Choice pick(Collection<ReplicaMetrics> replicas, Comparator<Double> order, String word) {
        Map<String, Double> costs = costs(replicas);
        if (costs.isEmpty()) {
            return new Choice(null, "");
        }
        String picked = null;
        Double best = null;
        for (Map.Entry<String, Double> variant : costs.entrySet()) {
            Double cost = variant.getValue();
            boolean better = !cost.isNaN() && (best == null || order.compare(cost, best) < 0);
            if (picked == null || better) {
                picked = variant.getKey();
                best = cost.isNaN() ? null : cost;
            }
        }
        return new Choice(picked, costs.size() == 1 ? "" : words(Objects.requireNonNull(picked), best, word));
    }

    private static String words(String picked, @Nullable Double cost, String word) {
        return cost == null
                ? " No variant states its cost, so it is the first, %s.".formatted(picked)
                : " The %s variant is %s.".formatted(word, picked);
    }

    /** Mean cost by variant, sorted by name; NaN where none is stated. */
    private static Map<String, Double> costs(Collection<ReplicaMetrics> replicas) {
        Map<String, Double> costs = new TreeMap<>();
        for (ReplicaMetrics replica : replicas) {
            String variant = replica.variant();
            if (variant != null && !costs.containsKey(variant)) {
                costs.put(variant, meanCost(variant, replicas));
            }
        }
        return costs;
    }

    private static double meanCost(String variant, Collection<ReplicaMetrics> replicas) {
        List<Double> stated = replicas.stream()
                .filter(replica -> variant.equals(replica.variant()))
                .map(ReplicaMetrics::cost)
                .filter(Objects::nonNull)
                .toList();
        return stated.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
