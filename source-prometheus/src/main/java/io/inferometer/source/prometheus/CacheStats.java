package io.inferometer.source.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * How much a cache saved.
 *
 * <p>Immutable and safe to share.
 *
 * @param hits answers that were there, or under way for somebody else
 * @param misses answers that had to be made
 * @param evictions answers that had to go for others, or grew too old
 * @param entries answers that are kept now, about
 */
public record CacheStats(long hits, long misses, long evictions, long entries) {
    /** Hits of all, 0..1; null before anything was asked for. */
    public @Nullable Double hitRate() {
        long all = hits + misses;
        return all == 0 ? null : (Double) ((double) hits / all);
    }
}
