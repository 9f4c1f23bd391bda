package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last minute (or whatever the option says) of one target.
 *
 * <p>Immutable and safe to share; null is not known. A window never holds values from before a restart of the engine, so
 * after one it is shorter than its length.
 *
 * @param length how long the window is by the monitor's options
 * @param covered how much of it the two whole pages lie apart between which {@code rates}, {@code latency} and {@code size} are
 *     taken; zero while there are not two
 * @param running requests in the running batch
 * @param waiting requests queued
 * @param kvUsage share of the KV cache in use, 0..1
 * @param rates how fast counts grew over the window; null until there are two whole pages
 * @param latency what was observed within the window, in seconds; a distribution whose sum cannot be right has no sum and no
 *     mean
 * @param size tokens per request of the requests within the window
 * @param prefixHitRate hits / queries of the prefix cache within the window, 0..1; null without queries
 * @param notes why a distribution has no mean, by its path, such as {@code latency.prefill_seconds}
 */
public record TargetWindow(
        Duration length,
        Duration covered,
        @Nullable GaugeWindow running,
        @Nullable GaugeWindow waiting,
        @Nullable GaugeWindow kvUsage,
        @Nullable EngineRates rates,
        EngineMetrics.Latency latency,
        EngineMetrics.Size size,
        @Nullable Double prefixHitRate,
        Map<String, String> notes) {
    /**
     * Copies the notes.
     *
     * @param length how long the window is
     * @param covered how much of it the whole pages cover
     * @param running requests in the running batch
     * @param waiting requests queued
     * @param kvUsage share of the KV cache in use
     * @param rates how fast counts grew
     * @param latency distributions in seconds
     * @param size distributions in tokens per request
     * @param prefixHitRate hits / queries
     * @param notes why a distribution has no mean
     */
    public TargetWindow {
        notes = Map.copyOf(notes);
    }
}
