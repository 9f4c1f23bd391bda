package io.inferometer.exporter;

import io.inferometer.EngineInfo;
import io.inferometer.spi.CommonField;
import java.util.ArrayList;
import java.util.List;

/** Which engine fills which field of the common words, as the backends' tables say, and what that was held against. */
final class SupportTable {
    private SupportTable() {}

    /** One row a field, one column an engine; a field that no engine fills is left out. */
    static TextTable of(List<EngineInfo> engines) {
        List<String> head = new ArrayList<>(List.of("field"));
        engines.forEach(info -> head.add(info.title()));
        TextTable table = new TextTable().row(head);
        SupportMarks marks = SupportMarks.load();
        for (CommonField field : CommonField.values()) {
            FieldTable.addRow(
                    table,
                    field.path(),
                    engines,
                    info -> info.support().containsKey(field) ? marks.of(info.name(), field) : FieldTable.ABSENT);
        }
        return table;
    }
}
