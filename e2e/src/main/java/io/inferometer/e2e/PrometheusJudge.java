package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineMetrics;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A real Prometheus between an engine and the library: what it kept must read as the engine itself does. */
final class PrometheusJudge implements Judge {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OkHttpClient HTTP =
            new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(10)).build();

    /** Captures that stand for the engines that do not run here, and the counter of their generated tokens. */
    private static final List<Watched> CAPTURES = List.of(
            new Watched("llamacpp", "02-after-10-mixed.metrics", "llamacpp:tokens_predicted_total"),
            new Watched("sglang", "20-quiet-10s", "sglang:generation_tokens_total"),
            new Watched("tgi", "05-A-mixed", "tgi_request_generated_tokens_sum"),
            new Watched("vllm", "03-load-after", "vllm:generation_tokens_total"));

    private static final Map<String, Function<EngineMetrics, @Nullable Object>> FIELDS = fields();

    private record Watched(String engine, String capture, String generated) {}

    @Override
    public String name() {
        return "prometheus";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException, InterruptedException {
        Path live = place.shared().resolve("live");
        if (!isOnPath("prometheus")) {
            proofs.skip(name(), "it is not installed; 'apt-get install prometheus' does that");
            return;
        }
        if (!Files.isDirectory(live)) {
            proofs.skip(name(), live + " is not there; set INFEROMETER_SHARED to the folder that holds live/");
            return;
        }
        Facts facts = proofs.of(name(), Proofs.Witness.CAPTURE);
        Map<Watched, CaptureServer> servers = new LinkedHashMap<>();
        try {
            for (Watched watched : CAPTURES) {
                Path page = live.resolve(watched.engine()).resolve(watched.capture() + ".prom");
                servers.put(
                        watched,
                        new CaptureServer(Map.of("/metrics", Files.readAllBytes(page)), "text/plain; version=0.0.4"));
            }
            try (EngineProcess prometheus = start(place, servers)) {
                for (Map.Entry<Watched, CaptureServer> entry : servers.entrySet()) {
                    compare(prometheus.url(), entry.getKey(), entry.getValue().url(), facts);
                }
            }
        } finally {
            servers.values().forEach(CaptureServer::close);
        }
    }

    private static EngineProcess start(Place place, Map<Watched, CaptureServer> servers)
            throws IOException, InterruptedException {
        Path home = Files.createDirectories(place.work().resolve("prometheus"));
        StringBuilder config =
                new StringBuilder("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n");
        servers.forEach((watched, server) -> config.append("  - {job_name: %s, static_configs: [{targets: ['%s']}]}%n"
                .formatted(watched.engine(), server.url().replace("http://", ""))));
        Path file = Files.writeString(home.resolve("prometheus.yml"), config);
        int port = EngineProcess.freePort();
        return EngineProcess.start(
                List.of(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + Files.createTempDirectory(home, "data"),
                        "--web.listen-address=127.0.0.1:" + port),
                Map.of(),
                place.log("prometheus"),
                "http://127.0.0.1:" + port,
                "/-/ready",
                PATIENCE);
    }

    private static void compare(String prometheus, Watched watched, String engineUrl, Facts facts)
            throws IOException, InterruptedException {
        String job = "{job=\"%s\"}".formatted(watched.engine());
        double up = Eventually.get(() -> query(prometheus, "up" + job), value -> value == 1, PATIENCE);
        facts.that(watched.engine(), "prometheus: up", "scraped", 1, up, up == 1);
        EngineMetrics direct =
                Collectors.forEngine(watched.engine()).collect(engineUrl).metrics();
        double generated = query(prometheus, "sum(%s%s)".formatted(watched.generated(), job));
        Long said = direct.tokens().generated();
        facts.near(
                watched.engine(),
                "promql: tokens.generated",
                "sum(" + watched.generated() + ")",
                generated,
                said == null ? null : said.doubleValue(),
                0);
        HttpUrl federate = Objects.requireNonNull(HttpUrl.parse(prometheus + "/federate"))
                .newBuilder()
                .addQueryParameter("match[]", job)
                .build();
        byte[] page = get(federate);
        try (CaptureServer server = new CaptureServer(Map.of("/metrics", page), "text/plain; version=0.0.4")) {
            EngineMetrics federated =
                    Collectors.forEngine(watched.engine()).collect(server.url()).metrics();
            FIELDS.forEach((field, read) -> {
                Object here = read.apply(direct);
                Object there = read.apply(federated);
                if (here == null && there == null) {
                    return; // The engine does not say it, so there is nothing to compare.
                }
                facts.that(
                        watched.engine(),
                        "federated: " + field,
                        "as on the engine's own page",
                        String.valueOf(here),
                        there,
                        Objects.equals(here, there));
            });
        }
    }

    private static double query(String prometheus, String promql) {
        HttpUrl url = Objects.requireNonNull(HttpUrl.parse(prometheus + "/api/v1/query"))
                .newBuilder()
                .addQueryParameter("query", promql)
                .build();
        try {
            JsonNode value = JSON.readTree(get(url))
                    .path("data")
                    .path("result")
                    .path(0)
                    .path("value")
                    .path(1);
            return value.isMissingNode() ? Double.NaN : Double.parseDouble(value.asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] get(HttpUrl url) throws IOException {
        try (Response response =
                HTTP.newCall(new Request.Builder().url(url).build()).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("%s answered %d".formatted(url, response.code()));
            }
            return response.body().string().getBytes(StandardCharsets.UTF_8);
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

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
