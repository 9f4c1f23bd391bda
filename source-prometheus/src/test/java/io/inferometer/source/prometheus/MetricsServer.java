package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.testkit.FakeEngine;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Prometheus or VictoriaMetrics in a folder of its own, which reads engines once a second. */
final class MetricsServer implements AutoCloseable {
    enum Kind {
        PROMETHEUS("prometheus"),
        VICTORIA_METRICS("victoria-metrics");

        final String program;

        Kind(String program) {
            this.program = program;
        }
    }

    /** An engine, and the labels of its target. */
    record Scraped(FakeEngine engine, Map<String, String> labels) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Kind kind;
    private final Path folder;
    private final int port;
    private Process process;

    private MetricsServer(Kind kind, Path folder, int port) {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
    }

    static MetricsServer start(Kind kind, List<Scraped> engines) {
        return start(kind, config(engines));
    }

    /** A server that believes a page's own labels {@code instance} and {@code job}. */
    static MetricsServer startHonoringLabels(Kind kind, List<Scraped> engines) {
        return start(
                kind, config(engines).replace("- job_name: engines\n", "- job_name: engines\n  honor_labels: true\n"));
    }

    private static MetricsServer start(Kind kind, String config) {
        Assumptions.assumeTrue(
                System.getenv("INFEROMETER_SERVERS") != null,
                "Takes minutes against a real server; INFEROMETER_SERVERS=1 runs it. See docs/prometheus.md.");
        Assumptions.assumeTrue(
                onPath(kind.program) != null,
                "Needs the program '%s': apt-get install %s".formatted(kind.program, kind.program));
        try {
            Path folder = Files.createTempDirectory("inferometer-" + kind.program);
            MetricsServer server = new MetricsServer(kind, folder, freePort());
            Files.writeString(folder.resolve("config.yml"), config);
            server.run();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Stops answering; {@link #run} begins again with the same data. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    void run() {
        try {
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitQuery("vector(1)", 0);
    }

    /** Waits until every engine was read at least twice after now, or failed to be. */
    void awaitScrapes() {
        sleep(Duration.ofMillis(3200));
    }

    /** Waits until a query has a value of which each sample was taken after {@code since}. */
    void awaitQuery(String query, double more) {
        Instant end = Instant.now().plus(PATIENCE);
        try (PrometheusClient client = new PrometheusClient(PrometheusOptions.of(url()))) {
            while (true) {
                try {
                    List<PrometheusSeries> found =
                            client.query(query, Instant.now()).series();
                    if (!found.isEmpty() && found.stream().allMatch(one -> one.value() != null && one.value() > more)) {
                        return;
                    }
                } catch (PrometheusException e) {
                    assertThat(Instant.now()).as(log() + e.getMessage()).isBefore(end);
                }
                assertThat(Instant.now()).as(query + "\n" + log()).isBefore(end);
                sleep(Duration.ofMillis(100));
            }
        }
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        String config = folder.resolve("config.yml").toString();
        if (kind == Kind.PROMETHEUS) {
            return List.of(
                    kind.program,
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port);
        }
        return List.of(
                kind.program,
                "-promscrape.config=" + config,
                "-storageDataPath=" + folder.resolve("data"),
                "-httpListenAddr=127.0.0.1:" + port,
                "-promscrape.suppressScrapeErrors",
                "-memory.allowedBytes=200MB");
    }

    private String log() {
        try {
            String log = Files.readString(folder.resolve("log"));
            return log.substring(Math.max(0, log.length() - 2000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String config(List<Scraped> engines) {
        StringBuilder text = new StringBuilder(
                "global:\n  scrape_interval: 1s\n  scrape_timeout: 900ms\nscrape_configs:\n- job_name: engines\n");
        if (engines.isEmpty()) {
            return text.append("  static_configs: []\n").toString();
        }
        text.append("  static_configs:\n");
        for (Scraped one : engines) {
            text.append("  - targets: ['127.0.0.1:").append(one.engine().port()).append("']\n");
            if (!one.labels().isEmpty()) {
                text.append("    labels:\n");
                new TreeMap<>(one.labels())
                        .forEach((name, value) -> text.append("      ")
                                .append(name)
                                .append(": '")
                                .append(value.replace("'", "''"))
                                .append("'\n"));
            }
        }
        return text.toString();
    }

    static String onPath(String program) {
        List<String> folders =
                new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
        return folders.stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
