package io.inferometer.backend.vllm;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Metric;
import io.inferometer.spi.MetricTable;
import java.util.Map;

/**
 * What vLLM's families mean, each row newest name first.
 *
 * <p>Immutable and safe to share. Series of several data-parallel ranks ({@code engine}) are reduced as each row says:
 * counts are summed, ratios take the fullest rank, distributions are merged. What a row cannot say is a rule in
 * {@link VllmRules}.
 */
final class VllmTable {
    private static final String[] ANSWERED = {"stop", "length", "repetition"};
    private static final MetricTable.Builder T = MetricTable.builder();

    // Requests. A series without finished_reason (old documents) is the count of successes as it stands.
    static final Metric<Long> SUCCEEDED = T.counter("vllm:request_success_total")
            .where("finished_reason", ANSWERED)
            .fills(CommonField.SUCCEEDED)
            .count();
    static final Metric<Long> FAILED = T.counter("vllm:request_success_total")
            .only("finished_reason", "error")
            .fills(CommonField.FAILED)
            .count();
    static final Metric<Long> ABORTED = T.counter("vllm:request_success_total")
            .only("finished_reason", "abort")
            .fills(CommonField.ABORTED)
            .count();
    static final Metric<Map<String, Long>> BY_REASON =
            T.counter("vllm:request_success_total").fills(CommonField.BY_REASON).countBy("finished_reason");
    static final Metric<Long> FAILURE_AS_DOCUMENTED = T.counter("vllm:request_failure_total")
            .fills(CommonField.FAILED)
            .count(); // No vLLM has it; old documents do.
    static final Metric<Long> CORRUPTED =
            T.counter("vllm:corrupted_requests_total").count();

    // Load.
    static final Metric<Long> RUNNING = T.gauge("vllm:num_requests_running")
            .fills(CommonField.REQUESTS_RUNNING)
            .count();
    static final Metric<Long> WAITING = T.gauge("vllm:num_requests_waiting")
            .fills(CommonField.REQUESTS_WAITING)
            .count();
    static final Metric<Map<String, Long>> WAITING_BY_REASON =
            T.gauge("vllm:num_requests_waiting_by_reason").countBy("reason"); // Its sum is num_requests_waiting.
    static final Metric<Long> SWAPPED = T.gauge("vllm:num_requests_swapped")
            .fills(CommonField.REQUESTS_SWAPPED)
            .count();
    static final Metric<Map<String, Long>> SLEEP_STATE =
            T.gauge("vllm:engine_sleep_state").countBy("sleep_state");
    static final Metric<Map<String, Long>> ADMISSION_REJECTIONS =
            T.counter("vllm:admission_rejections_total").countBy("reason");
    static final Metric<Long> PREEMPTIONS = T.counter("vllm:num_preemptions_total")
            .fills(CommonField.PREEMPTIONS)
            .count();
    static final Metric<Distribution> PREEMPTIONS_PER_REQUEST =
            T.histogram("vllm:request_num_preemptions").distribution();
    static final Metric<Distribution> ITERATION_TOKENS =
            T.histogram("vllm:iteration_tokens_total").distribution(); // A histogram in spite of its name.

    // Tokens.
    static final Metric<Long> PROMPT_TOKENS = T.counter("vllm:prompt_tokens_total")
            .fills(CommonField.PROMPT_TOKENS)
            .count();
    static final Metric<Long> GENERATION_TOKENS = T.counter("vllm:generation_tokens_total")
            .fills(CommonField.GENERATED_TOKENS)
            .count();
    static final Metric<Long> PROMPT_TOKENS_CACHED = T.counter("vllm:prompt_tokens_cached_total")
            .fills(CommonField.CACHED_PROMPT_TOKENS)
            .count();
    static final Metric<Long> PROMPT_TOKENS_FROM_CACHES = T.counter("vllm:prompt_tokens_by_source_total")
            .only("source", "local_cache_hit", "external_kv_transfer")
            .fills(CommonField.CACHED_PROMPT_TOKENS)
            .count();
    static final Metric<Map<String, Long>> PROMPT_TOKENS_BY_SOURCE =
            T.counter("vllm:prompt_tokens_by_source_total").countBy("source");
    static final Metric<Map<String, Long>> CACHED_TOKENS_BY_TIER =
            T.counter("vllm:prompt_tokens_cached_by_source_total").countBy("source");
    static final Metric<Long> PROMPT_TOKENS_RECOMPUTED =
            T.counter("vllm:prompt_tokens_recomputed_total").count();

