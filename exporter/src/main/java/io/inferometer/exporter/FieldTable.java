package io.inferometer.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.spi.CommonField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The common words of several engines, models or ranks side by side. */
final class FieldTable {
    /** What stands where an engine did not report a field: not 0, and not nothing. */
    static final String ABSENT = "-";

    private static final int CELL_WIDTH_MAX = 24;

    private FieldTable() {}

    /** One column a part: its name, and its common words as JSON. A field that no part has is left out. */
    static TextTable of(Map<String, JsonNode> parts) {
        List<String> head = new ArrayList<>(List.of("field"));
        head.addAll(parts.keySet());
        TextTable table = new TextTable().row(head);
        for (CommonField field : CommonField.values()) {
            addRow(table, field.path(), parts.values().stream().toList(), part -> cell(field, part));
        }
        return table;
    }

    /** Adds a row unless all of its cells are absent. */
    static <T> void addRow(TextTable table, String title, List<T> parts, Function<T, String> cell) {
        List<String> cells = new ArrayList<>(List.of(title));
        parts.forEach(part -> cells.add(cell.apply(part)));
        if (cells.stream().skip(1).anyMatch(text -> !text.equals(ABSENT))) {
            table.row(cells);
        }
    }

    private static String cell(CommonField field, JsonNode metrics) {
        JsonNode value = SnapshotReport.at(metrics, field);
        return value.isMissingNode() || value.isNull()
                ? ABSENT
                : Printable.cut(Words.brief(field.path(), value), CELL_WIDTH_MAX);
    }
}
