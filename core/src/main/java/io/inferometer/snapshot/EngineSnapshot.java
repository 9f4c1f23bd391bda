package io.inferometer.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one engine reported in one scrape: the common words here, the engine's own words in the type that implements
 * this.
 *
 * <p>Implementations are immutable, value-equal and safe to share. What the engine did not report is null, never zero.
 */
public interface EngineSnapshot {
    /** Header, common words and their provenance. */
    CommonView common();

    /** The backend's name, such as {@code "tgi"}. */
    default String engine() {
        return common().header().engine();
    }

    /** Which instance was read; host:port unless told otherwise. */
    default String instanceId() {
        return common().header().instanceId();
    }

    /** When the answer had arrived, by this machine's clock. */
    default Instant collectedAt() {
        return common().header().collectedAt();
    }

    /** Which engine was read, when, and how well. */
    default SnapshotHeader header() {
        return common().header();
    }

    /** The common words of the whole engine. */
    default EngineMetrics metrics() {
        return common().metrics();
    }

    /** Requests that run at once at most, by the engine's own settings; null where it does not say. */
    default @Nullable Long maxBatchSize() {
        return null;
    }

    /** The common words per model; empty unless the page names more than one. */
    default Map<String, EngineMetrics> byModel() {
        return common().byModel();
    }

    /** The common words per data-parallel rank; empty unless the page names more than one. */
    default Map<String, EngineMetrics> byRank() {
        return common().byRank();
    }

    /** Where each common field came from, by its path, such as {@code load.requests_running}. */
    default Map<String, Provenance> provenance() {
        return common().provenance();
    }

    /** All samples of the engine's own families; null unless raw metrics were asked for. */
    default @Nullable List<MetricSample> rawMetrics() {
        return common().rawMetrics();
    }

    /**
     * Mean KV cache usage over the data-parallel ranks, 0..1, where {@code metrics().cache().kvUsage()} is the fullest
     * rank's; null when no rank reported it.
     */
    default @Nullable Double meanKvUsage() {
        double[] usages = byRank().values().stream()
                .map(part -> part.cache().kvUsage())
                .filter(usage -> usage != null)
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (usages.length == 0) {
            return metrics().cache().kvUsage();
        }
        double sum = 0;
        for (double usage : usages) {
            sum += usage;
        }
        return sum / usages.length;
    }

    /**
     * How fast counts grew since {@code previous}.
     *
     * @param previous an earlier snapshot of the same instance
     * @return the rates; all absent when the engine restarted in between
     * @throws IllegalArgumentException when {@code previous} is of another engine or instance
     */
    default EngineRates rates(EngineSnapshot previous) {
        return EngineRates.between(previous, this);
    }

    /**
     * The same snapshot with the rates up to it, where the engine's own words have fields for them; one scrape alone cannot
     * fill those.
     *
     * @param rates the rates between an earlier snapshot of the same instance and this one
     * @return a copy, or this where there are no such fields
     */
    default EngineSnapshot withRates(EngineRates rates) {
        return this;
    }
}
