package io.inferometer.backend.sglang;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Lazy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What SGLang reported in one scrape: the common words, and its own.
 *
 * <p>Immutable, value-equal and safe to share. What the engine did not report is null (a map or list: empty), never zero; a
 * family appears on its page when it is first used. Of a target that is read often, the groups are read off the page when
 * somebody first asks for one.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({
    "common",
    "request_metrics",
    "cache_metrics",
    "system_metrics",
    "queues",
    "retraction",
    "kv_pool",
    "hybrid_pools",
    "hicache",
    "token_metrics",
    "stage_latency",
    "speculative_decoding",
    "lora_pool",
    "memory_usage",
    "disaggregation",
    "grammar",
    "scheduler",
    "data_parallel",
    "routing",
    "http",
    "startup",
    "encoder",
    "loads",
    "server_info"
})
public final class SglangSnapshot implements EngineSnapshot {
    private final CommonView common;
    private final Lazy<Words> words;
    private final List<RankLoad> loads;
    private final @Nullable ServerInfo serverInfo;

    SglangSnapshot(CommonView common, Lazy<Words> words, List<RankLoad> loads, @Nullable ServerInfo serverInfo) {
        this.common = common;
        this.words = words;
        this.loads = List.copyOf(loads);
        this.serverInfo = serverInfo;
    }

    /** SGLang's own words: all groups that its page tells and that are not common. */
    record Words(
            RequestMetrics request,
            CacheMetrics cache,
            SystemMetrics system,
            Queues queues,
            Retraction retraction,
            KvPool kvPool,
            HybridPools hybridPools,
            HiCache hiCache,
            Tokens tokens,
            StageLatency stageLatency,
            Speculation speculation,
            LoraPool loraPool,
            MemoryUsage memory,
            Disaggregation disaggregation,
            Grammar grammar,
            Scheduler scheduler,
            DataParallel dataParallel,
            Routing routing,
            Http http,
            Startup startup,
            Encoder encoder) {}

    @Override
    @JsonProperty("common")
    @JsonUnwrapped
    public CommonView common() {
        return common;
    }

    /** Requests as clients see them. */
    @JsonProperty("request_metrics")
    public RequestMetrics request() {
        return words.get().request();
    }

    /** The prefix cache. */
    @JsonProperty("cache_metrics")
    public CacheMetrics cache() {
        return words.get().cache();
    }

    /** Load. */
    @JsonProperty("system_metrics")
    public SystemMetrics system() {
        return words.get().system();
    }

    /** Other queues than the scheduler's. */
    @JsonProperty("queues")
    public Queues queues() {
        return words.get().queues();
    }

    /** Requests pushed out or paused. */
    @JsonProperty("retraction")
    public Retraction retraction() {
        return words.get().retraction();
    }

    /** The KV cache pool. */
    @JsonProperty("kv_pool")
    public KvPool kvPool() {
        return words.get().kvPool();
    }

    /** The pools of hybrid models. */
    @JsonProperty("hybrid_pools")
    public HybridPools hybridPools() {
        return words.get().hybridPools();
    }

    /** Eviction, host memory and storage. */
    @JsonProperty("hicache")
    public HiCache hiCache() {
        return words.get().hiCache();
    }

    /** Tokens. */
    @JsonProperty("token_metrics")
    public Tokens tokens() {
        return words.get().tokens();
    }

    /** Where a request's time goes. */
    @JsonProperty("stage_latency")
    public StageLatency stageLatency() {
        return words.get().stageLatency();
    }

    /** Speculative decoding. */
    @JsonProperty("speculative_decoding")
    public Speculation speculation() {
        return words.get().speculation();
    }

    /** LoRA adapter slots. */
    @JsonProperty("lora_pool")
    public LoraPool loraPool() {
        return words.get().loraPool();
    }

    /** Memory. */
    @JsonProperty("memory_usage")
    public MemoryUsage memory() {
        return words.get().memory();
    }

    /** Prefill and decode apart. */
    @JsonProperty("disaggregation")
    public Disaggregation disaggregation() {
        return words.get().disaggregation();
    }

    /** Structured output. */
    @JsonProperty("grammar")
    public Grammar grammar() {
        return words.get().grammar();
    }

    /** What schedulers and device did. */
    @JsonProperty("scheduler")
    public Scheduler scheduler() {
        return words.get().scheduler();
    }

    /** Data-parallel ranks together. */
    @JsonProperty("data_parallel")
    public DataParallel dataParallel() {
        return words.get().dataParallel();
    }

    /** Routing keys. */
    @JsonProperty("routing")
    public Routing routing() {
        return words.get().routing();
    }

    /** The HTTP server. */
    @JsonProperty("http")
    public Http http() {
        return words.get().http();
    }

    /** How long the start took. */
    @JsonProperty("startup")
    public Startup startup() {
        return words.get().startup();
    }

    /** The encoder server. */
    @JsonProperty("encoder")
    public Encoder encoder() {
        return words.get().encoder();
    }

    /** The answer of {@code /v1/loads} by data-parallel rank; empty unless it was asked for and came. */
    @JsonProperty("loads")
    public List<RankLoad> loads() {
        return loads;
    }

