package io.inferometer.source.prometheus;

/**
 * What a {@link PrometheusSaturationCollector} counts about itself.
 *
 * <p>Immutable and safe to share.
 *
 * @param queries requests sent to the server, repeated ones included
 * @param bytesRead bytes of answers, decoded
 * @param answers the cache of answers to queries (L1)
 * @param replicas the cache of replicas read from answers (L2)
 * @param refreshes refreshes in the background that were begun
 * @param refreshErrors those of them that failed
 */
public record PrometheusStats(
        long queries, long bytesRead, CacheStats answers, CacheStats replicas, long refreshes, long refreshErrors) {}
