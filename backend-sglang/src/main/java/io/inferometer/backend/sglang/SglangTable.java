package io.inferometer.backend.sglang;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Metric;
import io.inferometer.spi.MetricTable;
import java.util.Map;

/**
 * What SGLang's families mean, from v0.3.5 to v0.5.23.
 *
 * <p>Immutable and safe to share. Two processes write the page. The <em>tokenizer</em> counts requests as clients see
 * them; its families have no rank, and their series by {@code priority} and {@code is_streaming} are parts: they are
 * summed. The <em>scheduler</em> writes gauges of its state, where {@code priority=""} is the total beside its parts:
 * only the total counts. Of scheduler series only those of each data-parallel rank's first tensor-parallel and pipeline
 * rank count (the others repeat the same requests); {@link LeadingRanks} leaves those on the page before this table is
 * used. Over {@code dp_rank} counts are summed and ratios take the maximum.
 */
public final class SglangTable {
    private static final MetricTable.Builder T = MetricTable.builder();

    // The tokenizer: every series is a part.

    static final Metric<Long> NUM_REQUESTS =
            T.counter("sglang:num_requests_total").count();
    static final Metric<Long> NUM_ABORTED = T.counter("sglang:num_aborted_requests_total")
            .fills(CommonField.ABORTED)
            .count();
    static final Metric<Long> NUM_STRUCTURED_OUTPUT =
            T.counter("sglang:num_so_requests_total").count();
    static final Metric<Long> PROMPT_TOKENS = T.counter("sglang:prompt_tokens_total")
            .fills(CommonField.PROMPT_TOKENS)
            .count();
    static final Metric<Long> GENERATION_TOKENS = T.counter("sglang:generation_tokens_total")
            .fills(CommonField.GENERATED_TOKENS)
            .count();
    static final Metric<Map<String, Long>> CACHED_TOKENS_BY_SOURCE =
            T.counter("sglang:cached_tokens_total").countBy("cache_source");
    static final Metric<Long> SPEC_VERIFY_CALLS = T.counter("sglang:spec_verify_calls_total")
            .fills(CommonField.DRAFTS)
            .count();

    static final Metric<Distribution> TIME_TO_FIRST_TOKEN = T.histogram("sglang:time_to_first_token_seconds")
            .fills(CommonField.TIME_TO_FIRST_TOKEN)
            .distribution();
    static final Metric<Distribution> INTER_TOKEN = T.histogram("sglang:inter_token_latency_seconds")
            .fills(CommonField.INTER_TOKEN)
            .distribution();
    static final Metric<Distribution> TIME_PER_OUTPUT_TOKEN = T.histogram(
                    "sglang:request_time_per_output_token_seconds", "sglang:time_per_output_token_seconds")
            .fills(CommonField.PER_OUTPUT_TOKEN)
            .distribution();
    static final Metric<Distribution> END_TO_END = T.histogram("sglang:e2e_request_latency_seconds")
            .fills(CommonField.END_TO_END)
            .distribution();
    static final Metric<Distribution> PROMPT_SIZE = T.histogram(
                    "sglang:prompt_tokens_histogram", "sglang:request_prompt_tokens")
            .fills(CommonField.PROMPT_SIZE)
            .distribution();
    static final Metric<Distribution> GENERATION_SIZE = T.histogram(
                    "sglang:generation_tokens_histogram", "sglang:request_generation_tokens")
            .fills(CommonField.GENERATED_SIZE)
            .distribution();
    static final Metric<Distribution> UNCACHED_PROMPT_SIZE =
            T.histogram("sglang:uncached_prompt_tokens_histogram").distribution();
    static final Metric<Distribution> RETRACTIONS_PER_REQUEST =
            T.histogram("sglang:num_retractions").distribution();
    static final Metric<Distribution> GET_LOADS_SECONDS =
            T.histogram("sglang:get_loads_duration_seconds").distribution();

    static final Metric<Map<String, Double>> STARTUP_SECONDS =
            T.gauge("sglang:startup_time_seconds").sumBy("phase");
    static final Metric<Map<String, Double>> STARTUP_GRAPH_SECONDS =
            T.gauge("sglang:startup_cuda_graph_time_seconds").sumBy("phase");

    // The HTTP server and its process.

