package io.inferometer.source.prometheus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels that tell one target from another. */
final class TargetKey {
    private TargetKey() {}

    static Map<String, String> of(Map<String, String> labels, List<String> targetLabels) {
        Map<String, String> key = new LinkedHashMap<>();
        for (String label : targetLabels) {
            String value = labels.get(label);
            if (value != null && !value.isEmpty()) {
                key.put(label, value);
            }
        }
        return key;
    }
}
