package io.inferometer.backend.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.MetricSample;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads off each page of the shared folder, written down by hand. */
class VllmPagesTest {
    record Reading(String page, String values) {
        @Override
        public String toString() {
            return page;
        }
    }

    /** The page that three dialects show alike: two ranks with LoRA. */
    private static final String TWO_RANKS_WITH_LORA = """
            /metrics/load/requests_running = 5.0 + 3.0
            /metrics/load/requests_waiting = 3.0 + 1.0
            /metrics/load/requests_swapped = absent
            /metrics/load/asleep = false
            /metrics/requests/received = absent
            /metrics/requests/succeeded = 31.0 + 28.0 + 9.0 + 12.0
            /metrics/requests/failed = 0
            /metrics/requests/aborted = 0
            /metrics/requests/by_reason/stop = 31.0 + 28.0
            /metrics/requests/by_reason/length = 9.0 + 12.0
            /metrics/requests/by_reason/repetition = 0
            /metrics/tokens/prompt = 48193.0 + 36846.0
            /metrics/tokens/generated = 7221.0 + 6327.0
            /metrics/tokens/cached_prompt = 272.0 + 416.0
            /metrics/latency/time_to_first_token_seconds/kind = "histogram"
            /metrics/latency/time_to_first_token_seconds/count = 40.0 + 40.0
            /metrics/latency/time_to_first_token_seconds/sum = 5.229869146597725 + 6.390780593482213
            /metrics/latency/inter_token_seconds/count = 7181.0 + 6287.0
            /metrics/latency/inter_token_seconds/sum = 207.78983116015308 + 183.2720466380266
            /metrics/latency/per_output_token_seconds/count = 40.0 + 40.0
            /metrics/latency/per_output_token_seconds/sum = 0.8983389189087531 + 0.9686021509243007
            /metrics/latency/end_to_end_seconds/sum = 213.01970030675062 + 189.66282723150917
            /metrics/latency/queue_seconds/sum = 1.0459738293195453 + 1.2781561186964423
            /metrics/latency/inference_seconds/sum = 211.97372647743103 + 188.38467111281275
            /metrics/latency/prefill_seconds/sum = 4.183895317278181 + 5.112624474785769
            /metrics/latency/decode_seconds/sum = 207.78983116015291 + 183.27204663802698
            /metrics/size/prompt_tokens/sum = 48193.0 + 36846.0
            /metrics/size/generated_tokens/sum = 7221.0 + 6327.0
            /metrics/size/max_new_tokens/sum = 20480.0 + 20480.0
            /metrics/cache/kv_usage = 0.3173828125
            /metrics/cache/kv_blocks = 20539 + 20539
            /metrics/cache/kv_block_size = 16
            /metrics/cache/kv_capacity_tokens = 328624 + 328624
            /metrics/cache/prefix_hits = 272.0 + 416.0
            /metrics/cache/prefix_queries = 48193.0 + 36846.0
            /metrics/cache/hit_rate = 688 / 85039
            /metrics/adapters/max_lora = 2
            /metrics/adapters/running_adapters = ["chat-lora", "sql-lora"]
            /metrics/adapters/waiting_adapters = absent
            /metrics/memory = absent
            /metrics/models/0/name = "meta-llama/Llama-3.1-8B-Instruct"
            /metrics/models/1 = absent
            /metrics/events/preemptions = 1.0 + 1.0
            /by_model = absent
            /by_rank/0/load/requests_running = 5
            /by_rank/1/load/requests_running = 3
            /by_rank/0/load/requests_waiting = 3
            /by_rank/1/load/requests_waiting = 1
            /by_rank/0/cache/kv_usage = 0.3173828125
            /by_rank/1/cache/kv_usage = 0.0009765625
            /by_rank/1/cache/kv_blocks = 20539
            /by_rank/1/cache/kv_capacity_tokens = 328624
            /by_rank/0/requests/succeeded = 31.0 + 9.0
            /by_rank/1/requests/succeeded = 28.0 + 12.0
            /by_rank/1/adapters = absent
            /request_metrics/success_total = 80
            /request_metrics/failure_total = 0
            /request_metrics/time_per_output_token_seconds/count = 80
            /gpu_metrics/cache_usage_perc = 0.3173828125
            /gpu_metrics/memory_usage_bytes = absent
            /gpu_metrics/num_requests_running = 8
            /gpu_metrics/num_requests_waiting = 4
            /throughput_metrics/prompt_tokens_total = 85039
            /throughput_metrics/generation_tokens_total = 13548
            /throughput_metrics/num_preemptions_total = 2
            /throughput_metrics/requests_per_second = absent
            /throughput_metrics/tokens_per_second = absent
            /scheduler_metrics/waiting_by_reason/capacity = 2.0 + 0.0
            /scheduler_metrics/waiting_by_reason/deferred = 1.0 + 1.0
            /scheduler_metrics/sleep_state/awake = 2
            /scheduler_metrics/iteration_tokens/count = 80
            /scheduler_metrics/iteration_tokens/sum = 55142.0 + 42757.0
            /request_parameters/max_num_generation_tokens/sum = 7221.0 + 6327.0
            /request_parameters/n/sum = 80
            /request_parameters/prefill_kv_computed_tokens/sum = 47921.0 + 36430.0
            /cache_metrics/config/0/engine = "0"
            /cache_metrics/config/0/gpu_memory_utilization = 0.92
            /cache_metrics/config/0/kv_cache_max_concurrency = 20.0576171875
            /cache_metrics/config/1/engine = "1"
            /cache_metrics/config/1/enable_prefix_caching = true
            /cache_metrics/config/1/num_cpu_blocks = absent
            /cache_metrics/external_prefix_cache/queries = 0
            /cache_metrics/multimodal_cache/hits = 0
            /cache_metrics/prompt_tokens_by_source/local_compute = 47921.0 + 36430.0
            /cache_metrics/prompt_tokens_by_source/local_cache_hit = 272.0 + 416.0
            /lora_metrics/changed_at = 1.7953036983579319e+09
            /compute_metrics/estimated_flops_per_gpu = 0
            /speculation_metrics = absent
            /kv_transfer_metrics = absent
            /legacy_metrics = absent
            """;

