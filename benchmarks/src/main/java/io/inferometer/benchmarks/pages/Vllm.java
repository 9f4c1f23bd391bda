package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;

/** What vLLM tells: one series per data-parallel engine, ten and more buckets per histogram. */
final class Vllm {
    private static final double STARTED = 1.76310942301e9;
    private static final String MODEL = "model_name=\"meta-llama/Llama-3.1-8B-Instruct\"";
    private static final double[] SECONDS = {
        0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 120.0, 240.0, 480.0, 960.0,
        1920.0, 7680.0
    };
    private static final double[] FIRST_TOKEN = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0, 80.0,
        160.0, 640.0, 2560.0
    };
    private static final double[] PER_TOKEN = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0, 40.0, 80.0
    };
    private static final double[] TOKENS = {
        1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0, 50000.0,
        100000.0
    };
    private static final double[] STEP_TOKENS = {
        1.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0
    };
    private static final double[] CHOICES = {1.0, 2.0, 5.0, 10.0, 20.0};
    private static final double[] HIGH_RESOLUTION = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 7.5, 10.0, 30.0,
        60.0
    };
    private static final double[] LOW_RESOLUTION = {0.1, 0.5, 1.0};

    /** Where observations lie above what the families below say, so that about half of the buckets never change. */
    private static final double HIGHER = 0.22;

    private final int engines;
    private final boolean created;
    private final List<Family> families = new ArrayList<>();

    /**
     * An engine core or more behind one server.
     *
     * @param engines how many
     * @param created whether each counter and histogram says when it was made
     */
    Vllm(int engines, boolean created) {
        this.engines = engines;
        this.created = created;
    }

    List<Family> families(boolean http) {
        writeProcess();
        writeGauges();
        writeCounters();
        writeSuccesses();
        writeHistograms();
        if (http) {
            writeHttp();
        }
        return families;
    }

    private void writeProcess() {
        for (String generation : List.of("0", "1", "2")) {
            family("python_gc_objects_collected_total", "counter", "Objects collected during gc.")
                    .with(Series.counter(9), "generation=\"" + generation + '"');
        }
        family("python_info", "gauge", "Python platform information.")
                .with(
                        Series.still(1),
                        "implementation=\"CPython\"",
                        "major=\"3\"",
                        "minor=\"12\"",
                        "patchlevel=\"3\"",
                        "version=\"3.12.3\"");
        family("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.")
                .with(Series.still(3.1284838400e10));
        family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
                .with(Series.gauge(2e9, 4096));
        family("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.")
                .with(Series.still(STARTED));
        family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.")
                .with(Series.seconds(2));
    }

    private void writeGauges() {
        eachEngine(family("vllm:num_requests_running", "gauge", "Requests in the batches that are executed."), 64, 1);
        eachEngine(family("vllm:num_requests_waiting", "gauge", "Requests that wait to be executed."), 9, 1);
        eachEngine(
                family("vllm:kv_cache_usage_perc", "gauge", "Share of the KV cache in use; 1 is all."),
                1,
                0.00048828125);
        Family sleep =
                family("vllm:engine_sleep_state", "gauge", "Whether the engine is awake, and how deep it sleeps.");
        for (int engine = 0; engine < engines; engine++) {
            for (String state : List.of("awake", "weights_offloaded", "discard_all")) {
                sleep.with(
                        Series.still(state.equals("awake") ? 1 : 0),
                        engine(engine),
                        MODEL,
                        "sleep_state=\"" + state + '"');
            }
        }
    }

    private void eachEngine(Family family, double most, double step) {
        for (int engine = 0; engine < engines; engine++) {
            family.with(Series.gauge(most, step), engine(engine), MODEL);
        }
    }

    private void writeCounters() {
        counter("vllm:prefix_cache_queries", "Tokens that were looked for in the prefix cache.", 4000);
        counter("vllm:prefix_cache_hits", "Tokens that were found in the prefix cache.", 1500);
        counter("vllm:external_prefix_cache_queries", "Tokens that were looked for at another instance.", 0);
        counter("vllm:external_prefix_cache_hits", "Tokens that were found at another instance.", 0);
        counter("vllm:mm_cache_queries", "Items that were looked for in the multi-modal cache.", 0);
        counter("vllm:mm_cache_hits", "Items that were found in the multi-modal cache.", 0);
        counter("vllm:num_preemptions", "Preemptions that the engine made so far.", 0);
        counter("vllm:prompt_tokens", "Prefill tokens that were processed.", 4000);
        counter("vllm:prompt_tokens_cached", "Prompt tokens that came out of a cache.", 1500);
        counter("vllm:generation_tokens", "Generation tokens that were processed.", 3000);
    }

    private void counter(String name, String help, int pace) {
        Family family = family(name + "_total", "counter", help);
        for (int engine = 0; engine < engines; engine++) {
            family.with(pace == 0 ? Series.still(0) : Series.counter(pace), engine(engine), MODEL);
        }
        madeAt(name, help);
    }

    private void madeAt(String name, String help) {
        if (created) {
            Family family = family(name + "_created", "gauge", help);
            for (int engine = 0; engine < engines; engine++) {
                family.with(Series.still(STARTED + 4.125 + engine / 64.0), engine(engine), MODEL);
            }
        }
    }

    private void writeSuccesses() {
        Family family = family("vllm:request_success_total", "counter", "Requests that were finished well.");
        for (String reason : List.of("stop", "length", "abort", "error", "repetition")) {
            for (int engine = 0; engine < engines; engine++) {
                Series series = reason.length() > 5 ? Series.counter(20) : Series.still(0);
                family.with(series, engine(engine), "finished_reason=\"" + reason + '"', MODEL);
            }
        }
        madeAt("vllm:request_success", "Requests that were finished well.");
    }

    private void writeHistograms() {
        histogram("vllm:request_prompt_tokens", "Prefill tokens per request.", TOKENS, 0.55);
        histogram("vllm:request_generation_tokens", "Generation tokens per request.", TOKENS, 0.45);
        histogram("vllm:iteration_tokens_total", "Tokens per step of the engine.", STEP_TOKENS, 0.5);
        histogram("vllm:request_max_num_generation_tokens", "Most tokens asked for per request.", TOKENS, 0.6);
        histogram("vllm:request_params_n", "The parameter n of the requests.", CHOICES, 0.4);
        histogram("vllm:request_params_max_tokens", "The parameter max_tokens of the requests.", TOKENS, 0.6);
        histogram("vllm:time_to_first_token_seconds", "Time to the first token in seconds.", FIRST_TOKEN, 0.45);
        histogram("vllm:inter_token_latency_seconds", "Time between two tokens in seconds.", PER_TOKEN, 0.3);
        histogram("vllm:request_time_per_output_token_seconds", "Time per token and request.", PER_TOKEN, 0.3);
        histogram("vllm:e2e_request_latency_seconds", "Latency of requests, end to end, in seconds.", SECONDS, 0.55);
        histogram("vllm:request_queue_time_seconds", "Time that requests wait, in seconds.", SECONDS, 0.2);
        histogram("vllm:request_inference_time_seconds", "Time that requests run, in seconds.", SECONDS, 0.55);
        histogram("vllm:request_prefill_time_seconds", "Time that requests prefill, in seconds.", SECONDS, 0.3);
        histogram("vllm:request_decode_time_seconds", "Time that requests decode, in seconds.", SECONDS, 0.5);
        histogram("vllm:kv_block_lifetime_seconds", "Life of a block from allocation to eviction.", SECONDS, 0.6);
        if (!created) {
            histogram("vllm:kv_block_idle_before_evict_seconds", "Idle time before a block's eviction.", SECONDS, 0.6);
            histogram("vllm:kv_block_reuse_gap_seconds", "Time between two uses of a block.", SECONDS, 0.5);
        }
        histogram("vllm:request_prefill_kv_computed_tokens", "New tokens computed in prefill.", TOKENS, 0.5);
    }

    private void histogram(String name, String help, double[] bounds, double middle) {
        Family family = family(name, "histogram", help);
        for (int engine = 0; engine < engines; engine++) {
            family.with(new Histogram(bounds, middle + HIGHER, 12), engine(engine), MODEL);
        }
        madeAt(name, help);
    }

    private void writeHttp() {
        Family requests = family("http_requests_total", "counter", "Requests by method, status and handler.");
        Family sizes = family("http_request_size_bytes", "summary", "Content length of requests by handler.");
        Family responses = family("http_response_size_bytes", "summary", "Content length of responses by handler.");
        for (String handler : List.of("/v1/chat/completions", "/v1/completions", "/v1/models", "none")) {
            String label = "handler=\"" + handler + '"';
            requests.with(Series.counter(20), label, "method=\"POST\"", "status=\"2xx\"");
            for (Family family : List.of(sizes, responses)) {
                family.withSuffix("_count", Series.counter(20), label).withSuffix("_sum", Series.counter(9000), label);
            }
        }
        family("http_request_duration_highr_seconds", "histogram", "Latency with many buckets and no labels.")
                .with(new Histogram(HIGH_RESOLUTION, 0.5, 40));
        Family durations = family("http_request_duration_seconds", "histogram", "Latency by handler, few buckets.");
        for (String handler : List.of("/v1/chat/completions", "/v1/completions", "/v1/models", "none")) {
            durations.with(new Histogram(LOW_RESOLUTION, 0.5, 10), "handler=\"" + handler + '"', "method=\"POST\"");
        }
    }

    private Family family(String name, String type, String help) {
        for (Family family : families) {
            if (family.name.equals(name)) {
                return family;
            }
        }
        Family family = new Family(name, type, help);
        families.add(family);
        return family;
    }

    private static String engine(int engine) {
        return "engine=\"" + engine + '"';
    }
}
