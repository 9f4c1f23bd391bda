package io.inferometer.exporter;

import io.inferometer.SaturationCollectors;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationAdvice;
import io.inferometer.saturation.SaturationAnalyzer;
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
            "Watches the engines of a file for a while and prints how full each replica of a model is, how old that"
                    + " knowledge is, and whether more replicas are needed.",
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
    private static final int SCRAPES_MIN = 2;
    private static final int SCRAPES_USUAL = 8;

    private final Console console;

    @Option(
            names = "--targets",
            required = true,
            paramLabel = "FILE",
            description =
                    "YAML or JSON: targets: [{name, engine, url, labels: {model, namespace, variant, zone, cost}}].")
    private Path targets = Path.of("");

    @Option(
            names = "--model",
            required = true,
            paramLabel = "NAME",
            description = "The model, as its page or its label calls it.")
    private String model = "";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Only targets that carry this label; by default all.")
    private @Nullable String namespace;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = Durations.class,
            description = "How long to watch, two scrapes at least; ${DEFAULT-VALUE} by default.")
    private Duration length = Duration.ofSeconds(2);

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
        List<MonitoredTarget> listed = TargetsFile.read(targets);
        ReplicaReport report;
        try (EngineMonitor monitor = new EngineMonitor(call::collector, options())) {
            monitor.add(listed.toArray(MonitoredTarget[]::new));
            monitor.start();
            Thread.sleep(length.toMillis());
            monitor.awaitScrapes(SCRAPES_MIN, PATIENCE);
            report = SaturationCollectors.direct(monitor).report(model, namespace);
        } catch (UnknownEngineException | IllegalArgumentException e) {
            throw Failure.usage(e);
        }
        SaturationAdvice advice = SaturationAnalyzer.DEFAULTS.analyze(report);
        if (json) {
            Json.print(console.out(), tree(report, advice));
        } else {
            console.out().lines(SaturationTable.lines(report, advice));
        }
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

    /** Whole pages at every tick: who looks for two seconds wants rates, too. */
    private MonitorOptions options() {
        Duration share = length.dividedBy(SCRAPES_USUAL);
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
