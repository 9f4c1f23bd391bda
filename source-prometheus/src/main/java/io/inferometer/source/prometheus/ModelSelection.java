package io.inferometer.source.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * Whose series are wanted.
 *
 * @param model the model's name, as clients use it
 * @param namespace the namespace, null for any
 */
record ModelSelection(String model, @Nullable String namespace) {
    /** What cached answers are kept under, before the query: {@code model:namespace:}. */
    String prefix() {
        return model + ":" + (namespace == null ? "" : namespace) + ":";
    }
}
