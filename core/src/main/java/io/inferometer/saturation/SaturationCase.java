package io.inferometer.saturation;

import io.inferometer.saturation.SaturationAdvice.Action;
import io.inferometer.saturation.SaturationAdvice.Evidence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One question to a {@link SaturationAnalyzer}: its replicas, sorted, and the rules applied to them in order. */
final class SaturationCase {
    private static final int IDS_SHOWN_MAX = 5;

    private final SaturationRules rules;
    private final List<ReplicaMetrics> all;
    private final List<Unreachable> silent;
    private final List<ReplicaMetrics> full = new ArrayList<>();
    private final List<ReplicaMetrics> spare = new ArrayList<>();
    private final List<ReplicaMetrics> partly = new ArrayList<>(); // Something is known, not enough to tell.
    private final List<ReplicaMetrics> dark = new ArrayList<>(); // Nothing that counts is known.
    private final List<ReplicaMetrics> changing = new ArrayList<>();
    private final @Nullable Double spareUsage;
    private final @Nullable Double spareQueue;

    SaturationCase(SaturationRules rules, Collection<ReplicaMetrics> replicas, List<Unreachable> silent) {
        this.rules = rules;
        this.all = List.copyOf(replicas);
        this.silent = silent;
        all.forEach(this::sort);
        this.spareUsage = spareOf(rules.usageMax(), rules::usageOf);
        this.spareQueue = spareOf(rules.queueMax(), SaturationCase::queueOf);
    }

    SaturationAdvice advice() {
        if (all.isEmpty() && silent.isEmpty()) {
            return say(Action.UNKNOWN, "There is no replica, so there is nothing to judge by.");
        }
        String up = reasonForUp();
        if (up != null) {
            return sayOf(Variants.cheapest(all), Action.UP, up);
        }
        if (!unknownIds().isEmpty()) {
            return say(Action.UNKNOWN, unknownWords() + ". What is unknown is never taken for idle.");
        }
        String stay = reasonToStay();
        return stay == null
                ? sayOf(Variants.dearest(spare), Action.DOWN, reasonForDown())
                : say(Action.STEADY, "No more replicas are needed. " + stay);
    }

    private void sort(ReplicaMetrics replica) {
        Boolean saturated = rules.isSaturated(replica);
        boolean serves = !Boolean.FALSE.equals(replica.ready());
        if (saturated == null) {
            (serves && saysSomething(replica) ? partly : dark).add(replica);
        } else if (!serves) {
            changing.add(replica);
        } else {
            (saturated ? full : spare).add(replica);
        }
    }

    private boolean saysSomething(ReplicaMetrics replica) {
        return replica.freshness() == Freshness.FRESH
                && (rules.usageOf(replica) != null || replica.queueDepth() != null);
    }

    private @Nullable String reasonForUp() {
        if (!full.isEmpty() && spare.isEmpty() && partly.isEmpty()) {
            String rest = unknownIds().isEmpty() ? "" : " " + unknownWords() + ", which is no spare capacity.";
            return "All replicas that serve and are known are saturated (%s).%s%s"
                    .formatted(ids(full), inTransitionWords(), rest);
        }
        if (rules.tooLittleUsage(spareUsage)) {
            return "The mean spare usage of the replicas that are not saturated is %s, less than %s.%s"
                    .formatted(number(spareUsage), number(rules.spareUsageMin()), inTransitionWords());
        }
        if (rules.tooLittleQueue(spareQueue)) {
            return "The mean spare queue of the replicas that are not saturated is %s requests, less than %s.%s"
                    .formatted(number(spareQueue), number(rules.spareQueueMin()), inTransitionWords());
        }
        return null;
    }

    /** Why no replica can go, or null when one can. */
    private @Nullable String reasonToStay() {
        if (!changing.isEmpty()) {
            return "None can go while replicas are in transition (%s).".formatted(ids(changing));
        }
        if (spare.size() < 2) {
            return "None can go, since fewer than two replicas are not saturated.";
        }
        Double usage = usageWithoutOne();
        if (rules.tooLittleUsage(distance(rules.usageMax(), usage))) {
            return "None can go: with one less the mean usage would be %s, less than %s below %s."
                    .formatted(number(usage), number(rules.spareUsageMin()), number(rules.usageMax()));
        }
        double queue = queueWithoutOne();
        if (rules.tooLittleQueue(distance(rules.queueMax(), queue))) {
            return "None can go: with one less the mean queue would be %s requests, less than %s below %s."
                    .formatted(number(queue), number(rules.spareQueueMin()), number(rules.queueMax()));
        }
        return null;
    }

    private String reasonForDown() {
        Double usage = usageWithoutOne();
        return "With one of the %d replicas less that are not saturated, the mean %squeue would be %s requests: enough to spare."
                .formatted(
                        spare.size(),
                        usage == null ? "" : "usage would be " + number(usage) + " and the mean ",
                        number(queueWithoutOne()));
    }

    /**
     * The mean usage when the load of the replicas that are not full is spread over one less of them. By tokens the
     * replicas may differ in size, and the largest one of the dearest variant goes.
     */
    private @Nullable Double usageWithoutOne() {
        Double byTokens = rules.byTokens() ? demandWithoutOne() : null;
        return byTokens == null ? spreadOverOneLess(rules::usageOf) : byTokens;
    }

