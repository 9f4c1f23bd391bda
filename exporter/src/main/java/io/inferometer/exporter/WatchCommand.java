package io.inferometer.exporter;

import io.inferometer.collect.Target;
import io.inferometer.fleet.MonitoredTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads engines again and again. */
@Command(
        name = "watch",
        description = {
            "Reads engines again and again and shows what they do.",
            "On a terminal it draws a table with a short history of each number and a line for each model; 'q' quits."
                    + " Elsewhere it prints one line for each reading of an engine; with --targets or --sort at each"
                    + " interval one for each engine, in order, and one for each model; with --kubernetes, too."
        },
        sortOptions = false)
final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "0..*",
            paramLabel = "ENGINE=URL",
            description = "What to watch: vllm=http://gpu-7:8000; a bare URL means auto=URL.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--targets",
            paramLabel = "FILE",
            description = "Watch the targets of a file too: targets: [{name, engine, url, labels: {model, ...}}].")
    private @Nullable Path file;

    @Mixin
    private final PodOptions pods = new PodOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "With --kubernetes: the pods' namespace, by default that of the context.")
    private @Nullable String namespace;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Durations.class,
            description = "From one reading of an engine to the next (1s, 500ms, 1m); ${DEFAULT-VALUE} by default.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Stop after N readings of each engine; by default it goes on until it is stopped.")
    private @Nullable Integer count;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "given",
            description = "Order by one of ${COMPLETION-CANDIDATES}; the largest first.")
    private WatchOrder order = WatchOrder.GIVEN;

    @Option(names = "--json", description = "Print one line of JSON at each interval.")
    private boolean json;

    @Mixin
    private final CallOptions call = new CallOptions();

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count != null && count < 1) {
            throw Failure.usage("--count must be 1 or more.");
        }
        int rounds = count == null ? WatchLoop.ENDLESS : count;
        List<MonitoredTarget> named = watched();
        try (Pods found = pods.wanted ? pods.open(namespace, call.timeout) : null) {
            show(new Watching(call, named, found, interval, order), rounds);
        }
        return 0;
    }

    private void show(Watching watching, int rounds) throws IOException, InterruptedException {
        if (json) {
            WatchTicks.printJson(console.out(), watching, rounds);
            return;
        }
        try (Terminal terminal = console.ofProcess() ? LiveScreen.terminal() : null) {
            if (terminal == null && (file != null || pods.wanted || order != WatchOrder.GIVEN)) {
                WatchTicks.printLines(console.out(), watching, rounds);
            } else if (terminal == null) {
                WatchLines.print(console.out(), watching, rounds);
            } else {
                Logs.hush();
                new LiveScreen(terminal, watching, rounds).run();
            }
        }
    }

    private List<MonitoredTarget> watched() {
        List<MonitoredTarget> watched = new ArrayList<>(file == null ? List.of() : TargetsFile.read(file));
        targets.forEach(text -> watched.add(watched(text)));
        pods.check();
        if (namespace != null && !pods.wanted) {
            throw Failure.usage("--namespace needs --kubernetes.");
        }
        if (watched.isEmpty() && !pods.wanted) {
            throw Failure.usage("Name what to watch: vllm=http://gpu-7:8000, or --targets FILE, or --kubernetes.");
        }
        Set<String> names = new HashSet<>();
        for (MonitoredTarget target : watched) {
            if (!names.add(target.name())) {
                throw Failure.usage("'%s' is named twice.".formatted(target.name()));
            }
        }
        return watched;
    }

    private MonitoredTarget watched(String text) {
        boolean bare = text.startsWith("http://") || text.startsWith("https://");
        int split = bare ? -1 : text.indexOf('=');
        if (!bare && split < 1) {
            throw Failure.usage("'%s' is not ENGINE=URL. Write it like vllm=http://gpu-7:8000.".formatted(text));
        }
        String engine = call.collector(bare ? CallOptions.AUTO : text.substring(0, split))
                .engine();
        Target target = CallOptions.target(text.substring(split + 1));
        return MonitoredTarget.of(engine, target).withName(address(target));
    }

    /** The URL without its scheme, which every target shares. */
    private static String address(Target target) {
        String url = target.toString().replaceFirst("^https?://", "");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
