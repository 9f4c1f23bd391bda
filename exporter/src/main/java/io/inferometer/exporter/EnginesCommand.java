package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.EngineInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what can be read. */
@Command(
        name = "engines",
        description = "Lists the engines that can be read, and which fields each of them fills.",
        sortOptions = false)
final class EnginesCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "ENGINE",
            description = "Lists, for this engine alone, which families fill which field.")
    private String engine = "";

    @Option(names = "--markdown", description = "Print the table of fields and engines alone, as Markdown.")
    private boolean markdown;

    EnginesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<EngineInfo> engines = Collectors.engines();
        if (markdown) {
            console.out().lines(SupportTable.of(engines).markdown());
        } else if (!engine.isEmpty()) {
            console.out().lines(sources(named(engines)));
        } else {
            console.out().lines(summary(engines).lines());
            console.out().line("");
            console.out().lines(SupportTable.of(engines).lines());
        }
        return 0;
    }

    private EngineInfo named(List<EngineInfo> engines) {
        String wanted = new CallOptions().collector(engine).engine();
        return engines.stream()
                .filter(info -> info.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Failure.usage(
                        "'%s' is no engine. Name one of those that 'inferometer engines' lists.".formatted(engine)));
    }

    private static TextTable summary(List<EngineInfo> engines) {
        TextTable table = new TextTable().row("engine", "name", "also called", "extras", "versions");
        for (EngineInfo info : engines) {
            String aliases = String.join(", ", info.aliases().stream().sorted().toList());
            table.row(
                    info.name(),
                    info.title(),
                    orDash(aliases),
                    orDash(String.join(", ", info.extras())),
                    info.versions());
        }
        return table;
    }

    private static List<String> sources(EngineInfo info) {
        TextTable table = new TextTable().row("field", "from");
        info.support().forEach((field, from) -> table.row(field.path(), from));
        return table.lines();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? FieldTable.ABSENT : text;
    }
}
