package io.inferometer.exporter;

import io.inferometer.SaturationCollectors;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationAdvice;
import io.inferometer.saturation.SaturationAnalyzer;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationOptions;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.source.prometheus.PrometheusOptions;
import io.inferometer.source.prometheus.PrometheusSaturationCollector;
import io.inferometer.source.prometheus.PrometheusSettings;
import io.inferometer.source.prometheus.QuerySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how full the replicas of a model are. */
@Command(
        name = "saturation",
        description = {
            "Watches the engines of a file or the pods of a Kubernetes cluster for a while, or asks a Prometheus server, and"
                    + " prints how full each replica of a model is, how old that knowledge is, and whether more replicas"
                    + " are needed.",
            "What is unknown is left out and never counts as idle."
        },
        footer = {
            "",
            "Exit codes: 0 with replicas or a truly empty model, 1 when nothing could be asked, 2 wrong usage."
        },
        sortOptions = false)
final class SaturationCommand implements Callable<Integer> {
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration INTERVAL_MAX = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LENGTH = Duration.ofSeconds(2);
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final int SCRAPES_MIN = 2;
    private static final int SCRAPES_USUAL = 8;

    private final Console console;

    @Option(
            names = "--targets",
            paramLabel = "FILE",
            description =
                    "YAML or JSON: targets: [{name, engine, url, labels: {model, namespace, variant, zone, cost}}].")
    private @Nullable Path targets;

    @Option(
            names = "--prometheus",
            paramLabel = "URL",
            description =
                    "Ask this Prometheus-compatible server instead; its credentials come from PROMETHEUS_* variables.")
    private @Nullable String prometheus;

    @Mixin
    private final PodOptions pods = new PodOptions();

    @Option(
            names = "--scrape-interval",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Durations.class,
            description = "With --prometheus: how often the server reads its targets; ${DEFAULT-VALUE} by default.")
    private Duration scrapeInterval = Duration.ofSeconds(15);

    @Option(
            names = "--watch",
            description = "Print anew every few seconds (--every) until it is interrupted; --for TIME ends it earlier.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "With --watch: how often; ${DEFAULT-VALUE} by default.")
    private Duration every = Duration.ofSeconds(5);

    @Option(
            names = "--model",
            required = true,
            paramLabel = "NAME",
            description = "The model, as its page or its label calls it.")
    private String model = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description =
                    "Only targets that carry this label; by default all. With --kubernetes: the pods' namespace, by"
                            + " default that of the context.")
    private @Nullable String namespace;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to watch, two scrapes at least; 2s by default. With --watch: when to end.")
    private @Nullable Duration length;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private final CallOptions call = new CallOptions();

    SaturationCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (model.isBlank()) {
            throw Failure.usage("--model must name a model.");
        }
        pods.check();
        if (targets != null ? prometheus != null || pods.wanted : prometheus == null && !pods.wanted) {
            throw Failure.usage(
                    "Give one of --targets FILE, --kubernetes, and --prometheus URL. Only --prometheus goes with"
                            + " --kubernetes, which then describes the replicas that the server knows.");
        }
        if (every.compareTo(INTERVAL_MIN) < 0) {
            throw Failure.usage("--every must be 100ms or more.");
        }
        if (targets != null) {
            return watchTargets(targets);
        }
        return prometheus == null ? watchPods() : askServer(prometheus);
    }

    private int watchPods() throws InterruptedException {
        call.collector(CallOptions.AUTO); // Says what is wrong with the other options before anything is asked.
        try (Pods found = pods.open(namespace, call.timeout);
                EngineMonitor monitor = new EngineMonitor(call::collector, options())) {
            found.feed(monitor);
            found.start();
            ReplicaReport report =
                    watch(monitor, SaturationCollectors.direct(monitor).withEnricher(found.enricher()));
            found.complainOfNone(console);
            boolean nobodyToAsk = monitor.targets().isEmpty();
            return report.answered() > 0 || nobodyToAsk ? 0 : Failure.FAILED;
        }
    }

    private ReplicaReport watch(EngineMonitor monitor, SaturationCollector collector) throws InterruptedException {
        monitor.start();
        Thread.sleep((length == null ? LENGTH : length).toMillis());
        monitor.awaitScrapes(SCRAPES_MIN, PATIENCE);
        return print(collector);
    }

    private int watchTargets(Path file) throws InterruptedException {
        List<MonitoredTarget> listed = TargetsFile.read(file);
        try (EngineMonitor monitor = new EngineMonitor(call::collector, options())) {
            monitor.add(listed.toArray(MonitoredTarget[]::new));
            return exitCode(watch(monitor, SaturationCollectors.direct(monitor)), listed);
        } catch (UnknownEngineException | IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private int askServer(String url) throws InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        environment.put("PROMETHEUS_URL", url);
        try (Pods found = pods.wanted ? pods.open(namespace, call.timeout) : null;
                PrometheusSaturationCollector collector = server(environment)) {
            // Throws when the server cannot be asked: what is left is an answer, if an empty one.
            if (found == null) {
                print(collector);
            } else {
                found.start();
                print(collector.withEnricher(found.enricher()));
                found.complainOfNone(console);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        } catch (SourceUnavailableException e) {
            throw Failure.failed(String.valueOf(e.getMessage()), e);
        }
    }

    private PrometheusSaturationCollector server(Map<String, String> environment) {
        PrometheusOptions server = PrometheusOptions.fromEnvironment(environment);
        if (call.timeout != null) {
            server = server.withTimeout(call.timeout);
        }
        PrometheusSettings settings = PrometheusSettings.fromEnvironment(environment)
                .withQueries(QuerySettings.DEFAULTS.withScrapeInterval(scrapeInterval));
        SaturationOptions bounds = PrometheusSettings.optionsFromEnvironment(environment);
        return PrometheusSaturationCollector.of(server, settings).withOptions(bounds.withDeadline(server.timeout()));
    }

    private ReplicaReport print(SaturationCollector collector) throws InterruptedException {
        long end = System.nanoTime() + (length == null ? FOREVER : length).toNanos();
        ReplicaReport report = printOnce(collector);
        while (watch && end - System.nanoTime() > every.toNanos()) {
            Thread.sleep(every.toMillis());
            report = printOnce(collector);
        }
        return report;
    }

    private int exitCode(ReplicaReport report, List<MonitoredTarget> listed) {
        if (report.answered() > 0 || listed.stream().noneMatch(this::isAsked)) {
            return 0;
        }
        if (report.unreachable().isEmpty()) {
            console.complain("No target answered. Those of %s carry the label of another model than '%s'."
                    .formatted(targets, model));
        }
        return Failure.FAILED;
    }

    private boolean isAsked(MonitoredTarget target) {
        return namespace == null || namespace.equals(target.label("namespace"));
    }

    private ReplicaReport printOnce(SaturationCollector collector) {
        ReplicaReport report = collector.report(model, namespace);
        SaturationAdvice advice = SaturationAnalyzer.DEFAULTS.analyze(report);
        if (json && watch) {
            Json.printLine(console.out(), tree(report, advice));
        } else if (json) {
            Json.print(console.out(), tree(report, advice));
        } else {
            console.out().lines(SaturationTable.lines(report, advice));
        }
        if (watch) {
            if (!json) {
                console.out().line("");
            }
            console.out().flush();
        }
        return report;
    }

    /** Whole pages at every tick: who looks for two seconds wants rates, too. */
    private MonitorOptions options() {
        Duration share = (length == null ? LENGTH : length).dividedBy(SCRAPES_USUAL);
        Duration interval = share.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : share;
        interval = interval.compareTo(INTERVAL_MAX) > 0 ? INTERVAL_MAX : interval;
        MonitorOptions options = MonitorOptions.DEFAULTS.withInterval(interval).withWholeInterval(interval);
        return call.timeout == null ? options : options.withTimeout(call.timeout);
    }

    private static Map<String, Object> tree(ReplicaReport report, SaturationAdvice advice) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("replicas", report.replicas());
        tree.put("unreachable", report.unreachable());
        tree.put("advice", advice);
        return tree;
    }
}
