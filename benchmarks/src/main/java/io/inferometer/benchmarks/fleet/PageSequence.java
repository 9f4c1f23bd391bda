package io.inferometer.benchmarks.fleet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Successive pages of one vLLM server with two data-parallel ranks, about 100 kB each, as it writes them under load.
 *
 * <p>From page to page half of the samples change: of each histogram the upper buckets, sum and count, and the gauges and
 * counters of the load. Everything that counts grows or stays. The same in every run. Immutable.
 */
final class PageSequence {
    private static final String MODEL = "meta-llama/Llama-3.1-70B-Instruct";
    private static final int RANKS = 2;
    private static final String[] SECONDS = bounds(
            0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
            2560);
    private static final String[] TOKENS = bounds(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000);
    private static final String[] IN_SECONDS = {
        "vllm:time_to_first_token_seconds",
        "vllm:inter_token_latency_seconds",
        "vllm:request_time_per_output_token_seconds",
        "vllm:e2e_request_latency_seconds",
        "vllm:request_queue_time_seconds",
        "vllm:request_inference_time_seconds",
        "vllm:request_prefill_time_seconds",
        "vllm:request_decode_time_seconds"
    };
    private static final String[] IN_TOKENS = {
        "vllm:iteration_tokens_total",
        "vllm:request_prompt_tokens",
        "vllm:request_generation_tokens",
        "vllm:request_max_num_generation_tokens",
        "vllm:request_params_max_tokens",
        "vllm:request_params_n",
        "vllm:request_prefill_kv_computed_tokens"
    };
    private static final String[] BUSY_COUNTERS = {
        "vllm:prompt_tokens", "vllm:generation_tokens", "vllm:prefix_cache_queries", "vllm:prefix_cache_hits"
    };
    private static final String[] QUIET_COUNTERS = {
        "vllm:external_prefix_cache_queries",
        "vllm:external_prefix_cache_hits",
        "vllm:mm_cache_queries",
        "vllm:mm_cache_hits",
        "vllm:num_preemptions",
        "vllm:prompt_tokens_cached",
        "vllm:estimated_flops_per_gpu",
        "vllm:estimated_read_bytes_per_gpu",
        "vllm:estimated_write_bytes_per_gpu"
    };

    /** One line: fixed text, and for a sample a value that grows by a step from page to page, or goes round. */
    private record Line(String text, double first, double step, int round) {
        boolean isSample() {
            return !text.startsWith("#");
        }

        void write(int version, StringBuilder page) {
            page.append(text);
            if (isSample()) {
                double value = first + step * (round == 0 ? version : version % round);
                page.append(' ').append(value);
            }
            page.append('\n');
        }
    }

    private final List<Line> lines = new ArrayList<>();

    PageSequence() {
        steady("process_start_time_seconds", 1.76310942301e9);
        moving("process_resident_memory_bytes", 3.1e9, 4096);
        writeLoad();
        writeCounters();
        for (String family : IN_SECONDS) {
            histogram(family, SECONDS);
        }
        for (String family : IN_TOKENS) {
            histogram(family, TOKENS);
        }
        writeFrontEnd();
    }

