package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;

/** What llama.cpp tells: a dozen numbers without labels, more comment than data. */
final class LlamaCpp {
    private LlamaCpp() {}

    static List<Family> families() {
        List<Family> families = new ArrayList<>();
        add(families, "prompt_tokens_total", "counter", "Number of prompt tokens processed.", Series.counter(900));
        add(families, "prompt_tokens_cached_total", "counter", "Number of prompt tokens reused.", Series.counter(500));
        add(families, "prompt_seconds_total", "counter", "Prompt process time", Series.seconds(2));
        add(families, "tokens_predicted_total", "counter", "Number of generation tokens.", Series.counter(900));
        add(families, "tokens_predicted_seconds_total", "counter", "Predict process time", Series.seconds(3));
        add(families, "n_decode_total", "counter", "Total number of calls to decode", Series.counter(300));
        add(families, "n_tokens_max", "counter", "Largest observed number of tokens.", Series.still(4096));
        add(families, "n_busy_slots_per_decode", "gauge", "Average number of busy slots", Series.gauge(4, 0.01));
        add(
                families,
                "prompt_tokens_seconds",
                "gauge",
                "Average prompt throughput in tokens/s.",
                Series.gauge(900, 0.1));
        add(families, "predicted_tokens_seconds", "gauge", "Average generation throughput.", Series.gauge(90, 0.1));
        add(families, "requests_processing", "gauge", "Number of requests processing.", Series.gauge(8, 1));
        add(families, "requests_deferred", "gauge", "Number of requests deferred.", Series.gauge(8, 1));
        return families;
    }

    private static void add(List<Family> families, String name, String type, String help, Series series) {
        families.add(new Family("llamacpp:" + name, type, help).with(series));
    }
}
