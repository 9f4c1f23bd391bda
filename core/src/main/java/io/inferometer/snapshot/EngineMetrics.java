package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The common words: the same groups of fields for every engine.
 *
 * <p>Immutable and safe to share. Groups are never null; a field that the engine did not report is. Where one page has
 * several series, counts are summed, ratios take the maximum and distributions are merged.
 *
 * @param load how busy the engine is now
 * @param requests requests since the engine started
 * @param tokens tokens since the engine started
 * @param latency distributions in seconds
 * @param size distributions in tokens per request
 * @param cache KV cache and prefix cache
 * @param speculation speculative decoding
 * @param adapters LoRA adapters
 * @param memory bytes
 * @param models the models that the engine serves or has loaded, where it says so; empty when it does not
 * @param events events since the engine started
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
public record EngineMetrics(
        @JsonProperty("load") Load load,
        @JsonProperty("requests") Requests requests,
        @JsonProperty("tokens") Tokens tokens,
        @JsonProperty("latency") Latency latency,
        @JsonProperty("size") Size size,
        @JsonProperty("cache") Cache cache,
        @JsonProperty("speculation") Speculation speculation,
        @JsonProperty("adapters") Adapters adapters,
        @JsonProperty("memory") Memory memory,
        @JsonProperty("models") List<ModelInfo> models,
        @JsonProperty("events") Events events) {

    /**
     * Copies the list of models.
     *
     * @param load how busy the engine is now
     * @param requests requests since the engine started
     * @param tokens tokens since the engine started
     * @param latency distributions in seconds
     * @param size distributions in tokens per request
     * @param cache KV cache and prefix cache
     * @param speculation speculative decoding
     * @param adapters LoRA adapters
     * @param memory bytes
     * @param models the models that the engine serves or has loaded
     * @param events events since the engine started
     */
    public EngineMetrics {
        models = List.copyOf(models);
    }

    /**
     * How busy the engine is now.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param requestsRunning requests in the running batch or in a busy slot
     * @param requestsWaiting requests queued behind it
     * @param requestsSwapped requests swapped out to CPU memory (vLLM V0 only)
     * @param batchSize requests in the current batch, of engines that say so apart from running (TGI)
     * @param maxBatchTokens token budget of the current batch, in tokens
     * @param asleep whether the engine sleeps and must be woken before it serves
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Load(
            @JsonProperty("requests_running") @Nullable Long requestsRunning,
            @JsonProperty("requests_waiting") @Nullable Long requestsWaiting,
            @JsonProperty("requests_swapped") @Nullable Long requestsSwapped,
            @JsonProperty("batch_size") @Nullable Long batchSize,
            @JsonProperty("max_batch_tokens") @Nullable Long maxBatchTokens,
            @JsonProperty("asleep") @Nullable Boolean asleep) {}

    /**
     * Requests since the engine started. What one count stands for differs: see the engine's own view.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param received client requests that arrived; absent unless the engine counts just these
     * @param succeeded requests (of vLLM: choices) that ended with a full answer
     * @param failed requests that ended in an error; aborted ones are not among them
     * @param aborted requests given up before their end
     * @param byReason ended requests by the engine's own word for the reason; empty when not reported
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Requests(
            @JsonProperty("received") @Nullable Long received,
            @JsonProperty("succeeded") @Nullable Long succeeded,
            @JsonProperty("failed") @Nullable Long failed,
            @JsonProperty("aborted") @Nullable Long aborted,
            @JsonProperty("by_reason") Map<String, Long> byReason) {
        /**
         * Copies what could change.
         *
         * @param received client requests that arrived; absent unless the engine counts just these
         * @param succeeded requests (of vLLM: choices) that ended with a full answer
         * @param failed requests that ended in an error; aborted ones are not among them
         * @param aborted requests given up before their end
         * @param byReason ended requests by the engine's own word for the reason; empty when not reported
         */
        public Requests {
            byReason = Copies.of(byReason);
        }
    }

    /**
     * Tokens since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param prompt prompt tokens, those served from a cache included, in tokens
     * @param generated generated tokens, in tokens
     * @param cachedPrompt prompt tokens served from a cache, in tokens
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Tokens(
            @JsonProperty("prompt") @Nullable Long prompt,
            @JsonProperty("generated") @Nullable Long generated,
            @JsonProperty("cached_prompt") @Nullable Long cachedPrompt) {}

    /**
     * How long things took, in seconds, since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param timeToFirstToken arrival to first token, in seconds
     * @param interToken gap between two tokens, one observation per gap, in seconds
     * @param perOutputToken mean time per output token, one observation per request, in seconds
     * @param endToEnd arrival to last token, in seconds
     * @param queue waiting before the first scheduling, in seconds
     * @param prefill processing of the prompt, in seconds
     * @param decode generation after the first token, in seconds
     * @param inference prefill and decode together, in seconds
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Latency(
            @JsonProperty("time_to_first_token_seconds") @Nullable
            Distribution timeToFirstToken,

            @JsonProperty("inter_token_seconds") @Nullable Distribution interToken,

            @JsonProperty("per_output_token_seconds") @Nullable
            Distribution perOutputToken,

            @JsonProperty("end_to_end_seconds") @Nullable Distribution endToEnd,
            @JsonProperty("queue_seconds") @Nullable Distribution queue,
            @JsonProperty("prefill_seconds") @Nullable Distribution prefill,
            @JsonProperty("decode_seconds") @Nullable Distribution decode,
            @JsonProperty("inference_seconds") @Nullable Distribution inference) {}

    /**
     * How big requests were, in tokens per request, since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param promptTokens prompt tokens per request
     * @param generatedTokens generated tokens per request
     * @param maxNewTokens the limit asked for, in tokens per request
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Size(
            @JsonProperty("prompt_tokens") @Nullable Distribution promptTokens,
            @JsonProperty("generated_tokens") @Nullable Distribution generatedTokens,
            @JsonProperty("max_new_tokens") @Nullable Distribution maxNewTokens) {}

    /**
     * The KV cache and the prefix cache in it.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param kvUsage share of the KV cache in use, 0..1; of several ranks the fullest
     * @param kvBlocks KV cache blocks (pages) there are
     * @param kvBlockSize tokens per block
     * @param kvCapacityTokens tokens that the KV cache can hold
     * @param prefixHits prompt tokens found in the prefix cache since the engine started, in tokens
     * @param prefixQueries prompt tokens looked up there, in tokens
     * @param hitRate hits / queries since the engine started, 0..1
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Cache(
            @JsonProperty("kv_usage") @Nullable Double kvUsage,
            @JsonProperty("kv_blocks") @Nullable Long kvBlocks,
            @JsonProperty("kv_block_size") @Nullable Long kvBlockSize,
            @JsonProperty("kv_capacity_tokens") @Nullable Long kvCapacityTokens,
            @JsonProperty("prefix_hits") @Nullable Long prefixHits,
            @JsonProperty("prefix_queries") @Nullable Long prefixQueries,
            @JsonProperty("hit_rate") @Nullable Double hitRate) {}

    /**
     * Speculative decoding since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param drafts drafts made
     * @param draftTokens tokens drafted
     * @param acceptedTokens drafted tokens that the model accepted
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Speculation(
            @JsonProperty("drafts") @Nullable Long drafts,
            @JsonProperty("draft_tokens") @Nullable Long draftTokens,
            @JsonProperty("accepted_tokens") @Nullable Long acceptedTokens) {}

    /**
     * LoRA adapters.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param maxLora adapters that fit into one batch
     * @param runningAdapters adapters with running requests, sorted; null when unknown, empty when known to be none
     * @param waitingAdapters adapters with waiting requests, sorted; null when unknown, empty when known to be none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Adapters(
            @JsonProperty("max_lora") @Nullable Long maxLora,
            @JsonProperty("running_adapters") @Nullable List<String> runningAdapters,
            @JsonProperty("waiting_adapters") @Nullable List<String> waitingAdapters) {
        /**
         * Copies what could change.
         *
         * @param maxLora adapters that fit into one batch
         * @param runningAdapters adapters with running requests, sorted; null when unknown, empty when known to be none
         * @param waitingAdapters adapters with waiting requests, sorted; null when unknown, empty when known to be none
         */
        public Adapters {
            runningAdapters = runningAdapters == null ? null : List.copyOf(runningAdapters);
            waitingAdapters = waitingAdapters == null ? null : List.copyOf(waitingAdapters);
        }
    }

    /**
     * Memory of the engine, in bytes.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param residentBytes memory of the engine's models in all, or of its process, in bytes
     * @param vramBytes the part in GPU memory, in bytes
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Memory(
            @JsonProperty("resident_bytes") @Nullable Long residentBytes,
            @JsonProperty("vram_bytes") @Nullable Long vramBytes) {}

    /**
     * Events since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param preemptions requests pushed out of the running batch to make room
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Events(
            @JsonProperty("preemptions") @Nullable Long preemptions) {}
}
