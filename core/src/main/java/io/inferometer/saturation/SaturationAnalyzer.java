package io.inferometer.saturation;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a model needs a replica more or can do with one less.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. The rules, with the defaults of their thresholds:
 *
 * <ul>
 *   <li>A replica is <em>saturated</em> when its usage is 0.80 or more, or its queue 5 or more.
 *   <li><em>Up</em>, the cheapest variant: all replicas that serve and are known are saturated, or over those that are not
 *       the mean of the spare usage (0.80 − usage) is below 0.10, or that of the spare queue (5 − queue) below 3.
 *   <li><em>Down</em>, the dearest variant: at least two replicas are not saturated, none is in transition, nothing is
 *       unknown, and both spares still reach their minimum when the load of those that are not saturated is spread over one
 *       less of them.
 *   <li><em>Unknown</em>: data is missing, and it is not up.
 *   <li><em>Steady</em>: otherwise.
 * </ul>
 *
 * <p><em>Unknown is never idle.</em> A value counts only while its replica is {@link Freshness#FRESH}. A replica of which
 * usage or queue is missing, unless the other one alone shows that it is saturated, and a target that never answered are
 * unknown: what is known of such a replica counts in the means where it leaves less to spare, never where it adds, and it
 * is no reason to scale down. A replica that is not ready (it starts, stops, sleeps or has stopped answering) is in transition and counts as neither full nor
 * spare.
 */
public final class SaturationAnalyzer {
    /** All thresholds as in the description of the class. */
    public static final SaturationAnalyzer DEFAULTS = new SaturationAnalyzer(SaturationRules.DEFAULTS);

    private final SaturationRules rules;

    private SaturationAnalyzer(SaturationRules rules) {
        this.rules = rules;
    }

    /** A copy for which a replica is saturated from this usage on, more than 0, at most 1. */
    public SaturationAnalyzer withUsageThreshold(double usage) {
        require(usage > 0 && usage <= 1, "usageThreshold", usage, "a share above 0 and at most 1, such as 0.80");
        return new SaturationAnalyzer(
                rules.with(usage, rules.queueMax(), rules.spareUsageMin(), rules.spareQueueMin()));
    }

    /** A copy for which a replica is saturated from so many waiting requests on, more than 0. */
    public SaturationAnalyzer withQueueThreshold(double queue) {
        require(queue > 0 && queue < Double.POSITIVE_INFINITY, "queueThreshold", queue, "more than 0, such as 5");
        return new SaturationAnalyzer(
                rules.with(rules.usageMax(), queue, rules.spareUsageMin(), rules.spareQueueMin()));
    }

    /** A copy that adds a replica when the mean spare usage is below this, 0..1. */
    public SaturationAnalyzer withSpareUsageMin(double spare) {
        require(spare >= 0 && spare <= 1, "spareUsageMin", spare, "a share 0..1, such as 0.10");
        return new SaturationAnalyzer(rules.with(rules.usageMax(), rules.queueMax(), spare, rules.spareQueueMin()));
    }

    /** A copy that adds a replica when the mean spare queue is below so many requests, 0 or more. */
    public SaturationAnalyzer withSpareQueueMin(double spare) {
        require(spare >= 0 && spare < Double.POSITIVE_INFINITY, "spareQueueMin", spare, "0 or more, such as 3");
        return new SaturationAnalyzer(rules.with(rules.usageMax(), rules.queueMax(), rules.spareUsageMin(), spare));
    }

    /**
     * A copy that measures usage by tokens, held and waiting, against the capacity (see {@link
     * ReplicaMetrics#tokenDemandRatio}) where all parts are known, and by the engine's own usage elsewhere; off by default.
     * It sees a queue of few but long prompts, and weighs replicas of different sizes.
     */
    public SaturationAnalyzer withTokenCapacity(boolean byTokens) {
        return new SaturationAnalyzer(rules.withModes(byTokens, rules.usageRequired()));
    }

    /**
     * A copy that does without the usage of replicas which do not report one, and judges those by their queues alone; on
     * (required) by default. For engines that publish no usage, such as TGI.
     */
    public SaturationAnalyzer withUsageRequired(boolean required) {
        return new SaturationAnalyzer(rules.withModes(rules.byTokens(), required));
    }

    /**
     * What to do for the replicas of one model.
     *
     * @param report what a source found; targets that never answered count as unknown
     * @return the advice
     */
    public SaturationAdvice analyze(ReplicaReport report) {
        return new SaturationCase(rules, report.replicas(), report.unreachable()).advice();
    }

    /**
     * What to do for the replicas of one model, all of them.
     *
     * @param replicas the replicas
     * @return the advice
     */
    public SaturationAdvice analyze(Collection<ReplicaMetrics> replicas) {
        return new SaturationCase(rules, replicas, List.of()).advice();
    }

    /** Whether a replica is full; null when what is known of it does not tell. */
    public @Nullable Boolean isSaturated(ReplicaMetrics replica) {
        return rules.isSaturated(replica);
    }

    private static void require(boolean right, String name, double found, String expected) {
        if (!right) {
            throw new IllegalArgumentException("%s must be %s; found %s.".formatted(name, expected, found));
        }
    }
}