    private static final List<Reading> READINGS = List.of(
            new Reading("gen-v1-head-dp2-lora-http", TWO_RANKS_WITH_LORA),
            new Reading("gen-v1-head-openmetrics-escaped", TWO_RANKS_WITH_LORA),
            new Reading("gen-v1-head-openmetrics-utf8", TWO_RANKS_WITH_LORA),
            new Reading("gen-v1-head-dp2-lora-spec-nixl-mfu", """
                    /metrics/load/requests_running = 5.0 + 3.0
                    /metrics/load/requests_waiting = 3.0 + 1.0
                    /metrics/requests/succeeded = 27.0 + 29.0 + 13.0 + 11.0
                    /metrics/tokens/prompt = 36714.0 + 56425.0
                    /metrics/tokens/cached_prompt = 528.0 + 256.0
                    /metrics/cache/prefix_hits = 528.0 + 256.0
                    /metrics/cache/prefix_queries = 36714.0 + 56425.0
                    /metrics/cache/hit_rate = 784 / 93139
                    /metrics/cache/kv_blocks = 20539 + 20539
                    /metrics/cache/kv_capacity_tokens = 328624 + 328624
                    /metrics/speculation/drafts = 2684.0 + 3151.0
                    /metrics/speculation/draft_tokens = 8052.0 + 9453.0
                    /metrics/speculation/accepted_tokens = 3724.0 + 4452.0
                    /metrics/adapters/running_adapters = ["chat-lora", "sql-lora"]
                    /by_rank/0/speculation/drafts = 2684
                    /by_rank/1/speculation/accepted_tokens = 4452
                    /speculation_metrics/accepted_per_position/0 = 2158.0 + 2524.0
                    /speculation_metrics/accepted_per_position/1 = 1039.0 + 1284.0
                    /speculation_metrics/accepted_per_position/2 = 527.0 + 644.0
                    /speculation_metrics/accepted_per_position/3 = absent
                    /kv_transfer_metrics/nixl/transfer_time_seconds/count = 80
                    /kv_transfer_metrics/nixl/transfer_time_seconds/sum = 0.5180175463894975 + 0.5422022960924018
                    /kv_transfer_metrics/nixl/post_time_seconds/sum = 0.020000000000000014 + 0.020000000000000014
                    /kv_transfer_metrics/nixl/bytes_transferred/sum = 4.812177408e+09 + 7.3957376e+09
                    /kv_transfer_metrics/nixl/descriptors/sum = 148864.0 + 227648.0
                    /kv_transfer_metrics/nixl/failed_transfers_total = 1.0 + 1.0
                    /kv_transfer_metrics/nixl/failed_notifications_total = 0
                    /kv_transfer_metrics/nixl/expired_requests_total = 0
                    /kv_transfer_metrics/offload = absent
                    /compute_metrics/estimated_flops_per_gpu = 6.73216e+14 + 1.003552e+15
                    /compute_metrics/estimated_read_bytes_per_gpu = 8.5792e+13 + 1.00752e+14
                    /compute_metrics/estimated_write_bytes_per_gpu = 5.514985472e+09 + 8.221097984e+09
                    /cache_metrics/residency/lifetime_seconds/count = 0
                    """),
            new Reading("gen-v1-head-minimal", """
                    /metrics/load/requests_running = 5
                    /metrics/load/requests_waiting = 2
                    /metrics/load/asleep = false
                    /metrics/requests/succeeded = 31.0 + 9.0
                    /metrics/requests/failed = 0
                    /metrics/requests/aborted = 0
                    /metrics/tokens/prompt = 48193
                    /metrics/tokens/generated = 7221
                    /metrics/tokens/cached_prompt = 272
                    /metrics/latency/time_to_first_token_seconds/count = 40
                    /metrics/latency/time_to_first_token_seconds/sum = 5.229869146597725
                    /metrics/latency/inter_token_seconds/count = 7181
                    /metrics/latency/per_output_token_seconds/sum = 0.8983389189087531
                    /metrics/cache/kv_usage = 0.3173828125
                    /metrics/cache/kv_blocks = 20539
                    /metrics/cache/kv_block_size = 16
                    /metrics/cache/kv_capacity_tokens = 328624
                    /metrics/cache/hit_rate = 272 / 48193
                    /metrics/events/preemptions = 1
                    /metrics/adapters = absent
                    /by_rank = absent
                    /request_metrics/e2e_latency_seconds/sum = 213.01970030675062
                    /request_metrics/prompt_tokens/sum = 48193
                    /request_metrics/generation_tokens/sum = 7221
                    /latency_metrics/decode_time_seconds/sum = 207.78983116015291
                    /lora_metrics = absent
                    """),
            new Reading("gen-v1-v0.10.0-dp2", """
                    /metrics/load/requests_running = 5.0 + 3.0
                    /metrics/load/requests_waiting = 2.0 + 0.0
                    /metrics/load/asleep = absent
                    /metrics/requests/succeeded = 31.0 + 28.0 + 9.0 + 12.0
                    /metrics/requests/failed = absent
                    /metrics/requests/aborted = 0
                    /metrics/tokens/prompt = 48193.0 + 36846.0
                    /metrics/tokens/cached_prompt = absent
                    /metrics/latency/inter_token_seconds/count = 7181.0 + 6287.0
                    /metrics/latency/inter_token_seconds/sum = 207.78983116015308 + 183.2720466380266
                    /metrics/latency/per_output_token_seconds = absent
                    /metrics/cache/kv_usage = 0.3173828125
                    /metrics/cache/kv_blocks = 27805 + 27805
                    /metrics/cache/kv_block_size = 16
                    /metrics/cache/kv_capacity_tokens = 444880 + 444880
                    /metrics/cache/prefix_hits = 272.0 + 416.0
                    /metrics/cache/prefix_queries = 48193.0 + 36846.0
                    /metrics/cache/hit_rate = 688 / 85039
                    /provenance/cache.kv_usage/family = "vllm:kv_cache_usage_perc"
                    /provenance/cache.kv_usage/series = 2
                    /provenance/latency.inter_token_seconds/family = "vllm:time_per_output_token_seconds"
                    /by_rank/1/cache/kv_capacity_tokens = 444880
                    /request_metrics/failure_total = 0
                    /request_metrics/time_per_output_token_seconds/count = 7181.0 + 6287.0
                    /scheduler_metrics/iteration_tokens/sum = 55414.0 + 43173.0
                    /cache_metrics/prefix_cache/gpu_hits = 272.0 + 416.0
                    /cache_metrics/prefix_cache/gpu_queries = 48193.0 + 36846.0
                    """),
            new Reading("inferguard-v1-2026-05-lmcache", """
                    /metrics/load/requests_running = 0
                    /metrics/load/requests_waiting = 0
                    /metrics/load/asleep = false
                    /metrics/requests/succeeded = 10
                    /metrics/requests/by_reason/length = 10
                    /metrics/requests/by_reason/stop = 0
                    /metrics/tokens/prompt = 22130
                    /metrics/tokens/generated = 960
                    /metrics/tokens/cached_prompt = 19824
                    /metrics/latency/time_to_first_token_seconds/sum = 0.6501529216766357
                    /metrics/latency/inter_token_seconds/count = 950
                    /metrics/latency/per_output_token_seconds/sum = 0.06827090058947392
                    /metrics/latency/end_to_end_seconds/mean = 7.137476444244385 / 10
                    /metrics/latency/queue_seconds/sum = 0.0001853100000204222
                    /metrics/latency/prefill_seconds/sum = 0.5395248159999966
                    /metrics/latency/decode_seconds/sum = 6.485735556000023
                    /metrics/latency/inference_seconds/sum = 7.0252603720000195
                    /metrics/size/max_new_tokens/sum = 960
                    /metrics/cache/kv_usage = 0
                    /metrics/cache/kv_blocks = 20539
                    /metrics/cache/kv_block_size = 16
                    /metrics/cache/kv_capacity_tokens = 328624
                    /metrics/cache/prefix_hits = 19824
                    /metrics/cache/prefix_queries = 22130
                    /metrics/cache/hit_rate = 19824 / 22130
                    /metrics/models/0/name = "Qwen/Qwen3-8B"
                    /cache_metrics/config/0/gpu_memory_utilization = 0.8
                    /cache_metrics/config/0/kv_cache_size_tokens = absent
                    /cache_metrics/external_prefix_cache/queries = 2306
                    /cache_metrics/external_prefix_cache/hits = 0
                    /cache_metrics/prompt_tokens_by_source/local_compute = 2306
                    /request_parameters/prefill_kv_computed_tokens/sum = 2306
                    """),
            new Reading("kubeai-v0-2024-08", """
                    /metrics/load/requests_running = 3
                    /metrics/load/requests_waiting = 2.0 + 3.0
                    /metrics/load/requests_swapped = 0
                    /metrics/requests/succeeded = 6
                    /metrics/requests/failed = absent
                    /metrics/requests/aborted = absent
                    /metrics/tokens/prompt = 90
                    /metrics/tokens/generated = 2546
                    /metrics/latency/time_to_first_token_seconds/count = 9
                    /metrics/latency/inter_token_seconds/count = 2537
                    /metrics/latency/inter_token_seconds/sum = 98.35070300102234
                    /metrics/latency/per_output_token_seconds = absent
                    /metrics/latency/queue_seconds = absent
                    /metrics/cache/kv_usage = 0.0026235242675994863
                    /metrics/cache/kv_blocks = 4574
                    /metrics/cache/kv_capacity_tokens = 73184
                    /metrics/cache/hit_rate = absent
                    /metrics/models/0/name = "neuralmagic/Meta-Llama-3.1-8B-Instruct-FP8"
                    /metrics/models/1/name = "other/OTHER"
                    /by_model/other~1OTHER/load/requests_waiting = 3
                    /by_model/other~1OTHER/load/requests_running = absent
                    /by_model/neuralmagic~1Meta-Llama-3.1-8B-Instruct-FP8/load/requests_waiting = 2
                    /request_metrics/success_total = 6
                    /request_metrics/failure_total = absent
                    /request_metrics/time_per_output_token_seconds/count = 2537
                    /throughput_metrics/tokens_per_second = 34.30352890481867
                    /legacy_metrics/prompt_tokens_per_second = 1.294472788861082
                    /legacy_metrics/cpu_cache_usage_perc = 0
                    /request_parameters/best_of/count = 6
                    /cache_metrics/config/0/num_cpu_blocks = 2048
                    /cache_metrics/config/0/enable_prefix_caching = false
                    """),
            new Reading("aibrix-docs-v0-2025-01", """
                    /metrics/load/requests_running = 0
                    /metrics/load/requests_waiting = 0
                    /metrics/load/requests_swapped = 0
                    /metrics/requests/succeeded = 4
                    /metrics/requests/by_reason/stop = 4
                    /metrics/tokens/prompt = 148
                    /metrics/tokens/generated = 955
                    /metrics/cache/kv_usage = 0
                    /metrics/cache/kv_blocks = 81767
                    /metrics/cache/kv_capacity_tokens = 1308272
                    /metrics/cache/hit_rate = absent
                    /provenance/cache.hit_rate/note = "prefix caching is off"
                    /metrics/adapters/max_lora = 0
                    /metrics/adapters/running_adapters = []
                    /metrics/adapters/waiting_adapters = []
                    /scheduler_metrics/iteration_tokens/sum = 1103
                    /scheduler_metrics/iteration_tokens/count = absent
                    /scheduler_metrics/iteration_tokens/p50 = absent
                    /legacy_metrics/gpu_prefix_cache_hit_rate = -1
                    """),
            new Reading("excerpt-datadog-ray-v0-2024-12", """
                    /metrics/load/requests_running = 0
                    /metrics/load/requests_waiting = 0
                    /metrics/load/requests_swapped = 0
                    /metrics/requests = absent
                    /metrics/tokens/prompt = 58
                    /metrics/tokens/generated = 300
                    /metrics/latency/inter_token_seconds/count = 299
                    /metrics/latency/inter_token_seconds/sum = 16.178537607192993
                    /metrics/cache/kv_usage = 5.882698982295764e-05
                    /metrics/cache/hit_rate = absent
                    /metrics/models/0/name = "neuralmagic/Meta-Llama-3.1-70B-Instruct-FP8"
                    /provenance/load.requests_running/family = "ray_vllm:num_requests_running"
                    /throughput_metrics/tokens_per_second = 17.757425910245555
                    /legacy_metrics/cpu_cache_usage_perc = 0.00015260186174270718
                    /request_metrics/success_total = absent
                    """),
            new Reading("excerpt-gaie-issue2950-dp", """
                    /metrics/load/requests_running = 0
                    /metrics/load/requests_waiting = absent
                    /metrics/requests = absent
                    /provenance/load.requests_running/series = 2
                    /metrics/models/0/name = "deepseek-v4-flash-w8a8-mtp"
                    /by_rank/0/load/requests_running = 0
                    /by_rank/1/load/requests_running = 0
                    """),
            new Reading("excerpt-triton-vllm-backend-readme", """
                    /metrics/load = absent
                    /metrics/tokens/prompt = 10
                    /metrics/tokens/generated = 16
                    /metrics/latency/time_to_first_token_seconds/count = 1
                    /metrics/latency/time_to_first_token_seconds/sum = 0.03233122825622559
                    /metrics/latency/inter_token_seconds/count = 15
                    /metrics/latency/inter_token_seconds/sum = 0.04501533508300781
                    /metrics/latency/end_to_end_seconds/sum = 0.08686184883117676
                    /metrics/size/prompt_tokens/sum = 10
                    /metrics/size/generated_tokens/sum = 16
                    /metrics/models/0/name = "vllm_model"
                    /request_parameters/n/sum = 1
                    /by_model = absent
                    /by_rank = absent
                    """),
            new Reading("excerpt-vllm-pr13303-lora", """
                    /metrics/load = absent
                    /metrics/adapters/max_lora = 1
                    /metrics/adapters/running_adapters = ["test-lora"]
                    /metrics/adapters/waiting_adapters = []
                    /lora_metrics/changed_at = 1.7395575723949368e+09
                    """),
            new Reading("excerpt-vllm-pr28792-pid-label", """
                    /metrics/cache/kv_usage = 0.6530455880475035
                    /gpu_metrics/cache_usage_perc = 0.6530455880475035
                    /provenance/cache.kv_usage/series = 8
                    /by_rank = absent
                    """),
            new Reading("excerpt-vllm-v0.30.0-cpu", """
                    /metrics/load/requests_running = 0
                    /metrics/load/requests_waiting = 0
                    /metrics/load/asleep = false
                    /metrics/requests/succeeded = 2
                    /metrics/requests/failed = absent
                    /metrics/requests/aborted = absent
                    /metrics/tokens/prompt = 8
                    /metrics/tokens/generated = 32
                    /metrics/cache/kv_usage = 0
                    /metrics/cache/prefix_queries = 8
                    /metrics/cache/prefix_hits = absent
                    /metrics/cache/hit_rate = absent
                    /compute_metrics/estimated_flops_per_gpu = 0
                    """));

