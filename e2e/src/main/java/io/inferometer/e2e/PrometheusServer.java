package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A real Prometheus that scrapes once a second. */
final class PrometheusServer implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OkHttpClient HTTP =
            new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(10)).build();

    private final EngineProcess process;

    private PrometheusServer(EngineProcess process) {
        this.process = process;
    }

    /**
     * What it scrapes.
     *
     * @param job its job
     * @param url the engine
     * @param model a label for engines that do not name their model
     */
    record Scraped(String job, String url, String model) {
        private String config() {
            return "  - {job_name: %s, static_configs: [{targets: ['%s'], labels: {model: %s}}]}%n"
                    .formatted(job, url.replace("http://", ""), model);
        }
    }

    static PrometheusServer start(Place place, List<Scraped> targets) throws IOException, InterruptedException {
        Path home = Files.createDirectories(place.work().resolve("prometheus"));
        StringBuilder config =
                new StringBuilder("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n");
        targets.forEach(target -> config.append(target.config()));
        Path file = Files.writeString(home.resolve("prometheus.yml"), config);
        int port = EngineProcess.freePort();
        return new PrometheusServer(EngineProcess.start(
                List.of(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + Files.createTempDirectory(home, "data"),
                        "--web.listen-address=127.0.0.1:" + port),
                Map.of(),
                place.log("prometheus"),
                "http://127.0.0.1:" + port,
                "/-/ready",
                PATIENCE));
    }

    String url() {
        return process.url();
    }

    /** Whether it has scraped a job since then, and that went well; waits for it a while. */
    boolean awaitScrape(String job, Instant since) throws InterruptedException {
        // Of anything but a bare series, timestamp() says when it was asked.
        String up = "timestamp(up{job=\"%1$s\"}) and up{job=\"%1$s\"} == 1".formatted(job);
        double wanted = since.toEpochMilli() / 1000.0;
        return Eventually.get(() -> query(up), at -> at > wanted, PATIENCE) > wanted;
    }

    /** The one value of an answer; NaN when there is none. */
    double query(String promql) {
        HttpUrl url = Objects.requireNonNull(HttpUrl.parse(url() + "/api/v1/query"))
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

    /** All that it kept of a job, as a page. */
    byte[] federated(String job) throws IOException {
        return get(Objects.requireNonNull(HttpUrl.parse(url() + "/federate"))
                .newBuilder()
                .addQueryParameter("match[]", "{job=\"%s\"}".formatted(job))
                .build());
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

    @Override
    public void close() {
        process.close();
    }
}
