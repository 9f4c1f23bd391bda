package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels and annotations, which may be missing as a whole. */
final class PodTexts {
    private PodTexts() {}

    static Map<String, String> labels(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    static Map<String, String> annotations(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** The first that is there and not blank, labels before annotations of the same name. */
    static @Nullable String first(HasMetadata object, List<String> names) {
        for (String name : names) {
            String label = labels(object).get(name);
            String value =
                    label == null || label.isBlank() ? annotations(object).get(name) : label;
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }
}