    static final Metric<Long> HTTP_REQUESTS =
            T.counter("sglang:http_requests_total").count();
    static final Metric<Long> HTTP_ACTIVE =
            T.gauge("sglang:http_requests_active").count();
    static final Metric<Map<String, Long>> HTTP_RESPONSES =
            T.counter("sglang:http_responses_total").countBy("status_code");
    static final Metric<Long> ROUTING_KEYS_ACTIVE =
            T.gauge("sglang:routing_keys_active").count();
    static final Metric<Map<String, Double>> PROCESS_CPU_SECONDS =
            T.counter("sglang:process_cpu_seconds_total").sumBy("component");
    static final Metric<Map<String, Double>> STARTUP_BREAKDOWN =
            T.gauge("sglang:startup_latency_breakdown_seconds_max").sumBy("context");

    // The radix cache and HiCache: labels cache_type or storage_backend and the ranks.

    static final Metric<Long> EVICTED_TOKENS =
            T.counter("sglang:evicted_tokens_total").count();
    static final Metric<Distribution> EVICTION_SECONDS =
            T.histogram("sglang:eviction_duration_seconds").distribution();
    static final Metric<Long> LOAD_BACK_TOKENS =
            T.counter("sglang:load_back_tokens_total").count();
    static final Metric<Long> LOAD_BACK_BYTES =
            T.counter("sglang:load_back_bytes_total").count();
    static final Metric<Distribution> LOAD_BACK_SECONDS =
            T.histogram("sglang:load_back_duration_seconds").distribution();
    static final Metric<Long> HOST_BACKUP_TOKENS =
            T.counter("sglang:hicache_backup_tokens_total").count();
    static final Metric<Long> HOST_BACKUP_BYTES =
            T.counter("sglang:hicache_backup_bytes_total").count();
    static final Metric<Distribution> HOST_BACKUP_SECONDS =
            T.histogram("sglang:hicache_backup_duration_seconds").distribution();
    static final Metric<Map<String, Long>> DROPPED_TOKENS =
            T.counter("sglang:hicache_dropped_tokens_total").countBy("reason");
    static final Metric<Long> STORAGE_PREFETCHED_TOKENS =
            T.counter("sglang:prefetched_tokens_total").count();
    static final Metric<Long> STORAGE_BACKUP_TOKENS =
            T.counter("sglang:backuped_tokens_total").count();
    static final Metric<Distribution> STORAGE_PREFETCH_BANDWIDTH =
            T.histogram("sglang:prefetch_bandwidth").distribution();
    static final Metric<Distribution> STORAGE_BACKUP_BANDWIDTH =
            T.histogram("sglang:backup_bandwidth").distribution();

    // The encoder server of disaggregated multimodal serving.

    static final Metric<Long> ENCODER_RECEIVED =
            T.counter("sglang:encoder_requests_received_total").count();
    static final Metric<Map<String, Long>> ENCODER_REQUESTS =
            T.counter("sglang:encoder_requests_total").countBy("status");
    static final Metric<Long> ENCODER_PENDING =
            T.gauge("sglang:encoder_dp_pending_requests").count();
    static final Metric<Long> ENCODER_CACHE_ENTRIES =
            T.gauge("sglang:encoder_cache_entries").count();
    static final Metric<Double> ENCODER_CACHE_MB =
            T.gauge("sglang:encoder_cache_size_mb").sum();
    static final Metric<Long> ENCODER_CACHE_HIT_TOKENS =
            T.counter("sglang:encoder_cache_hit_tokens_total").count();
    static final Metric<Long> ENCODER_CACHE_TOKENS =
            T.counter("sglang:encoder_cache_total_tokens_total").count();
    static final Metric<Long> ENCODER_CACHE_EVICTIONS =
            T.counter("sglang:encoder_cache_evictions_total").count();
    static final Metric<Map<String, Distribution>> ENCODER_END_TO_END =
            T.histogram("sglang:encoder_request_e2e_latency_seconds").distributionBy("modality");
    static final Metric<Map<String, Distribution>> ENCODER_QUEUE =
            T.histogram("sglang:encoder_queue_wait_seconds").distributionBy("modality");
    static final Metric<Map<String, Distribution>> ENCODER_PREPROCESS =
            T.histogram("sglang:encoder_preprocess_seconds").distributionBy("modality");
    static final Metric<Map<String, Distribution>> ENCODER_FORWARD =
            T.histogram("sglang:encoder_model_forward_seconds").distributionBy("modality");
    static final Metric<Map<String, Distribution>> ENCODER_TRANSFER =
            T.histogram("sglang:encoder_transfer_seconds").distributionBy("backend");