    // Latency, in seconds.
    static final Metric<Distribution> TIME_TO_FIRST_TOKEN = T.histogram("vllm:time_to_first_token_seconds")
            .fills(CommonField.TIME_TO_FIRST_TOKEN)
            .distribution();
    static final Metric<Distribution> INTER_TOKEN = T.histogram(
                    "vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds")
            .fills(CommonField.INTER_TOKEN)
            .distribution();
    static final Metric<Distribution> PER_OUTPUT_TOKEN = T.histogram("vllm:request_time_per_output_token_seconds")
            .fills(CommonField.PER_OUTPUT_TOKEN)
            .distribution();
    static final Metric<Distribution> TIME_PER_OUTPUT_TOKEN = T.histogram(
                    "vllm:request_time_per_output_token_seconds", "vllm:time_per_output_token_seconds")
            .distribution(); // The own view's field of this name: the literal family where there is no other.
    static final Metric<Distribution> END_TO_END = T.histogram("vllm:e2e_request_latency_seconds")
            .fills(CommonField.END_TO_END)
            .distribution();
    static final Metric<Distribution> QUEUE = T.histogram(
                    "vllm:request_queue_time_seconds", "vllm:time_in_queue_requests")
            .fills(CommonField.QUEUE)
            .distribution();
    static final Metric<Distribution> PREFILL = T.histogram("vllm:request_prefill_time_seconds")
            .fills(CommonField.PREFILL)
            .distribution();
    static final Metric<Distribution> DECODE = T.histogram("vllm:request_decode_time_seconds")
            .fills(CommonField.DECODE)
            .distribution();
    static final Metric<Distribution> INFERENCE = T.histogram("vllm:request_inference_time_seconds")
            .fills(CommonField.INFERENCE)
            .distribution();

    // Sizes and parameters, per request.
    static final Metric<Distribution> REQUEST_PROMPT_TOKENS = T.histogram("vllm:request_prompt_tokens")
            .fills(CommonField.PROMPT_SIZE)
            .distribution();
    static final Metric<Distribution> REQUEST_GENERATION_TOKENS = T.histogram("vllm:request_generation_tokens")
            .fills(CommonField.GENERATED_SIZE)
            .distribution();
    static final Metric<Distribution> MAX_TOKENS = T.histogram("vllm:request_params_max_tokens")
            .fills(CommonField.MAX_NEW_TOKENS)
            .distribution();
    static final Metric<Distribution> MAX_GENERATION_TOKENS =
            T.histogram("vllm:request_max_num_generation_tokens").distribution();
    static final Metric<Distribution> CHOICES =
            T.histogram("vllm:request_params_n").distribution();
    static final Metric<Distribution> BEST_OF =
            T.histogram("vllm:request_params_best_of").distribution();
    static final Metric<Distribution> PREFILL_KV_COMPUTED =
            T.histogram("vllm:request_prefill_kv_computed_tokens").distribution();

