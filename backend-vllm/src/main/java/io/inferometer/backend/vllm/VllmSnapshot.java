package io.inferometer.backend.vllm;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Lazy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one vLLM server said in one scrape.
 *
 * <p>Immutable, value-equal and safe to share. Groups are never null; a field that the page did not report is null (maps
 * and lists: empty), never zero. Where a page has several data-parallel ranks, counts are summed, ratios are the fullest
 * rank's and distributions are merged; {@code byRank()} has the parts. "Measured" in these comments means: compared with
 * what a client had sent to vLLM 0.32 and 0.11. Of a target that is read often, the
 * groups are read off the page when somebody first asks for one.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({
    "common",
    "request_metrics",
    "gpu_metrics",
    "throughput_metrics",
    "scheduler_metrics",
    "latency_metrics",
    "request_parameters",
    "cache_metrics",
    "speculation_metrics",
    "lora_metrics",
    "kv_transfer_metrics",
    "compute_metrics",
    "frontend_metrics",
    "legacy_metrics"
})
public final class VllmSnapshot implements EngineSnapshot {
    private final CommonView common;
    private final Lazy<Words> words;

    VllmSnapshot(CommonView common, Lazy<Words> words) {
        this.common = common;
        this.words = words;
    }

    /** vLLM's own words: all groups that are not common. */
    record Words(
            RequestMetrics request,
            GpuMetrics gpu,
            ThroughputMetrics throughput,
            SchedulerMetrics scheduler,
            LatencyMetrics latency,
            RequestParameters requestParameters,
            CacheMetrics cache,
            SpeculationMetrics speculation,
            LoraMetrics lora,
            KvTransferMetrics kvTransfer,
            ComputeMetrics compute,
            FrontendMetrics frontend,
            LegacyMetrics legacy) {
        private Words withRates(EngineRates rates) {
            return new Words(
                    request,
                    gpu,
                    throughput.withRates(rates),
                    scheduler,
                    latency,
                    requestParameters,
                    cache,
                    speculation,
                    lora,
                    kvTransfer,
                    compute,
                    frontend,
                    legacy);
        }
    }

    /** With {@code requests_per_second} and {@code tokens_per_second}, where the engine does not say them itself. */
    @Override
    public VllmSnapshot withRates(EngineRates rates) {
        return new VllmSnapshot(common, Lazy.of(() -> words.get().withRates(rates)));
    }

    @Override
    @JsonProperty("common")
    @JsonUnwrapped
    public CommonView common() {
        return common;
    }

    /** Requests that ended, and how long they took. */
    @JsonProperty("request_metrics")
    public RequestMetrics request() {
        return words.get().request();
    }

    /** Load and KV cache as many dashboards want them. */
    @JsonProperty("gpu_metrics")
    public GpuMetrics gpu() {
        return words.get().gpu();
    }

    /** Counters of tokens and preemptions. */
    @JsonProperty("throughput_metrics")
    public ThroughputMetrics throughput() {
        return words.get().throughput();
    }

    /** Queue, sleep, steps. */
    @JsonProperty("scheduler_metrics")
    public SchedulerMetrics scheduler() {
        return words.get().scheduler();
    }

    /** The distributions that {@link #request} does not have. */
    @JsonProperty("latency_metrics")
    public LatencyMetrics latency() {
        return words.get().latency();
    }

    /** What requests asked for. */
    @JsonProperty("request_parameters")
    public RequestParameters requestParameters() {
        return words.get().requestParameters();
    }

    /** KV cache configuration, prefix caches, where prompt tokens came from. */
    @JsonProperty("cache_metrics")
    public CacheMetrics cache() {
        return words.get().cache();
    }

    /** Speculative decoding and diffusion. */
    @JsonProperty("speculation_metrics")
    public SpeculationMetrics speculation() {
        return words.get().speculation();
    }

    /** LoRA adapters. */
    @JsonProperty("lora_metrics")
    public LoraMetrics lora() {
        return words.get().lora();
    }

    /** KV connectors: NIXL, offloading, Mooncake, HF3FS. */
    @JsonProperty("kv_transfer_metrics")
    public KvTransferMetrics kvTransfer() {
        return words.get().kvTransfer();
    }

