package io.inferometer.saturation;

import java.util.List;

/**
 * Every replica's values are older than was allowed.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class StaleReplicasException extends SaturationException {
    private final ReplicaReport report;

    /**
     * For implementations of {@link SaturationCollector}.
     *
     * @param message what was asked, what was found, what to do
     * @param report what is known
     */
    public StaleReplicasException(String message, ReplicaReport report) {
        super(message, null);
        this.report = report;
    }

    /** The last known values, one replica at least. */
    public List<ReplicaMetrics> replicas() {
        return report.replicas();
    }

    /** The last known values and who did not answer. */
    public ReplicaReport report() {
        return report;
    }
}
