package io.inferometer.testkit;

import io.inferometer.testkit.FakeRequest.Ending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import okhttp3.HttpUrl;

/**
 * SGLang 0.5.23: Python's client in multi-process form. The scheduler's families have rank labels, with {@code dp_rank}
 * when there are several ranks; the tokenizer's have none.
 *
 * <p>Tokens and requests are counted at a request's end, aborted ones among them; {@code token_usage} is rounded to two
 * decimals; families of what has not happened yet are missing. Unlike the real one its gauges never lag.
 */
final class SglangDialect implements Dialect {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String VERSION = "0.5.23";
    private static final double[] SECONDS = {
        .1, .2, .4, .6, .8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 1200, 1800, 2400
    };
    private static final Bounds BOUNDS = new Bounds(
            new double[] {.1, .2, .4, .6, .8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400},
            new double[] {
                .002, .004, .006, .008, .01, .015, .02, .025, .03, .035, .04, .06, .08, .1, .2, .4, .6, .8, 1, 2, 4, 6,
                8
            },
            SECONDS,
            new double[] {100, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 1_100_000},
            new double[] {100, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 1_100_000});

    @Override
    public String model() {
        return "Qwen/Qwen2.5-7B-Instruct";
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public Answer answer(HttpUrl url, Simulation simulation) {
        String path = url.encodedPath();
        if (path.startsWith("/metrics")) {
            return Answer.page(CONTENT_TYPE, new Writer(simulation).write()).inChunks();
        }
        return switch (path) {
            case "/v1/loads" -> Answer.json(loads(simulation));
            case "/server_info", "/get_server_info" -> Answer.json(serverInfo(simulation));
            case "/health" -> Answer.text(200, "text/plain", "");
            default -> Answer.json(404, Answer.JSON, Map.of("detail", "Not Found"));
        };
    }

    private static Map<String, Object> loads(Simulation simulation) {
        List<Object> loads = new ArrayList<>();
        for (FakeRank rank : simulation.ranks()) {
            Map<String, Object> load = new LinkedHashMap<>();
            load.put("dp_rank", loads.size());
            load.put("num_running_reqs", rank.running());
            load.put("num_waiting_reqs", rank.waiting());
            load.put("num_used_tokens", rank.tokensHeld());
            load.put("num_total_tokens", rank.tokensHeld());
            load.put("max_total_num_tokens", FakeRank.CAPACITY_TOKENS);
            load.put("max_running_requests", rank.slotCount());
            load.put("token_usage", Math.round(1e4 * usage(rank)) / 1e4);
            load.put("gen_throughput", 50.0 * rank.running());
            load.put("cache_hit_rate", 0.0);
            load.put("utilization", 0.0);
            load.put("queues", Map.of("waiting", rank.waiting(), "grammar", 0, "paused", 0, "retracted", 0));
            loads.add(load);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("timestamp", simulation.now().toString());
        answer.put("version", VERSION);
        answer.put("loads", loads);
        return answer;
    }

    private static Map<String, Object> serverInfo(Simulation simulation) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("model_path", simulation.model());
        info.put("served_model_name", simulation.model());
        info.put("dp_size", simulation.ranks().size());
        info.put("max_total_num_tokens", FakeRank.CAPACITY_TOKENS);
        info.put("context_length", 8192);
        info.put("version", VERSION);
        return info;
    }

    private static double usage(FakeRank rank) {
        return (double) rank.tokensHeld() / FakeRank.CAPACITY_TOKENS;
    }

    /** One page. */
    private static final class Writer {
        private final PageText page = new PageText(NumberForm.PYTHON);
        private final Simulation simulation;
        private final Tags tokenizer;

        Writer(Simulation simulation) {
            this.simulation = simulation;
            this.tokenizer = Tags.of("engine_type", "unified", "model_name", simulation.model());
        }

        byte[] write() {
            Ledger ledger = simulation.ledger();
            if (ledger.ended() > 0) {
                writeTokenizerCounters(ledger);
            }
            writeScheduler();
            if (ledger.firstTokens() > 0) {
                writeHistograms();
            }
            return page.bytes();
        }

        private void writeTokenizerCounters(Ledger ledger) {
            counter("prompt_tokens_total", tokenizer.sorted("is_streaming", "true"), ledger.endedPromptTokens());
            counter("generation_tokens_total", tokenizer.sorted("is_streaming", "true"), ledger.endedGeneratedTokens());
            counter(
                    "num_requests_total",
                    tokenizer.sorted("is_streaming", "true"),
                    ledger.succeeded() + ledger.aborted());
            if (ledger.endedCachedPromptTokens() > 0) {
                Tags device = tokenizer.sorted("cache_source", "device");
                counter("cached_tokens_total", device, ledger.endedCachedPromptTokens());
            }
            if (ledger.aborted() > 0) {
                counter("num_aborted_requests_total", tokenizer, simulation.sum(rank -> rank.ended(Ending.ABORTED)));
            }
        }

        private void writeScheduler() {
            gauge("max_total_num_tokens", rank -> FakeRank.CAPACITY_TOKENS);
            gauge("page_size", rank -> 1);
            gauge("num_pages", rank -> FakeRank.CAPACITY_TOKENS);
            gauge("context_len", rank -> 8192);
            gauge("num_running_reqs", FakeRank::running);
            gauge("num_queue_reqs", FakeRank::waiting);
            gauge("gen_throughput", rank -> 50.0 * rank.running());
            gauge("cache_hit_rate", rank -> 0);
            gauge("token_usage", rank -> Math.round(100 * usage(rank)) / 100.0);
            gauge("full_token_usage", SglangDialect::usage);
            gauge("num_used_tokens", FakeRank::tokensHeld);
            gauge("kv_available_tokens", rank -> FakeRank.CAPACITY_TOKENS - rank.tokensHeld());
            gauge("kv_used_tokens", FakeRank::tokensHeld);
            writeRealtimeTokens();
        }

        private void writeRealtimeTokens() {
            if (simulation.ledger().firstTokens() == 0) {
                return;
            }
            header("realtime_tokens_total", "counter");
            eachRank((rank, tags) -> {
                long decoded = rank.ledger().generatedTokens() - rank.ledger().firstTokens();
                page.sample(
                        "sglang:realtime_tokens_total", tags.sorted("mode", "prefill_compute"), rank.uncachedTokens());
                page.sample("sglang:realtime_tokens_total", tags.sorted("mode", "decode"), decoded);
                page.sample(
                        "sglang:realtime_tokens_total",
                        tags.sorted("mode", "prefill_cache"),
                        rank.ledger().cachedPromptTokens());
            });
        }

        private void writeHistograms() {
            header("queue_time_seconds", "histogram");
            eachRank((rank, tags) -> lines("sglang:queue_time_seconds", tags, rank.queue));
            Tags streaming = tokenizer.sorted("is_streaming", "true");
            histogram("time_to_first_token_seconds", streaming, rank -> rank.firstToken);
            histogram("e2e_request_latency_seconds", streaming, rank -> rank.endToEnd);
            histogram("request_time_per_output_token_seconds", streaming, rank -> rank.perOutputToken);
            histogram("prompt_tokens_histogram", tokenizer, rank -> rank.promptSize);
            histogram("uncached_prompt_tokens_histogram", tokenizer, rank -> rank.uncachedPromptSize);
            histogram("generation_tokens_histogram", tokenizer, rank -> rank.generatedSize);
            histogram("inter_token_latency_seconds", tokenizer, rank -> rank.interToken);
        }

        private void gauge(String name, ToDoubleFunction<FakeRank> value) {
            header(name, "gauge");
            eachRank((rank, tags) -> page.sample("sglang:" + name, tags, value.applyAsDouble(rank)));
        }

        private void counter(String name, Tags tags, long value) {
            header(name, "counter");
            page.sample("sglang:" + name, tags, value);
        }

        private void histogram(String name, Tags tags, Function<FakeRank, FakeHistogram> histogram) {
            FakeHistogram merged = simulation.merged(histogram);
            if (merged.count() > 0) {
                header(name, "histogram");
                lines("sglang:" + name, tags, merged);
            }
        }

        private void lines(String family, Tags tags, FakeHistogram histogram) {
            page.sample(family + "_sum", tags, histogram.sum());
            page.buckets(family, tags, histogram, true);
            page.sample(family + "_count", tags, histogram.count());
        }

        private void header(String name, String type) {
            page.help("sglang:" + name, "The " + name.replace('_', ' ') + ".").type("sglang:" + name, type);
        }

        private void eachRank(BiConsumer<FakeRank, Tags> lines) {
            List<FakeRank> ranks = simulation.ranks();
            Tags one =
                    tokenizer.sorted("moe_ep_rank", "0").sorted("pp_rank", "0").sorted("tp_rank", "0");
            for (int i = 0; i < ranks.size(); i++) {
                Tags tags = ranks.size() == 1 ? one : one.sorted("dp_rank", Integer.toString(i));
                lines.accept(ranks.get(i), tags);
            }
        }
    }
}
