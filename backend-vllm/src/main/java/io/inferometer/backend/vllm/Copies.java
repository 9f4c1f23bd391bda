package io.inferometer.backend.vllm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Immutable copies that keep their order; what was not reported is empty. */
final class Copies {
    private Copies() {}

    static <V> Map<String, V> of(@Nullable Map<String, V> map) {
        return map == null || map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
