package io.inferometer.source.prometheus;

import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.FamilyKind;
import io.inferometer.spi.LabelRule;
import io.inferometer.spi.Metric;
import io.inferometer.spi.ReplicaFormula;
import io.inferometer.spi.ReplicaFormula.Part;
import io.inferometer.spi.ReplicaTable;
import io.inferometer.spi.ReplicaValue;
import io.inferometer.spi.ReplicaValue.Over;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the queries of one engine, from the same tables from which its pages are read.
 *
 * <p>Immutable and safe to share. A family is asked for under each of its names, newest first, joined by {@code or}, each
 * summed up by target first: so of two names that a target has, one counts. Several values come with one query, marked by
 * the label {@link #VALUE}.
 */
final class EngineQueries {
    /** The label that says which value a series of an answer is. */
    static final String VALUE = "inferometer_value";

    /** The label that says which engine a series of an answer is of. */
    static final String ENGINE = "inferometer_engine";

    /** The label that says from which family a series of an answer is. */
    static final String FAMILY = "inferometer_family";

    private static final String PART = "inferometer_part";

    /** The label that says of a recorded value over which window it was taken. */
    static final String WINDOW = "inferometer_window";

    private final EngineBackend<?> backend;
    private final ReplicaTable table;
    private final QuerySettings settings;
    private final @Nullable ModelSelection selection;
    private final List<String> modelLabels;
    private final @Nullable Spelling spelling;
    private final boolean usual;
    private final String by;

    private EngineQueries(
            EngineBackend<?> backend,
            QuerySettings settings,
            @Nullable ModelSelection selection,
            List<String> modelLabels,
            @Nullable Spelling spelling,
            boolean usual) {
        this.backend = backend;
        this.table = backend.replicaTable();
        this.settings = settings;
        this.selection = selection;
        this.modelLabels = modelLabels;
        this.spelling = spelling;
        this.usual = usual;
        Set<String> labels = new LinkedHashSet<>(settings.targetLabels());
        if (selection == null) {
            labels.addAll(modelLabels);
        }
        this.by = String.join(", ", labels);
    }

    /**
     * Queries for one model: some for each label by which the engine's series may name it and each way in which a server may
     * spell their names, the usual ones first. A replica is asked for by those that find it, so that the texts stay short.
     */
    static List<EngineQueries> of(EngineBackend<?> backend, QuerySettings settings, ModelSelection selection) {
        List<String> labels = labels(backend, settings);
        List<EngineQueries> variants = new ArrayList<>();
        for (int count = 1; count <= labels.size(); count++) {
            for (Spelling spelling : Spelling.of(loadRows(backend.replicaTable()))) {
                variants.add(new EngineQueries(
                        backend, settings, selection, labels.subList(0, count), spelling, variants.isEmpty()));
            }
        }
        return variants;
    }

    /** Queries for all models, which the answers keep apart by their labels, under all names. */
    static EngineQueries ofAllModels(EngineBackend<?> backend, QuerySettings settings) {
        return new EngineQueries(backend, settings, null, labels(backend, settings), null, true);
    }

    private static List<String> labels(EngineBackend<?> backend, QuerySettings settings) {
        List<String> own = backend.replicaTable().modelLabels();
        return own.isEmpty() ? List.of(settings.modelLabel()) : own;
    }

    /** Whose they are. */
    EngineBackend<?> backend() {
        return backend;
    }

    /** The label by which the series name their model; they do not have the better ones. */
    String modelLabel() {
        return modelLabels.get(modelLabels.size() - 1);
    }

    /** Whether the engine usually names its models and its families so. */
    boolean isUsual() {
        return usual;
    }

    /** What answers are marked by. */
    String source() {
        return usual ? backend.name() : "%s/%s/%s".formatted(backend.name(), modelLabel(), spelling);
    }

    /** How names are spelled here, such as {@code vllm_num_requests_running}. */
    String example() {
        return names(loadRows(table).get(0)).get(0);
    }

    /** Whether the engine's own series name the model. */
    boolean namesModels() {
        return !table.modelLabels().isEmpty();
    }

    /** The queries of a group: mostly one, several where one would be too long; none when the engine tells nothing of it. */
    List<String> of(QueryGroup group) {
        return switch (group) {
            case FRESHNESS -> oneOrNone(freshness());
            case DESCRIPTION -> oneOrNone(description());
            case UP -> oneOrNone(up());
            default -> values(group);
        };
    }

    private static List<String> oneOrNone(@Nullable String text) {
        return text == null ? List.of() : List.of(text);
    }

    /** Each value of a group by itself, for rules that record it. */
    Map<ReplicaValue, String> valuesOf(QueryGroup group) {
        Map<ReplicaValue, String> texts = new LinkedHashMap<>();
        for (ReplicaValue value : group.fields()) {
            ReplicaFormula formula = table.formulas().get(value);
            if (formula != null) {
                texts.put(value, text(formula, value.over()));
            }
        }
        return texts;
    }

    /** A series where the server records the values of this engine and model; see {@link RecordingRules}. */
    @Nullable
    String recorded() {
        if (!table.formulas().containsKey(ReplicaValue.RUNNING)) {
            return null;
        }
        String series = "group by (%s) (%s)".formatted(ENGINE, recorded(ReplicaValue.RUNNING));
        return Promql.marked(series, VALUE, recordedMark());
    }

    /** What the answer to {@link #recorded} is marked by. */
    String recordedMark() {
        return RecordingRules.RECORDED + modelLabel();
    }

    /** The same values as {@link #of}, from what the server records. */
    List<String> recordedOf(QueryGroup group) {
        List<String> parts = new ArrayList<>();
        for (ReplicaValue value : group.fields()) {
            if (table.formulas().containsKey(value)) {
                String series = "max by (%s) (%s)".formatted(by, recorded(value));
                parts.add(Promql.marked(series, VALUE, value.word()));
            }
        }
        return Promql.queries(parts);
    }

    private String recorded(ReplicaValue value) {
        List<String> matchers = new ArrayList<>();
        matchers.add(Promql.equal(ENGINE, backend.name()));
        matchers.add(Promql.equal(WINDOW, Promql.duration(settings.window())));
        matchers.addAll(modelMatchers());
        matchers.addAll(namespaceMatchers());
        return RecordingRules.nameOf(value) + braces(matchers);
    }

    private List<String> values(QueryGroup group) {
        List<String> parts = new ArrayList<>();
        valuesOf(group).forEach((value, text) -> parts.add(Promql.marked(text, VALUE, value.word())));
        return Promql.queries(parts);
    }

    /**
     * The last sample's own time: a query's time is always now, and peaks outlive the engine. While the engine lives, {@code
     * timestamp} says it exactly; behind the marker of a failed scrape only the steps before it still do.
     */
    private @Nullable String freshness() {
        String range = "[%s:%s]"
                .formatted(Promql.duration(settings.freshnessWindow()), Promql.duration(settings.scrapeInterval()));
        List<String> living = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (Metric<?> metric : loadRows(table)) {
            for (String selector : selectors(metric, List.of(), "")) {
                living.add("timestamp(%s)".formatted(selector));
                all.add("max_over_time(timestamp(%s)%s)".formatted(selector, range));
            }
        }
        living.addAll(all);
        return living.isEmpty()
                ? null
                : Promql.marked("max by (%s) (%s)".formatted(by, String.join(" or ", living)), ENGINE, source());
    }

    private @Nullable String description() {
        String served = served(by);
        if (table.describedBy().isEmpty() || served == null) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (Metric<?> metric : table.describedBy()) {
            String range = "[" + Promql.duration(settings.freshnessWindow()) + "]";
            for (String name : names(metric)) {
                parts.add(Promql.marked(
                        "last_over_time(%s%s)".formatted(name + braces(namespaceMatchers()), range),
                        FAMILY,
                        metric.families().get(0)));
            }
        }
        return "%s and on (%s) %s".formatted(Promql.or(parts), by, served);
    }

    private @Nullable String up() {
        String served = served("instance, job");
        return served == null
                ? null
                : "max by (instance, job) (last_over_time(up%s[%s])) and on (instance, job) %s"
                        .formatted(braces(namespaceMatchers()), Promql.duration(settings.freshnessWindow()), served);
    }

    /** Something for each target that serves the model. */
    private @Nullable String served(String labels) {
        String range = "[" + Promql.duration(settings.freshnessWindow()) + "]";
        List<String> parts = new ArrayList<>();
        for (Metric<?> metric : loadRows(table)) {
            for (String selector : selectors(metric, List.of(), "")) {
                parts.add("count by (%s) (last_over_time(%s%s))".formatted(labels, selector, range));
            }
        }
        return parts.isEmpty() ? null : Promql.or(parts);
    }

    /** Of which every page of the engine has one. */
    private static List<Metric<?>> loadRows(ReplicaTable table) {
        List<Metric<?>> rows = new ArrayList<>();
        collect(table.formulas().get(ReplicaValue.RUNNING), rows);
        ReplicaFormula queue = table.formulas().get(ReplicaValue.QUEUE_DEPTH);
        collect(queue instanceof ReplicaFormula.Sum sum ? sum.first() : queue, rows);
        return rows;
    }

    private static void collect(@Nullable ReplicaFormula formula, List<Metric<?>> rows) {
        if (formula instanceof ReplicaFormula.Row row) {
            rows.add(row.metric());
        } else if (formula instanceof ReplicaFormula.FirstOf first) {
            first.formulas().forEach(part -> collect(part, rows));
        }
    }

    private String text(ReplicaFormula formula, Over over) {
        if (formula instanceof ReplicaFormula.Row row) {
            return row(row, over);
        }
        if (formula instanceof ReplicaFormula.Observations observations) {
            return perName(observations.metric(), List.of(), "_count", selector -> grown(selector, over));
        }
        if (formula instanceof ReplicaFormula.Sum sum) {
            return sum(sum, over);
        }
        if (formula instanceof ReplicaFormula.Ratio ratio) {
            return "(%s / %s)".formatted(text(ratio.part(), over), text(ratio.whole(), over));
        }
        if (formula instanceof ReplicaFormula.Fullest fullest) {
            return fullest(fullest);
        }
        if (formula instanceof ReplicaFormula.SinceStart since) {
            return text(since.formula(), Over.LATEST);
        }
        ReplicaFormula.FirstOf first = (ReplicaFormula.FirstOf) formula;
        return Promql.or(first.formulas().stream().map(part -> text(part, over)).toList());
    }

    private String row(ReplicaFormula.Row row, Over over) {
        Metric<?> metric = row.metric();
        if (metric.kind() != FamilyKind.DISTRIBUTION) {
            return perName(metric, row.parts(), "", selector -> reading(metric.kind(), selector, over));
        }
        if (metric.reduction().equals("sum of observations")) {
            return perName(metric, row.parts(), "_sum", selector -> grown(selector, over));
        }
        List<String> sums = selectors(metric, row.parts(), "_sum");
        List<String> counts = selectors(metric, row.parts(), "_count");
        List<String> means = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            means.add("(%s / %s)"
                    .formatted(summedUp("sum", grown(sums.get(i), over)), summedUp("sum", grown(counts.get(i), over))));
        }
        return Promql.or(means);
    }

    /** The others count as 0 where they are not there; without the first there is no sum. */
    private String sum(ReplicaFormula.Sum sum, Over over) {
        List<String> parts = new ArrayList<>();
        String first = text(sum.first(), over);
        parts.add(Promql.marked(first, PART, "0"));
        for (ReplicaFormula other : sum.others()) {
            parts.add(Promql.marked(text(other, over), PART, String.valueOf(parts.size())));
        }
        return "(sum by (%s) (%s) and on (%s) %s)".formatted(by, Promql.or(parts), by, first);
    }

    private String fullest(ReplicaFormula.Fullest fullest) {
        List<String> used = selectors(fullest.used(), List.of(), "");
        List<String> all = selectors(fullest.all(), List.of(), "");
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(used.size(), all.size()); i++) {
            shares.add(summedUp("max", "%s / %s".formatted(peak(used.get(i)), last(all.get(i)))));
        }
        return Promql.or(shares);
    }

    private String perName(Metric<?> metric, List<Part> parts, String suffix, UnaryOperator<String> reading) {
        String operator = operator(metric.reduction());
        return Promql.or(selectors(metric, parts, suffix).stream()
                .map(selector -> summedUp(operator, reading.apply(selector)))
                .toList());
    }

    private static String operator(String reduction) {
        return switch (reduction) {
            case "max", "any" -> "max";
            case "mean" -> "avg";
            default -> "sum"; // By whatever label, merged or of observations: the parts of one whole.
        };
    }

    private String summedUp(String operator, String series) {
        String each = table.repeatedOver().isEmpty()
                ? series
                : "max without (%s) (%s)".formatted(String.join(", ", table.repeatedOver()), series);
        return "%s by (%s) (%s)".formatted(operator, by, each);
    }

    private String reading(FamilyKind kind, String selector, Over over) {
        if (kind == FamilyKind.COUNTER) {
            return grown(selector, over);
        }
        return over == Over.PEAK ? peak(selector) : last(selector);
    }

    private String grown(String selector, Over over) {
        return over == Over.RATE
                ? "rate(%s[%s])".formatted(selector, Promql.duration(settings.window()))
                : last(selector);
    }

    private String peak(String selector) {
        return "max_over_time(%s[%s])".formatted(selector, Promql.duration(settings.window()));
    }

    private String last(String selector) {
        return "last_over_time(%s[%s])".formatted(selector, Promql.duration(settings.freshnessWindow()));
    }

    /** A selector for each name under which a row may be found, newest first. */
    private List<String> selectors(Metric<?> metric, List<Part> parts, String suffix) {
        List<String> matchers = matchers(metric, parts);
        return names(metric).stream()
                .map(name -> name + suffix + braces(matchers))
                .toList();
    }

    private List<String> names(Metric<?> metric) {
        List<String> all = metric.spellings().stream().flatMap(List::stream).toList();
        List<String> ours = all.stream()
                .filter(name -> spelling == null || Spelling.of(name) == spelling)
                .toList();
        return ours.isEmpty() ? all : ours;
    }

    private List<String> matchers(Metric<?> metric, List<Part> parts) {
        List<String> matchers = new ArrayList<>(modelMatchers());
        matchers.addAll(namespaceMatchers());
        table.only().forEach((label, value) -> matchers.add(label + "=~" + Promql.quoted("|" + value)));
        for (LabelRule rule : metric.rules()) {
            matchers.add(rule.label() + "=~"
                    + Promql.quoted(Promql.oneOf(rule.values()) + (rule.absentCounts() ? "|" : "")));
        }
        for (Part part : parts) {
            matchers.add(part.label() + (part.matches() ? "=~" : "!~") + Promql.quoted(part.pattern()));
        }
        return matchers;
    }

    private List<String> modelMatchers() {
        if (selection == null) {
            return List.of();
        }
        Map<String, String> mapped = namesModels() ? null : settings.mapping().get(selection.model());
        if (mapped == null) {
            List<String> matchers = new ArrayList<>();
            modelLabels.subList(0, modelLabels.size() - 1).forEach(better -> matchers.add(better + "=\"\""));
            matchers.add(Promql.equal(modelLabel(), selection.model()));
            return matchers;
        }
        return mapped.entrySet().stream()
                .map(entry -> Promql.equal(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<String> namespaceMatchers() {
        String namespace = selection == null ? null : selection.namespace();
        return namespace == null || namespace.isEmpty() ? List.of() : List.of(Promql.equal("namespace", namespace));
    }

    private static String braces(List<String> matchers) {
        return matchers.isEmpty() ? "" : "{" + String.join(",", matchers) + "}";
    }
}
