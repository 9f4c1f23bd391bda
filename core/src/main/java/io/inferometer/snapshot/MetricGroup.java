package io.inferometer.snapshot;

/**
 * A part of the common words that can be asked for by itself.
 *
 * <p>Asking for less than everything makes a scrape cheaper for both sides; see {@code MetricsCollector.watch}.
 */
public enum MetricGroup {
    /**
     * What a router steers by: running, waiting and swapped requests, KV cache usage, LoRA adapters, whether the engine
     * sleeps.
     */
    LOAD,
    /** Requests received, succeeded, failed and aborted. */
    REQUESTS,
    /** Prompt, generated and cached tokens. */
    TOKENS,
    /** Latencies: time to first token, inter-token, end to end and their parts. */
    LATENCY,
    /** Tokens per request. */
    SIZE,
    /** KV cache usage and capacity, prefix cache hits and queries. */
    CACHE,
    /** Speculative decoding. */
    SPECULATION,
    /** LoRA adapters. */
    ADAPTERS,
    /** Memory. */
    MEMORY,
    /** Preemptions. */
    EVENTS
}
