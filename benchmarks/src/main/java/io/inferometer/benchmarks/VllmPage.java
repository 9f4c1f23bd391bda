package io.inferometer.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Pages like those of vLLM with two engines, about 95 kB each: successive scrapes of one process whose counters move.
 *
 * <p>Generated, and the same in every run. What a page holds is known here too, so that a test can check what a
 * benchmark computed. Not thread-safe.
 */
final class VllmPage {
    private static final String[] GAUGES = {
        "vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc", "vllm:engine_sleep_state"
    };
    private static final String[] COUNTERS = {
        "vllm:prompt_tokens",
        "vllm:generation_tokens",
        "vllm:num_preemptions",
        "vllm:prefix_cache_queries",
        "vllm:prefix_cache_hits",
        "vllm:external_prefix_cache_queries",
        "vllm:external_prefix_cache_hits",
        "vllm:mm_cache_queries",
        "vllm:mm_cache_hits"
    };
    private static final String[] REASONS = {"stop", "length", "abort", "error", "repetition"};
    private static final String[] SECONDS = {
        "vllm:time_to_first_token_seconds",
        "vllm:kv_block_lifetime_seconds",
        "vllm:kv_block_idle_before_evict_seconds",
        "vllm:inter_token_latency_seconds",
        "vllm:e2e_request_latency_seconds",
        "vllm:request_queue_time_seconds",
        "vllm:request_inference_time_seconds",
        "vllm:request_prefill_time_seconds",
        "vllm:request_decode_time_seconds",
        "vllm:request_time_per_output_token_seconds"
    };
    private static final String[] TOKENS = {
        "vllm:iteration_tokens_total", "vllm:request_prompt_tokens", "vllm:request_generation_tokens",
        "vllm:request_max_num_generation_tokens", "vllm:request_params_n", "vllm:request_params_max_tokens"
    };
    private static final double[] SECOND_BOUNDS = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0, 80.0,
        160.0, 640.0, 1920.0, 7680.0
    };
    private static final double[] TOKEN_BOUNDS = {
        1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0, 50000.0,
        100000.0
    };
    private static final int ENGINES = 2;

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final int requests;
    private int samples;
    private double sum;

    private VllmPage(int scrape) {
        random = new Random(scrape);
        requests = 1_000 + 137 * scrape;
        write();
    }

    /** {@code count} successive scrapes. */
    static List<VllmPage> scrapes(int count) {
        List<VllmPage> pages = new ArrayList<>();
        for (int scrape = 0; scrape < count; scrape++) {
            pages.add(new VllmPage(scrape));
        }
        return pages;
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    int samples() {
        return samples;
    }

    /** The sum of all finite values. */
    double sum() {
        return sum;
    }

    private void write() {
        sample("process_start_time_seconds", "", 1.76310942301e9);
        sample("process_resident_memory_bytes", "", 1.0e9 + requests * 4096);
        for (String name : GAUGES) {
            head(name, "gauge");
            forEachEngine(engine -> sample(name, labels(engine, ""), random.nextInt(200) / 8.0));
        }
        for (String name : COUNTERS) {
            head(name, "counter");
            forEachEngine(engine -> sample(name + "_total", labels(engine, ""), requests * (100 + random.nextInt(50))));
        }
        writeSuccesses();
        for (String name : SECONDS) {
            histogram(name, SECOND_BOUNDS);
        }
        for (String name : TOKENS) {
            histogram(name, TOKEN_BOUNDS);
        }
    }

    private void writeSuccesses() {
        head("vllm:request_success", "counter");
        forEachEngine(engine -> {
            for (String reason : REASONS) {
                sample(
                        "vllm:request_success_total",
                        labels(engine, "finished_reason=\"" + reason + "\","),
                        random.nextInt(1000));
            }
        });
    }

    private void histogram(String name, double[] bounds) {
        head(name, "histogram");
        forEachEngine(engine -> {
            int count = 0;
            for (double bound : bounds) {
                count += random.nextInt(requests / bounds.length);
                sample(name + "_bucket", labels(engine, "le=\"" + bound + "\","), count);
            }
            count += random.nextInt(10);
            sample(name + "_bucket", labels(engine, "le=\"+Inf\","), count);
            sample(name + "_count", labels(engine, ""), count);
            sample(name + "_sum", labels(engine, ""), count * random.nextDouble());
        });
    }

    private void forEachEngine(IntConsumer work) {
        for (int engine = 0; engine < ENGINES; engine++) {
            work.accept(engine);
        }
    }

    private void head(String name, String type) {
        text.append("# HELP ")
                .append(name)
                .append(" What the engine has to say about ")
                .append(name)
                .append(".\n");
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, String labels, double value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
        samples++;
        sum += value;
    }

    private static String labels(int engine, String more) {
        return "{engine=\"" + engine + "\"," + more + "model_name=\"meta-llama/Llama-3.1-8B-Instruct\"}";
    }
}
