package io.inferometer.testkit;

import io.inferometer.testkit.FakeRequest.Ending;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import okhttp3.HttpUrl;

/**
 * vLLM 0.32: Python's client, one series for each rank; with several ranks the multi-process form without
 * {@code _created}, {@code python_*} and {@code process_*}.
 *
 * <p>As the real one it counts neither clients that left nor requests that it refused; tokens move while a request runs.
 */
final class VllmDialect implements Dialect {
    private static final String CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8";
    private static final int BLOCK_TOKENS = 16;
    private static final int BLOCKS = FakeRank.CAPACITY_TOKENS / BLOCK_TOKENS;
    private static final Bounds BOUNDS = new Bounds(
            new double[] {
                .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560
            },
            new double[] {.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80},
            new double[] {.3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680},
            new double[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000},
            new double[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000});

    @Override
    public String model() {
        return "meta-llama/Llama-3.1-8B-Instruct";
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public Answer answer(HttpUrl url, Simulation simulation) {
        return switch (url.encodedPath()) {
            case "/metrics" -> Answer.page(CONTENT_TYPE, new Writer(simulation).write());
            case "/metrics/" -> Answer.page(CONTENT_TYPE, partOrAll(url, simulation));
            case "/version" -> Answer.json(Map.of("version", "0.32.0"));
            case "/health" -> Answer.text(200, "text/plain", "");
            default -> Answer.json(404, Answer.JSON, Map.of("detail", "Not Found"));
        };
    }

    /** The other handler knows {@code name[]}, but where several processes write the page it answers nothing then. */
    private static byte[] partOrAll(HttpUrl url, Simulation simulation) {
        Set<String> names = new HashSet<>();
        for (String name : url.queryParameterValues("name[]")) {
            if (name != null) {
                names.add(name);
            }
        }
        byte[] page = new Writer(simulation).write();
        if (names.isEmpty()) {
            return page;
        }
        boolean oneProcess = simulation.ranks().size() == 1;
        return oneProcess ? PartOfPage.of(page, names) : new byte[0];
    }

    /** One page. */
    private static final class Writer {
        private final PageText page = new PageText(NumberForm.PYTHON);
        private final Simulation simulation;
        private final boolean oneProcess;
        private final double created;

        Writer(Simulation simulation) {
            this.simulation = simulation;
            this.oneProcess = simulation.ranks().size() == 1;
            this.created = seconds(simulation.startedAt().plusMillis(250));
        }

        byte[] write() {
            if (oneProcess) {
                writeProcess();
            }
            writeScheduler();
            writeCounters();
            writeHistograms();
            writeCacheConfig();
            return page.bytes();
        }

        private void writeProcess() {
            page.help("python_info", "The interpreter").type("python_info", "gauge");
            page.sample("python_info", Tags.of("implementation", "CPython", "version", "3.12.3"), 1);
            plainGauge("process_resident_memory_bytes", 962494464);
            plainGauge("process_start_time_seconds", seconds(simulation.startedAt()));
            page.help("process_cpu_seconds_total", "CPU time").type("process_cpu_seconds_total", "counter");
            page.sample("process_cpu_seconds_total", Tags.NONE, 0.01 * simulation.sum(FakeRank::steps));
        }

        private void writeScheduler() {
            gauge("num_requests_running", "Requests in execution.", FakeRank::running);
            gauge("num_requests_waiting", "Requests that wait.", FakeRank::waiting);
            split(
                    "num_requests_waiting_by_reason",
                    "gauge",
                    "reason",
                    Map.of("capacity", FakeRank::waiting, "deferred", rank -> 0));
            split(
                    "engine_sleep_state",
                    "gauge",
                    "sleep_state",
                    Map.of("awake", rank -> 1, "weights_offloaded", rank -> 0, "discard_all", rank -> 0));
            gauge("kv_cache_usage_perc", "KV cache in use, 1 is all.", Writer::cacheUsage);
        }

        private void writeCounters() {
            counter(
                    "prefix_cache_queries",
                    "Prompt tokens looked up.",
                    rank -> rank.ledger().promptTokens());
            counter(
                    "prefix_cache_hits",
                    "Prompt tokens found.",
                    rank -> rank.ledger().cachedPromptTokens());
            counter("num_preemptions", "Preemptions.", rank -> 0);
            counter(
                    "prompt_tokens",
                    "Prompt tokens processed.",
                    rank -> rank.ledger().promptTokens());
            counter(
                    "prompt_tokens_cached",
                    "Of them cached.",
                    rank -> rank.ledger().cachedPromptTokens());
            counter(
                    "generation_tokens",
                    "Tokens generated.",
                    rank -> rank.ledger().generatedTokens());
            split(
                    "request_success_total",
                    "counter",
                    "finished_reason",
                    Map.of(
                            "stop", rank -> rank.ended(Ending.STOP),
                            "length", rank -> rank.ended(Ending.LENGTH),
                            "abort", rank -> 0,
                            "error", rank -> rank.ended(Ending.FAILED),
                            "repetition", rank -> 0));
        }

        private void writeHistograms() {
            histogram("time_to_first_token_seconds", rank -> rank.firstToken);
            histogram("inter_token_latency_seconds", rank -> rank.interToken);
            histogram("request_time_per_output_token_seconds", rank -> rank.perOutputToken);
            histogram("e2e_request_latency_seconds", rank -> rank.endToEnd);
            histogram("request_queue_time_seconds", rank -> rank.queue);
            histogram("request_inference_time_seconds", rank -> rank.inference);
            histogram("request_prefill_time_seconds", rank -> rank.prefill);
            histogram("request_decode_time_seconds", rank -> rank.decode);
            histogram("request_prompt_tokens", rank -> rank.promptSize);
            histogram("request_generation_tokens", rank -> rank.generatedSize);
            histogram("request_max_num_generation_tokens", rank -> rank.maxTokens);
            histogram("request_params_max_tokens", rank -> rank.maxTokens);
            histogram("iteration_tokens_total", rank -> rank.batchTokens);
        }

        /** With data parallel the number of blocks is that of all ranks, on the series of each. */
        private void writeCacheConfig() {
            int ranks = simulation.ranks().size();
            page.help("vllm:cache_config_info", "The cache's configuration.").type("vllm:cache_config_info", "gauge");
            for (int rank = 0; rank < ranks; rank++) {
                Tags tags = Tags.of(
                        "block_size",
                        Integer.toString(BLOCK_TOKENS),
                        "cache_dtype",
                        "auto",
                        "enable_prefix_caching",
                        "True",
                        "engine",
                        Integer.toString(rank),
                        "gpu_memory_utilization",
                        "0.92",
                        "kv_cache_size_tokens",
                        Integer.toString(FakeRank.CAPACITY_TOKENS),
                        "num_gpu_blocks",
                        Integer.toString(BLOCKS * ranks),
                        "sliding_window",
                        "None");
                page.sample("vllm:cache_config_info", tags, 1);
            }
        }

        private void gauge(String name, String help, ToDoubleFunction<FakeRank> value) {
            String family = "vllm:" + name;
            page.help(family, help).type(family, "gauge");
            eachRank((rank, tags) -> page.sample(family, tags, value.applyAsDouble(rank)));
        }

        private void counter(String name, String help, ToDoubleFunction<FakeRank> value) {
            String family = "vllm:" + name + "_total";
            page.help(family, help).type(family, "counter");
            eachRank((rank, tags) -> page.sample(family, tags, value.applyAsDouble(rank)));
            writeCreated("vllm:" + name);
        }

        /** A family with one series for each value of a label. */
        private void split(String name, String type, String label, Map<String, ToDoubleFunction<FakeRank>> parts) {
            String family = "vllm:" + name;
            page.help(family, "By " + label + ".").type(family, type);
            List<String> values = parts.keySet().stream().sorted().toList();
            for (String value : values) {
                ToDoubleFunction<FakeRank> part = parts.getOrDefault(value, rank -> 0);
                eachRank((rank, tags) -> page.sample(family, tags.sorted(label, value), part.applyAsDouble(rank)));
            }
        }

        private void histogram(String name, Function<FakeRank, FakeHistogram> histogram) {
            String family = "vllm:" + name;
            page.help(family, "Histogram of " + name.replace('_', ' ') + ".").type(family, "histogram");
            eachRank((rank, tags) -> lines(family, tags, histogram.apply(rank)));
            writeCreated(family);
        }

        private void lines(String family, Tags tags, FakeHistogram histogram) {
            if (!oneProcess) {
                page.sample(family + "_sum", tags, histogram.sum());
            }
            page.buckets(family, tags, histogram, true).sample(family + "_count", tags, histogram.count());
            if (oneProcess) {
                page.sample(family + "_sum", tags, histogram.sum());
            }
        }

        private void writeCreated(String family) {
            if (oneProcess) {
                page.help(family + "_created", "When it began.").type(family + "_created", "gauge");
                eachRank((rank, tags) -> page.sample(family + "_created", tags, created));
            }
        }

        private void plainGauge(String name, double value) {
            page.help(name, "Of the process.").type(name, "gauge").sample(name, Tags.NONE, value);
        }

        private void eachRank(BiConsumer<FakeRank, Tags> lines) {
            for (int i = 0; i < simulation.ranks().size(); i++) {
                Tags tags = Tags.of("engine", Integer.toString(i), "model_name", simulation.model());
                lines.accept(simulation.ranks().get(i), tags);
            }
        }

        private static double cacheUsage(FakeRank rank) {
            int blocks = (rank.tokensHeld() + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
            return Math.min(1, (double) blocks / (BLOCKS - 1));
        }

        private static double seconds(Instant time) {
            return time.toEpochMilli() / 1000.0;
        }
    }
}