    /** Estimated work per GPU. */
    @JsonProperty("compute_metrics")
    public ComputeMetrics compute() {
        return words.get().compute();
    }

    /** What the API server counts itself. */
    @JsonProperty("frontend_metrics")
    public FrontendMetrics frontend() {
        return words.get().frontend();
    }

    /** What only V0 engines printed. */
    @JsonProperty("legacy_metrics")
    public LegacyMetrics legacy() {
        return words.get().legacy();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VllmSnapshot that && common.equals(that.common) && words.equals(that.words);
    }

    @Override
    public int hashCode() {
        return 31 * common.hashCode() + words.hashCode();
    }

    @Override
    public String toString() {
        return "VllmSnapshot[common=%s, %s".formatted(common, words.toString().substring("Words[".length()));
    }

    /**
     * Requests that ended, and how long they took.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param successTotal choices that ended with {@code stop}, {@code length} or {@code repetition}, from
     *     {@code vllm:request_success_total}. Measured: it counts choices, not requests (n=2 is 2, a batch of three prompts
     *     3, a beam search every beam that ended); an old page without {@code finished_reason} is read as it stands
     * @param failureTotal everything else that ended: {@code error} (since 0.13) and {@code abort}, from the same family;
     *     {@code vllm:request_failure_total}, which no vLLM ever had, where an old document's page shows it. Measured: a
     *     client that goes away is never counted (the Rust front end, unmeasured, is said to), only aborts by pause, sleep
     *     or shutdown are; a refused request (4xx) leaves no trace
     * @param timeToFirstTokenSeconds arrival to first token in seconds, one observation per sequence, from
     *     {@code vllm:time_to_first_token_seconds}. Measured: requests that were aborted after their first token are in,
     *     and a server-side abort of a waiting request adds an observation without a token
     * @param timePerOutputTokenSeconds mean seconds per output token of a request, from
     *     {@code vllm:request_time_per_output_token_seconds} (since 0.11; a request of one token is observed as 0); on
     *     pages without it the literal {@code vllm:time_per_output_token_seconds}, which measures the gap between two
     *     tokens
     * @param e2eLatencySeconds arrival to last token in seconds, finished requests only, from
     *     {@code vllm:e2e_request_latency_seconds}
     * @param promptTokens prompt tokens per finished request, from {@code vllm:request_prompt_tokens}; n=2 counts twice
     * @param generationTokens generated tokens per finished choice, from {@code vllm:request_generation_tokens}; aborted
     *     requests are missing here and present in {@code generation_tokens_total}
     * @param corruptedTotal requests with NaN in their logits, from {@code vllm:corrupted_requests_total}; only with
     *     {@code VLLM_COMPUTE_NANS_IN_LOGITS=1}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record RequestMetrics(
            @JsonProperty("success_total") @Nullable Long successTotal,
            @JsonProperty("failure_total") @Nullable Long failureTotal,

            @JsonProperty("time_to_first_token_seconds") @Nullable
            Distribution timeToFirstTokenSeconds,

            @JsonProperty("time_per_output_token_seconds") @Nullable
            Distribution timePerOutputTokenSeconds,

            @JsonProperty("e2e_latency_seconds") @Nullable Distribution e2eLatencySeconds,
            @JsonProperty("prompt_tokens") @Nullable Distribution promptTokens,
            @JsonProperty("generation_tokens") @Nullable Distribution generationTokens,
            @JsonProperty("corrupted_total") @Nullable Long corruptedTotal) {}

    /**
     * Load and KV cache.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param cacheUsagePerc KV cache in use as the engine printed it, of the fullest rank: a share 0..1 on every real
     *     vLLM in spite of its name, from {@code vllm:kv_cache_usage_perc} or the older
     *     {@code vllm:gpu_cache_usage_perc}, never both. Measured: used blocks / (blocks - 1). A value outside 0..1 stays
     *     here and leaves the common {@code kv_usage} absent
     * @param memoryUsageBytes absent: vLLM has no gauge of GPU memory. Read the GPU's own exporter (DCGM's
     *     {@code DCGM_FI_DEV_FB_USED}) or, for the KV cache, {@code cache_usage_perc} times
     *     {@code cache.kv_capacity_tokens}. Bytes from {@code vllm:gpu_memory_usage_bytes} where an old document's page
     *     shows that
     * @param numRequestsRunning requests in the running batches, from {@code vllm:num_requests_running}. Measured: exact,
     *     but set on engine steps only, so 10 ms after a burst it may still be 0, and after the last step of a dead
     *     engine it stays
     * @param numRequestsWaiting requests queued, from {@code vllm:num_requests_waiting}; the split by reason is in
     *     {@code scheduler_metrics} and is not added
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record GpuMetrics(
            @JsonProperty("cache_usage_perc") @Nullable Double cacheUsagePerc,
            @JsonProperty("memory_usage_bytes") @Nullable Long memoryUsageBytes,
            @JsonProperty("num_requests_running") @Nullable Long numRequestsRunning,
            @JsonProperty("num_requests_waiting") @Nullable Long numRequestsWaiting) {}

    /**
     * Counters of tokens and preemptions since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param promptTokensTotal prompt tokens, cached ones included, from {@code vllm:prompt_tokens_total}. Measured:
     *     added after prefill, aborted requests included; n=2 counts the prompt twice
     * @param generationTokensTotal generated tokens as they come, from {@code vllm:generation_tokens_total}. Measured:
     *     exact, plus the tokens of requests that were aborted later
     * @param numPreemptionsTotal requests pushed out of the batch, from {@code vllm:num_preemptions_total}. Measured:
     *     counted when the request resumes, so seconds late
     * @param requestsPerSecond absent in one scrape: a rate needs two. A monitor's snapshots have it; else use
     *     {@code rates(previous)}
     * @param tokensPerSecond generated tokens per second over the engine's own last interval from V0's
     *     {@code vllm:avg_generation_throughput_toks_per_s}; else as {@code requestsPerSecond}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record ThroughputMetrics(
            @JsonProperty("prompt_tokens_total") @Nullable Long promptTokensTotal,

            @JsonProperty("generation_tokens_total") @Nullable
            Long generationTokensTotal,

            @JsonProperty("num_preemptions_total") @Nullable Long numPreemptionsTotal,
            @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,
            @JsonProperty("tokens_per_second") @Nullable Double tokensPerSecond) {
        ThroughputMetrics withRates(EngineRates rates) {
            return new ThroughputMetrics(
                    promptTokensTotal,
                    generationTokensTotal,
                    numPreemptionsTotal,
                    requestsPerSecond == null ? rates.requestsPerSecond() : requestsPerSecond,
                    tokensPerSecond == null ? rates.generatedTokensPerSecond() : tokensPerSecond);
        }
    }

    /**
     * Queue, sleep and steps.
     *
     * <p>Immutable and safe to share; null and empty are not reported.
     *
     * @param waitingByReason waiting requests by {@code capacity} and {@code deferred} (LoRA budget, KV transfer), from
     *     {@code vllm:num_requests_waiting_by_reason} (since 0.20). Measured: sums to {@code num_requests_waiting}
     * @param sleepState how many ranks are in each state ({@code awake}, {@code weights_offloaded},
     *     {@code discard_all}), from {@code vllm:engine_sleep_state}. Measured: sleep of level 0 sets all three to 0
     * @param admissionRejections requests refused by a queue limit, by limit, from
     *     {@code vllm:admission_rejections_total}. Measured: complete, while HTTP counts a refused streaming call as 2xx
     * @param preemptionsPerRequest preemptions per finished request, from {@code vllm:request_num_preemptions}
     * @param iterationTokens tokens per engine step, from {@code vllm:iteration_tokens_total} (a histogram, whatever its
     *     name says). Measured: cached tokens are not in it
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record SchedulerMetrics(
            @JsonProperty("waiting_by_reason") Map<String, Long> waitingByReason,
            @JsonProperty("sleep_state") Map<String, Long> sleepState,
            @JsonProperty("admission_rejections") Map<String, Long> admissionRejections,

            @JsonProperty("preemptions_per_request") @Nullable
            Distribution preemptionsPerRequest,

            @JsonProperty("iteration_tokens") @Nullable Distribution iterationTokens) {
        /**
         * Copies the maps.
         *
         * @param waitingByReason waiting requests by reason
         * @param sleepState ranks by state
         * @param admissionRejections refused requests by limit
         * @param preemptionsPerRequest preemptions per finished request
         * @param iterationTokens tokens per engine step
         */
        public SchedulerMetrics {
            waitingByReason = Copies.of(waitingByReason);
            sleepState = Copies.of(sleepState);
            admissionRejections = Copies.of(admissionRejections);
        }
    }

    /**
     * Distributions in seconds since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported. The first bound of the four times of a request is 0.3 s, so
     * their quantiles below that are interpolation.
     *
     * @param interTokenLatencySeconds gap between two outputs, from {@code vllm:inter_token_latency_seconds}, on older
     *     pages {@code vllm:time_per_output_token_seconds} (the same data where a page has both). Measured: aborted
     *     requests included; with speculation one observation per chunk, not per token
     * @param queueTimeSeconds time waiting, from {@code vllm:request_queue_time_seconds} or V0's
     *     {@code vllm:time_in_queue_requests}
     * @param prefillTimeSeconds time of prefill, from {@code vllm:request_prefill_time_seconds}. Measured: a request that
     *     {@code /pause} or {@code /sleep} aborts before it was scheduled adds the host's clock (some thousand seconds):
     *     then sum and mean are absent here, and buckets and count stay
     * @param decodeTimeSeconds time of decoding, from {@code vllm:request_decode_time_seconds}
     * @param inferenceTimeSeconds time running, from {@code vllm:request_inference_time_seconds}; spoiled and treated as
     *     {@code prefillTimeSeconds}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record LatencyMetrics(
            @JsonProperty("inter_token_latency_seconds") @Nullable
            Distribution interTokenLatencySeconds,

            @JsonProperty("queue_time_seconds") @Nullable Distribution queueTimeSeconds,
            @JsonProperty("prefill_time_seconds") @Nullable Distribution prefillTimeSeconds,
            @JsonProperty("decode_time_seconds") @Nullable Distribution decodeTimeSeconds,

            @JsonProperty("inference_time_seconds") @Nullable
            Distribution inferenceTimeSeconds) {}

    /**
     * What requests asked for, since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param maxTokens {@code max_tokens} of a request, in tokens, from {@code vllm:request_params_max_tokens}. Measured:
     *     one observation per choice
     * @param maxNumGenerationTokens the longest of a prompt's choices, in tokens, from
     *     {@code vllm:request_max_num_generation_tokens}. Measured: one observation per prompt
     * @param n choices asked for, from {@code vllm:request_params_n}. Measured: one observation per prompt
     * @param bestOf {@code best_of}, from {@code vllm:request_params_best_of} (until 0.6.2)
     * @param prefillKvComputedTokens prompt tokens that had to be computed, cached ones left out, from
     *     {@code vllm:request_prefill_kv_computed_tokens}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record RequestParameters(
            @JsonProperty("max_tokens") @Nullable Distribution maxTokens,

            @JsonProperty("max_num_generation_tokens") @Nullable
            Distribution maxNumGenerationTokens,

            @JsonProperty("n") @Nullable Distribution n,
            @JsonProperty("best_of") @Nullable Distribution bestOf,

            @JsonProperty("prefill_kv_computed_tokens") @Nullable
            Distribution prefillKvComputedTokens) {}

    /**
     * KV cache configuration, prefix caches and where prompt tokens came from.
     *
     * <p>Immutable and safe to share; null and empty are not reported.
     *
     * @param config the cache configuration, one per rank, in the order of the page
     * @param prefixCache the engine's own prefix cache
     * @param externalPrefixCache the prefix cache behind a KV connector, in tokens, from
     *     {@code vllm:external_prefix_cache_hits_total} and its queries
     * @param multimodalCache the cache of multi-modal inputs, in items, from {@code vllm:mm_cache_hits_total} and its
     *     queries
     * @param promptTokensBySource prompt tokens by {@code local_compute}, {@code local_cache_hit} and
     *     {@code external_kv_transfer}, from {@code vllm:prompt_tokens_by_source_total}
     * @param promptTokensCached prompt tokens from any cache, from {@code vllm:prompt_tokens_cached_total}
     * @param cachedTokensByTier cached prompt tokens by the tier that held them ({@code device}, {@code host},
     *     {@code disk}, …), from {@code vllm:prompt_tokens_cached_by_source_total}
     * @param promptTokensRecomputed from {@code vllm:prompt_tokens_recomputed_total} (0.16 to 0.19 only)
     * @param residency how long KV blocks live
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record CacheMetrics(
            @JsonProperty("config") List<CacheConfig> config,
            @JsonProperty("prefix_cache") PrefixCache prefixCache,
            @JsonProperty("external_prefix_cache") HitsAndQueries externalPrefixCache,
            @JsonProperty("multimodal_cache") HitsAndQueries multimodalCache,
            @JsonProperty("prompt_tokens_by_source") Map<String, Long> promptTokensBySource,
            @JsonProperty("prompt_tokens_cached") @Nullable Long promptTokensCached,
            @JsonProperty("cached_tokens_by_tier") Map<String, Long> cachedTokensByTier,

            @JsonProperty("prompt_tokens_recomputed") @Nullable
            Long promptTokensRecomputed,

            @JsonProperty("residency") Residency residency) {
        /**
         * Copies the list and the maps.
         *
         * @param config the cache configuration, one per rank
         * @param prefixCache the engine's own prefix cache
         * @param externalPrefixCache the prefix cache behind a KV connector
         * @param multimodalCache the cache of multi-modal inputs
         * @param promptTokensBySource prompt tokens by source
         * @param promptTokensCached prompt tokens from any cache
         * @param cachedTokensByTier cached prompt tokens by tier
         * @param promptTokensRecomputed recomputed prompt tokens
         * @param residency how long KV blocks live
         */
        public CacheMetrics {
            config = List.copyOf(config);
            promptTokensBySource = Copies.of(promptTokensBySource);
            cachedTokensByTier = Copies.of(cachedTokensByTier);
        }
    }

    /**
     * The engine's own prefix cache.
     *
     * <p>Immutable and safe to share; null is not reported. Measured: tokens are counted in whole blocks, and a request
     * that was preempted or refused admission is looked up again, so queries may exceed the prompt tokens.
     *
     * @param hits prompt tokens found, from {@code vllm:prefix_cache_hits_total} (since 0.9.2)
     * @param queries prompt tokens looked up, from {@code vllm:prefix_cache_queries_total} (since 0.9.2)
     * @param gpuHits from {@code vllm:gpu_prefix_cache_hits_total}: <em>blocks</em> before 0.9.0, tokens since
     * @param gpuQueries from {@code vllm:gpu_prefix_cache_queries_total}: <em>blocks</em> before 0.9.0, tokens since
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record PrefixCache(
            @JsonProperty("hits") @Nullable Long hits,
            @JsonProperty("queries") @Nullable Long queries,
            @JsonProperty("gpu_hits") @Nullable Long gpuHits,
            @JsonProperty("gpu_queries") @Nullable Long gpuQueries) {}

    /**
     * Hits and queries of a cache since the engine started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param hits what was found
     * @param queries what was looked up
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record HitsAndQueries(
            @JsonProperty("hits") @Nullable Long hits,
            @JsonProperty("queries") @Nullable Long queries) {}

    /**
     * How long KV blocks live, sampled, in seconds; only with {@code --kv-cache-metrics}.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param lifetimeSeconds allocation to eviction, from {@code vllm:kv_block_lifetime_seconds}
     * @param idleBeforeEvictSeconds last use to eviction, from {@code vllm:kv_block_idle_before_evict_seconds}
     * @param reuseGapSeconds use to use, from {@code vllm:kv_block_reuse_gap_seconds}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Residency(
            @JsonProperty("lifetime_seconds") @Nullable Distribution lifetimeSeconds,

            @JsonProperty("idle_before_evict_seconds") @Nullable
            Distribution idleBeforeEvictSeconds,

            @JsonProperty("reuse_gap_seconds") @Nullable Distribution reuseGapSeconds) {}

    /**
     * Speculative decoding and diffusion since the engine started; only where the engine does either.
     *
     * <p>Immutable and safe to share; null and empty are not reported.
     *
     * @param drafts drafts made, from {@code vllm:spec_decode_num_drafts_total}. Measured: exact
     * @param draftTokens tokens drafted, from {@code vllm:spec_decode_num_draft_tokens_total}. Measured: exact
     * @param acceptedTokens drafted tokens accepted, before the cut at {@code max_tokens}, from
     *     {@code vllm:spec_decode_num_accepted_tokens_total}
     * @param acceptedPerPosition accepted tokens by their position in the draft, {@code "0"} first, from
     *     {@code vllm:spec_decode_num_accepted_tokens_per_pos_total}
     * @param denoisingSteps from {@code vllm:diffusion_num_denoising_steps_total}
     * @param canvasPositions from {@code vllm:diffusion_num_canvas_positions_total}
     * @param committedTokens from {@code vllm:diffusion_num_committed_tokens_total}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record SpeculationMetrics(
            @JsonProperty("drafts") @Nullable Long drafts,
            @JsonProperty("draft_tokens") @Nullable Long draftTokens,
            @JsonProperty("accepted_tokens") @Nullable Long acceptedTokens,
            @JsonProperty("accepted_per_position") Map<String, Long> acceptedPerPosition,
            @JsonProperty("denoising_steps") @Nullable Long denoisingSteps,
            @JsonProperty("canvas_positions") @Nullable Long canvasPositions,
            @JsonProperty("committed_tokens") @Nullable Long committedTokens) {
        /**
         * Copies the map.
         *
         * @param drafts drafts made
         * @param draftTokens tokens drafted
         * @param acceptedTokens drafted tokens accepted
         * @param acceptedPerPosition accepted tokens by position
         * @param denoisingSteps steps of denoising
         * @param canvasPositions positions on the canvas
         * @param committedTokens tokens committed
         */
        public SpeculationMetrics {
            acceptedPerPosition = Copies.of(acceptedPerPosition);
        }

        /** Accepted / drafted tokens since the engine started, 0..1; null when nothing was drafted or counted. */
        public @Nullable Double acceptanceRate() {
            return draftTokens == null || acceptedTokens == null || draftTokens == 0
                    ? null
                    : (Double) ((double) acceptedTokens / draftTokens);
        }

        /** Mean tokens per draft, the model's own included; null when nothing was drafted or counted. */
        public @Nullable Double meanAcceptedLength() {
            return drafts == null || acceptedTokens == null || drafts == 0
                    ? null
                    : (Double) (1 + (double) acceptedTokens / drafts);
        }
    }

    /**
     * Estimated work per GPU since the engine started. All 0 unless the engine runs with {@code --enable-mfu-metrics}.
     *
     * <p>Immutable and safe to share; null is not reported. Of several ranks the sum.
     *
     * @param estimatedFlopsPerGpu floating-point operations, from {@code vllm:estimated_flops_per_gpu_total}
     * @param estimatedReadBytesPerGpu bytes read from memory, from {@code vllm:estimated_read_bytes_per_gpu_total}
     * @param estimatedWriteBytesPerGpu bytes written to memory, from {@code vllm:estimated_write_bytes_per_gpu_total}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record ComputeMetrics(
            @JsonProperty("estimated_flops_per_gpu") @Nullable
            Double estimatedFlopsPerGpu,

            @JsonProperty("estimated_read_bytes_per_gpu") @Nullable
            Double estimatedReadBytesPerGpu,

            @JsonProperty("estimated_write_bytes_per_gpu") @Nullable
            Double estimatedWriteBytesPerGpu) {}

    /**
     * What the API server counts itself, since it started.
     *
     * <p>Immutable and safe to share; null and empty are not reported.
     *
     * @param toolParserByOutcome calls of the tool parser (one per delta when streaming) by {@code tool_call} and
     *     {@code no_tool_call}, from {@code vllm:tool_call_parser_invocations_total}
     * @param toolParserByRequestType the same calls by the kind of request
     * @param toolParserByMode the same calls by {@code streaming} and {@code non_streaming}
     * @param websocketConnectionsTotal realtime connections, from {@code vllm:websocket_connections_total}
     * @param websocketConnectionsActive realtime connections open now, from {@code vllm:websocket_connections_active}
     * @param websocketDurationSeconds their length in seconds, from {@code vllm:websocket_connection_duration_seconds}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record FrontendMetrics(
            @JsonProperty("tool_parser_by_outcome") Map<String, Long> toolParserByOutcome,
            @JsonProperty("tool_parser_by_request_type") Map<String, Long> toolParserByRequestType,
            @JsonProperty("tool_parser_by_mode") Map<String, Long> toolParserByMode,

            @JsonProperty("websocket_connections_total") @Nullable
            Long websocketConnectionsTotal,

            @JsonProperty("websocket_connections_active") @Nullable
            Long websocketConnectionsActive,

            @JsonProperty("websocket_duration_seconds") @Nullable
            Distribution websocketDurationSeconds) {
        /**
         * Copies the maps.
         *
         * @param toolParserByOutcome calls by outcome
         * @param toolParserByRequestType calls by the kind of request
         * @param toolParserByMode calls by mode
         * @param websocketConnectionsTotal connections
         * @param websocketConnectionsActive connections open now
         * @param websocketDurationSeconds their length
         */
        public FrontendMetrics {
            toolParserByOutcome = Copies.of(toolParserByOutcome);
            toolParserByRequestType = Copies.of(toolParserByRequestType);
            toolParserByMode = Copies.of(toolParserByMode);
        }
    }

    /**
     * What only V0 engines (until 0.9) printed.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param numRequestsSwapped requests swapped out to CPU memory, from {@code vllm:num_requests_swapped}
     * @param cpuCacheUsagePerc share of the CPU swap space in use, 0..1, from {@code vllm:cpu_cache_usage_perc}
     * @param gpuPrefixCacheHitRate 0..1, or -1 when prefix caching is off, from {@code vllm:gpu_prefix_cache_hit_rate}
     * @param cpuPrefixCacheHitRate 0..1, or -1 when prefix caching is off, from {@code vllm:cpu_prefix_cache_hit_rate}
     * @param promptTokensPerSecond prompt tokens per second over the engine's last interval, from
     *     {@code vllm:avg_prompt_throughput_toks_per_s}
     * @param generationTokensPerSecond generated tokens per second over the engine's last interval, from
     *     {@code vllm:avg_generation_throughput_toks_per_s}
     * @param modelForwardTimeMilliseconds forward pass per request in milliseconds, from
     *     {@code vllm:model_forward_time_milliseconds}
     * @param modelExecuteTimeMilliseconds forward pass and sampling per request in milliseconds, from
     *     {@code vllm:model_execute_time_milliseconds}
     * @param draftAcceptanceRate 0..1, from {@code vllm:spec_decode_draft_acceptance_rate}
     * @param speculationEfficiency 0..1, from {@code vllm:spec_decode_efficiency}
     * @param emittedTokens tokens emitted by speculation, from {@code vllm:spec_decode_num_emitted_tokens_total}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record LegacyMetrics(
            @JsonProperty("num_requests_swapped") @Nullable Long numRequestsSwapped,
            @JsonProperty("cpu_cache_usage_perc") @Nullable Double cpuCacheUsagePerc,

            @JsonProperty("gpu_prefix_cache_hit_rate") @Nullable
            Double gpuPrefixCacheHitRate,

            @JsonProperty("cpu_prefix_cache_hit_rate") @Nullable
            Double cpuPrefixCacheHitRate,

            @JsonProperty("prompt_tokens_per_second") @Nullable
            Double promptTokensPerSecond,

            @JsonProperty("generation_tokens_per_second") @Nullable
            Double generationTokensPerSecond,

            @JsonProperty("model_forward_time_milliseconds") @Nullable
            Distribution modelForwardTimeMilliseconds,

            @JsonProperty("model_execute_time_milliseconds") @Nullable
            Distribution modelExecuteTimeMilliseconds,

            @JsonProperty("spec_decode_draft_acceptance_rate") @Nullable
            Double draftAcceptanceRate,

            @JsonProperty("spec_decode_efficiency") @Nullable
            Double speculationEfficiency,

            @JsonProperty("spec_decode_emitted_tokens") @Nullable
            Long emittedTokens) {}
}
