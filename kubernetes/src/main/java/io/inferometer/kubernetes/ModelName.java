package io.inferometer.kubernetes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name by which clients ask for the model, where the engine's page does not tell and its arguments do. vLLM and SGLang
 * name the models on their pages, and may serve several.
 */
final class ModelName {
    private static final Map<String, List<String>> OPTIONS =
            Map.of("tgi", List.of("--served-model-name", "--model-id"), "llamacpp", List.of("--alias", "-a"));

    private ModelName() {}

    static @Nullable String of(@Nullable String engine, ContainerArguments arguments) {
        List<String> names = engine == null ? List.of() : OPTIONS.getOrDefault(engine, List.of());
        String value = arguments.value(names.toArray(String[]::new));
        return value == null || value.isBlank() || value.startsWith("$") ? null : value;
    }
}