    // Names of older documents that no release prints; read where a page has them.

    static final Metric<Long> LITERAL_RADIX_CACHE_SIZE =
            T.gauge("sglang:radix_cache_size").count();
    static final Metric<Long> LITERAL_CACHE_MEMORY_BYTES =
            T.gauge("sglang:cache_memory_usage_bytes").count();
    static final Metric<Long> LITERAL_BATCH_SIZE =
            T.gauge("sglang:batch_size_current").count();

    // The scheduler: of series with a priority only the total.

    private static final MetricTable.Builder S = T.where("priority", "");

    static final Metric<Long> NUM_RUNNING = S.gauge("sglang:num_running_reqs", "sglang:num_requests_running")
            .fills(CommonField.REQUESTS_RUNNING)
            .count();
    static final Metric<Long> NUM_QUEUED = S.gauge("sglang:num_queue_reqs", "sglang:num_requests_waiting")
            .fills(CommonField.REQUESTS_WAITING)
            .count();
    static final Metric<Long> GRAMMAR_QUEUE =
            S.gauge("sglang:num_grammar_queue_reqs").count();
    static final Metric<Long> PREFILL_BOOTSTRAP_QUEUE = S.gauge(
                    "sglang:num_prefill_bootstrap_queue_reqs", "sglang:num_prefill_prealloc_queue_reqs")
            .count();
    static final Metric<Long> PREFILL_INFLIGHT_QUEUE = S.gauge(
                    "sglang:num_prefill_inflight_queue_reqs", "sglang:num_prefill_infight_queue_reqs")
            .count();
    static final Metric<Long> DECODE_PREALLOC_QUEUE =
            S.gauge("sglang:num_decode_prealloc_queue_reqs").count();
    static final Metric<Long> DECODE_TRANSFER_QUEUE =
            S.gauge("sglang:num_decode_transfer_queue_reqs").count();
    static final Metric<Long> DECODE_HOST_RECEIVE_QUEUE =
            S.gauge("sglang:num_decode_host_receive_queue_reqs").count();
    static final Metric<Long> DECODE_DEFERRED_RELEASE =
            S.gauge("sglang:num_decode_deferred_kv_release_reqs").count();
    static final Metric<Long> RUNNING_OFFLINE =
            S.gauge("sglang:num_running_reqs_offline_batch").count();
    static final Metric<Double> LAST_BATCH_QUEUE_SECONDS =
            S.gauge("sglang:avg_request_queue_latency").max();

    static final Metric<Double> FULL_TOKEN_USAGE =
            S.gauge("sglang:full_token_usage").max();
    static final Metric<Double> TOKEN_USAGE = S.gauge("sglang:token_usage").max();
    static final Metric<Double> SWA_TOKEN_USAGE =
            S.gauge("sglang:swa_token_usage").max();
    static final Metric<Double> MAMBA_USAGE = S.gauge("sglang:mamba_usage").max();
    static final Metric<Double> PENDING_PREALLOC_USAGE =
            S.gauge("sglang:pending_prealloc_token_usage").max();
    static final Metric<Long> USED_TOKENS = S.gauge("sglang:num_used_tokens").count();
    static final Metric<Long> MAX_TOTAL_TOKENS = S.gauge("sglang:max_total_num_tokens")
            .fills(CommonField.KV_CAPACITY_TOKENS)
            .count();
    static final Metric<Long> MAX_TOTAL_TOKENS_SWA =
            S.gauge("sglang:max_total_num_tokens_swa").count();
    static final Metric<Long> KV_USED = S.gauge("sglang:kv_used_tokens").count();
    static final Metric<Long> KV_AVAILABLE =
            S.gauge("sglang:kv_available_tokens").count();
    static final Metric<Long> KV_EVICTABLE =
            S.gauge("sglang:kv_evictable_tokens").count();
    static final Metric<Long> SWA_USED = S.gauge("sglang:swa_used_tokens").count();
    static final Metric<Long> SWA_AVAILABLE =
            S.gauge("sglang:swa_available_tokens").count();
    static final Metric<Long> SWA_EVICTABLE =
            S.gauge("sglang:swa_evictable_tokens").count();
    static final Metric<Long> MAMBA_USED = S.gauge("sglang:mamba_used_tokens").count();
    static final Metric<Long> MAMBA_AVAILABLE =
            S.gauge("sglang:mamba_available_tokens").count();
    static final Metric<Long> MAMBA_EVICTABLE =
            S.gauge("sglang:mamba_evictable_tokens").count();
    static final Metric<Long> PAGE_SIZE =
            S.gauge("sglang:page_size").fills(CommonField.KV_BLOCK_SIZE).maxCount();
    static final Metric<Long> NUM_PAGES =
            S.gauge("sglang:num_pages").fills(CommonField.KV_BLOCKS).count();
    static final Metric<Map<String, Long>> CACHE_CONFIG_PAGE_SIZE =
            S.gauge("sglang:cache_config_info").countBy("page_size");
    static final Metric<Map<String, Long>> CACHE_CONFIG_NUM_PAGES =
            S.gauge("sglang:cache_config_info").countBy("num_pages");
    static final Metric<Long> CONTEXT_LENGTH = S.gauge("sglang:context_len").maxCount();
    static final Metric<Long> STREAMING_SESSIONS =
            S.gauge("sglang:num_streaming_sessions").count();
    static final Metric<Long> STREAMING_SESSION_TOKENS =
            S.gauge("sglang:streaming_session_held_tokens").count();
    static final Metric<Long> HOST_USED_TOKENS =
            S.gauge("sglang:hicache_host_used_tokens").count();
    static final Metric<Long> HOST_TOTAL_TOKENS =
            S.gauge("sglang:hicache_host_total_tokens").count();

