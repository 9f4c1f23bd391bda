package io.inferometer.backend.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What our own pages must give, written down by hand; their goldens guard form only. */
class VllmFixturesTest {
    private static final Path FOLDER = Path.of("src/test/resources/pages/vllm");

    record Reading(String page, String values) {
        @Override
        public String toString() {
            return page;
        }
    }

    private static final String EARLY = """
            /metrics/tokens/prompt = 6500
            /metrics/cache/kv_usage = 0.0625
            /metrics/cache/hit_rate = 100 / 400
            /provenance/cache.kv_usage/family = "vllm:gpu_cache_usage_perc"
            /cache_metrics/prefix_cache/gpu_hits = 100
            /cache_metrics/prefix_cache/gpu_queries = 400
            /cache_metrics/prefix_cache/hits = absent
            """;

    private static final List<Reading> READINGS = List.of(
            new Reading("v1-dp2", """
                    /metrics/load/requests_running = 5.0 + 3.0
                    /metrics/load/requests_waiting = 4.0 + 0.0
                    /metrics/load/asleep = false
                    /metrics/requests/succeeded = 7 + 3 + 1
                    /metrics/requests/failed = 2
                    /metrics/requests/aborted = 1
                    /metrics/requests/by_reason/stop = 4 + 3
                    /metrics/tokens/prompt = 600 + 400
                    /metrics/tokens/generated = 90 + 60
                    /metrics/tokens/cached_prompt = 128 + 372
                    /metrics/latency/time_to_first_token_seconds/count = 8.0 + 4.0
                    /metrics/latency/time_to_first_token_seconds/sum = 2.5 + 5.5
                    /metrics/latency/time_to_first_token_seconds/p50 = 0.1
                    /metrics/latency/time_to_first_token_seconds/p99 = 1.0
                    /metrics/cache/kv_usage = 0.75
                    /metrics/cache/kv_blocks = 454
                    /metrics/cache/kv_block_size = 128
                    /metrics/cache/kv_capacity_tokens = 29056 + 29056
                    /metrics/cache/hit_rate = 500 / 1000
                    /metrics/events/preemptions = 2 + 1
                    /provenance/cache.kv_blocks/note = "each rank's series holds the sum of 2 ranks"
                    /by_rank/0/cache/kv_blocks = 227
                    /by_rank/0/cache/kv_usage = 0.25
                    /by_rank/0/cache/kv_capacity_tokens = 29056
                    /by_rank/1/requests/failed = 2
                    /by_rank/1/requests/succeeded = 4
                    /by_rank/1/latency/time_to_first_token_seconds/mean = 5.5 / 4
                    /request_metrics/success_total = 11
                    /request_metrics/failure_total = 2 + 1
                    /scheduler_metrics/waiting_by_reason/capacity = 3
                    /scheduler_metrics/sleep_state/awake = 2
                    /cache_metrics/config/0/kv_cache_max_concurrency = 14.1875
                    /cache_metrics/config/0/cache_dtype = "auto"
                    """),
            new Reading("v0", """
                    /metrics/load/requests_running = 3
                    /metrics/load/requests_waiting = 2
                    /metrics/load/requests_swapped = 1
                    /metrics/load/asleep = absent
                    /metrics/requests/succeeded = 6 + 2
                    /metrics/requests/failed = absent
                    /metrics/requests/aborted = absent
                    /metrics/latency/inter_token_seconds/count = 200
                    /metrics/latency/inter_token_seconds/mean = 4.0 / 200
                    /metrics/latency/per_output_token_seconds = absent
                    /metrics/latency/end_to_end_seconds/sum = 40
                    /metrics/latency/queue_seconds/sum = 0.8
                    /metrics/cache/kv_usage = 0.4
                    /metrics/cache/kv_blocks = 4574
                    /metrics/cache/kv_capacity_tokens = 73184
                    /metrics/cache/hit_rate = 0.5
                    /metrics/speculation/draft_tokens = 100
                    /metrics/speculation/accepted_tokens = 60
                    /metrics/speculation/drafts = absent
                    /metrics/events/preemptions = 7
                    /provenance/cache.hit_rate/family = "vllm:gpu_prefix_cache_hit_rate"
                    /provenance/latency.queue_seconds/family = "vllm:time_in_queue_requests"
                    /request_metrics/failure_total = absent
                    /request_metrics/time_per_output_token_seconds/count = 200
                    /throughput_metrics/tokens_per_second = 34.25
                    /throughput_metrics/requests_per_second = absent
                    /request_parameters/best_of/count = 8
                    /legacy_metrics/num_requests_swapped = 1
                    /legacy_metrics/cpu_cache_usage_perc = 0
                    /legacy_metrics/gpu_prefix_cache_hit_rate = 0.5
                    /legacy_metrics/cpu_prefix_cache_hit_rate = -1
                    /legacy_metrics/prompt_tokens_per_second = 12.5
                    /legacy_metrics/generation_tokens_per_second = 34.25
                    /legacy_metrics/model_forward_time_milliseconds/mean = 5
                    /legacy_metrics/model_execute_time_milliseconds/mean = 6
                    /legacy_metrics/spec_decode_draft_acceptance_rate = 0.6
                    /legacy_metrics/spec_decode_efficiency = 0.55
                    /legacy_metrics/spec_decode_emitted_tokens = 80
                    """),
            new Reading("fresh-multiprocess", """
                    /metrics/load = absent
                    /metrics/adapters = absent
                    /metrics/requests/succeeded = 0
                    /metrics/requests/failed = 0
                    /metrics/requests/aborted = 0
                    /metrics/tokens/prompt = 0
                    /metrics/cache/kv_usage = absent
                    /metrics/cache/prefix_hits = 0
                    /metrics/cache/hit_rate = absent
                    /metrics/latency/time_to_first_token_seconds/count = 0
                    /metrics/latency/time_to_first_token_seconds/mean = absent
                    /gpu_metrics = absent
                    /lora_metrics = absent
                    """),
            new Reading("lora", """
                    /metrics/adapters/max_lora = 4
                    /metrics/adapters/running_adapters = ["chat", "sql"]
                    /metrics/adapters/waiting_adapters = ["sql"]
                    /provenance/adapters.running_adapters/note = "the newest series"
                    /lora_metrics/changed_at = 1.7665001e+09
                    """),
            new Reading("speculation", """
                    /metrics/speculation/drafts = 40
                    /metrics/speculation/draft_tokens = 440
                    /metrics/speculation/accepted_tokens = 110
                    /speculation_metrics/accepted_per_position/0 = 40
                    /speculation_metrics/accepted_per_position/9 = 1
                    /speculation_metrics/accepted_per_position/10 = 0
                    /speculation_metrics/denoising_steps = 12
                    /speculation_metrics/canvas_positions = 96
                    /speculation_metrics/committed_tokens = 80
                    """),
            new Reading("sleeping", """
                    /metrics/load/requests_running = 0
                    /metrics/load/asleep = true
                    /metrics/cache/kv_usage = 0
                    /scheduler_metrics/sleep_state/awake = 0
                    /scheduler_metrics/sleep_state/discard_all = 0
                    """),
            new Reading("openmetrics-escaped", """
                    /unreadable_lines = 0
                    /metrics/load/requests_running = 1
                    /metrics/tokens/prompt = 1962
                    /scheduler_metrics/iteration_tokens/count = 10
                    /scheduler_metrics/iteration_tokens/sum = 77
                    /provenance/load.requests_running/family = "vllm_num_requests_running"
                    """),
            new Reading("rust-frontend", """
                    /unreadable_lines = 0
                    /metrics/load/requests_running = 2
                    /metrics/load/asleep = absent
                    /metrics/requests/succeeded = 9
                    /metrics/requests/aborted = 4
                    /metrics/requests/failed = absent
                    /metrics/latency/end_to_end_seconds/mean = 2
                    /metrics/cache = absent
                    /metrics/adapters/max_lora = absent
                    /metrics/adapters/running_adapters = ["chat"]
                    /metrics/adapters/waiting_adapters = []
                    /request_metrics/failure_total = 4
                    """),
            new Reading("ray", """
                    /metrics/load/requests_running = 2 + 5
                    /metrics/tokens/generated = 100 + 250
                    /metrics/cache/kv_usage = 0.5
                    /provenance/load.requests_running/family = "ray_vllm_num_requests_running"
                    /provenance/load.requests_running/series = 2
                    """),
            new Reading("v1-early", EARLY + """
                    /engine_version = absent
                    /metrics/cache/prefix_hits = absent
                    /metrics/cache/prefix_queries = absent
                    /provenance/cache.prefix_hits/family = "vllm:gpu_prefix_cache_hits_total"
                    """),
            new Reading("with-version", EARLY + """
                    /engine_version = "0.9.1"
                    /metrics/cache/prefix_hits = 100
                    /metrics/cache/prefix_queries = 400
                    """),
            new Reading("connectors", """
                    /metrics/tokens/cached_prompt = 30 + 20
                    /metrics/cache/prefix_hits = absent
                    /provenance/tokens.cached_prompt/family = "vllm:prompt_tokens_by_source_total"
                    /request_metrics/corrupted_total = 16
                    /scheduler_metrics/admission_rejections/max_num_queued_reqs = 2
                    /scheduler_metrics/admission_rejections/max_num_queued_tokens = 0
                    /scheduler_metrics/preemptions_per_request/count = 23
                    /request_parameters/prefill_kv_computed_tokens/count = 34
                    /cache_metrics/external_prefix_cache/hits = 11
                    /cache_metrics/external_prefix_cache/queries = 12
                    /cache_metrics/multimodal_cache/hits = 13
                    /cache_metrics/multimodal_cache/queries = 14
                    /cache_metrics/prompt_tokens_by_source/local_compute = 100
                    /cache_metrics/prompt_tokens_recomputed = 15
                    /cache_metrics/cached_tokens_by_tier/device = 30
                    /cache_metrics/cached_tokens_by_tier/disk = 5
                    /cache_metrics/residency/lifetime_seconds/count = 25
                    /cache_metrics/residency/idle_before_evict_seconds/count = 34
                    /cache_metrics/residency/reuse_gap_seconds/count = 26
                    /kv_transfer_metrics/nixl/transfer_time_seconds/count = 22
                    /kv_transfer_metrics/nixl/post_time_seconds/count = 22
                    /kv_transfer_metrics/nixl/bytes_transferred/count = 22
                    /kv_transfer_metrics/nixl/descriptors/count = 20
                    /kv_transfer_metrics/nixl/failed_transfers_total = 1
                    /kv_transfer_metrics/nixl/failed_notifications_total = 2
                    /kv_transfer_metrics/nixl/expired_requests_total = 3
                    /kv_transfer_metrics/offload/load_bytes_total = 4000
                    /kv_transfer_metrics/offload/store_bytes_total = 5000
                    /kv_transfer_metrics/offload/load_seconds_total = 0.5
                    /kv_transfer_metrics/offload/store_seconds_total = 0.25
                    /kv_transfer_metrics/offload/load_size_bytes/count = 20
                    /kv_transfer_metrics/offload/store_size_bytes/count = 21
                    /kv_transfer_metrics/offload/allocation_failures_total = 6
                    /kv_transfer_metrics/offload/stores_skipped_total = 7
                    /kv_transfer_metrics/offload/sync_lookup_seconds/count = 36
                    /kv_transfer_metrics/offload/async_lookup_seconds/count = 37
                    /kv_transfer_metrics/offload/cpu_pinned_usage = 0.5
                    /kv_transfer_metrics/offload/cpu_write_usage = 0.3
                    /kv_transfer_metrics/offload/cpu_read_usage = 0.2
                    /kv_transfer_metrics/offload/cpu_allocation_blocks/count = 30
                    /kv_transfer_metrics/tiering/sync_lookup_seconds/0:primary/count = 2
                    /kv_transfer_metrics/tiering/async_lookup_seconds/0:primary/sum = 0.5
                    /kv_transfer_metrics/tiering/read_bytes_total/0:primary = 0
                    /kv_transfer_metrics/tiering/read_bytes_total/1:fs = 1
                    /kv_transfer_metrics/tiering/read_seconds_total/1:fs = 11
                    /kv_transfer_metrics/tiering/write_bytes_total/1:fs = 21
                    /kv_transfer_metrics/tiering/write_seconds_total/1:fs = 31
                    /kv_transfer_metrics/tiering/promotion_job_failures_total/1:fs = 41
                    /kv_transfer_metrics/tiering/cascade_job_failures_total/1:fs = 51
                    /kv_transfer_metrics/tiering/block_queries_total/0:primary = 60
                    /kv_transfer_metrics/tiering/block_hits_total/0:primary = 70
                    /kv_transfer_metrics/tiering/promotion_allocation_failures_total = 10
                    /kv_transfer_metrics/tiering/primary_write_usage = 0.7
                    /kv_transfer_metrics/tiering/primary_read_usage = 0.1
                    /kv_transfer_metrics/tiering/active_promotion_jobs = 3
                    /kv_transfer_metrics/tiering/active_cascade_jobs = 4
                    /kv_transfer_metrics/mooncake/operation_seconds/put/sum = 0.75
                    /kv_transfer_metrics/mooncake/operations_total/put = 3 + 1
                    /kv_transfer_metrics/mooncake/keys_total/put = 4 + 1
                    /kv_transfer_metrics/mooncake/bytes_total/put = 5 + 1
                    /kv_transfer_metrics/mooncake/failed_keys_total/put = 6 + 1
                    /kv_transfer_metrics/hf3fs/save_seconds/count = 27
                    /kv_transfer_metrics/hf3fs/load_seconds/count = 27
                    /kv_transfer_metrics/hf3fs/failed_saves_total = 8
                    /kv_transfer_metrics/hf3fs/failed_loads_total = 9
                    /compute_metrics/estimated_flops_per_gpu = 4.6e+09
                    /compute_metrics/estimated_read_bytes_per_gpu = 2.5e+06
                    /compute_metrics/estimated_write_bytes_per_gpu = 17
                    /frontend_metrics/tool_parser_by_outcome/tool_call = 5 + 1
                    /frontend_metrics/tool_parser_by_outcome/no_tool_call = 2
                    /frontend_metrics/tool_parser_by_request_type/responses = 1
                    /frontend_metrics/tool_parser_by_mode/streaming = 5 + 2
                    /frontend_metrics/websocket_connections_total = 6
                    /frontend_metrics/websocket_connections_active = 2
                    /frontend_metrics/websocket_duration_seconds/mean = 25
                    """),
            new Reading("server-abort", """
                    /metrics/latency/end_to_end_seconds/sum = 11.5
                    /metrics/latency/prefill_seconds/count = 12
                    /metrics/latency/prefill_seconds/sum = absent
                    /metrics/latency/prefill_seconds/mean = absent
                    /metrics/latency/inference_seconds/count = 12
                    /metrics/latency/inference_seconds/sum = absent
                    /metrics/latency/decode_seconds/sum = 9
                    /latency_metrics/prefill_time_seconds/sum = absent
                    /latency_metrics/inference_time_seconds/mean = absent
                    """),
            new Reading("two-models", """
                    /metrics/load/requests_waiting = 2 + 3
                    /metrics/cache/kv_usage = 0.65
                    /provenance/cache.kv_usage/family = "vllm:kv_cache_usage_perc"
                    /provenance/cache.kv_usage/series = 3
                    /by_model/acme~1a/load/requests_waiting = 2
                    /by_model/acme~1a/cache/kv_usage = 0.65
                    /by_model/acme~1b/load/requests_waiting = 3
                    /by_model/acme~1b/cache = absent
                    /by_rank = absent
                    /metrics/models/1/name = "acme/b"
                    """));

    @ParameterizedTest
    @MethodSource("readings")
    void givesWhatAPersonReadsOffThePage(Reading reading) {
        Path folder = FOLDER.resolve(reading.page());
        GoldenPage page =
                GoldenPage.read(folder.toFile().isDirectory() ? folder : FOLDER.resolve(reading.page() + ".prom"));
        Readings.requireAll(Readings.read(page, GoldenPage.COLLECTED_AT), reading.values());
    }

    @Test
    void knowsEveryPageOfTheFolder() {
        assertThat(GoldenPage.inFolder(FOLDER).map(GoldenPage::name))
                .containsExactlyInAnyOrderElementsOf(
                        READINGS.stream().map(Reading::page).toList());
    }

    static Stream<Reading> readings() {
        return READINGS.stream();
    }
}
