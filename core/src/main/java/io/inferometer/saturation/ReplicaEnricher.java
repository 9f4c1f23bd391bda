package io.inferometer.saturation;

/**
 * Adds what a source cannot know: variant, accelerator, readiness, zone, cost, or replicas that have no values yet.
 *
 * <p>Implementations are safe to share and quick, since they run within each fetch. One that throws is logged and left
 * out of that fetch: what was measured is never lost for want of a description.
 */
@FunctionalInterface
public interface ReplicaEnricher {
    /**
     * The report with more in it.
     *
     * @param report what the source found
     * @return a report for the same model
     */
    ReplicaReport enrich(ReplicaReport report);
}