    static final Metric<Double> GEN_THROUGHPUT =
            S.gauge("sglang:gen_throughput").sum();
    static final Metric<Double> UTILIZATION = S.gauge("sglang:utilization").max();
    static final Metric<Double> FORWARD_OCCUPANCY =
            S.gauge("sglang:fwd_occupancy").mean();
    static final Metric<Double> NEW_TOKEN_RATIO =
            S.gauge("sglang:new_token_ratio").max();
    static final Metric<Boolean> USES_GRAPH = S.gauge("sglang:is_cuda_graph").any();
    static final Metric<Long> DECODE_SEQUENCE_TOKENS =
            S.gauge("sglang:decode_sum_seq_lens").count();
    static final Metric<Long> MAX_RUNNING_UNDER_SLO =
            S.gauge("sglang:max_running_requests_under_SLO").count();
    static final Metric<Long> MAX_RUNNING =
            S.gauge("sglang:max_running_requests").count();
    static final Metric<Long> MAX_PREFILL_TOKENS =
            S.gauge("sglang:max_prefill_tokens").count();

    static final Metric<Map<String, Long>> REALTIME_TOKENS =
            S.counter("sglang:realtime_tokens_total").countBy("mode");
    static final Metric<Map<String, Long>> PREFILL_EFFECTIVE_TOKENS =
            S.counter("sglang:prefill_effective_tokens_total").countBy("mode");
    static final Metric<Map<String, Long>> GRAPH_PASSES =
            S.counter("sglang:cuda_graph_passes_total").countBy("mode");
    static final Metric<Map<String, Double>> FORWARD_SECONDS = S.counter(
                    "sglang:forward_execution_seconds_total", "sglang:gpu_execution_seconds_total")
            .sumBy("category");
    static final Metric<Map<String, Double>> STAGE_SECONDS =
            S.counter("sglang:scheduler_stage_seconds_total").sumBy("category");
    static final Metric<Double> IDLE_SECONDS =
            S.counter("sglang:scheduler_idle_seconds_total").sum();
    static final Metric<Double> SCHEDULER_CPU_SECONDS =
            S.counter("sglang:scheduler_process_cpu_seconds_total").sum();
    static final Metric<Double> ESTIMATED_FLOPS =
            S.counter("sglang:estimated_flops_per_gpu_total").sum();
    static final Metric<Double> ESTIMATED_READ_BYTES =
            S.counter("sglang:estimated_read_bytes_per_gpu_total").sum();
    static final Metric<Double> ESTIMATED_WRITE_BYTES =
            S.counter("sglang:estimated_write_bytes_per_gpu_total").sum();

    static final Metric<Distribution> QUEUE_TIME = S.histogram(
                    "sglang:queue_time_seconds", "sglang:queue_time_s", "sglang:waiting_request_latency_seconds")
            .fills(CommonField.QUEUE)
            .distribution();
    static final Metric<Distribution> PREFILL_FORWARD = S.histogram("sglang:per_stage_req_latency_seconds")
            .only("stage", "prefill_forward")
            .fills(CommonField.PREFILL)
            .distribution();
    static final Metric<Map<String, Distribution>> STAGE_LATENCY =
            S.histogram("sglang:per_stage_req_latency_seconds").distributionBy("stage");