    /** The answer of {@code /server_info}; null unless it was asked for and came. */
    @JsonProperty("server_info")
    public @Nullable ServerInfo serverInfo() {
        return serverInfo;
    }

    /** From the page, or from {@code /server_info} where that was asked for. */
    @Override
    public @Nullable Long maxBatchSize() {
        Long onPage = system().maxRunningRequests();
        return onPage == null && serverInfo != null ? serverInfo.maxRunningRequests() : onPage;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SglangSnapshot that
                && common.equals(that.common)
                && words.equals(that.words)
                && loads.equals(that.loads)
                && Objects.equals(serverInfo, that.serverInfo);
    }

    @Override
    public int hashCode() {
        return Objects.hash(common, words, loads, serverInfo);
    }

    @Override
    public String toString() {
        String own = words.toString();
        return "SglangSnapshot[common=%s, %s, loads=%s, serverInfo=%s]"
                .formatted(common, own.substring("Words[".length(), own.length() - 1), loads, serverInfo);
    }

    /**
     * Requests as clients see them, since the server started; its own warm-up (one request) is among them.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param successTotal {@code num_requests_total} minus {@code num_aborted_requests_total}: approximate, and it
     *     can fall. A request aborted while running is in both, one aborted in the queue only in the second; n=k
     *     counts k+1 requests (of the Rust server: k); requests refused with 400 or 503 are in neither. The second
     *     counts as 0 until it appears, which it does with the first abort
     * @param failureTotal {@code num_aborted_requests_total}: calls to abort (clients that left, {@code
     *     /abort_request}); errors are counted nowhere but in {@link Http#responsesByStatus()}
     * @param requestDurationSeconds arrival to last token, in seconds ({@code e2e_request_latency_seconds}); requests
     *     aborted while running are in it
     * @param timeToFirstTokenSeconds arrival to first token, in seconds; the first bucket ends at 0.1 s by default.
     *     Requests without streaming are in it, before 0.5.12 with their end-to-end time
     * @param timePerOutputTokenSeconds mean time per output token of a request, in seconds ({@code
     *     request_time_per_output_token_seconds}; not of aborted or one-token answers). Before v0.4.4.post4 {@code
     *     time_per_output_token_seconds}: one observation per chunk, each the request's mean so far
     * @param inputTokens prompt tokens per request ({@code prompt_tokens_histogram}, in development builds {@code
     *     request_prompt_tokens})
     * @param outputTokens generated tokens per request ({@code generation_tokens_histogram}, in development builds
     *     {@code request_generation_tokens})
     * @param numRequestsTotal requests that ended, those aborted while running among them
     * @param structuredOutputTotal requests with structured output ({@code num_so_requests_total})
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record RequestMetrics(
            @JsonProperty("success_total") @Nullable Long successTotal,
            @JsonProperty("failure_total") @Nullable Long failureTotal,

            @JsonProperty("request_duration_seconds") @Nullable
            Distribution requestDurationSeconds,

            @JsonProperty("time_to_first_token_seconds") @Nullable
            Distribution timeToFirstTokenSeconds,

            @JsonProperty("time_per_output_token_seconds") @Nullable
            Distribution timePerOutputTokenSeconds,

            @JsonProperty("input_tokens") @Nullable Distribution inputTokens,
            @JsonProperty("output_tokens") @Nullable Distribution outputTokens,
            @JsonProperty("num_requests_total") @Nullable Long numRequestsTotal,

            @JsonProperty("structured_output_total") @Nullable
            Long structuredOutputTotal) {}

    /**
     * The prefix cache.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param cacheHitRate share of prompt tokens found in the cache since the server started, 0..1, from counters.
     *     The gauge {@code cache_hit_rate} is never read: it is the rate of the last prefill batch, and a health
     *     probe sets it to 0
     * @param cacheMemoryUsageBytes memory of the KV cache pools in bytes: {@code kv_cache_memory_usage_gb} times 2^30
     *     (the engine's GB are GiB), of each data-parallel rank's first GPU, summed; the pool's size, not what is in
     *     use
     * @param radixCacheSize the literal family of older documents; no release prints it. Read {@link
     *     KvPool#evictableTokens()}, the tokens cached and not in use
     * @param prefixCacheHitTotal prompt tokens found in the cache, in tokens ({@code cached_tokens_total}); counted
     *     when a request ends, and absent until the first hit
     * @param cachedTokensBySource the same by where they were found: {@code device}, {@code host}, {@code
     *     storage_<backend>}; {@code total} of requests without the detail. Empty before v0.5.9
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record CacheMetrics(
            @JsonProperty("cache_hit_rate") @Nullable Double cacheHitRate,

            @JsonProperty("cache_memory_usage_bytes") @Nullable
            Long cacheMemoryUsageBytes,

            @JsonProperty("radix_cache_size") @Nullable Long radixCacheSize,

            @JsonProperty("prefix_cache_hit_total") @Nullable
            Long prefixCacheHitTotal,

            @JsonProperty("cached_tokens_by_source") Map<String, Long> cachedTokensBySource) {
        public CacheMetrics {
            cachedTokensBySource = copyOf(cachedTokensBySource);
        }
    }

    /**
     * Load as the page says it. These gauges are written at a prefill, every 40 decode steps and on going idle, so
     * they can be late by seconds; {@code /v1/loads} is not.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param numRequestsRunning requests in the running batch ({@code num_running_reqs}); a report made at a prefill
     *     leaves out the new batch
     * @param numRequestsWaiting requests in the scheduler's queue ({@code num_queue_reqs}); those in other queues are
     *     in {@link Queues}
     * @param batchSizeCurrent the literal family of older documents; no release prints it. Read {@link
     *     #numRequestsRunning()}
     * @param throughputTokensPerSecond generated tokens per second of the last report ({@code gen_throughput}),
     *     summed over data-parallel ranks; 0 when idle, and the first report after that divides by the idle time
     * @param utilization load against a set objective; 0 without one, -1 on a prefill node
     * @param forwardOccupancy how busy the device is with forward passes, 0..100 ({@code fwd_occupancy}); absent when
     *     idle
     * @param newTokenRatio the scheduler's guess of how much of their limit requests will generate, 0..1; stale when
     *     idle
     * @param usesDeviceGraph whether the last batch ran by a captured graph ({@code is_cuda_graph})
     * @param decodeSequenceTokens tokens of all sequences in decode ({@code decode_sum_seq_lens}); stale when idle
     * @param maxRunningRequests requests that may run at once; development builds only, else see {@link RankLoad}
     * @param maxRunningRequestsUnderSlo the same under the set objective
     * @param maxPrefillTokens tokens in one prefill; development builds only
     * @param contextLength the longest context, in tokens ({@code context_len})
     * @param idleSeconds time the schedulers were idle, in seconds
     * @param schedulerCpuSeconds CPU time of the schedulers, in seconds
     * @param processCpuSecondsByComponent CPU time of the other processes, in seconds: {@code tokenizer}, {@code
     *     detokenizer}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record SystemMetrics(
            @JsonProperty("num_requests_running") @Nullable Long numRequestsRunning,
            @JsonProperty("num_requests_waiting") @Nullable Long numRequestsWaiting,
            @JsonProperty("batch_size_current") @Nullable Long batchSizeCurrent,

            @JsonProperty("throughput_tokens_per_second") @Nullable
            Double throughputTokensPerSecond,

            @JsonProperty("utilization") @Nullable Double utilization,
            @JsonProperty("forward_occupancy") @Nullable Double forwardOccupancy,
            @JsonProperty("new_token_ratio") @Nullable Double newTokenRatio,
            @JsonProperty("uses_device_graph") @Nullable Boolean usesDeviceGraph,

            @JsonProperty("decode_sequence_tokens") @Nullable
            Long decodeSequenceTokens,

            @JsonProperty("max_running_requests") @Nullable Long maxRunningRequests,

            @JsonProperty("max_running_requests_under_slo") @Nullable
            Long maxRunningRequestsUnderSlo,

            @JsonProperty("max_prefill_tokens") @Nullable Long maxPrefillTokens,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @JsonProperty("idle_seconds") @Nullable Double idleSeconds,
            @JsonProperty("scheduler_cpu_seconds") @Nullable Double schedulerCpuSeconds,

            @JsonProperty("process_cpu_seconds_by_component")
            Map<String, Double> processCpuSecondsByComponent) {
        public SystemMetrics {
            processCpuSecondsByComponent = copyOf(processCpuSecondsByComponent);
        }
    }

    /**
     * Where requests wait, besides the scheduler's own queue. The common {@code requests_waiting} adds the first five
     * to it.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param grammar waiting for a grammar to compile ({@code num_grammar_queue_reqs})
     * @param prefillBootstrap of a prefill node: waiting for the handshake with a decode node ({@code
     *     num_prefill_bootstrap_queue_reqs}, before v0.5.12 {@code num_prefill_prealloc_queue_reqs})
     * @param prefillInflight of a prefill node: prefilled, KV cache on its way
     * @param decodePrealloc of a decode node: waiting for room in the KV cache
     * @param decodeTransfer of a decode node: waiting for the KV cache to arrive
     * @param decodeHostReceive of a decode node: being received into host memory
     * @param decodeDeferredRelease of a decode node: ended, their KV cache not yet released
     * @param runningOfflineBatch running requests of low priority ({@code num_running_reqs_offline_batch}, until
     *     v0.5.10)
     * @param lastBatchQueueSeconds mean wait of the last batch, in seconds ({@code avg_request_queue_latency}, until
     *     v0.5.2)
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Queues(
            @JsonProperty("grammar") @Nullable Long grammar,
            @JsonProperty("prefill_bootstrap") @Nullable Long prefillBootstrap,
            @JsonProperty("prefill_inflight") @Nullable Long prefillInflight,
            @JsonProperty("decode_prealloc") @Nullable Long decodePrealloc,
            @JsonProperty("decode_transfer") @Nullable Long decodeTransfer,
            @JsonProperty("decode_host_receive") @Nullable Long decodeHostReceive,

            @JsonProperty("decode_deferred_release") @Nullable
            Long decodeDeferredRelease,

            @JsonProperty("running_offline_batch") @Nullable Long runningOfflineBatch,

            @JsonProperty("last_batch_queue_seconds") @Nullable
            Double lastBatchQueueSeconds) {}

    /**
     * Requests pushed out of the batch for want of memory, or paused.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param requestsTotal retracted since the server started ({@code num_retracted_requests_total}, before v0.5.2
     *     {@code total_retracted_reqs}); preemptions by priority are not in it
     * @param inputTokensTotal their prompt tokens
     * @param outputTokensTotal their generated tokens
     * @param requestsInLastReport retracted since the last report ({@code num_retracted_reqs}), summed over processes
     * @param paused paused for an update of the weights ({@code num_paused_reqs}), summed over processes
     * @param perRequest retractions per request ({@code num_retractions}, until v0.5.10)
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Retraction(
            @JsonProperty("requests_total") @Nullable Long requestsTotal,
            @JsonProperty("input_tokens_total") @Nullable Long inputTokensTotal,
            @JsonProperty("output_tokens_total") @Nullable Long outputTokensTotal,

            @JsonProperty("requests_in_last_report") @Nullable
            Long requestsInLastReport,

            @JsonProperty("paused") @Nullable Long paused,
            @JsonProperty("per_request") @Nullable Distribution perRequest) {}

    /**
     * The KV cache pool, in tokens; sums over data-parallel ranks, of ratios the fullest rank's.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param usedTokens in use ({@code kv_used_tokens}, before v0.5.11 {@code num_used_tokens}); behind by 8 to 72
     *     tokens
     * @param availableTokens free
     * @param evictableTokens cached for later prompts and not in use
     * @param totalTokens all there are ({@code max_total_num_tokens})
     * @param fullTokenUsage in use of the full-attention pool, 0..1, exact
     * @param tokenUsage in use, 0..1; since 0.5.12 rounded to two decimals
     * @param pageSize tokens in a page
     * @param pages pages there are ({@code num_pages})
     * @param streamingSessions streaming sessions
     * @param streamingSessionTokens tokens that streaming sessions hold
     * @param pendingPreallocUsage of a decode node: what waits for room, as a share of the pool
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record KvPool(
            @JsonProperty("used_tokens") @Nullable Long usedTokens,
            @JsonProperty("available_tokens") @Nullable Long availableTokens,
            @JsonProperty("evictable_tokens") @Nullable Long evictableTokens,
            @JsonProperty("total_tokens") @Nullable Long totalTokens,
            @JsonProperty("full_token_usage") @Nullable Double fullTokenUsage,
            @JsonProperty("token_usage") @Nullable Double tokenUsage,
            @JsonProperty("page_size") @Nullable Long pageSize,
            @JsonProperty("pages") @Nullable Long pages,
            @JsonProperty("streaming_sessions") @Nullable Long streamingSessions,

            @JsonProperty("streaming_session_tokens") @Nullable
            Long streamingSessionTokens,

            @JsonProperty("pending_prealloc_usage") @Nullable
            Double pendingPreallocUsage) {}

    /**
     * The pools of hybrid models: sliding-window attention (tokens) and Mamba state (slots); 0 on others.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param swaUsedTokens sliding window: in use
     * @param swaAvailableTokens sliding window: free
     * @param swaEvictableTokens sliding window: cached and not in use
     * @param swaTotalTokens sliding window: all there are ({@code max_total_num_tokens_swa})
     * @param swaTokenUsage sliding window: in use, 0..1
     * @param mambaUsedSlots Mamba state: in use
     * @param mambaAvailableSlots Mamba state: free
     * @param mambaEvictableSlots Mamba state: cached and not in use
     * @param mambaUsage Mamba state: in use, 0..1
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record HybridPools(
            @JsonProperty("swa_used_tokens") @Nullable Long swaUsedTokens,
            @JsonProperty("swa_available_tokens") @Nullable Long swaAvailableTokens,
            @JsonProperty("swa_evictable_tokens") @Nullable Long swaEvictableTokens,
            @JsonProperty("swa_total_tokens") @Nullable Long swaTotalTokens,
            @JsonProperty("swa_token_usage") @Nullable Double swaTokenUsage,
            @JsonProperty("mamba_used_slots") @Nullable Long mambaUsedSlots,
            @JsonProperty("mamba_available_slots") @Nullable Long mambaAvailableSlots,
            @JsonProperty("mamba_evictable_slots") @Nullable Long mambaEvictableSlots,
            @JsonProperty("mamba_usage") @Nullable Double mambaUsage) {}

    /**
     * Eviction, and the cache in host memory (L2) and storage (L3).
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param evictedTokensTotal tokens evicted from the device
     * @param evictionSeconds length of an eviction, in seconds
     * @param hostUsedTokens tokens in host memory
     * @param hostTotalTokens tokens that fit there
     * @param loadBackTokensTotal tokens loaded back from host memory
     * @param loadBackBytesTotal bytes loaded back from host memory
     * @param loadBackSeconds length of a load, in seconds
     * @param hostBackupTokensTotal tokens saved to host memory
     * @param hostBackupBytesTotal bytes saved to host memory
     * @param hostBackupSeconds length of a save, in seconds
     * @param droppedTokensByReason tokens lost without a copy, by the engine's word for the reason
     * @param storagePrefetchedTokensTotal tokens fetched from storage ({@code prefetched_tokens_total})
     * @param storageBackupTokensTotal tokens saved to storage ({@code backuped_tokens_total})
     * @param storagePrefetchBandwidth speed of fetches, in GB/s
     * @param storageBackupBandwidth speed of saves, in GB/s
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record HiCache(
            @JsonProperty("evicted_tokens_total") @Nullable Long evictedTokensTotal,
            @JsonProperty("eviction_seconds") @Nullable Distribution evictionSeconds,
            @JsonProperty("host_used_tokens") @Nullable Long hostUsedTokens,
            @JsonProperty("host_total_tokens") @Nullable Long hostTotalTokens,

            @JsonProperty("load_back_tokens_total") @Nullable
            Long loadBackTokensTotal,

            @JsonProperty("load_back_bytes_total") @Nullable Long loadBackBytesTotal,
            @JsonProperty("load_back_seconds") @Nullable Distribution loadBackSeconds,

            @JsonProperty("host_backup_tokens_total") @Nullable
            Long hostBackupTokensTotal,

            @JsonProperty("host_backup_bytes_total") @Nullable
            Long hostBackupBytesTotal,

            @JsonProperty("host_backup_seconds") @Nullable Distribution hostBackupSeconds,
            @JsonProperty("dropped_tokens_by_reason") Map<String, Long> droppedTokensByReason,

            @JsonProperty("storage_prefetched_tokens_total") @Nullable
            Long storagePrefetchedTokensTotal,

            @JsonProperty("storage_backup_tokens_total") @Nullable
            Long storageBackupTokensTotal,

            @JsonProperty("storage_prefetch_bandwidth") @Nullable
            Distribution storagePrefetchBandwidth,

            @JsonProperty("storage_backup_bandwidth") @Nullable
            Distribution storageBackupBandwidth) {
        public HiCache {
            droppedTokensByReason = copyOf(droppedTokensByReason);
        }
    }

    /**
     * Tokens since the server started, its warm-up included.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param promptTotal prompt tokens of ended requests, cached ones included; n=k counts the prompt k+1 times (of
     *     the Rust server: k)
     * @param generationTotal generated tokens of ended requests
     * @param realtimeByMode tokens while they are made: {@code prefill_compute}, {@code prefill_cache}, {@code
     *     decode} (one less than generated for each request); health probes and repeated prefills included
     * @param prefillEffectiveByMode prefilled tokens by where they came from: {@code input} (computed), {@code
     *     device_hit}, {@code host_hit}, {@code storage_hit}; repeated prefills left out
     * @param uncachedPromptTokens prompt tokens per request that had to be computed
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Tokens(
            @JsonProperty("prompt_total") @Nullable Long promptTotal,
            @JsonProperty("generation_total") @Nullable Long generationTotal,
            @JsonProperty("realtime_by_mode") Map<String, Long> realtimeByMode,
            @JsonProperty("prefill_effective_by_mode") Map<String, Long> prefillEffectiveByMode,

            @JsonProperty("uncached_prompt_tokens") @Nullable
            Distribution uncachedPromptTokens) {
        public Tokens {
            realtimeByMode = copyOf(realtimeByMode);
            prefillEffectiveByMode = copyOf(prefillEffectiveByMode);
        }
    }

    /**
     * Where a request's time goes, in seconds.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param interTokenSeconds gap between two tokens, one observation per token; requests without streaming lack
     *     their first 50
     * @param queueSeconds waiting before the first scheduling; health probes included
     * @param byStage the scheduler's stages ({@code per_stage_req_latency_seconds}), such as {@code prefill_forward};
     *     health probes included
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record StageLatency(
            @JsonProperty("inter_token_seconds") @Nullable Distribution interTokenSeconds,
            @JsonProperty("queue_seconds") @Nullable Distribution queueSeconds,
            @JsonProperty("by_stage") Map<String, Distribution> byStage) {
        public StageLatency {
            byStage = copyOf(byStage);
        }
    }

    /**
     * Speculative decoding; means over data-parallel ranks of the last window, 0 when it is off.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param verifyCallsTotal drafts verified in ended requests
     * @param acceptLength tokens gained per verification, the bonus token included
     * @param acceptRate share of drafted tokens accepted, 0..1
     * @param numSteps draft steps now
     * @param numDraftTokens tokens per draft now
     * @param capLength mean length of the window that is verified
     * @param blockAcceptLength accepted length as it would be without that window
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Speculation(
            @JsonProperty("verify_calls_total") @Nullable Long verifyCallsTotal,
            @JsonProperty("accept_length") @Nullable Double acceptLength,
            @JsonProperty("accept_rate") @Nullable Double acceptRate,
            @JsonProperty("num_steps") @Nullable Long numSteps,
            @JsonProperty("num_draft_tokens") @Nullable Long numDraftTokens,
            @JsonProperty("cap_length") @Nullable Double capLength,
            @JsonProperty("block_accept_length") @Nullable Double blockAcceptLength) {}

    /**
     * LoRA adapter slots; the page names no adapter.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param slotsUsed slots in use, summed over data-parallel ranks
     * @param slotsTotal adapters that fit into one batch, of one rank
     * @param utilization used / total of the fullest rank, 0..1
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record LoraPool(
            @JsonProperty("slots_used") @Nullable Long slotsUsed,
            @JsonProperty("slots_total") @Nullable Long slotsTotal,
            @JsonProperty("utilization") @Nullable Double utilization) {}

    /**
     * Memory in GiB as the engine prints it, of each data-parallel rank's first GPU, summed.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param weightsGib the model's weights
     * @param kvCacheGib the KV cache pools
     * @param graphsGibByPhase captured graphs, by phase
     * @param availableAtStartupGib free when the server started
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record MemoryUsage(
            @JsonProperty("weights_gib") @Nullable Double weightsGib,
            @JsonProperty("kv_cache_gib") @Nullable Double kvCacheGib,
            @JsonProperty("graphs_gib_by_phase") Map<String, Double> graphsGibByPhase,

            @JsonProperty("available_at_startup_gib") @Nullable
            Double availableAtStartupGib) {
        public MemoryUsage {
            graphsGibByPhase = copyOf(graphsGibByPhase);
        }
    }

    /**
     * Prefill and decode on different servers. A distribution of kind value, and 0 when nothing moved, before
     * v0.5.10.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param bootstrapFailedTotal requests whose handshake failed
     * @param transferFailedTotal requests whose transfer failed
     * @param prefillRetriesTotal prefills tried again
     * @param sessionRecoveriesTotal failed sessions that came back
     * @param transferSpeedGbPerSecond speed of a transfer, in GB/s
     * @param transferLatencyMs length of a transfer, in milliseconds
     * @param transferBootstrapMs its handshake, in milliseconds
     * @param transferAllocMs its wait for memory, in milliseconds
     * @param transferTotalMb size of a transfer, in MB
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Disaggregation(
            @JsonProperty("bootstrap_failed_total") @Nullable
            Long bootstrapFailedTotal,

            @JsonProperty("transfer_failed_total") @Nullable Long transferFailedTotal,
            @JsonProperty("prefill_retries_total") @Nullable Long prefillRetriesTotal,

            @JsonProperty("session_recoveries_total") @Nullable
            Long sessionRecoveriesTotal,

            @JsonProperty("transfer_speed_gb_per_second") @Nullable
            Distribution transferSpeedGbPerSecond,

            @JsonProperty("transfer_latency_ms") @Nullable Distribution transferLatencyMs,
            @JsonProperty("transfer_bootstrap_ms") @Nullable Distribution transferBootstrapMs,
            @JsonProperty("transfer_alloc_ms") @Nullable Distribution transferAllocMs,
            @JsonProperty("transfer_total_mb") @Nullable Distribution transferTotalMb) {}

    /**
     * Structured output.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param requestsTotal requests with a grammar
     * @param cacheHitsTotal of which compiled before
     * @param abortedTotal of which given up
     * @param timeoutsTotal of which timed out
     * @param compilationSeconds time to compile a grammar, in seconds
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Grammar(
            @JsonProperty("requests_total") @Nullable Long requestsTotal,
            @JsonProperty("cache_hits_total") @Nullable Long cacheHitsTotal,
            @JsonProperty("aborted_total") @Nullable Long abortedTotal,
            @JsonProperty("timeouts_total") @Nullable Long timeoutsTotal,
            @JsonProperty("compilation_seconds") @Nullable Distribution compilationSeconds) {}

    /**
     * What the schedulers and the device did.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param graphPassesByMode forward passes by kind, such as {@code decode_cuda_graph} and {@code decode_none}
     * @param forwardSecondsByCategory time the device ran forward passes, in seconds
     * @param stageSecondsByCategory time of the scheduler's loop, in seconds
     * @param estimatedFlopsPerGpu estimated floating-point operations per GPU, summed over data-parallel ranks
     * @param estimatedReadBytesPerGpu estimated bytes read per GPU, likewise
     * @param estimatedWriteBytesPerGpu estimated bytes written per GPU, likewise
     * @param expertBalancednessByMode how evenly experts were used, 0..1, by forward mode
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Scheduler(
            @JsonProperty("graph_passes_by_mode") Map<String, Long> graphPassesByMode,
            @JsonProperty("forward_seconds_by_category") Map<String, Double> forwardSecondsByCategory,
            @JsonProperty("stage_seconds_by_category") Map<String, Double> stageSecondsByCategory,

            @JsonProperty("estimated_flops_per_gpu") @Nullable
            Double estimatedFlopsPerGpu,

            @JsonProperty("estimated_read_bytes_per_gpu") @Nullable
            Double estimatedReadBytesPerGpu,

            @JsonProperty("estimated_write_bytes_per_gpu") @Nullable
            Double estimatedWriteBytesPerGpu,

            @JsonProperty("expert_balancedness_by_mode") Map<String, Distribution> expertBalancednessByMode) {
        public Scheduler {
            graphPassesByMode = copyOf(graphPassesByMode);
            forwardSecondsByCategory = copyOf(forwardSecondsByCategory);
            stageSecondsByCategory = copyOf(stageSecondsByCategory);
            expertBalancednessByMode = copyOf(expertBalancednessByMode);
        }
    }

    /**
     * Data-parallel ranks together.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param cooperationTokensByMode tokens while ranks work together
     * @param forwardSecondsByPrefillRanks time of forward passes, in seconds, by how many ranks were in prefill
     * @param attentionTokensByKind tokens scheduled ({@code scheduled}) and padded ({@code imbalance}) by attention
     *     that is data-parallel
     * @param attentionStepsByState steps in which a rank was {@code active} or {@code idle}
     * @param tokenImbalanceRatio how unevenly tokens were spread
     * @param syncWaitSeconds waiting for the other ranks, in seconds
     * @param prefillDelaySeconds prefills held back for the other ranks, in seconds
     * @param prefillDelayOutcomes how that ended, by the engine's word for the reason
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record DataParallel(
            @JsonProperty("cooperation_tokens_by_mode") Map<String, Long> cooperationTokensByMode,

            @JsonProperty("forward_seconds_by_prefill_ranks")
            Map<String, Double> forwardSecondsByPrefillRanks,

            @JsonProperty("attention_tokens_by_kind") Map<String, Long> attentionTokensByKind,
            @JsonProperty("attention_steps_by_state") Map<String, Long> attentionStepsByState,
            @JsonProperty("token_imbalance_ratio") @Nullable Distribution tokenImbalanceRatio,
            @JsonProperty("sync_wait_seconds") @Nullable Distribution syncWaitSeconds,
            @JsonProperty("prefill_delay_seconds") @Nullable Distribution prefillDelaySeconds,
            @JsonProperty("prefill_delay_outcomes") Map<String, Long> prefillDelayOutcomes) {
        public DataParallel {
            cooperationTokensByMode = copyOf(cooperationTokensByMode);
            forwardSecondsByPrefillRanks = copyOf(forwardSecondsByPrefillRanks);
            attentionTokensByKind = copyOf(attentionTokensByKind);
            attentionStepsByState = copyOf(attentionStepsByState);
            prefillDelayOutcomes = copyOf(prefillDelayOutcomes);
        }
    }

    /**
     * Routing keys of clients.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param activeKeys keys with active requests
     * @param runningKeys keys in the running batch
     * @param keysByRunningRequests keys by how many running requests they have: each number is that of keys up to the
     *     bound in its name and above the next lower one
     * @param keysByAllRequests the same by running and waiting requests
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Routing(
            @JsonProperty("active_keys") @Nullable Long activeKeys,
            @JsonProperty("running_keys") @Nullable Long runningKeys,
            @JsonProperty("keys_by_running_requests") Map<String, Long> keysByRunningRequests,
            @JsonProperty("keys_by_all_requests") Map<String, Long> keysByAllRequests) {
        public Routing {
            keysByRunningRequests = copyOf(keysByRunningRequests);
            keysByAllRequests = copyOf(keysByAllRequests);
        }
    }

    /**
     * The HTTP server.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param requestsTotal requests to all paths, scrapes included
     * @param requestsActive requests in work, the scrape itself included; a stream stays in it for 2 s after its end
     * @param responsesByStatus responses by HTTP status, over all paths: the only place that counts requests refused
     *     or failed
     * @param loadsSeconds time to answer {@code /v1/loads}, in seconds
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Http(
            @JsonProperty("requests_total") @Nullable Long requestsTotal,
            @JsonProperty("requests_active") @Nullable Long requestsActive,
            @JsonProperty("responses_by_status") Map<String, Long> responsesByStatus,
            @JsonProperty("loads_seconds") @Nullable Distribution loadsSeconds) {
        public Http {
            responsesByStatus = copyOf(responsesByStatus);
        }
    }

    /**
     * How long the start took, in seconds.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param secondsByPhase by phase, such as {@code load_weight} ({@code startup_time_seconds})
     * @param graphSecondsByPhase capture of graphs, by phase
     * @param breakdown the longest time of each step
     * @param engineSeconds in all ({@code engine_startup_time}, until v0.5.16); 0 on real pages
     * @param loadWeightsSeconds loading of the weights ({@code engine_load_weights_time}, until v0.5.16)
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Startup(
            @JsonProperty("seconds_by_phase") Map<String, Double> secondsByPhase,
            @JsonProperty("graph_seconds_by_phase") Map<String, Double> graphSecondsByPhase,
            @JsonProperty("breakdown") Map<String, Double> breakdown,
            @JsonProperty("engine_seconds") @Nullable Double engineSeconds,
            @JsonProperty("load_weights_seconds") @Nullable Double loadWeightsSeconds) {
        public Startup {
            secondsByPhase = copyOf(secondsByPhase);
            graphSecondsByPhase = copyOf(graphSecondsByPhase);
            breakdown = copyOf(breakdown);
        }
    }

    /**
     * The encoder of multimodal input, where it is a server of its own.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param receivedTotal requests received
     * @param requestsByStatus requests by how they ended
     * @param pending requests in work, summed over ranks
     * @param cacheEntries entries in its cache
     * @param cacheMb size of its cache, in MB
     * @param cacheHitTokensTotal tokens found there
     * @param cacheTokensTotal tokens looked up there
     * @param cacheEvictionsTotal entries evicted
     * @param endToEndSecondsByModality waiting and encoding, in seconds
     * @param queueSecondsByModality waiting, in seconds
     * @param preprocessSecondsByModality loading and preparing, in seconds
     * @param forwardSecondsByModality the model's pass, in seconds
     * @param transferSecondsByBackend sending to the prefill node, in seconds
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Encoder(
            @JsonProperty("received_total") @Nullable Long receivedTotal,
            @JsonProperty("requests_by_status") Map<String, Long> requestsByStatus,
            @JsonProperty("pending") @Nullable Long pending,
            @JsonProperty("cache_entries") @Nullable Long cacheEntries,
            @JsonProperty("cache_mb") @Nullable Double cacheMb,

            @JsonProperty("cache_hit_tokens_total") @Nullable
            Long cacheHitTokensTotal,

            @JsonProperty("cache_tokens_total") @Nullable Long cacheTokensTotal,
            @JsonProperty("cache_evictions_total") @Nullable Long cacheEvictionsTotal,
            @JsonProperty("end_to_end_seconds_by_modality") Map<String, Distribution> endToEndSecondsByModality,
            @JsonProperty("queue_seconds_by_modality") Map<String, Distribution> queueSecondsByModality,
            @JsonProperty("preprocess_seconds_by_modality") Map<String, Distribution> preprocessSecondsByModality,
            @JsonProperty("forward_seconds_by_modality") Map<String, Distribution> forwardSecondsByModality,
            @JsonProperty("transfer_seconds_by_backend") Map<String, Distribution> transferSecondsByBackend) {
        public Encoder {
            requestsByStatus = copyOf(requestsByStatus);
            endToEndSecondsByModality = copyOf(endToEndSecondsByModality);
            queueSecondsByModality = copyOf(queueSecondsByModality);
            preprocessSecondsByModality = copyOf(preprocessSecondsByModality);
            forwardSecondsByModality = copyOf(forwardSecondsByModality);
            transferSecondsByBackend = copyOf(transferSecondsByBackend);
        }
    }

    /**
     * What {@code /v1/loads} says of one data-parallel rank: exact at the moment it was asked, where the page's
     * gauges lag.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param dpRank which rank
     * @param numRunningReqs requests in the running batch
     * @param numWaitingReqs requests in the queue
     * @param numWaitingUncachedTokens their prompt tokens that are not in the cache
     * @param numUsedTokens tokens of the KV cache in use
     * @param numTotalTokens the same with the prompts of waiting requests
     * @param maxTotalNumTokens tokens that the KV cache holds
     * @param maxRunningRequests requests that may run at once on this rank
     * @param tokenUsage share of the KV cache in use, 0..1, as the engine rounds it
     * @param genThroughput generated tokens per second of the last report
     * @param queues requests by queue: {@code waiting}, {@code grammar}, {@code paused}, {@code retracted}, …
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record RankLoad(
            @JsonProperty("dp_rank") @Nullable Long dpRank,
            @JsonProperty("num_running_reqs") @Nullable Long numRunningReqs,
            @JsonProperty("num_waiting_reqs") @Nullable Long numWaitingReqs,

            @JsonProperty("num_waiting_uncached_tokens") @Nullable
            Long numWaitingUncachedTokens,

            @JsonProperty("num_used_tokens") @Nullable Long numUsedTokens,
            @JsonProperty("num_total_tokens") @Nullable Long numTotalTokens,
            @JsonProperty("max_total_num_tokens") @Nullable Long maxTotalNumTokens,
            @JsonProperty("max_running_requests") @Nullable Long maxRunningRequests,
            @JsonProperty("token_usage") @Nullable Double tokenUsage,
            @JsonProperty("gen_throughput") @Nullable Double genThroughput,
            @JsonProperty("queues") Map<String, Long> queues) {
        public RankLoad {
            queues = copyOf(queues);
        }
    }

    /**
     * What {@code /server_info} says of the server's settings.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param modelPath where the model was loaded from
     * @param servedModelName the name that clients use
     * @param contextLength the context length that was set, in tokens; absent when the model's own is used
     * @param maxTotalNumTokens tokens that the KV cache holds
     * @param maxRunningRequests requests that may run at once, where it was set
     * @param tpSize GPUs per tensor-parallel group
     * @param ppSize pipeline stages
     * @param dpSize data-parallel ranks
     * @param disaggregationMode {@code null} (both), {@code prefill} or {@code decode}, as the engine words it
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record ServerInfo(
            @JsonProperty("model_path") @Nullable String modelPath,
            @JsonProperty("served_model_name") @Nullable String servedModelName,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @JsonProperty("max_total_num_tokens") @Nullable Long maxTotalNumTokens,
            @JsonProperty("max_running_requests") @Nullable Long maxRunningRequests,
            @JsonProperty("tp_size") @Nullable Long tpSize,
            @JsonProperty("pp_size") @Nullable Long ppSize,
            @JsonProperty("dp_size") @Nullable Long dpSize,
            @JsonProperty("disaggregation_mode") @Nullable String disaggregationMode) {}

    /** An immutable copy in the same order. */
    private static <V> Map<String, V> copyOf(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
