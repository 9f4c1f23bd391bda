package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.source.prometheus.QuerySettings;
import io.inferometer.source.prometheus.RecordingRules;
import io.inferometer.spi.EngineBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints recording rules. */
@Command(
        name = "rules",
        description = {
            "Prints recording rules for a Prometheus server: the values of all replicas, computed once for everybody.",
            "Where a server has them, 'saturation --prometheus' uses them by itself."
        },
        sortOptions = false)
final class RulesCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "ENGINE", description = "The engines; by default all.")
    private List<String> engines = new ArrayList<>();

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = Durations.class,
            description = "How often the server computes them; ${DEFAULT-VALUE} by default.")
    private Duration interval = Duration.ofSeconds(15);

    RulesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<EngineBackend<?>> wanted = engines.isEmpty()
                ? List.copyOf(Collectors.backends().values())
                : engines.stream().<EngineBackend<?>>map(QueriesCommand::named).toList();
        console.out().lines(RecordingRules.yaml(wanted, QuerySettings.DEFAULTS, interval));
        return 0;
    }
}
