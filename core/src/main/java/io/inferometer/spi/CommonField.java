package io.inferometer.spi;

import io.inferometer.snapshot.MetricGroup;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The fields of the common words, by their path in JSON and in provenance. */
public enum CommonField {
    /** Requests in the running batch. */
    REQUESTS_RUNNING("load.requests_running", Kind.COUNT, MetricGroup.LOAD),
    /** Requests queued. */
    REQUESTS_WAITING("load.requests_waiting", Kind.COUNT, MetricGroup.LOAD),
    /** Requests swapped out. */
    REQUESTS_SWAPPED("load.requests_swapped", Kind.COUNT, MetricGroup.LOAD),
    /** Requests in the current batch. */
    BATCH_SIZE("load.batch_size", Kind.COUNT, MetricGroup.LOAD),
    /** Token budget of the current batch, in tokens. */
    MAX_BATCH_TOKENS("load.max_batch_tokens", Kind.COUNT, MetricGroup.LOAD),
    /** Whether the engine sleeps. */
    ASLEEP("load.asleep", Kind.FLAG, MetricGroup.LOAD),

    /** Client requests that arrived. */
    RECEIVED("requests.received", Kind.COUNT, MetricGroup.REQUESTS),
    /** Requests with a full answer. */
    SUCCEEDED("requests.succeeded", Kind.COUNT, MetricGroup.REQUESTS),
    /** Requests that ended in an error. */
    FAILED("requests.failed", Kind.COUNT, MetricGroup.REQUESTS),
    /** Requests given up. */
    ABORTED("requests.aborted", Kind.COUNT, MetricGroup.REQUESTS),
    /** Ended requests by the engine's word for the reason. */
    BY_REASON("requests.by_reason", Kind.COUNTS_BY_NAME, MetricGroup.REQUESTS),

    /** Prompt tokens, cached ones included. */
    PROMPT_TOKENS("tokens.prompt", Kind.COUNT, MetricGroup.TOKENS),
    /** Generated tokens. */
    GENERATED_TOKENS("tokens.generated", Kind.COUNT, MetricGroup.TOKENS),
    /** Prompt tokens from a cache. */
    CACHED_PROMPT_TOKENS("tokens.cached_prompt", Kind.COUNT, MetricGroup.TOKENS),

    /** Arrival to first token, seconds. */
    TIME_TO_FIRST_TOKEN("latency.time_to_first_token_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Gap between two tokens, seconds. */
    INTER_TOKEN("latency.inter_token_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Mean time per output token of a request, seconds. */
    PER_OUTPUT_TOKEN("latency.per_output_token_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Arrival to last token, seconds. */
    END_TO_END("latency.end_to_end_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Waiting before scheduling, seconds. */
    QUEUE("latency.queue_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Prompt processing, seconds. */
    PREFILL("latency.prefill_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Generation, seconds. */
    DECODE("latency.decode_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),
    /** Prefill and decode, seconds. */
    INFERENCE("latency.inference_seconds", Kind.DISTRIBUTION, MetricGroup.LATENCY),

    /** Prompt tokens per request. */
    PROMPT_SIZE("size.prompt_tokens", Kind.DISTRIBUTION, MetricGroup.SIZE),
    /** Generated tokens per request. */
    GENERATED_SIZE("size.generated_tokens", Kind.DISTRIBUTION, MetricGroup.SIZE),
    /** The limit asked for, tokens per request. */
    MAX_NEW_TOKENS("size.max_new_tokens", Kind.DISTRIBUTION, MetricGroup.SIZE),

    /** KV cache in use, 0..1. */
    KV_USAGE("cache.kv_usage", Kind.RATIO, MetricGroup.LOAD, MetricGroup.CACHE),
    /** KV cache blocks. */
    KV_BLOCKS("cache.kv_blocks", Kind.COUNT, MetricGroup.CACHE),
    /** Tokens per block. */
    KV_BLOCK_SIZE("cache.kv_block_size", Kind.COUNT, MetricGroup.CACHE),
    /** Tokens that the KV cache holds. */
    KV_CAPACITY_TOKENS("cache.kv_capacity_tokens", Kind.COUNT, MetricGroup.LOAD, MetricGroup.CACHE),
    /** Prompt tokens found in the prefix cache. */
    PREFIX_HITS("cache.prefix_hits", Kind.COUNT, MetricGroup.CACHE),
    /** Prompt tokens looked up there. */
    PREFIX_QUERIES("cache.prefix_queries", Kind.COUNT, MetricGroup.CACHE),
    /** Hits / queries, 0..1. */
    HIT_RATE("cache.hit_rate", Kind.RATIO, MetricGroup.CACHE),

    /** Drafts of speculative decoding. */
    DRAFTS("speculation.drafts", Kind.COUNT, MetricGroup.SPECULATION),
    /** Tokens drafted. */
    DRAFT_TOKENS("speculation.draft_tokens", Kind.COUNT, MetricGroup.SPECULATION),
    /** Drafted tokens accepted. */
    ACCEPTED_TOKENS("speculation.accepted_tokens", Kind.COUNT, MetricGroup.SPECULATION),

    /** LoRA adapters per batch. */
    MAX_LORA("adapters.max_lora", Kind.COUNT, MetricGroup.LOAD, MetricGroup.ADAPTERS),
    /** LoRA adapters with running requests. */
    RUNNING_ADAPTERS("adapters.running_adapters", Kind.NAMES, MetricGroup.LOAD, MetricGroup.ADAPTERS),
    /** LoRA adapters with waiting requests. */
    WAITING_ADAPTERS("adapters.waiting_adapters", Kind.NAMES, MetricGroup.LOAD, MetricGroup.ADAPTERS),

    /** Memory in use, bytes. */
    RESIDENT_BYTES("memory.resident_bytes", Kind.COUNT, MetricGroup.MEMORY),
    /** GPU memory in use, bytes. */
    VRAM_BYTES("memory.vram_bytes", Kind.COUNT, MetricGroup.MEMORY),

    /** Models served or loaded. */
    MODELS("models", Kind.MODELS, MetricGroup.values()),

    /** Requests pushed out of the batch. */
    PREEMPTIONS("events.preemptions", Kind.COUNT, MetricGroup.EVENTS);

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

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable set, which the type cannot say.
    private final Set<MetricGroup> groups;

    CommonField(String path, Kind kind, MetricGroup... groups) {
        this.path = path;
        this.kind = kind;
        this.groups = Collections.unmodifiableSet(EnumSet.copyOf(List.of(groups)));
    }

    /** Its path in JSON, such as {@code load.requests_running}. */
    public String path() {
        return path;
    }

    /** What it holds. */
    public Kind kind() {
        return kind;
    }

    /** The groups to which it belongs, one at least. */
    public Set<MetricGroup> groups() {
        return groups;
    }

    /** Whether it belongs to one of {@code wanted}; an empty set wants everything. */
    public boolean isIn(Set<MetricGroup> wanted) {
        return wanted.isEmpty() || !Collections.disjoint(groups, wanted);
    }
}
