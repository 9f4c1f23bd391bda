package io.inferometer.spi;

/** The values of a replica that an engine's families tell, for sources that ask a server instead of the engine. */
public enum ReplicaValue {
    /** Share of the KV cache in use, 0..1: the peak of the window. */
    KV_USAGE("kv_cache_usage", Over.PEAK),
    /** Requests that wait: the peak of the window. */
    QUEUE_DEPTH("queue_depth", Over.PEAK),
    /** Requests in the running batch: the latest. */
    RUNNING("running", Over.LATEST),
    /** Tokens that the KV cache can hold: the latest. */
    KV_CAPACITY("kv_capacity_tokens", Over.LATEST),
    /** Requests ended per second. */
    REQUESTS("requests_per_second", Over.RATE),
    /** Generated tokens per second. */
    GENERATED_TOKENS("generated_tokens_per_second", Over.RATE),
    /** Prompt tokens per request: the mean of the window. */
    PROMPT_SIZE("average_prompt_tokens", Over.RATE),
    /** Generated tokens per request: the mean of the window. */
    GENERATED_SIZE("average_generated_tokens", Over.RATE),
    /** Arrival to first token, seconds: the mean of the window. */
    TIME_TO_FIRST_TOKEN("time_to_first_token_seconds", Over.RATE),
    /** Gap between two tokens, seconds: the mean of the window. */
    INTER_TOKEN("inter_token_seconds", Over.RATE),
    /** Share of the prompt tokens found in the prefix cache, 0..1: of the window. */
    PREFIX_HIT_RATE("prefix_hit_rate", Over.RATE);

    /** What becomes of the samples of a window. */
    public enum Over {
        /** The greatest. */
        PEAK,
        /** The last. */
        LATEST,
        /** How fast counts grew; a gauge among them is taken as it is. */
        RATE
    }

    private final String word;
    private final Over over;

    ReplicaValue(String word, Over over) {
        this.word = word;
        this.over = over;
    }

    /** Its name in the JSON of a replica. */
    public String word() {
        return word;
    }

    /** What becomes of the samples of a window. */
    public Over over() {
        return over;
    }
}
