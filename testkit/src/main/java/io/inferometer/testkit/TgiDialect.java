package io.inferometer.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import okhttp3.HttpUrl;

/**
 * TGI 3.3: Rust's exporter. No {@code _total}, whole numbers without a dot, an empty line after each family, families in
 * another order at each scrape, no family before its first event, so a fresh page has 0 bytes.
 *
 * <p>Ranks are added up: the real one knows none. Tokens move when a request ends.
 */
final class TgiDialect implements Dialect {
    private static final String CONTENT_TYPE = "text/plain; charset=utf-8";
    private static final int INPUT_TOKENS_MAX = 4096;
    private static final int TOTAL_TOKENS_MAX = 8192;
    private static final double[] DURATIONS = Bounds.growing(0.0001 * 1.5, 1.5, 35);
    private static final Bounds BOUNDS = new Bounds(
            DURATIONS,
            DURATIONS,
            DURATIONS,
            Bounds.even(INPUT_TOKENS_MAX / 100.0, 100),
            Bounds.even(TOTAL_TOKENS_MAX / 100.0, 100));

    private final Random order = new Random(7);

    @Override
    public String model() {
        return "mistralai/Mistral-7B-Instruct-v0.3";
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public Answer answer(HttpUrl url, Simulation simulation) {
        return switch (url.encodedPath()) {
            case "/metrics" -> Answer.page(CONTENT_TYPE, page(simulation));
            case "/info" -> Answer.json(info(simulation));
            case "/health", "/ping" -> Answer.text(200, CONTENT_TYPE, "");
            default -> Answer.text(404, CONTENT_TYPE, "");
        };
    }

    private byte[] page(Simulation simulation) {
        List<String> families = new ArrayList<>();
        Ledger ledger = simulation.ledger();
        if (ledger.submitted() > 0) {
            addCounters(ledger, simulation, families);
            addGauges(ledger, simulation, families);
            addHistograms(simulation, families);
        }
        Collections.shuffle(families, order);
        return String.join("", families).getBytes(StandardCharsets.UTF_8);
    }

    private static void addCounters(Ledger ledger, Simulation simulation, List<String> families) {
        families.add(family("tgi_request_count", "Requests", "counter")
                .sample("tgi_request_count", Tags.NONE, ledger.submitted())
                .blankLine()
                .toString());
        if (ledger.succeeded() > 0) {
            families.add(family("tgi_request_success", "Requests that succeeded", "counter")
                    .sample("tgi_request_success", Tags.NONE, ledger.succeeded())
                    .blankLine()
                    .toString());
        }
        addFailures(ledger, families);
        addCalls("tgi_batch_inference_count", simulation, families);
        addCalls("tgi_batch_inference_success", simulation, families);
    }

    /** Never described, so without HELP; a reason appears with its first failure. */
    private static void addFailures(Ledger ledger, List<String> families) {
        if (ledger.failed() + ledger.aborted() == 0) {
            return;
        }
        PageText text = new PageText(NumberForm.RUST).type("tgi_request_failure", "counter");
        if (ledger.failed() > 0) {
            text.sample("tgi_request_failure", Tags.of("err", "generation"), ledger.failed());
        }
        if (ledger.aborted() > 0) {
            text.sample("tgi_request_failure", Tags.of("err", "dropped"), ledger.aborted());
        }
        families.add(text.blankLine().toString());
    }

    private static void addCalls(String name, Simulation simulation, List<String> families) {
        long prefills = simulation.sum(FakeRank::prefills);
        if (prefills > 0) {
            families.add(family(name, "Calls by method", "counter")
                    .sample(name, Tags.of("method", "decode"), simulation.sum(FakeRank::steps))
                    .sample(name, Tags.of("method", "prefill"), prefills)
                    .blankLine()
                    .toString());
        }
    }

    private static void addGauges(Ledger ledger, Simulation simulation, List<String> families) {
        addGauge("tgi_queue_size", ledger.waiting(), families);
        addGauge("tgi_batch_current_size", ledger.running(), families);
        addGauge("tgi_batch_current_max_tokens", simulation.sum(FakeRank::tokensReserved), families);
    }

    private static void addGauge(String name, long value, List<String> families) {
        families.add(family(name, "Now", "gauge")
                .sample(name, Tags.NONE, value)
                .blankLine()
                .toString());
    }

    private static void addHistograms(Simulation simulation, List<String> families) {
        addHistogram("tgi_request_duration", rank -> rank.endToEnd, simulation, families);
        addHistogram("tgi_request_validation_duration", rank -> rank.validation, simulation, families);
        addHistogram("tgi_request_queue_duration", rank -> rank.queue, simulation, families);
        addHistogram("tgi_request_inference_duration", rank -> rank.inference, simulation, families);
        addHistogram("tgi_request_mean_time_per_token_duration", rank -> rank.meanPerToken, simulation, families);
        addHistogram("tgi_request_input_length", rank -> rank.promptSizeAtArrival, simulation, families);
        addHistogram("tgi_request_generated_tokens", rank -> rank.generatedSize, simulation, families);
        addHistogram("tgi_request_max_new_tokens", rank -> rank.maxTokensAtArrival, simulation, families);
        addSkippedTokens(simulation, families);
    }

    private static void addHistogram(
            String name, Function<FakeRank, FakeHistogram> histogram, Simulation simulation, List<String> families) {
        FakeHistogram merged = simulation.merged(histogram);
        if (merged.count() > 0) {
            families.add(family(name, "Per request", "histogram")
                    .buckets(name, Tags.NONE, merged, false)
                    .sample(name + "_sum", Tags.NONE, merged.sum())
                    .sample(name + "_count", Tags.NONE, merged.count())
                    .blankLine()
                    .toString());
        }
    }

    /** The one summary: nobody gave it bounds. Without speculation all is 0. */
    private static void addSkippedTokens(Simulation simulation, List<String> families) {
        String name = "tgi_request_skipped_tokens";
        long tokens = simulation.ledger().generatedTokens();
        if (tokens == 0) {
            return;
        }
        PageText text = family(name, "Speculated tokens", "summary");
        for (String quantile : List.of("0", "0.5", "0.9", "0.95", "0.99", "0.999", "1")) {
            text.sample(name, Tags.of("quantile", quantile), 0);
        }
        text.sample(name + "_sum", Tags.NONE, 0).sample(name + "_count", Tags.NONE, tokens);
        families.add(text.blankLine().toString());
    }

    private static PageText family(String name, String help, String type) {
        return new PageText(NumberForm.RUST).help(name, help).type(name, type);
    }

    private static Map<String, Object> info(Simulation simulation) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("model_id", simulation.model());
        info.put("model_sha", null);
        info.put("model_pipeline_tag", "text-generation");
        info.put("max_concurrent_requests", 128);
        info.put("max_best_of", 2);
        info.put("max_stop_sequences", 4);
        info.put("max_input_tokens", INPUT_TOKENS_MAX);
        info.put("max_total_tokens", TOTAL_TOKENS_MAX);
        info.put("validation_workers", 2);
        info.put("max_client_batch_size", 4);
        info.put("router", "text-generation-router");
        info.put("version", "3.3.7");
        return info;
    }
}
