package io.inferometer.saturation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What can be set on every {@link SaturationCollector}.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy.
 *
 * @param deadline how long a fetch may wait for values that are on their way; zero does not wait
 * @param staleAfter the age beyond which values are too old to answer with, if those of every replica are
 * @param freshness from which ages values are stale and unavailable
 * @param enrichers applied to each report, in this order
 */
public record SaturationOptions(
        Duration deadline, Duration staleAfter, FreshnessThresholds freshness, List<ReplicaEnricher> enrichers) {
    /** Ten seconds, two minutes, fresh below one minute and stale below five, nothing added. */
    public static final SaturationOptions DEFAULTS = new SaturationOptions(
            Duration.ofSeconds(10), Duration.ofMinutes(2), FreshnessThresholds.DEFAULTS, List.of());

    /**
     * Checks the durations and copies the list.
     *
     * @param deadline how long a fetch may wait
     * @param staleAfter the age beyond which values are too old to answer with
     * @param freshness from which ages values are stale and unavailable
     * @param enrichers applied to each report
     * @throws IllegalArgumentException when {@code deadline} is negative or {@code staleAfter} is not more than zero
     */
    public SaturationOptions {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException(
                    "A deadline is zero or more; found %s. Use Duration.ofSeconds(10), say.".formatted(deadline));
        }
        if (staleAfter.isNegative() || staleAfter.isZero()) {
            throw new IllegalArgumentException(
                    "staleAfter must be more than zero; found %s. Use Duration.ofMinutes(2), say."
                            .formatted(staleAfter));
        }
        enrichers = List.copyOf(enrichers);
    }

    /** A copy with another deadline, zero or more. */
    public SaturationOptions withDeadline(Duration value) {
        return new SaturationOptions(value, staleAfter, freshness, enrichers);
    }

    /** A copy with another bound for "all too old", more than zero. */
    public SaturationOptions withStaleAfter(Duration value) {
        return new SaturationOptions(deadline, value, freshness, enrichers);
    }

    /** A copy with other bounds of freshness. */
    public SaturationOptions withFreshness(FreshnessThresholds value) {
        return new SaturationOptions(deadline, staleAfter, value, enrichers);
    }

    /** A copy with one more enricher, which is applied last. */
    public SaturationOptions withEnricher(ReplicaEnricher value) {
        List<ReplicaEnricher> more = new ArrayList<>(enrichers);
        more.add(value);
        return new SaturationOptions(deadline, staleAfter, freshness, more);
    }

    /**
     * The report with what the enrichers add, one after another; one that throws is logged and left out. For
     * implementations of {@link SaturationCollector}.
     *
     * @param report what the source found
     * @return the report, described
     */
    public ReplicaReport enrich(ReplicaReport report) {
        ReplicaReport best = report;
        for (ReplicaEnricher enricher : enrichers) {
            try {
                best = enricher.enrich(best);
            } catch (RuntimeException e) {
                LoggerFactory.getLogger(SaturationOptions.class)
                        .warn(
                                "The replicas of '{}' are left without what {} adds: {}",
                                report.model(),
                                enricher,
                                e.toString());
            }
        }
        return best;
    }
}