    // KV cache. Versions 0.9.2 to 0.11 print both usage names: the newer one is read, never their sum.
    static final Metric<Double> KV_USAGE = T.gauge("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")
            .fills(CommonField.KV_USAGE)
            .max();
    static final Metric<Long> GPU_MEMORY = T.gauge("vllm:gpu_memory_usage_bytes")
            .fills(CommonField.VRAM_BYTES)
            .count(); // No vLLM has it; old documents do.
    static final Metric<Double> CACHE_CONFIG = T.gauge("vllm:cache_config_info").max(); // Its labels: CacheConfig.
    static final Metric<Long> PREFIX_HITS = T.counter("vllm:prefix_cache_hits_total")
            .fills(CommonField.PREFIX_HITS)
            .count();
    static final Metric<Long> PREFIX_QUERIES = T.counter("vllm:prefix_cache_queries_total")
            .fills(CommonField.PREFIX_QUERIES)
            .count();
    static final Metric<Long> GPU_PREFIX_HITS =
            T.counter("vllm:gpu_prefix_cache_hits_total").count();
    static final Metric<Long> GPU_PREFIX_QUERIES =
            T.counter("vllm:gpu_prefix_cache_queries_total").count();
    static final Metric<Double> GPU_PREFIX_HIT_RATE =
            T.gauge("vllm:gpu_prefix_cache_hit_rate").max();
    static final Metric<Double> CPU_PREFIX_HIT_RATE =
            T.gauge("vllm:cpu_prefix_cache_hit_rate").max();
    static final Metric<Long> EXTERNAL_HITS =
            T.counter("vllm:external_prefix_cache_hits_total").count();
    static final Metric<Long> EXTERNAL_QUERIES =
            T.counter("vllm:external_prefix_cache_queries_total").count();
    static final Metric<Long> MULTIMODAL_HITS =
            T.counter("vllm:mm_cache_hits_total").count();
    static final Metric<Long> MULTIMODAL_QUERIES =
            T.counter("vllm:mm_cache_queries_total").count();
    static final Metric<Distribution> BLOCK_LIFETIME =
            T.histogram("vllm:kv_block_lifetime_seconds").distribution();
    static final Metric<Distribution> BLOCK_IDLE =
            T.histogram("vllm:kv_block_idle_before_evict_seconds").distribution();
    static final Metric<Distribution> BLOCK_REUSE_GAP =
            T.histogram("vllm:kv_block_reuse_gap_seconds").distribution();

    // Speculative decoding and diffusion.
    static final Metric<Long> DRAFTS = T.counter("vllm:spec_decode_num_drafts_total")
            .fills(CommonField.DRAFTS)
            .count();
    static final Metric<Long> DRAFT_TOKENS = T.counter("vllm:spec_decode_num_draft_tokens_total")
            .fills(CommonField.DRAFT_TOKENS)
            .count();
    static final Metric<Long> ACCEPTED_TOKENS = T.counter("vllm:spec_decode_num_accepted_tokens_total")
            .fills(CommonField.ACCEPTED_TOKENS)
            .count();
    static final Metric<Map<String, Long>> ACCEPTED_PER_POSITION =
            T.counter("vllm:spec_decode_num_accepted_tokens_per_pos_total").countBy("position");
    static final Metric<Long> EMITTED_TOKENS =
            T.counter("vllm:spec_decode_num_emitted_tokens_total").count();
    static final Metric<Double> DRAFT_ACCEPTANCE_RATE =
            T.gauge("vllm:spec_decode_draft_acceptance_rate").max();
    static final Metric<Double> SPECULATION_EFFICIENCY =
            T.gauge("vllm:spec_decode_efficiency").max();
    static final Metric<Long> DENOISING_STEPS =
            T.counter("vllm:diffusion_num_denoising_steps_total").count();
    static final Metric<Long> CANVAS_POSITIONS =
            T.counter("vllm:diffusion_num_canvas_positions_total").count();
    static final Metric<Long> COMMITTED_TOKENS =
            T.counter("vllm:diffusion_num_committed_tokens_total").count();

    // LoRA. Its value is a time; its labels: LoraMetrics.
    static final Metric<Double> LORA = T.gauge("vllm:lora_requests_info").max();

