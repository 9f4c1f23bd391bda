package io.inferometer.snapshot;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A part of the common words that can be asked for by itself.
 *
 * <p>Asking for less than everything makes a scrape cheaper for both sides; see {@code MetricsCollector.withGroups}. The
 * models that an engine serves belong to every group.
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
    EVENTS;

    /** As JSON and the command spell it, such as {@code "load"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** An immutable copy in the order of this enum; of all groups it is the empty set, which stands for everything. */
    public static Set<MetricGroup> copyOf(Set<MetricGroup> groups) {
        return groups.isEmpty() || groups.size() == values().length
                ? Set.of()
                : Collections.unmodifiableSet(EnumSet.copyOf(groups));
    }
}
