package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;

/** What SGLang tells: many labels per series. */
final class Sglang {
    private static final double[] LATENCIES = {
        0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 200.0, 400.0, 600.0,
        1200.0, 1800.0, 2400.0
    };
    private static final double[] TOKENS = {
        100.0, 300.0, 500.0, 700.0, 1000.0, 1500.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 7000.0, 8000.0, 9000.0,
        10000.0, 12000.0, 15000.0, 20000.0, 22000.0, 25000.0, 30000.0, 35000.0, 40000.0, 66000.0, 99000.0, 132000.0,
        300000.0, 600000.0, 900000.0, 1100000.0
    };
    private static final String UNIFIED = "engine_type=\"unified\"";
    private static final String MODEL = "model_name=\"Qwen/Qwen3-32B\"";
    private static final String[] RANKS = {UNIFIED, MODEL, "moe_ep_rank=\"0\"", "pp_rank=\"0\"", "tp_rank=\"0\""};

    private Sglang() {}

    static List<Family> families() {
        List<Family> families = new ArrayList<>();
        addHttp(families);
        for (String name : List.of("num_running_reqs", "num_queue_reqs", "num_grammar_queue_reqs", "num_used_tokens")) {
            families.add(
                    new Family("sglang:" + name, "gauge", "Read from the scheduler.").with(Series.gauge(64, 1), RANKS));
        }
        for (String name : List.of("token_usage", "swa_token_usage", "cache_hit_rate", "utilization")) {
            families.add(new Family("sglang:" + name, "gauge", "A share of one.").with(Series.gauge(1, 0.01), RANKS));
        }
        for (String name :
                List.of("gen_throughput", "spec_accept_length", "weight_memory_usage_gb", "engine_startup_time")) {
            families.add(new Family("sglang:" + name, "gauge", "Told now and then.").with(Series.still(0.25), RANKS));
        }
        for (String name : List.of("prompt_tokens", "generation_tokens", "num_requests", "cached_tokens")) {
            families.add(
                    streaming(new Family("sglang:" + name + "_total", "counter", "Number so far."), new double[0], 0));
        }
        addStages(families);
        for (String name : List.of("time_to_first_token", "e2e_request_latency", "request_time_per_output_token")) {
            families.add(streaming(histogram(name + "_seconds", "Histogram of it in seconds."), LATENCIES, 0.4));
        }
        families.add(streaming(histogram("inter_token_latency_seconds", "Time between tokens."), LATENCIES, 0.2));
        families.add(
                histogram("queue_time_seconds", "Time in the queue.").with(new Histogram(LATENCIES, 0.2, 12), RANKS));
        for (String name : List.of("prompt_tokens", "uncached_prompt_tokens", "generation_tokens")) {
            families.add(histogram(name + "_histogram", "Histogram of token lengths.")
                    .with(new Histogram(TOKENS, 0.3, 12), UNIFIED, MODEL));
        }
        return families;
    }

    private static void addHttp(List<Family> families) {
        Family requests = new Family("sglang:http_requests_total", "counter", "HTTP requests by endpoint and method");
        Family responses = new Family("sglang:http_responses_total", "counter", "HTTP responses by status code");
        for (String path :
                List.of("health", "generate", "metrics", "v1/chat/completions", "v1/completions", "v1/loads")) {
            String endpoint = "endpoint=\"/" + path + '"';
            String method = path.startsWith("v1/c") ? "method=\"POST\"" : "method=\"GET\"";
            requests.with(path.startsWith("v1/c") ? Series.counter(9) : Series.still(3), endpoint, method);
            responses.with(Series.counter(9), endpoint, method, "status_code=\"200\"");
        }
        families.add(requests);
        families.add(responses);
    }

    private static void addStages(List<Family> families) {
        Family stages = histogram("per_stage_req_latency_seconds", "Latency of each stage of a request.");
        for (String stage : List.of("request_process", "prefill_forward", "decode_forward", "tokenize", "detokenize")) {
            stages.with(
                    new Histogram(LATENCIES, 0.4, 12),
                    UNIFIED,
                    MODEL,
                    "moe_ep_rank=\"0\"",
                    "pp_rank=\"0\"",
                    "stage=\"" + stage + '"',
                    "tp_rank=\"0\"");
        }
        families.add(stages);
    }

    private static Family histogram(String name, String help) {
        return new Family("sglang:" + name, "histogram", help);
    }

    private static Family streaming(Family family, double[] bounds, double middle) {
        for (String streaming : List.of("false", "true")) {
            Series series = bounds.length == 0 ? Series.counter(900) : new Histogram(bounds, middle, 12);
            family.with(series, UNIFIED, "is_streaming=\"" + streaming + '"', MODEL);
        }
        return family;
    }
}