    static final Metric<Long> RETRACTED_TOTAL = S.counter(
                    "sglang:num_retracted_requests_total", "sglang:total_retracted_reqs")
            .fills(CommonField.PREEMPTIONS)
            .count();
    static final Metric<Long> RETRACTED_INPUT_TOKENS =
            S.counter("sglang:num_retracted_input_tokens_total").count();
    static final Metric<Long> RETRACTED_OUTPUT_TOKENS =
            S.counter("sglang:num_retracted_output_tokens_total").count();
    static final Metric<Long> RETRACTED_NOW =
            S.gauge("sglang:num_retracted_reqs").count();
    static final Metric<Long> PAUSED = S.gauge("sglang:num_paused_reqs").count();

    static final Metric<Long> BOOTSTRAP_FAILED =
            S.counter("sglang:num_bootstrap_failed_reqs_total").count();
    static final Metric<Long> TRANSFER_FAILED =
            S.counter("sglang:num_transfer_failed_reqs_total").count();
    static final Metric<Long> PREFILL_RETRIES =
            S.counter("sglang:num_prefill_retries_total").count();
    static final Metric<Long> SESSION_RECOVERIES =
            S.counter("sglang:failed_session_recoveries_total").count();
    static final Metric<Distribution> TRANSFER_SPEED =
            S.histogram("sglang:kv_transfer_speed_gb_s").distribution();
    static final Metric<Distribution> TRANSFER_LATENCY =
            S.histogram("sglang:kv_transfer_latency_ms").distribution();
    static final Metric<Distribution> TRANSFER_BOOTSTRAP =
            S.histogram("sglang:kv_transfer_bootstrap_ms").distribution();
    static final Metric<Distribution> TRANSFER_ALLOC =
            S.histogram("sglang:kv_transfer_alloc_ms").distribution();
    static final Metric<Distribution> TRANSFER_TOTAL =
            S.histogram("sglang:kv_transfer_total_mb").distribution();

    static final Metric<Double> SPEC_ACCEPT_LENGTH =
            S.gauge("sglang:spec_accept_length").mean();
    static final Metric<Double> SPEC_ACCEPT_RATE =
            S.gauge("sglang:spec_accept_rate").mean();
    static final Metric<Long> SPEC_NUM_STEPS = S.gauge("sglang:spec_num_steps").maxCount();
    static final Metric<Long> SPEC_NUM_DRAFT_TOKENS =
            S.gauge("sglang:spec_num_draft_tokens").maxCount();
    static final Metric<Double> SPEC_CAP_LENGTH =
            S.gauge("sglang:spec_cap_length").mean();
    static final Metric<Double> SPEC_BLOCK_ACCEPT_LENGTH =
            S.gauge("sglang:spec_block_accept_length").mean();

    static final Metric<Long> LORA_SLOTS_USED =
            S.gauge("sglang:lora_pool_slots_used").count();
    static final Metric<Long> LORA_SLOTS_TOTAL =
            S.gauge("sglang:lora_pool_slots_total").fills(CommonField.MAX_LORA).maxCount();
    static final Metric<Double> LORA_UTILIZATION =
            S.gauge("sglang:lora_pool_utilization").max();

    static final Metric<Double> WEIGHT_GB =
            S.gauge("sglang:weight_memory_usage_gb").sum();
    static final Metric<Double> KV_CACHE_GB =
            S.gauge("sglang:kv_cache_memory_usage_gb").sum();
    static final Metric<Map<String, Double>> GRAPH_GB =
            S.gauge("sglang:graph_memory_usage_gb").sumBy("phase");
    static final Metric<Double> AVAILABLE_AT_STARTUP_GB =
            S.gauge("sglang:startup_available_gpu_memory_gb").sum();
    static final Metric<Double> OLD_STARTUP_SECONDS =
            S.gauge("sglang:engine_startup_time").max();
    static final Metric<Double> OLD_LOAD_WEIGHTS_SECONDS =
            S.gauge("sglang:engine_load_weights_time").max();

    static final Metric<Long> GRAMMAR_REQUESTS =
            S.counter("sglang:num_grammar_total").count();
    static final Metric<Long> GRAMMAR_CACHE_HITS =
            S.counter("sglang:num_grammar_cache_hit_total").count();
    static final Metric<Long> GRAMMAR_ABORTED =
            S.counter("sglang:num_grammar_aborted_total").count();
    static final Metric<Long> GRAMMAR_TIMEOUTS =
            S.counter("sglang:num_grammar_timeout_total").count();
    static final Metric<Distribution> GRAMMAR_COMPILATION =
            S.histogram("sglang:grammar_compilation_time_seconds").distribution();

