package io.inferometer.saturation;

/**
 * Hears what goes wrong between a source and the server behind it: for logs, alerts, or events of a cluster.
 *
 * <p>Implementations are safe to share and quick, since they run within the fetch; one that throws is logged and costs
 * nothing else. Both methods do nothing by default.
 */
public interface SourceListener {
    /**
     * A query failed in a way that may pass, and is asked again.
     *
     * @param trouble what happened; {@link SourceTrouble#retryIn} is when
     */
    default void onRetry(SourceTrouble trouble) {}

    /**
     * A fetch is given up: the failure lasts, the retries are used up, or the deadline is near.
     *
     * @param trouble what happened; {@link SourceTrouble#retryIn} is null
     */
    default void onUnavailable(SourceTrouble trouble) {}
}
