package io.inferometer.saturation;

import java.util.List;

/**
 * What holds an engine back.
 *
 * <p>Immutable and safe to share.
 *
 * @param kind what it is
 * @param severity how bad, by how far the values are beyond their thresholds; the worst of them
 * @param evidence the values that show it, each a sentence with the threshold in it; one at least
 */
public record Bottleneck(Kind kind, Severity severity, List<String> evidence) {
    /** What holds an engine back. */
    public enum Kind {
        /** Clients wait too long for the first or for each next token. */
        HIGH_LATENCY,
        /** Running requests get too few tokens a second. */
        LOW_THROUGHPUT,
        /** Too many requests wait. */
        QUEUE_BUILDUP,
        /** The prefix cache finds too little of what is looked up. */
        CACHE_INEFFICIENCY,
        /** The KV cache is nearly full, or requests are pushed out of it. */
        MEMORY_PRESSURE,
        /** Requests wait although the KV cache has room. */
        BATCH_SIZE_SUBOPTIMAL
    }

    /**
     * Copies the evidence.
     *
     * @param kind what it is
     * @param severity how bad
     * @param evidence the values that show it
     */
    public Bottleneck {
        evidence = List.copyOf(evidence);
    }
}
