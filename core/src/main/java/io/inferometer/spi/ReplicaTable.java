package io.inferometer.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a replica stand in an engine's families: what a source needs that asks a server by query.
 *
 * <p>Immutable and safe to share. Begins with what the engine's {@link MetricTable} says; what a table cannot say is put
 * beside it. No name of a family stands here that does not stand in the table.
 */
public final class ReplicaTable {
    private final Map<ReplicaValue, ReplicaFormula> formulas;
    private final List<String> modelLabels;
    private final List<String> repeatedOver;
    private final Map<String, String> only;
    private final List<Metric<?>> described;

    private ReplicaTable(
            Map<ReplicaValue, ReplicaFormula> formulas,
            List<String> modelLabels,
            List<String> repeatedOver,
            Map<String, String> only,
            List<Metric<?>> described) {
        this.formulas = Collections.unmodifiableMap(new EnumMap<>(formulas));
        this.modelLabels = List.copyOf(modelLabels);
        this.repeatedOver = List.copyOf(repeatedOver);
        this.only = Collections.unmodifiableMap(new LinkedHashMap<>(only));
        this.described = List.copyOf(described);
    }

    /** What the rows of a table say by the common fields that they fill. */
    public static ReplicaTable of(MetricTable table) {
        Map<ReplicaValue, ReplicaFormula> formulas = new EnumMap<>(ReplicaValue.class);
        put(formulas, ReplicaValue.KV_USAGE, rows(table, CommonField.KV_USAGE));
        put(formulas, ReplicaValue.QUEUE_DEPTH, rows(table, CommonField.REQUESTS_WAITING));
        put(formulas, ReplicaValue.RUNNING, rows(table, CommonField.REQUESTS_RUNNING));
        put(formulas, ReplicaValue.KV_CAPACITY, rows(table, CommonField.KV_CAPACITY_TOKENS));
        put(formulas, ReplicaValue.REQUESTS, ended(table));
        put(formulas, ReplicaValue.GENERATED_TOKENS, rows(table, CommonField.GENERATED_TOKENS));
        put(formulas, ReplicaValue.PROMPT_SIZE, rows(table, CommonField.PROMPT_SIZE));
        put(formulas, ReplicaValue.GENERATED_SIZE, rows(table, CommonField.GENERATED_SIZE));
        put(formulas, ReplicaValue.TIME_TO_FIRST_TOKEN, rows(table, CommonField.TIME_TO_FIRST_TOKEN));
        put(formulas, ReplicaValue.INTER_TOKEN, rows(table, CommonField.INTER_TOKEN));
        put(formulas, ReplicaValue.PREFIX_HIT_RATE, hitRate(table));
        return new ReplicaTable(formulas, List.of(), List.of(), Map.of(), List.of());
    }

    /** A copy in which a value is found in another way. */
    public ReplicaTable with(ReplicaValue value, ReplicaFormula formula) {
        Map<ReplicaValue, ReplicaFormula> more = new EnumMap<>(ReplicaValue.class);
        more.putAll(formulas);
        more.put(value, formula);
        return new ReplicaTable(more, modelLabels, repeatedOver, only, described);
    }

    /** A copy for an engine whose series name the model by one of these labels, best first. */
    public ReplicaTable withModelLabels(List<String> labels) {
        return new ReplicaTable(formulas, labels, repeatedOver, only, described);
    }

    /** A copy for an engine whose series, where they differ in these labels alone, repeat the same requests. */
    public ReplicaTable withRepeatedOver(String... labels) {
        return new ReplicaTable(formulas, modelLabels, List.of(labels), only, described);
    }

    /** A copy for which only series count whose label is absent, empty or {@code value}. */
    public ReplicaTable withOnly(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(only);
        more.put(label, value);
        return new ReplicaTable(formulas, modelLabels, repeatedOver, more, described);
    }

    /** A copy with rows whose <em>labels</em> say how an engine is set up; the engine's backend reads them. */
    public ReplicaTable withDescribedBy(Metric<?>... metrics) {
        return new ReplicaTable(formulas, modelLabels, repeatedOver, only, List.of(metrics));
    }

    /** Where each value is found; a value that the engine does not tell is missing. */
    public Map<ReplicaValue, ReplicaFormula> formulas() {
        return formulas;
    }

    /** The labels that may name the model, best first; empty where the engine's series do not name it. */
    public List<String> modelLabels() {
        return modelLabels;
    }

    /** The labels over which series repeat the same requests. */
    public List<String> repeatedOver() {
        return repeatedOver;
    }

    /** Label and value: only series count whose label is absent, empty or that value. */
    public Map<String, String> only() {
        return only;
    }

    /** The rows whose labels say how an engine is set up. */
    public List<Metric<?>> describedBy() {
        return described;
    }

    /** Whether there is anything to ask for. */
    public boolean isEmpty() {
        return formulas.isEmpty();
    }

    private static void put(
            Map<ReplicaValue, ReplicaFormula> formulas, ReplicaValue value, @Nullable ReplicaFormula formula) {
        if (formula != null) {
            formulas.put(value, formula);
        }
    }

    private static @Nullable ReplicaFormula rows(MetricTable table, CommonField field) {
        List<ReplicaFormula> rows = table.metrics().stream()
                .filter(metric -> metric.field() == field)
                .map(ReplicaFormula::of)
                .toList();
        return firstOf(rows);
    }

    private static @Nullable ReplicaFormula ended(MetricTable table) {
        List<ReplicaFormula> ways = new ArrayList<>();
        ReplicaFormula succeeded = rows(table, CommonField.SUCCEEDED);
        if (succeeded != null) {
            ways.add(succeeded);
        }
        table.metrics().stream()
                .filter(metric -> metric.field() == CommonField.END_TO_END)
                .map(ReplicaFormula.Observations::new)
                .forEach(ways::add);
        return firstOf(ways);
    }

    private static @Nullable ReplicaFormula hitRate(MetricTable table) {
        ReplicaFormula hits = rows(table, CommonField.PREFIX_HITS);
        ReplicaFormula queries = rows(table, CommonField.PREFIX_QUERIES);
        return hits == null || queries == null ? null : new ReplicaFormula.Ratio(hits, queries);
    }

    private static @Nullable ReplicaFormula firstOf(List<ReplicaFormula> ways) {
        if (ways.isEmpty()) {
            return null;
        }
        return ways.size() == 1 ? Objects.requireNonNull(ways.get(0)) : new ReplicaFormula.FirstOf(ways);
    }
}