    @ParameterizedTest
    @MethodSource("readings")
    void givesWhatAPersonReadsOffThePage(Reading reading) {
        GoldenPage page = GoldenPage.read(SharedFolder.pages("vllm").resolve(reading.page() + ".prom"));
        Readings.requireAll(Readings.read(page, Readings.NOVEMBER_2026), reading.values());
    }

    @Test
    void knowsEveryPageOfTheFolder() {
        Path folder = SharedFolder.pages("vllm");
        assertThat(GoldenPage.inFolder(folder).map(GoldenPage::name))
                .containsExactlyInAnyOrderElementsOf(
                        READINGS.stream().map(Reading::page).toList());
    }

    @Test
    void readsTheBarePageOfOlderDocuments() {
        requireDocument("vllm-bare-as-documented", """
                /request_metrics/success_total = 150
                /request_metrics/failure_total = 5
                /request_metrics/time_to_first_token_seconds/kind = "value"
                /request_metrics/time_to_first_token_seconds/mean = 0.025
                /request_metrics/time_to_first_token_seconds/count = absent
                /request_metrics/time_to_first_token_seconds/p50 = absent
                /request_metrics/time_per_output_token_seconds/mean = 0.010
                /request_metrics/e2e_latency_seconds/mean = 1.5
                /gpu_metrics/cache_usage_perc = 75.5
                /gpu_metrics/memory_usage_bytes = 8589934592
                /gpu_metrics/num_requests_running = 3
                /gpu_metrics/num_requests_waiting = 2
                /throughput_metrics/prompt_tokens_total = 15000
                /throughput_metrics/generation_tokens_total = 30000
                /metrics/cache/kv_usage = absent
                /provenance/cache.kv_usage/note = "out of range 0..1"
                /metrics/requests/succeeded = 150
                /metrics/requests/failed = 5
                /metrics/requests/aborted = absent
                /metrics/requests/by_reason = absent
                /metrics/memory/vram_bytes = 8589934592
                """);
    }