    static final Metric<Long> RUNNING_ROUTING_KEYS =
            S.gauge("sglang:num_unique_running_routing_keys").count();
    static final Metric<Map<String, Long>> ROUTING_KEYS_BY_RUNNING =
            S.gauge("sglang:routing_key_running_req_count").countBy("le");
    static final Metric<Map<String, Long>> ROUTING_KEYS_BY_ALL =
            S.gauge("sglang:routing_key_all_req_count").countBy("le");

    static final Metric<Map<String, Long>> DP_TOKENS =
            S.counter("sglang:dp_cooperation_realtime_tokens_total").countBy("mode");
    static final Metric<Map<String, Double>> DP_FORWARD_SECONDS = S.counter(
                    "sglang:dp_cooperation_forward_execution_seconds_total",
                    "sglang:dp_cooperation_gpu_execution_seconds_total")
            .sumBy("num_prefill_ranks");
    static final Metric<Map<String, Long>> DP_ATTENTION_TOKENS =
            S.counter("sglang:dp_attention_tokens_total").countBy("kind");
    static final Metric<Map<String, Long>> DP_ATTENTION_STEPS =
            S.counter("sglang:dp_attention_steps_total").countBy("rank_state");
    static final Metric<Distribution> DP_IMBALANCE =
            S.histogram("sglang:dp_attention_token_imbalance_ratio").distribution();
    static final Metric<Distribution> DP_SYNC_WAIT =
            S.histogram("sglang:dp_attention_sync_wait_seconds").distribution();
    static final Metric<Distribution> DELAYER_WAIT =
            S.histogram("sglang:prefill_delayer_wait_seconds").distribution();
    static final Metric<Map<String, Long>> DELAYER_OUTCOMES =
            S.counter("sglang:prefill_delayer_outcomes_total").countBy("output_reason");
    static final Metric<Map<String, Distribution>> EXPERT_BALANCEDNESS =
            S.histogram("sglang:eplb_balancedness").distributionBy("forward_mode");

    private static final MetricTable TABLE = S.special(
                    CommonField.KV_USAGE,
                    "sglang:full_token_usage, else sglang:num_used_tokens / sglang:max_total_num_tokens, else sglang:token_usage; or /v1/loads")
            .special(CommonField.CACHED_PROMPT_TOKENS, "sglang:cached_tokens_total, summed over cache_source")
            .special(
                    CommonField.PREFIX_HITS,
                    "sglang:cached_tokens_total, else the hits of sglang:prefill_effective_tokens_total")
            .special(
                    CommonField.PREFIX_QUERIES,
                    "sglang:prompt_tokens_total, else all of sglang:prefill_effective_tokens_total")
            .special(CommonField.HIT_RATE, "prefix hits / prefix queries")
            .special(CommonField.MODELS, "label model_name, sglang:context_len; or /server_info")
            .alsoReads(
                    MetricGroup.LOAD,
                    "sglang:num_grammar_queue_reqs",
                    "sglang:num_prefill_bootstrap_queue_reqs",
                    "sglang:num_prefill_prealloc_queue_reqs",
                    "sglang:num_prefill_inflight_queue_reqs",
                    "sglang:num_prefill_infight_queue_reqs",
                    "sglang:num_decode_prealloc_queue_reqs",
                    "sglang:num_decode_transfer_queue_reqs",
                    "sglang:full_token_usage",
                    "sglang:num_used_tokens",
                    "sglang:token_usage",
                    "sglang:context_len")
            .alsoReads(MetricGroup.TOKENS, "sglang:cached_tokens_total")
            .alsoReads(
                    MetricGroup.CACHE,
                    "sglang:full_token_usage",
                    "sglang:num_used_tokens",
                    "sglang:token_usage",
                    "sglang:cached_tokens_total",
                    "sglang:prompt_tokens_total",
                    "sglang:prefill_effective_tokens_total",
                    "sglang:cache_config_info")
            .alsoReads(MetricGroup.EVENTS, "sglang:num_retracted_reqs")
            .build();

    private SglangTable() {}

    /** The table. */
    public static MetricTable table() {
        return TABLE;
    }
}
