package io.inferometer.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Provenance;
import io.inferometer.snapshot.SnapshotHeader;
import io.inferometer.spi.CommonField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A snapshot for people: who was read, the common words and where they came from, the engine's own words. */
final class SnapshotReport {
    /** What stands at the top of a snapshot's JSON and is no group of the engine's own. */
    private static final Set<String> SHARED = Set.of(
            "engine",
            "instance_id",
            "endpoint",
            "timestamp",
            "scrape_duration_seconds",
            "engine_version",
            "unreadable_lines",
            "metrics",
            "by_model",
            "by_rank",
            "provenance",
            "raw_metrics");

    private final EngineSnapshot snapshot;
    private final JsonNode tree;

    private SnapshotReport(EngineSnapshot snapshot) {
        this.snapshot = snapshot;
        this.tree = Json.tree(snapshot);
    }

    static SnapshotReport of(EngineSnapshot snapshot) {
        return new SnapshotReport(snapshot);
    }

    /** All of it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(heading());
        lines.add("");
        lines.addAll(commonWords());
        part(lines, "by model", parts("by_model"));
        part(lines, "by rank", parts("by_rank"));
        part(lines, snapshot.engine() + "'s own view", ownView());
        part(lines, "raw metrics", rawMetrics());
        return lines;
    }

    String heading() {
        SnapshotHeader header = snapshot.header();
        String version = header.engineVersion();
        long millis = header.scrapeDuration().toMillis();
        long unreadable = header.unreadableLines();
        return Printable.line("%s%s at %s, instance %s, read at %s in %d ms%s"
                .formatted(
                        snapshot.engine(),
                        version == null ? "" : " " + version,
                        header.endpoint(),
                        snapshot.instanceId(),
                        snapshot.collectedAt().truncatedTo(ChronoUnit.MILLIS),
                        millis,
                        unreadable == 0 ? "" : ", " + unreadable + " unreadable lines"));
    }

    /** The value of a common field in JSON; missing when the engine did not report it. */
    JsonNode common(CommonField field) {
        return at(tree.path("metrics"), field);
    }

    /** The engine's own words, one a line: path and value. */
    List<String> ownView() {
        TextTable table = new TextTable();
        tree.properties().forEach(group -> {
            if (!SHARED.contains(group.getKey())) {
                addOwn(table, group.getKey(), group.getValue());
            }
        });
        return table.lines();
    }

    private List<String> commonWords() {
        TextTable table = new TextTable().row("field", "value", "from", "note");
        for (CommonField field : CommonField.values()) {
            JsonNode value = common(field);
            Provenance source = snapshot.provenance().get(field.path());
            if (!value.isMissingNode() || (source != null && source.note() != null)) {
                String shown = value.isMissingNode() ? "absent" : Words.common(field.path(), value);
                table.row(field.path(), shown, from(source), noteOf(source));
            }
        }
        return table.lines();
    }

    private static String from(@Nullable Provenance source) {
        if (source == null) {
            return "";
        }
        return source.series() > 1 ? source.family() + " (" + source.series() + " series)" : source.family();
    }

    private static String noteOf(@Nullable Provenance source) {
        String note = source == null ? null : source.note();
        return note == null ? "" : note;
    }

    private List<String> parts(String name) {
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        tree.path(name).properties().forEach(part -> parts.put(part.getKey(), part.getValue()));
        return parts.isEmpty() ? List.of() : FieldTable.of(parts).lines();
    }

    private List<String> rawMetrics() {
        List<String> lines = new ArrayList<>();
        for (JsonNode sample : tree.path("raw_metrics")) {
            List<String> labels = new ArrayList<>();
            sample.path("labels").properties().forEach(label -> labels.add(label.getKey() + "=" + label.getValue()));
            String set = labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}";
            String name = sample.path("name").asText();
            lines.add(Printable.line(name + set + " " + sample.path("value").asText()));
        }
        return lines;
    }

    private static void addOwn(TextTable table, String path, JsonNode value) {
        boolean group = value.isObject() && !Words.isDistribution(value);
        if (group && !value.isEmpty()) {
            value.properties().forEach(item -> addOwn(table, path + "." + item.getKey(), item.getValue()));
        } else if (value.path(0).isObject()) {
            for (int i = 0; i < value.size(); i++) {
                addOwn(table, path + "[" + i + "]", value.path(i));
            }
        } else if (!value.isNull()) {
            table.row(path, Words.own(path, value));
        }
    }

    private static void part(List<String> lines, String title, List<String> part) {
        if (!part.isEmpty()) {
            lines.add("");
            lines.add(title);
            part.forEach(line -> lines.add("  " + line));
        }
    }

    /** The value of {@code field} in the JSON of common words. */
    static JsonNode at(JsonNode metrics, CommonField field) {
        return metrics.at("/" + field.path().replace('.', '/'));
    }
}