    private double queueWithoutOne() {
        return Objects.requireNonNull(spreadOverOneLess(SaturationCase::queueOf), "a queue is known of each");
    }

    private @Nullable Double spreadOverOneLess(Function<ReplicaMetrics, @Nullable Double> value) {
        Double mean = mean(spare, value);
        return mean == null ? null : (Double) (mean * spare.size() / (spare.size() - 1));
    }

    private @Nullable Double demandWithoutOne() {
        if (spare.stream().anyMatch(replica -> replica.tokenDemandRatio() == null)) {
            return null;
        }
        String variant = Variants.dearest(spare).name();
        double largest = spare.stream()
                .filter(replica -> Objects.equals(replica.variant(), variant))
                .mapToDouble(SaturationCase::capacityOf)
                .max()
                .orElse(0);
        double left = spare.stream().mapToDouble(SaturationCase::capacityOf).sum() - largest;
        double demand = spare.stream()
                .mapToDouble(replica -> Objects.requireNonNullElse(replica.tokenDemand(), 0.0))
                .sum();
        return demand / left;
    }

    private static double capacityOf(ReplicaMetrics replica) {
        Long capacity = replica.kvCapacityTokens();
        return capacity == null ? 0 : capacity;
    }

    private static @Nullable Double queueOf(ReplicaMetrics replica) {
        Long queue = replica.queueDepth();
        return queue == null ? null : (Double) queue.doubleValue();
    }

    private static @Nullable Double mean(
            List<ReplicaMetrics> replicas, Function<ReplicaMetrics, @Nullable Double> value) {
        double sum = 0;
        int known = 0;
        for (ReplicaMetrics replica : replicas) {
            Double here = value.apply(replica);
            if (here != null) {
                sum += here;
                known++;
            }
        }
        return known == 0 ? null : (Double) (sum / known);
    }

    /** What is known of a replica that may be full counts where it leaves less to spare, and never where it adds. */
    private @Nullable Double spareOf(double threshold, Function<ReplicaMetrics, @Nullable Double> value) {
        List<ReplicaMetrics> notSeenFull = new ArrayList<>(spare);
        notSeenFull.addAll(partly);
        Double all = distance(threshold, mean(notSeenFull, value));
        Double sure = distance(threshold, mean(spare, value));
        return all == null || sure == null ? all : (Double) Math.min(all, sure);
    }

    private static @Nullable Double distance(double threshold, @Nullable Double value) {
        return value == null ? null : (Double) (threshold - value);
    }

    private SaturationAdvice sayOf(Variants.Choice choice, Action action, String reason) {
        return new SaturationAdvice(action, reason + choice.words(), choice.name(), evidence());
    }

    private SaturationAdvice say(Action action, String reason) {
        return new SaturationAdvice(action, reason, null, evidence());
    }

    private Evidence evidence() {
        return new Evidence(
                idsOf(full), idsOf(spare), unknownIds(), idsOf(changing), spareUsage, spareQueue, tokenDemand());
    }

    private @Nullable Double tokenDemand() {
        double demand = 0;
        double capacity = 0;
        for (ReplicaMetrics replica : all) {
            Double here = replica.freshness() == Freshness.FRESH ? replica.tokenDemand() : null;
            if (here == null || capacityOf(replica) <= 0) {
                return null; // The demand of some would look like that of all.
            }
            demand += here;
            capacity += capacityOf(replica);
        }
        return capacity > 0 && silent.isEmpty() ? (Double) (demand / capacity) : null;
    }

    private List<String> unknownIds() {
        List<String> ids = new ArrayList<>(idsOf(partly));
        ids.addAll(idsOf(dark));
        silent.forEach(target -> ids.add(target.name()));
        return ids;
    }

    private String unknownWords() {
        List<String> parts = new ArrayList<>();
        partly.forEach(replica -> parts.add(replica.replicaId() + " reports no " + missing(replica)));
        dark.forEach(replica -> parts.add(replica.replicaId() + " " + whyDark(replica)));
        silent.forEach(target -> parts.add(target.name() + " never answered"));
        int more = parts.size() - IDS_SHOWN_MAX;
        String shown = String.join("; ", parts.stream().limit(IDS_SHOWN_MAX).toList());
        return "Data is missing: " + shown + (more > 0 ? "; and " + more + " more" : "");
    }

    private String missing(ReplicaMetrics replica) {
        return replica.queueDepth() == null ? "queue" : "KV cache usage";
    }

    private static String whyDark(ReplicaMetrics replica) {
        if (replica.freshness() == Freshness.FRESH) {
            return "reports neither KV cache usage nor queue";
        }
        return replica.age() == null
                ? "has values of unknown age"
                : "has values that are " + Verdict.words(replica.age()) + " old";
    }

    private String inTransitionWords() {
        return changing.isEmpty() ? "" : " In transition: " + ids(changing) + ".";
    }

    private static List<String> idsOf(List<ReplicaMetrics> replicas) {
        return replicas.stream().map(ReplicaMetrics::replicaId).toList();
    }

    private static String ids(List<ReplicaMetrics> replicas) {
        int more = replicas.size() - IDS_SHOWN_MAX;
        String shown =
                String.join(", ", idsOf(replicas).stream().limit(IDS_SHOWN_MAX).toList());
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static String number(@Nullable Double value) {
        return value == null ? "unknown" : Numbers.text(value);
    }
}
