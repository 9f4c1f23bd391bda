package io.inferometer.spi;

/** The fields of the common words, by their path in JSON and in provenance. */
public enum CommonField {
    /** Requests in the running batch. */
    REQUESTS_RUNNING("load.requests_running", Kind.COUNT),
    /** Requests queued. */
    REQUESTS_WAITING("load.requests_waiting", Kind.COUNT),
    /** Requests swapped out. */
    REQUESTS_SWAPPED("load.requests_swapped", Kind.COUNT),
    /** Requests in the current batch. */
    BATCH_SIZE("load.batch_size", Kind.COUNT),
    /** Token budget of the current batch, in tokens. */
    MAX_BATCH_TOKENS("load.max_batch_tokens", Kind.COUNT),
    /** Whether the engine sleeps. */
    ASLEEP("load.asleep", Kind.FLAG),

    /** Client requests that arrived. */
    RECEIVED("requests.received", Kind.COUNT),
    /** Requests with a full answer. */
    SUCCEEDED("requests.succeeded", Kind.COUNT),
    /** Requests that ended in an error. */
    FAILED("requests.failed", Kind.COUNT),
    /** Requests given up. */
    ABORTED("requests.aborted", Kind.COUNT),
    /** Ended requests by the engine's word for the reason. */
    BY_REASON("requests.by_reason", Kind.COUNTS_BY_NAME),

    /** Prompt tokens, cached ones included. */
    PROMPT_TOKENS("tokens.prompt", Kind.COUNT),
    /** Generated tokens. */
    GENERATED_TOKENS("tokens.generated", Kind.COUNT),
    /** Prompt tokens from a cache. */
    CACHED_PROMPT_TOKENS("tokens.cached_prompt", Kind.COUNT),

    /** Arrival to first token, seconds. */
    TIME_TO_FIRST_TOKEN("latency.time_to_first_token_seconds", Kind.DISTRIBUTION),
    /** Gap between two tokens, seconds. */
    INTER_TOKEN("latency.inter_token_seconds", Kind.DISTRIBUTION),
    /** Mean time per output token of a request, seconds. */
    PER_OUTPUT_TOKEN("latency.per_output_token_seconds", Kind.DISTRIBUTION),
    /** Arrival to last token, seconds. */
    END_TO_END("latency.end_to_end_seconds", Kind.DISTRIBUTION),
    /** Waiting before scheduling, seconds. */
    QUEUE("latency.queue_seconds", Kind.DISTRIBUTION),
    /** Prompt processing, seconds. */
    PREFILL("latency.prefill_seconds", Kind.DISTRIBUTION),
    /** Generation, seconds. */
    DECODE("latency.decode_seconds", Kind.DISTRIBUTION),
    /** Prefill and decode, seconds. */
    INFERENCE("latency.inference_seconds", Kind.DISTRIBUTION),

    /** Prompt tokens per request. */
    PROMPT_SIZE("size.prompt_tokens", Kind.DISTRIBUTION),
    /** Generated tokens per request. */
    GENERATED_SIZE("size.generated_tokens", Kind.DISTRIBUTION),
    /** The limit asked for, tokens per request. */
    MAX_NEW_TOKENS("size.max_new_tokens", Kind.DISTRIBUTION),

    /** KV cache in use, 0..1. */
    KV_USAGE("cache.kv_usage", Kind.RATIO),
    /** KV cache blocks. */
    KV_BLOCKS("cache.kv_blocks", Kind.COUNT),
    /** Tokens per block. */
    KV_BLOCK_SIZE("cache.kv_block_size", Kind.COUNT),
    /** Tokens that the KV cache holds. */
    KV_CAPACITY_TOKENS("cache.kv_capacity_tokens", Kind.COUNT),
    /** Prompt tokens found in the prefix cache. */
    PREFIX_HITS("cache.prefix_hits", Kind.COUNT),
    /** Prompt tokens looked up there. */
    PREFIX_QUERIES("cache.prefix_queries", Kind.COUNT),
    /** Hits / queries, 0..1. */
    HIT_RATE("cache.hit_rate", Kind.RATIO),

    /** Drafts of speculative decoding. */
    DRAFTS("speculation.drafts", Kind.COUNT),
    /** Tokens drafted. */
    DRAFT_TOKENS("speculation.draft_tokens", Kind.COUNT),
    /** Drafted tokens accepted. */
    ACCEPTED_TOKENS("speculation.accepted_tokens", Kind.COUNT),

    /** LoRA adapters per batch. */
    MAX_LORA("adapters.max_lora", Kind.COUNT),
    /** LoRA adapters with running requests. */
    RUNNING_ADAPTERS("adapters.running_adapters", Kind.NAMES),
    /** LoRA adapters with waiting requests. */
    WAITING_ADAPTERS("adapters.waiting_adapters", Kind.NAMES),

    /** Memory in use, bytes. */
    RESIDENT_BYTES("memory.resident_bytes", Kind.COUNT),
    /** GPU memory in use, bytes. */
    VRAM_BYTES("memory.vram_bytes", Kind.COUNT),

    /** Models served or loaded. */
    MODELS("models", Kind.MODELS),

    /** Requests pushed out of the batch. */
    PREEMPTIONS("events.preemptions", Kind.COUNT);

    /** What a field holds. */
    public enum Kind {
        /** A whole number, 0 or more. */
        COUNT,
        /** A share, 0..1. */
        RATIO,
        /** True or false. */
        FLAG,
        /** A {@link io.inferometer.snapshot.Distribution}. */
        DISTRIBUTION,
        /** Counts by name. */
        COUNTS_BY_NAME,
        /** A list of names. */
        NAMES,
        /** A list of {@link io.inferometer.snapshot.ModelInfo}. */
        MODELS
    }

    private final String path;
    private final Kind kind;

    CommonField(String path, Kind kind) {
        this.path = path;
        this.kind = kind;
    }

    /** Its path in JSON, such as {@code load.requests_running}. */
    public String path() {
        return path;
    }

    /** What it holds. */
    public Kind kind() {
        return kind;
    }
}
