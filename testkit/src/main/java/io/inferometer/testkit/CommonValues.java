package io.inferometer.testkit;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.EngineMetrics;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The common words that are present, by their path in JSON, such as {@code load.requests_running}. */
final class CommonValues {
    private CommonValues() {}

    static Map<String, Object> of(EngineMetrics metrics) {
        Map<String, Object> present = new TreeMap<>();
        for (RecordComponent group : EngineMetrics.class.getRecordComponents()) {
            Object value = read(group, metrics);
            if (value instanceof Record fields) {
                addFields(jsonName(group), fields, present);
            } else if (!AbsentFilter.isAbsent(value)) {
                present.put(jsonName(group), value);
            }
        }
        return present;
    }

    private static void addFields(String group, Record fields, Map<String, Object> present) {
        for (RecordComponent field : fields.getClass().getRecordComponents()) {
            Object value = read(field, fields);
            if (value != null && !AbsentFilter.isAbsent(value)) {
                present.put(group + "." + jsonName(field), value);
            }
        }
    }

    private static String jsonName(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null ? component.getName() : property.value();
    }

    static @Nullable Object read(RecordComponent component, Record owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Cannot read " + component + ": export its package.", e);
        }
    }
}
