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
    private final int targets;
    private Process process;

    private MetricsServer(Kind kind, Path folder, int port, int targets) {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
        this.targets = targets;
    }

    static MetricsServer start(Kind kind, List<Scraped> engines) {
        return start(kind, config(engines), engines.size(), List.of());
    }

    /** A server that records values by these rules, too. */
    static MetricsServer startWithRules(Kind kind, List<Scraped> engines, List<String> rules) {
        String rulesToo = "global:\n  evaluation_interval: 1s\n  query_log_file: queries.log\n";
        return start(
                kind,
                "rule_files: ['rules.yml']\n" + config(engines).replace("global:\n", rulesToo),
                engines.size(),
                rules);
    }

    /** A server that believes a page's own labels {@code instance} and {@code job}. */
    static MetricsServer startHonoringLabels(Kind kind, List<Scraped> engines) {
        return start(
                kind,
                config(engines).replace("- job_name: engines\n", "- job_name: engines\n  honor_labels: true\n"),
                engines.size(),
                List.of());
    }

    private static MetricsServer start(Kind kind, String config, int targets, List<String> rules) {
        Assumptions.assumeTrue(
                System.getenv("INFEROMETER_SERVERS") != null,
                "Takes minutes against real servers; INFEROMETER_SERVERS=1 runs it. See docs/prometheus.md.");
        Assumptions.assumeTrue(
                onPath(kind.program) != null,
                "Needs the program '%s': apt-get install %s".formatted(kind.program, kind.program));
        try {
            Path folder = Files.createTempDirectory("inferometer-" + kind.program);
            MetricsServer server = new MetricsServer(kind, folder, freePort(), targets);
            Files.writeString(folder.resolve("config.yml"), config);
            Files.write(folder.resolve("rules.yml"), rules);
            server.run();
            if (targets > 0) {
                server.awaitQuery("count(up) == " + targets);
            }
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
        thaw();
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

    /** Keeps its connections and answers nobody, until {@link #thaw}. */
    void freeze() {
        signal("STOP");
    }

    /** Ends {@link #freeze}. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it was asked so far; of a Prometheus with rules. */
    String queryLog() {
        try {
            return Files.readString(folder.resolve("queries.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers at a path. */
    String get(String path) {
        try (java.io.InputStream in = java.net.URI.create(url() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run() {
        try {
            process = new ProcessBuilder(command())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitQuery("vector(1)");
    }

    /** Waits until every engine was read at least twice after now, or failed to be. */
    void awaitScrapes() {
        double now = Instant.now().toEpochMilli() / 1000.0;
        awaitQuery("count(timestamp(up) > %.3f) == %d".formatted(now + 1, targets));
    }

    /** Waits until a query has an answer. */
    void awaitQuery(String query) {
        Instant end = Instant.now().plus(PATIENCE);
        try (PrometheusClient client = new PrometheusClient(PrometheusOptions.of(url()))) {
            while (true) {
                try {
                    List<PrometheusSeries> found =
                            client.query(query, Instant.now()).series();
                    if (!found.isEmpty()) {
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
