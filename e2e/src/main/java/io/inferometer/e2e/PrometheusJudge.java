package io.inferometer.e2e;

import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.e2e.PrometheusServer.Scraped;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationException;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.source.prometheus.CacheOptions;
import io.inferometer.source.prometheus.PrometheusOptions;
import io.inferometer.source.prometheus.PrometheusSaturationCollector;
import io.inferometer.source.prometheus.PrometheusSettings;
import io.inferometer.source.prometheus.QuerySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real Prometheus between an engine and the library: what it kept must read as the engine itself does. */
final class PrometheusJudge implements Judge {
    private static final int WORK = 3;

    /** Captures that stand for the engines that do not run here, and the counter of their generated tokens. */
    private static final List<Watched> CAPTURES = List.of(
            new Watched("llamacpp", "02-after-10-mixed.metrics", "llamacpp:tokens_predicted_total"),
            new Watched("sglang", "20-quiet-10s", "sglang:generation_tokens_total"),
            new Watched("tgi", "05-A-mixed", "tgi_request_generated_tokens_sum"),
            new Watched("vllm", "03-load-after", "vllm:generation_tokens_total"));

    private static final Map<String, Function<EngineMetrics, @Nullable Object>> FIELDS = fields();

    private record Watched(String engine, String capture, String generated) {}

    /**
     * An engine that runs, and what its client does to it.
     *
     * @param engine its name, and the job's
     * @param model what clients call its model
     * @param generated the counter of its generated tokens
     * @param atOnce requests that it runs at once
     * @param open requests that the client holds open
     * @param endless a request that takes long
     */
    private record Live(String engine, String model, String generated, int atOnce, int open, Ask endless) {}

    /** Starts one. */
    private interface Starter {
        EngineProcess start() throws IOException, InterruptedException;
    }

