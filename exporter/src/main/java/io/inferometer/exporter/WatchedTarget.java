package io.inferometer.exporter;

import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One engine that is watched. One thread at a time. */
final class WatchedTarget {
    private final MetricsCollector collector;
    private final Target target;
    private @Nullable EngineSnapshot previous;

    WatchedTarget(MetricsCollector collector, Target target) {
        this.collector = collector;
        this.target = target;
    }

    /** What nobody has read yet. */
    Reading unread() {
        return new Reading(this, collector.engine(), Instant.EPOCH, null, null, null, null, null);
    }

    /** Reads the engine once. Never throws for what the engine did. */
    Reading read() {
        try {
            CollectionResult result = collector.tryCollect(target);
            EngineSnapshot snapshot = result.metrics();
            return snapshot == null ? failed(result.error()) : of(snapshot);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    /** The URL without its scheme, which every target shares. */
    String address() {
        String url = target.toString().replaceFirst("^https?://", "");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private Reading of(EngineSnapshot snapshot) {
        EngineMetrics metrics = snapshot.metrics();
        Double tokensPerSecond = tokensPerSecond(snapshot);
        previous = snapshot;
        return new Reading(
                this,
                snapshot.engine(),
                snapshot.collectedAt(),
                metrics.load().requestsRunning(),
                metrics.load().requestsWaiting(),
                metrics.cache().kvUsage(),
                tokensPerSecond,
                null);
    }

    private @Nullable Double tokensPerSecond(EngineSnapshot snapshot) {
        EngineSnapshot before = previous;
        boolean same = before != null && before.engine().equals(snapshot.engine());
        return before != null && same ? snapshot.rates(before).generatedTokensPerSecond() : null;
    }

    private Reading failed(@Nullable Exception e) {
        String message = e == null ? "no answer" : String.valueOf(e.getMessage());
        return new Reading(this, collector.engine(), Instant.now(), null, null, null, null, Printable.line(message));
    }

    /**
     * What one scrape told; null is not reported.
     *
     * @param source whose it is
     * @param engine the engine's name
     * @param at when it was read
     * @param running requests in the batch
     * @param waiting requests in the queue
     * @param kvUsage share of the KV cache in use, 0..1
     * @param tokensPerSecond tokens generated per second since the reading before
     * @param error why there is nothing else, null when there is
     */
    record Reading(
            WatchedTarget source,
            String engine,
            Instant at,
            @Nullable Long running,
            @Nullable Long waiting,
            @Nullable Double kvUsage,
            @Nullable Double tokensPerSecond,
            @Nullable String error) {}
}
