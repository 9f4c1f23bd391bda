package io.inferometer.exporter;

import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.snapshot.EngineSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads one engine once. */
@Command(name = "collect", description = "Reads one engine once and prints what it reported.", sortOptions = false)
final class CollectCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "ENGINE",
            description = "Which engine it is (see 'inferometer engines'), or 'auto' to find out.")
    private String engine = CallOptions.AUTO;

    @Parameters(
            index = "1",
            paramLabel = "URL",
            description = "Where it listens: http://gpu-7:8000, or its page http://gpu-7:8000/metrics.")
    private String url = "";

    @Option(names = "--json", description = "Print the snapshot as JSON.")
    private boolean json;

    @Mixin
    private final CallOptions call = new CallOptions();

    @Option(names = "--raw", description = "Keep all samples of the engine's own families too.")
    private boolean raw;

    @Option(
            names = "--extra",
            paramLabel = "NAME",
            description = "Ask for an endpoint that is off by default (see 'inferometer engines'); may be repeated.")
    private List<String> extras = new ArrayList<>();

    CollectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        MetricsCollector collector = withExtras(call.collector(engine).withRawMetrics(raw));
        Target target = CallOptions.target(url);
        EngineSnapshot snapshot = collector.collect(target);
        if (json) {
            Json.print(console.out(), snapshot);
        } else {
            console.out().lines(SnapshotReport.of(snapshot).lines());
        }
        return 0;
    }

    private MetricsCollector withExtras(MetricsCollector collector) {
        try {
            return extras.isEmpty() ? collector : collector.withExtra(extras.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }
}
