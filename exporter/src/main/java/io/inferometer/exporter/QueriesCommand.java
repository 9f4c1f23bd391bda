package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.source.prometheus.PrometheusQueries;
import io.inferometer.source.prometheus.QuerySettings;
import io.inferometer.spi.EngineBackend;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a Prometheus server is asked. */
@Command(
        name = "queries",
        description = "Prints every PromQL query that is sent for an engine's replicas, with what it is for.",
        sortOptions = false)
final class QueriesCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ENGINE", description = "The engine: vllm, sglang, tgi, llamacpp.")
    private String engine = "";

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "MODEL",
            description = "The model that is asked for; ${DEFAULT-VALUE} by default.")
    private String model = "MODEL";

    @Option(names = "--namespace", paramLabel = "NAME", description = "The namespace; by default any.")
    private @Nullable String namespace;

    QueriesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        EngineBackend<?> backend = named(engine);
        List<PrometheusQueries.Query> queries = PrometheusQueries.of(backend, QuerySettings.DEFAULTS, model, namespace);
        if (queries.isEmpty()) {
            throw Failure.usage("%s has no families that a Prometheus server could hold, so there are no queries."
                    .formatted(backend.title()));
        }
        for (PrometheusQueries.Query query : queries) {
            console.out().line("# %s: %s".formatted(query.group().name().toLowerCase(Locale.ROOT), query.purpose()));
            console.out().line(query.text());
            console.out().line("");
        }
        return 0;
    }

    static EngineBackend<?> named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return Collectors.backends().values().stream()
                .filter(backend ->
                        backend.name().equals(wanted) || backend.aliases().contains(wanted))
                .findFirst()
                .orElseThrow(() -> Failure.usage(
                        "'%s' is no engine. Name one of those that 'inferometer engines' lists.".formatted(name)));
    }
}
