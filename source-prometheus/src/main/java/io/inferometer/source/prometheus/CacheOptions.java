package io.inferometer.source.prometheus;

import java.time.Duration;

/**
 * How long answers are kept.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. Ages are taken anew at each fetch, so a kept value
 * grows old like any other.
 *
 * @param enabled whether anything is kept
 * @param queryTtl how long the answer to a query is kept, at first
 * @param replicaTtl how long the replicas read from answers are kept
 * @param adaptive whether answers are kept longer while their values are calm, and shorter while they move
 * @param queryTtlMin how short at least
 * @param queryTtlMax how long at most
 * @param entriesMax how many answers, and how many models' replicas, are kept at most; the least used go first
 */
public record CacheOptions(
        boolean enabled,
        Duration queryTtl,
        Duration replicaTtl,
        boolean adaptive,
        Duration queryTtlMin,
        Duration queryTtlMax,
        int entriesMax) {
    /** 10 s for answers, between 2 s and 30 s as the values move, 5 s for replicas, 1,000 of each. */
    public static final CacheOptions DEFAULTS = new CacheOptions(
            true,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            true,
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            1000);

    /** Nothing is kept: each fetch asks the server. For tests. */
    public static final CacheOptions NONE =
            new CacheOptions(false, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO, 1);

    /**
     * Checks.
     *
     * @param enabled whether anything is kept
     * @param queryTtl how long the answer to a query is kept
     * @param replicaTtl how long replicas are kept
     * @param adaptive whether the first moves
     * @param queryTtlMin how short at least
     * @param queryTtlMax how long at most
     * @param entriesMax how many at most
     */
    public CacheOptions {
        if (queryTtl.isNegative()
                || replicaTtl.isNegative()
                || queryTtlMin.isNegative()
                || queryTtlMin.compareTo(queryTtlMax) > 0
                || entriesMax < 1) {
            throw new IllegalArgumentException(
                    "No time to live may be negative, the least no more than the most, and at least one entry must fit.");
        }
    }

    /** A copy that keeps answers so long at first; zero keeps nothing. */
    public CacheOptions withQueryTtl(Duration ttl) {
        if (ttl.isZero()) {
            return NONE;
        }
        return new CacheOptions(
                enabled,
                ttl,
                replicaTtl,
                adaptive,
                queryTtlMin.compareTo(ttl) < 0 ? queryTtlMin : ttl,
                queryTtlMax.compareTo(ttl) > 0 ? queryTtlMax : ttl,
                entriesMax);
    }

    /** A copy that keeps the replicas read from answers so long. */
    public CacheOptions withReplicaTtl(Duration ttl) {
        return new CacheOptions(enabled, queryTtl, ttl, adaptive, queryTtlMin, queryTtlMax, entriesMax);
    }

    /** A copy whose answers live between these bounds as their values move. */
    public CacheOptions withAdaptiveTtl(Duration least, Duration most) {
        return new CacheOptions(enabled, queryTtl, replicaTtl, true, least, most, entriesMax);
    }

    /** A copy whose answers all live equally long. */
    public CacheOptions withFixedTtl() {
        return new CacheOptions(enabled, queryTtl, replicaTtl, false, queryTtlMin, queryTtlMax, entriesMax);
    }

    /** A copy that keeps at most so many. */
    public CacheOptions withEntriesMax(int entries) {
        return new CacheOptions(enabled, queryTtl, replicaTtl, adaptive, queryTtlMin, queryTtlMax, entries);
    }
}
