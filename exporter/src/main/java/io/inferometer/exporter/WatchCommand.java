package io.inferometer.exporter;

import io.inferometer.collect.MetricsCollector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            "On a terminal it draws a table with a short history of each number; 'q' quits. Elsewhere it prints one"
                    + " line for each engine and interval."
        },
        sortOptions = false)
final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "ENGINE=URL",
            description = "What to watch: vllm=http://gpu-7:8000; a bare URL means auto=URL.")
    private List<String> targets = new ArrayList<>();

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
        List<WatchedTarget> watched = new ArrayList<>();
        for (String target : targets) {
            watched.add(watched(target));
        }
        int rounds = count == null ? WatchLoop.ENDLESS : count;
        try (Terminal terminal = console.ofProcess() ? LiveScreen.terminal() : null) {
            if (terminal == null) {
                WatchLines.print(console.out(), watched, interval, rounds);
            } else {
                Logs.hush();
                new LiveScreen(terminal, watched, interval, rounds).run();
            }
        }
        return 0;
    }

    private WatchedTarget watched(String text) {
        boolean bare = text.startsWith("http://") || text.startsWith("https://");
        int split = bare ? -1 : text.indexOf('=');
        if (!bare && split < 1) {
            throw Failure.usage("'%s' is not ENGINE=URL. Write it like vllm=http://gpu-7:8000.".formatted(text));
        }
        MetricsCollector collector = call.collector(bare ? CallOptions.AUTO : text.substring(0, split));
        return new WatchedTarget(collector, CallOptions.target(text.substring(split + 1)));
    }
}