    @Test
    void readsTheQuantilesOfOlderDocuments() {
        requireDocument("vllm-quantiles-as-documented", """
                /request_metrics/success_total = 150
                /request_metrics/time_to_first_token_seconds/kind = "summary"
                /request_metrics/time_to_first_token_seconds/p50 = 0.025
                /request_metrics/time_to_first_token_seconds/quantiles/0.5 = 0.025
                /request_metrics/time_to_first_token_seconds/quantiles/0.95 = 0.050
                /request_metrics/time_to_first_token_seconds/count = absent
                /gpu_metrics/cache_usage_perc = 75.5
                /metrics/requests/succeeded = 150
                /metrics/models/0/name = "llama-2-7b"
                /metrics/models/1 = absent
                /by_model = absent
                """);
    }

    @Test
    void keepsAllSamplesOfOlderDocuments() {
        GoldenPage page = GoldenPage.read(SharedFolder.pages("documents").resolve("vllm-quantiles-as-documented.prom"))
                .withRawMetrics();
        List<String> names = Objects.requireNonNull(
                        page.readBy(new VllmBackend()).rawMetrics())
                .stream()
                .map(MetricSample::name)
                .toList();
        assertThat(names).hasSize(4).allMatch(name -> name.startsWith("vllm:"));
        assertThat(names).filteredOn(name -> name.startsWith("vllm:time")).hasSize(2);
    }

    static Stream<Reading> readings() {
        return READINGS.stream();
    }

    private static void requireDocument(String name, String values) {
        GoldenPage page = GoldenPage.read(SharedFolder.pages("documents").resolve(name + ".prom"));
        Readings.requireAll(Readings.read(page, Readings.NOVEMBER_2026), values);
    }
}
