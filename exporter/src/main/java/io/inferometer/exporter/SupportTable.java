package io.inferometer.exporter;

import io.inferometer.EngineInfo;
import io.inferometer.spi.CommonField;
import java.util.ArrayList;
import java.util.List;

/** Which engine fills which field of the common words, as the backends' tables say. */
final class SupportTable {
    private static final String FILLED = "✓";

    private SupportTable() {}

    /** One row a field, one column an engine; a field that no engine fills is left out. */
    static TextTable of(List<EngineInfo> engines) {
        List<String> head = new ArrayList<>(List.of("field"));
        engines.forEach(info -> head.add(info.title()));
        TextTable table = new TextTable().row(head);
        for (CommonField field : CommonField.values()) {
            FieldTable.addRow(
                    table,
                    field.path(),
                    engines,
                    info -> info.support().containsKey(field) ? FILLED : FieldTable.ABSENT);
        }
        return table;
    }
}
