package io.inferometer.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Engines side by side in the common words, with what happens each second, then each engine in its own words. */
final class DemoReport {
    private DemoReport() {}

    static List<String> lines(Map<String, EngineSnapshot> before, Map<String, EngineSnapshot> now) {
        Map<String, JsonNode> metrics = new LinkedHashMap<>();
        List<EngineRates> rates = new ArrayList<>();
        now.forEach((engine, snapshot) -> {
            metrics.put(engine, Json.tree(snapshot).path("metrics"));
            EngineSnapshot previous = before.get(engine);
            rates.add(snapshot.rates(previous == null ? snapshot : previous));
        });
        TextTable table = FieldTable.of(metrics);
        addRate(table, "requests per second", rates, EngineRates::requestsPerSecond);
        addRate(table, "prompt tokens per second", rates, EngineRates::promptTokensPerSecond);
        addRate(table, "generated tokens per second", rates, EngineRates::generatedTokensPerSecond);
        addRate(table, "failed requests per second", rates, EngineRates::failedPerSecond);
        addRate(table, "preemptions per second", rates, EngineRates::preemptionsPerSecond);
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add("'" + FieldTable.ABSENT + "' is absent: the engine does not report it, which is not 0.");
        now.values().forEach(snapshot -> addOwnView(lines, snapshot));
        return lines;
    }

    private static void addRate(
            TextTable table, String title, List<EngineRates> all, Function<EngineRates, @Nullable Double> rate) {
        FieldTable.addRow(table, title, all, rates -> {
            Double value = rate.apply(rates);
            return value == null ? FieldTable.ABSENT : Words.rounded(value);
        });
    }

    private static void addOwnView(List<String> lines, EngineSnapshot snapshot) {
        lines.add("");
        lines.add(snapshot.engine() + "'s own view");
        SnapshotReport.of(snapshot).ownView().forEach(line -> lines.add("  " + line));
    }
}