    // Estimated work per GPU; 0 unless --enable-mfu-metrics.
    static final Metric<Double> FLOPS =
            T.counter("vllm:estimated_flops_per_gpu_total").sum();
    static final Metric<Double> READ_BYTES =
            T.counter("vllm:estimated_read_bytes_per_gpu_total").sum();
    static final Metric<Double> WRITE_BYTES =
            T.counter("vllm:estimated_write_bytes_per_gpu_total").sum();

    // KV transfer: NIXL.
    static final Metric<Distribution> NIXL_TRANSFER_TIME =
            T.histogram("vllm:nixl_xfer_time_seconds").distribution();
    static final Metric<Distribution> NIXL_POST_TIME =
            T.histogram("vllm:nixl_post_time_seconds").distribution();
    static final Metric<Distribution> NIXL_BYTES =
            T.histogram("vllm:nixl_bytes_transferred").distribution();
    static final Metric<Distribution> NIXL_DESCRIPTORS =
            T.histogram("vllm:nixl_num_descriptors").distribution();
    static final Metric<Long> NIXL_FAILED_TRANSFERS =
            T.counter("vllm:nixl_num_failed_transfers_total").count();
    static final Metric<Long> NIXL_FAILED_NOTIFICATIONS =
            T.counter("vllm:nixl_num_failed_notifications_total").count();
    static final Metric<Long> NIXL_EXPIRED_REQUESTS =
            T.counter("vllm:nixl_num_kv_expired_reqs_total").count();

    // KV transfer: offloading to CPU memory. Old and new names count the same traffic and are never added.
    static final Metric<Long> OFFLOAD_LOAD_BYTES =
            T.counter("vllm:kv_offload_load_bytes_total").count();
    static final Metric<Long> OFFLOAD_STORE_BYTES =
            T.counter("vllm:kv_offload_store_bytes_total").count();
    static final Metric<Double> OFFLOAD_LOAD_TIME =
            T.counter("vllm:kv_offload_load_time_total").sum();
    static final Metric<Double> OFFLOAD_STORE_TIME =
            T.counter("vllm:kv_offload_store_time_total").sum();
    static final Metric<Distribution> OFFLOAD_LOAD_SIZE =
            T.histogram("vllm:kv_offload_load_size").distribution();
    static final Metric<Distribution> OFFLOAD_STORE_SIZE =
            T.histogram("vllm:kv_offload_store_size").distribution();
    static final Metric<Map<String, Long>> OFFLOAD_OLD_BYTES =
            T.counter("vllm:kv_offload_total_bytes_total").countBy("transfer_type");
    static final Metric<Map<String, Double>> OFFLOAD_OLD_TIME =
            T.counter("vllm:kv_offload_total_time_total").sumBy("transfer_type");
    static final Metric<Map<String, Distribution>> OFFLOAD_OLD_SIZE =
            T.histogram("vllm:kv_offload_size").distributionBy("transfer_type");
    static final Metric<Long> OFFLOAD_ALLOCATION_FAILURES =
            T.counter("vllm:kv_offload_allocation_failure_total").count();
    static final Metric<Long> OFFLOAD_STORES_SKIPPED =
            T.counter("vllm:kv_offload_stores_skipped_total").count();
    static final Metric<Distribution> OFFLOAD_SYNC_LOOKUP =
            T.histogram("vllm:kv_offload_lookup_sync_delay_seconds").distribution();
    static final Metric<Distribution> OFFLOAD_ASYNC_LOOKUP =
            T.histogram("vllm:kv_offload_lookup_async_delay_seconds").distribution();
    static final Metric<Double> OFFLOAD_CPU_PINNED =
            T.gauge("vllm:kv_offload_cpu_cache_usage_perc").max();
    static final Metric<Double> OFFLOAD_CPU_WRITE = T.gauge(
                    "vllm:kv_offload_cpu_cache_write_usage_perc", "vllm:kv_offload_cpu_write_usage_perc")
            .max();
    static final Metric<Double> OFFLOAD_CPU_READ = T.gauge(
                    "vllm:kv_offload_cpu_cache_read_usage_perc", "vllm:kv_offload_cpu_read_usage_perc")
            .max();
    static final Metric<Distribution> OFFLOAD_ALLOCATION_SIZE =
            T.histogram("vllm:kv_offload_cpu_allocation_size").distribution();