    @Override
    public String name() {
        return "prometheus";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException, InterruptedException {
        if (!Programs.isOnPath("prometheus")) {
            proofs.skip(name(), "it is not installed; 'apt-get install prometheus' does that");
            return;
        }
        captures(place, proofs);
        Facts facts = proofs.of(name(), Proofs.Witness.LIVE);
        LlamaServer llama = new LlamaServer("llamacpp-scraped", EngineProcess.freePort());
        live(
                place,
                facts,
                new Live(
                        "llamacpp",
                        LlamaServer.MODEL,
                        "llamacpp:tokens_predicted_total",
                        LlamaServer.SLOTS,
                        6,
                        Ask.completion("held", LlamaServer.MODEL, "An endless tale:", 1800)
                                .streamed()),
                () -> llama.start(place));
        if (Files.isExecutable(VllmServer.python(place))) {
            VllmServer vllm = new VllmServer(
                    "scraped", "mid", EngineProcess.freePort(), List.of("--max-model-len=2048", "--max-num-seqs=2"));
            live(
                    place,
                    facts,
                    new Live("vllm", VllmServer.MODEL, "vllm:generation_tokens_total", 2, 8, VllmRun.longAsk("held")),
                    () -> vllm.start(place));
        } else {
            facts.skip("vllm", "it is not installed; e2e/run vllm fetches it (3 GB)");
        }
    }

    private void captures(Place place, Proofs proofs) throws IOException, InterruptedException {
        Path live = place.shared().resolve("live");
        if (!Files.isDirectory(live)) {
            proofs.skip(name(), live + " is not there; set INFEROMETER_SHARED to the folder that holds live/");
            return;
        }
        Facts facts = proofs.of(name(), Proofs.Witness.CAPTURE);
        Map<Watched, CaptureServer> servers = new LinkedHashMap<>();
        List<Scraped> targets = new ArrayList<>();
        try {
            for (Watched watched : CAPTURES) {
                Path page = live.resolve(watched.engine()).resolve(watched.capture() + ".prom");
                CaptureServer server =
                        new CaptureServer(Map.of("/metrics", Files.readAllBytes(page)), "text/plain; version=0.0.4");
                servers.put(watched, server);
                targets.add(new Scraped(watched.engine(), server.url(), "captured"));
            }
            try (PrometheusServer prometheus = PrometheusServer.start(place, targets)) {
                Instant started = Instant.now();
                for (Map.Entry<Watched, CaptureServer> entry : servers.entrySet()) {
                    Watched watched = entry.getKey();
                    boolean scraped = prometheus.awaitScrape(watched.engine(), started);
                    facts.that(watched.engine(), "prometheus: up", "scraped", true, scraped, scraped);
                    EngineMetrics direct = Collectors.forEngine(watched.engine())
                            .collect(entry.getValue().url())
                            .metrics();
                    Long said = direct.tokens().generated();
                    facts.near(
                            watched.engine(),
                            "promql: tokens.generated",
                            "sum(" + watched.generated() + ")",
                            generated(prometheus, watched.engine(), watched.generated()),
                            said == null ? null : said.doubleValue(),
                            0);
                    federated(prometheus, watched.engine(), direct, facts);
                }
            }
        } finally {
            servers.values().forEach(CaptureServer::close);
        }
    }

    private static void live(Place place, Facts facts, Live live, Starter starter)
            throws IOException, InterruptedException {
        try (EngineProcess engine = starter.start();
                PrometheusServer prometheus = PrometheusServer.start(
                        place, List.of(new Scraped(live.engine(), engine.url(), live.model())))) {
            drained(facts, live, engine, prometheus);
            busy(place, facts, live, engine, prometheus);
        } catch (EngineProcess.NotStartedException e) {
            e.tell(facts, live.engine());
        }
    }

    /** When nothing is open, PromQL, the federated page and the engine's own page say what the client counted. */
    private static void drained(Facts facts, Live live, EngineProcess engine, PrometheusServer prometheus)
            throws IOException, InterruptedException {
        long tokens = 0;
        try (EngineClient client = new EngineClient(engine.url())) {
            for (int i = 0; i < WORK; i++) {
                tokens += client.ask(Ask.completion("work", live.model(), "Number " + i, 20))
                        .generatedTokens();
            }
        }
        long wanted = tokens;
        EngineMetrics direct = Eventually.get(
                () -> metrics(live, engine),
                now -> VllmRun.isLoad(0, 0).test(now)
                        && Objects.equals(now.tokens().generated(), wanted),
                PrometheusServer.PATIENCE);
        String step = live.engine() + " live";
        boolean scraped = prometheus.awaitScrape(live.engine(), Instant.now());
        facts.that(step, "prometheus: up", "scraped", true, scraped, scraped);
        facts.same(
                step,
                "direct: tokens.generated",
                "the client's",
                wanted,
                direct.tokens().generated());
        facts.near(
                step,
                "promql: tokens.generated",
                "the client's",
                (double) wanted,
                generated(prometheus, live.engine(), live.generated()),
                0);
        federated(prometheus, live.engine(), direct, facts);
    }

    /** When the client holds requests open, both sources of saturation say how many run and how many wait. */
    private static void busy(Place place, Facts facts, Live live, EngineProcess engine, PrometheusServer prometheus)
            throws IOException, InterruptedException {
        int waiting = live.open() - live.atOnce();
        try (SteadyLoad load = new SteadyLoad(engine.url(), live.open(), live.endless())) {
            Eventually.get(
                    () -> metrics(live, engine), VllmRun.isLoad(live.atOnce(), waiting), PrometheusServer.PATIENCE);
            prometheus.awaitScrape(live.engine(), Instant.now());
            try (SaturationCollector source = source(prometheus);
                    EngineMonitor monitor =
                            Collectors.monitor(MonitorOptions.DEFAULTS.withInterval(Duration.ofMillis(500)))) {
                monitor.add(MonitoredTarget.of(live.engine(), engine.url()).withLabel("model", live.model()))
                        .start();
                replica(facts, live, "saturation: direct", SaturationCollectors.direct(monitor));
                replica(facts, live, "saturation: prometheus", source);
            }
            Saturation.judge(
                    place,
                    facts,
                    live.engine() + ": command: saturation --prometheus",
                    live.atOnce(),
                    waiting,
                    "saturation",
                    "--prometheus",
                    prometheus.url(),
                    "--scrape-interval",
                    "1s",
                    "--model",
                    live.model(),
                    "--json");
        }
    }

    private static void replica(Facts facts, Live live, String what, SaturationCollector source)
            throws InterruptedException {
        int waiting = live.open() - live.atOnce();
        List<ReplicaMetrics> seen = Eventually.get(
                () -> fetch(source, live.model()),
                replicas -> replicas.size() == 1 && isLoad(replicas.get(0), live.atOnce(), waiting),
                PrometheusServer.PATIENCE);
        facts.that(
                live.engine() + " live",
                what,
                "the client's open requests: those that run, and the queue",
                "%d and %d".formatted(live.atOnce(), waiting),
                seen.stream()
                        .map(replica -> "%s and %s".formatted(replica.running(), replica.queueDepth()))
                        .toList(),
                seen.size() == 1 && isLoad(seen.get(0), live.atOnce(), waiting));
    }

    private static List<ReplicaMetrics> fetch(SaturationCollector source, String model) {
        try {
            return source.fetch(model);
        } catch (SaturationException e) {
            return List.of(); // Not yet.
        }
    }

    private static boolean isLoad(ReplicaMetrics replica, long running, long waiting) {
        return isNumber(replica.running(), running) && isNumber(replica.queueDepth(), waiting);
    }

    private static boolean isNumber(@Nullable Number said, long wanted) {
        return said != null && said.doubleValue() == wanted;
    }

    private static SaturationCollector source(PrometheusServer prometheus) {
        return PrometheusSaturationCollector.of(
                PrometheusOptions.of(prometheus.url()),
                PrometheusSettings.DEFAULTS
                        .withQueries(QuerySettings.DEFAULTS.withScrapeInterval(PrometheusServer.INTERVAL))
                        .withCache(CacheOptions.NONE));
    }

    private static EngineMetrics metrics(Live live, EngineProcess engine) {
        return Collectors.forEngine(live.engine()).collect(engine.url()).metrics();
    }

    private static double generated(PrometheusServer prometheus, String job, String counter) {
        return prometheus.query("sum(%s{job=\"%s\"})".formatted(counter, job));
    }

    private static void federated(PrometheusServer prometheus, String engine, EngineMetrics direct, Facts facts)
            throws IOException {
        byte[] page = prometheus.federated(engine);
        try (CaptureServer server = new CaptureServer(Map.of("/metrics", page), "text/plain; version=0.0.4")) {
            EngineMetrics federated =
                    Collectors.forEngine(engine).collect(server.url()).metrics();
            FIELDS.forEach((field, read) -> {
                Object here = read.apply(direct);
                Object there = read.apply(federated);
                if (here == null && there == null) {
                    return; // The engine does not say it, so there is nothing to compare.
                }
                facts.that(
                        engine,
                        "federated: " + field,
                        "as on the engine's own page",
                        here,
                        there,
                        Objects.equals(here, there));
            });
        }
    }

    private static Map<String, Function<EngineMetrics, @Nullable Object>> fields() {
        Map<String, Function<EngineMetrics, @Nullable Object>> fields = new LinkedHashMap<>();
        fields.put("load.requests_running", now -> now.load().requestsRunning());
        fields.put("load.requests_waiting", now -> now.load().requestsWaiting());
        fields.put("requests.succeeded", now -> now.requests().succeeded());
        fields.put("requests.by_reason", now -> now.requests().byReason());
        fields.put("tokens.prompt", now -> now.tokens().prompt());
        fields.put("tokens.cached_prompt", now -> now.tokens().cachedPrompt());
        fields.put("tokens.generated", now -> now.tokens().generated());
        fields.put("latency.end_to_end_seconds", now -> now.latency().endToEnd());
        fields.put("cache.kv_usage", now -> now.cache().kvUsage());
        fields.put("events.preemptions", now -> now.events().preemptions());
        return fields;
    }
}
