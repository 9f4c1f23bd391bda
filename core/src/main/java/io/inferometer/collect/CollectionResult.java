package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A scrape as a value, for callers that must not throw: either metrics or an error.
 *
 * <p>Immutable and safe to share.
 *
 * @param success whether there are metrics
 * @param instanceId which instance was asked; host:port unless told otherwise
 * @param timestamp when the scrape ended, by this machine's clock
 * @param metrics the snapshot, null when the scrape failed
 * @param error why it failed, null when it did not
 */
public record CollectionResult(
        boolean success,
        String instanceId,
        Instant timestamp,
        @Nullable EngineSnapshot metrics,
        @Nullable CollectException error) {
    static CollectionResult of(EngineSnapshot snapshot) {
        return new CollectionResult(true, snapshot.instanceId(), snapshot.collectedAt(), snapshot, null);
    }

    static CollectionResult failed(String instanceId, CollectException error) {
        return new CollectionResult(false, instanceId, Instant.now(), null, error);
    }
}