    // KV transfer: tiered offloading, by tier ("0:primary", …).
    static final Metric<Map<String, Distribution>> TIER_SYNC_LOOKUP =
            T.histogram("vllm:kv_offload_tiering_lookup_sync_delay_seconds").distributionBy("tier");
    static final Metric<Map<String, Distribution>> TIER_ASYNC_LOOKUP =
            T.histogram("vllm:kv_offload_tiering_lookup_async_delay_seconds").distributionBy("tier");
    static final Metric<Map<String, Long>> TIER_READ_BYTES =
            T.counter("vllm:kv_offload_tiering_read_bytes_total").countBy("tier");
    static final Metric<Map<String, Double>> TIER_READ_TIME =
            T.counter("vllm:kv_offload_tiering_read_time_total").sumBy("tier");
    static final Metric<Map<String, Long>> TIER_WRITE_BYTES =
            T.counter("vllm:kv_offload_tiering_write_bytes_total").countBy("tier");
    static final Metric<Map<String, Double>> TIER_WRITE_TIME =
            T.counter("vllm:kv_offload_tiering_write_time_total").sumBy("tier");
    static final Metric<Map<String, Long>> TIER_BLOCK_QUERIES =
            T.counter("vllm:kv_offload_tiering_block_queries_total").countBy("tier");
    static final Metric<Map<String, Long>> TIER_BLOCK_HITS =
            T.counter("vllm:kv_offload_tiering_block_hits_total").countBy("tier");
    static final Metric<Map<String, Long>> TIER_PROMOTION_FAILURES =
            T.counter("vllm:kv_offload_tiering_promotion_job_failures_total").countBy("tier");
    static final Metric<Map<String, Long>> TIER_CASCADE_FAILURES =
            T.counter("vllm:kv_offload_tiering_cascade_job_failures_total").countBy("tier");
    static final Metric<Long> TIER_ALLOCATION_FAILURES = T.counter(
                    "vllm:kv_offload_tiering_promotion_allocation_failures_total")
            .count();
    static final Metric<Double> TIER_PRIMARY_WRITE =
            T.gauge("vllm:kv_offload_tiering_primary_write_usage_perc").max();
    static final Metric<Double> TIER_PRIMARY_READ =
            T.gauge("vllm:kv_offload_tiering_primary_read_usage_perc").max();
    static final Metric<Long> TIER_ACTIVE_PROMOTIONS =
            T.gauge("vllm:kv_offload_tiering_active_promotion_jobs").count();
    static final Metric<Long> TIER_ACTIVE_CASCADES =
            T.gauge("vllm:kv_offload_tiering_active_cascade_jobs").count();

    // KV transfer: Mooncake store and HF3FS.
    static final Metric<Map<String, Distribution>> MOONCAKE_TIME =
            T.histogram("vllm:mooncake_store_operation_time_seconds").distributionBy("operation");
    static final Metric<Map<String, Long>> MOONCAKE_OPERATIONS =
            T.counter("vllm:mooncake_store_operation_total").countBy("operation");
    static final Metric<Map<String, Long>> MOONCAKE_KEYS =
            T.counter("vllm:mooncake_store_keys_total").countBy("operation");
    static final Metric<Map<String, Long>> MOONCAKE_BYTES =
            T.counter("vllm:mooncake_store_bytes_total").countBy("operation");
    static final Metric<Map<String, Long>> MOONCAKE_FAILED_KEYS =
            T.counter("vllm:mooncake_store_failed_keys_total").countBy("operation");
    static final Metric<Distribution> HF3FS_SAVE =
            T.histogram("vllm:hf3fs_save_duration_seconds").distribution();
    static final Metric<Distribution> HF3FS_LOAD =
            T.histogram("vllm:hf3fs_load_duration_seconds").distribution();
    static final Metric<Long> HF3FS_FAILED_SAVES =
            T.counter("vllm:hf3fs_num_failed_save_total").count();
    static final Metric<Long> HF3FS_FAILED_LOADS =
            T.counter("vllm:hf3fs_num_failed_load_total").count();

