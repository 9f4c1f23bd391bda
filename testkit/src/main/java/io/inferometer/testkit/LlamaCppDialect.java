package io.inferometer.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp's server, build 10434: a C++ stream with six significant digits, no labels, no histogram.
 *
 * <p>Generated tokens move when a request ends; the two throughput gauges are those since the last scrape, which resets
 * them. Ranks are added up: the real one knows none.
 */
final class LlamaCppDialect implements Dialect {
    private static final String PAGE_TYPE = "text/plain; version=0.0.4";
    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final int SLOT_TOKENS = 4096;
    private static final double SECONDS_PER_TOKEN = 0.02;
    private static final double PREFILL_SECONDS_PER_TOKEN = 0.0005;

    private long promptTokensAtLastScrape;
    private long generatedTokensAtLastScrape;

    @Override
    public String model() {
        return "smollm2-135m";
    }

    @Override
    public Bounds bounds() {
        return Bounds.none();
    }

    @Override
    public Answer answer(HttpUrl url, Simulation simulation) {
        return switch (url.encodedPath()) {
            case "/metrics" -> Answer.page(PAGE_TYPE, page(simulation)).inChunks();
            case "/slots" -> Answer.json(200, JSON_TYPE, slots(simulation));
            case "/props" -> Answer.json(200, JSON_TYPE, props(simulation));
            case "/health", "/v1/health" -> Answer.json(200, JSON_TYPE, Map.of("status", "ok"));
            default -> error(404, "File Not Found", "not_found_error");
        };
    }

    @Override
    public Answer unauthorized() {
        return error(401, "Invalid API Key", "authentication_error");
    }

    private static Answer error(int status, String message, String type) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", status);
        error.put("message", message);
        error.put("type", type);
        return Answer.json(status, JSON_TYPE, Map.of("error", error));
    }

    private byte[] page(Simulation simulation) {
        Ledger ledger = simulation.ledger();
        long prompt = simulation.sum(FakeRank::uncachedTokens);
        long generated = ledger.endedGeneratedTokens();
        long steps = simulation.sum(FakeRank::steps);
        PageText page = new PageText(NumberForm.CPP);
        add(page, "prompt_tokens_total", "counter", prompt);
        add(page, "prompt_tokens_cached_total", "counter", simulation.sum(FakeRank::cachedTokensAtStart));
        add(page, "prompt_seconds_total", "counter", prompt * PREFILL_SECONDS_PER_TOKEN);
        add(page, "tokens_predicted_total", "counter", generated);
        add(page, "tokens_predicted_seconds_total", "counter", generated * SECONDS_PER_TOKEN);
        add(page, "n_decode_total", "counter", steps);
        add(page, "n_tokens_max", "counter", longestSequence(simulation));
        add(
                page,
                "prompt_tokens_seconds",
                "gauge",
                prompt > promptTokensAtLastScrape ? 1 / PREFILL_SECONDS_PER_TOKEN : 0);
        add(
                page,
                "predicted_tokens_seconds",
                "gauge",
                generated > generatedTokensAtLastScrape ? 1 / SECONDS_PER_TOKEN : 0);
        add(page, "requests_processing", "gauge", ledger.running());
        add(page, "requests_deferred", "gauge", ledger.waiting());
        double busy = steps == 0 ? 0 : (double) simulation.sum(FakeRank::busySlotSteps) / steps;
        add(page, "n_busy_slots_per_decode", "gauge", busy);
        promptTokensAtLastScrape = prompt;
        generatedTokensAtLastScrape = generated;
        return page.bytes();
    }

    private static void add(PageText page, String name, String type, Number value) {
        String family = "llamacpp:" + name;
        page.help(family, "The " + name.replace('_', ' '))
                .type(family, type)
                .sample(family, Tags.NONE, value.doubleValue());
    }

    private static long longestSequence(Simulation simulation) {
        return simulation.ranks().stream()
                .mapToLong(FakeRank::longestSequence)
                .max()
                .orElse(0);
    }

    /** A slot that was never used knows less; here an idle one looks so. */
    private static List<Object> slots(Simulation simulation) {
        List<Object> slots = new ArrayList<>();
        for (FakeRank rank : simulation.ranks()) {
            for (int i = 0; i < rank.slotCount(); i++) {
                slots.add(slot(slots.size(), rank.inSlot(i)));
            }
        }
        return slots;
    }

    private static Map<String, Object> slot(int id, @Nullable FakeRequest request) {
        Map<String, Object> slot = new LinkedHashMap<>();
        slot.put("id", id);
        slot.put("n_ctx", SLOT_TOKENS);
        slot.put("speculative", false);
        slot.put("is_processing", request != null);
        if (request != null) {
            slot.put("id_task", id + 100);
            slot.put("n_prompt_tokens", request.tokensHeld());
            slot.put("n_prompt_tokens_cache", request.cachedTokens);
            slot.put("params", Map.of("n_predict", request.maxTokens, "stream", true));
            slot.put("next_token", List.of(nextToken(request)));
        }
        return slot;
    }

    private static Map<String, Object> nextToken(FakeRequest request) {
        Map<String, Object> next = new LinkedHashMap<>();
        next.put("has_next_token", true);
        next.put("n_remain", request.maxTokens - request.generated);
        next.put("n_decoded", request.generated);
        return next;
    }

    private static Map<String, Object> props(Simulation simulation) {
        int slots = (int) simulation.sum(FakeRank::slotCount);
        Map<String, Object> props = new LinkedHashMap<>();
        props.put("default_generation_settings", Map.of("n_ctx", SLOT_TOKENS));
        props.put("total_slots", slots);
        props.put("model_alias", simulation.model());
        props.put("model_path", simulation.model() + ".gguf");
        props.put("endpoint_slots", true);
        props.put("endpoint_metrics", true);
        props.put("build_info", "b10434-7e4c0a9");
        props.put("is_sleeping", false);
        return props;
    }
}