    /** The page that comes after {@code version} others. */
    byte[] page(int version) {
        StringBuilder page = new StringBuilder(110_000);
        lines.forEach(line -> line.write(version, page));
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Samples on each page. */
    int samples() {
        return (int) lines.stream().filter(Line::isSample).count();
    }

    /** Samples whose value differs from page to page. */
    int changing() {
        return (int)
                lines.stream().filter(line -> line.isSample() && line.step != 0).count();
    }

    private void writeLoad() {
        gauge("vllm:num_requests_running", 64, 1, 60);
        gauge("vllm:num_requests_waiting", 0, 1, 7);
        head("vllm:num_requests_waiting_by_reason", "gauge");
        for (int rank = 0; rank < RANKS; rank++) {
            around("vllm:num_requests_waiting_by_reason" + labels(rank, "reason=\"capacity\""), 0, 1, 7);
            steady("vllm:num_requests_waiting_by_reason" + labels(rank, "reason=\"deferred\""), 0);
        }
        gauge("vllm:kv_cache_usage_perc", 0.25, 0.0123456789, 50);
        head("vllm:engine_sleep_state", "gauge");
        for (int rank = 0; rank < RANKS; rank++) {
            steady("vllm:engine_sleep_state" + labels(rank, "sleep_state=\"awake\""), 1);
            steady("vllm:engine_sleep_state" + labels(rank, "sleep_state=\"weights_offloaded\""), 0);
            steady("vllm:engine_sleep_state" + labels(rank, "sleep_state=\"discard_all\""), 0);
        }
        head("vllm:cache_config_info", "gauge");
        for (int rank = 0; rank < RANKS; rank++) {
            steady(
                    ("vllm:cache_config_info{block_size=\"16\",cache_dtype=\"auto\",enable_prefix_caching=\"True\",engine=\"%d\","
                                    + "gpu_memory_utilization=\"0.92\",is_attention_free=\"False\",kv_cache_size_tokens=\"464896\","
                                    + "num_cpu_blocks=\"None\",num_gpu_blocks=\"29056\",prefix_caching_hash_algo=\"sha256\","
                                    + "sliding_window=\"None\"}")
                            .formatted(rank),
                    1);
        }
    }

    private void writeCounters() {
        for (String family : BUSY_COUNTERS) {
            head(family + "_total", "counter");
            for (int rank = 0; rank < RANKS; rank++) {
                moving(family + "_total" + labels(rank, ""), 1_234_567 + 10_000 * rank, 137 + rank);
            }
        }
        for (String family : QUIET_COUNTERS) {
            head(family + "_total", "counter");
            for (int rank = 0; rank < RANKS; rank++) {
                steady(family + "_total" + labels(rank, ""), 0);
            }
        }
        head("vllm:request_success_total", "counter");
        for (int rank = 0; rank < RANKS; rank++) {
            for (String reason : List.of("stop", "length", "abort", "error", "repetition")) {
                String name = "vllm:request_success_total" + labels(rank, "finished_reason=\"" + reason + "\"");
                if (reason.equals("stop")) {
                    moving(name, 51_234, 3);
                } else {
                    steady(name, 17);
                }
            }
        }
    }

    private void writeFrontEnd() {
        head("http_requests_total", "counter");
        for (String handler : List.of("/v1/chat/completions", "/v1/completions", "/metrics", "/health", "/v1/models")) {
            String name = "http_requests_total{handler=\"%s\",method=\"POST\",status=\"2xx\"}".formatted(handler);
            moving(name, 5_000, 1);
        }
        head("http_request_duration_highr_seconds", "histogram");
        buckets("http_request_duration_highr_seconds", "{le=\"%s\"}", SECONDS);
    }

    private void histogram(String family, String[] bounds) {
        head(family, "histogram");
        for (int rank = 0; rank < RANKS; rank++) {
            buckets(family, labels(rank, "le=\"%s\""), bounds);
            moving(family + "_count" + labels(rank, ""), 60_000, 3);
            moving(family + "_sum" + labels(rank, ""), 12_345.678, 1.2345678);
        }
    }

    /** Cumulative: what falls into a bucket is counted in all above it, so the upper ones move and the lower rest. */
    private void buckets(String family, String labels, String[] bounds) {
        int resting = bounds.length / 2 + 2;
        for (int i = 0; i <= bounds.length; i++) {
            String bound = i == bounds.length ? "+Inf" : bounds[i];
            double observed = 60_000.0 * (i + 1) / (bounds.length + 1);
            String name = family + "_bucket" + labels.replace("%s", bound);
            if (i < resting) {
                steady(name, Math.floor(observed));
            } else {
                moving(name, Math.floor(observed), 3.0 * (i + 1) / (bounds.length + 1) >= 2.5 ? 3 : 2);
            }
        }
    }

    private void gauge(String family, double first, double step, int round) {
        head(family, "gauge");
        for (int rank = 0; rank < RANKS; rank++) {
            around(family + labels(rank, ""), first, step, round);
        }
    }

    private void head(String family, String type) {
        line("# HELP " + family + " What the engine has to say about " + family.replace('_', ' ') + ".", 0, 0, 0);
        line("# TYPE " + family + " " + type, 0, 0, 0);
    }

    private void steady(String series, double value) {
        line(series, value, 0, 0);
    }

    private void moving(String series, double first, double step) {
        line(series, first, step, 0);
    }

    private void around(String series, double first, double step, int round) {
        line(series, first, step, round);
    }

    private void line(String text, double first, double step, int round) {
        lines.add(new Line(text, first, step, round));
    }

    private static String labels(int rank, String more) {
        return "{engine=\"%d\",%smodel_name=\"%s\"}"
                .formatted(rank, more.isEmpty() ? "" : more.replace("%", "%%") + ",", MODEL)
                .replace("%%", "%");
    }

    private static String[] bounds(double... bounds) {
        String[] texts = new String[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            texts[i] = String.format(Locale.ROOT, "%s", bounds[i]);
        }
        return texts;
    }
}