    // The API server's own.
    static final Metric<Map<String, Long>> TOOL_PARSER_OUTCOMES =
            T.counter("vllm:tool_call_parser_invocations_total").countBy("outcome");
    static final Metric<Map<String, Long>> TOOL_PARSER_REQUEST_TYPES =
            T.counter("vllm:tool_call_parser_invocations_total").countBy("request_type");
    static final Metric<Map<String, Long>> TOOL_PARSER_MODES =
            T.counter("vllm:tool_call_parser_invocations_total").countBy("mode");
    static final Metric<Long> WEBSOCKETS =
            T.counter("vllm:websocket_connections_total").count();
    static final Metric<Long> WEBSOCKETS_ACTIVE =
            T.gauge("vllm:websocket_connections_active").count();
    static final Metric<Distribution> WEBSOCKET_DURATION =
            T.histogram("vllm:websocket_connection_duration_seconds").distribution();

    // V0 only.
    static final Metric<Double> PROMPT_THROUGHPUT =
            T.gauge("vllm:avg_prompt_throughput_toks_per_s").sum();
    static final Metric<Double> GENERATION_THROUGHPUT =
            T.gauge("vllm:avg_generation_throughput_toks_per_s").sum();
    static final Metric<Double> CPU_CACHE_USAGE =
            T.gauge("vllm:cpu_cache_usage_perc").max();
    static final Metric<Distribution> FORWARD_MILLISECONDS =
            T.histogram("vllm:model_forward_time_milliseconds").distribution();
    static final Metric<Distribution> EXECUTE_MILLISECONDS =
            T.histogram("vllm:model_execute_time_milliseconds").distribution();

    static final MetricTable TABLE = T.special(
                    CommonField.ASLEEP, "vllm:engine_sleep_state{sleep_state=\"awake\"} is 0 on any rank")
            .special(CommonField.KV_BLOCKS, "vllm:cache_config_info{num_gpu_blocks}")
            .special(CommonField.KV_BLOCK_SIZE, "vllm:cache_config_info{block_size}")
            .special(
                    CommonField.KV_CAPACITY_TOKENS,
                    "vllm:cache_config_info{kv_cache_size_tokens}, or num_gpu_blocks * block_size")
            .special(
                    CommonField.HIT_RATE,
                    "vllm:prefix_cache_hits_total / queries, vllm:gpu_prefix_cache_hits_total / queries, "
                            + "vllm:gpu_prefix_cache_hit_rate")
            .special(CommonField.MAX_LORA, "vllm:lora_requests_info{max_lora}")
            .special(CommonField.RUNNING_ADAPTERS, "vllm:lora_requests_info{running_lora_adapters}, newest series")
            .special(CommonField.WAITING_ADAPTERS, "vllm:lora_requests_info{waiting_lora_adapters}, newest series")
            .special(CommonField.MODELS, "label model_name, or model")
            .alsoReads(
                    MetricGroup.LOAD,
                    "vllm:engine_sleep_state",
                    "vllm:num_requests_waiting_by_reason",
                    "vllm:cache_config_info",
                    "vllm:lora_requests_info")
            .alsoReads(
                    MetricGroup.CACHE,
                    "vllm:cache_config_info",
                    "vllm:gpu_prefix_cache_hits_total",
                    "vllm:gpu_prefix_cache_queries_total",
                    "vllm:gpu_prefix_cache_hit_rate")
            .alsoReads(MetricGroup.ADAPTERS, "vllm:lora_requests_info")
            .build();

    private VllmTable() {}
}
