package io.inferometer.source.prometheus;

import io.inferometer.spi.ReplicaValue;
import java.util.List;

/** The values that one query asks for together. */
public enum QueryGroup {
    /** When each replica was last read; which replicas there are follows from it. */
    FRESHNESS("when each replica's last sample was taken, in Unix seconds, and so which replicas there are"),
    /** Peaks of the window, and the running batch. */
    LOAD(
            "peaks of the KV cache usage and of the queue over the window, the running batch, the KV cache's capacity",
            ReplicaValue.KV_USAGE,
            ReplicaValue.QUEUE_DEPTH,
            ReplicaValue.RUNNING,
            ReplicaValue.KV_CAPACITY),
    /** Requests and tokens per second. */
    RATES(
            "requests that ended and tokens that were generated, per second",
            ReplicaValue.REQUESTS,
            ReplicaValue.GENERATED_TOKENS),
    /** Tokens per request. */
    SIZES(
            "prompt and generated tokens per request, means of the window",
            ReplicaValue.PROMPT_SIZE,
            ReplicaValue.GENERATED_SIZE),
    /** Latencies. */
    LATENCY(
            "time to first token and gap between tokens in seconds, means of the window",
            ReplicaValue.TIME_TO_FIRST_TOKEN,
            ReplicaValue.INTER_TOKEN),
    /** The prefix cache. */
    PREFIX_CACHE(
            "share of prompt tokens found in the prefix cache over the window, 0..1", ReplicaValue.PREFIX_HIT_RATE),
    /** What labels say: the configuration, adapters, sleep. */
    DESCRIPTION("series whose labels tell the configuration, LoRA adapters and sleep, of the model's instances"),
    /** Whether the server's last scrape of each instance succeeded. */
    UP("whether the server's last scrape of each instance succeeded");

    private final String purpose;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list, which the type cannot say.
    private final List<ReplicaValue> values;

    QueryGroup(String purpose, ReplicaValue... values) {
        this.purpose = purpose;
        this.values = List.of(values);
    }

    /** What it is for, in a sentence without its full stop. */
    public String purpose() {
        return purpose;
    }

    /** The fields that it asks for; empty for those that ask for something else. */
    public List<ReplicaValue> fields() {
        return values;
    }
}
