package io.inferometer.saturation;

import org.jspecify.annotations.Nullable;

/**
 * The thresholds of a {@link SaturationAnalyzer}, and what they say of one replica. Immutable.
 *
 * @param usageMax saturated from this usage on
 * @param queueMax saturated from so many waiting requests on
 * @param spareUsageMin the least mean distance to {@code usageMax}
 * @param spareQueueMin the least mean distance to {@code queueMax}
 * @param byTokens whether usage is measured by tokens where they are known
 * @param usageRequired whether a replica without usage is unknown
 */
record SaturationRules(
        double usageMax,
        double queueMax,
        double spareUsageMin,
        double spareQueueMin,
        boolean byTokens,
        boolean usageRequired) {
    static final SaturationRules DEFAULTS = new SaturationRules(0.80, 5, 0.10, 3, false, true);

    private static final double SLACK = 1e-9; // 0.80 - 0.70 is not quite 0.10.

    SaturationRules with(double usage, double queue, double spareUsage, double spareQueue) {
        return new SaturationRules(usage, queue, spareUsage, spareQueue, byTokens, usageRequired);
    }

    SaturationRules withModes(boolean tokens, boolean required) {
        return new SaturationRules(usageMax, queueMax, spareUsageMin, spareQueueMin, tokens, required);
    }

    @Nullable
    Boolean isSaturated(ReplicaMetrics replica) {
        if (replica.freshness() != Freshness.FRESH) {
            return null;
        }
        Double usage = usageOf(replica);
        Long queue = replica.queueDepth();
        if ((usage != null && usage >= usageMax - SLACK) || (queue != null && queue >= queueMax - SLACK)) {
            return true;
        }
        boolean known = queue != null && (usage != null || !usageRequired);
        return known ? (Boolean) false : null;
    }

    @Nullable
    Double usageOf(ReplicaMetrics replica) {
        Double tokens = byTokens ? replica.tokenDemandRatio() : null;
        return tokens == null ? replica.kvCacheUsage() : tokens;
    }

    boolean tooLittleUsage(@Nullable Double spare) {
        return spare != null && spare < spareUsageMin - SLACK;
    }

    boolean tooLittleQueue(@Nullable Double spare) {
        return spare != null && spare < spareQueueMin - SLACK;
    }
}
