package io.inferometer.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One request of ours. Immutable.
 *
 * @param label what it is for
 * @param path where it goes
 * @param body its JSON
 */
record Ask(String label, String path, Map<String, Object> body) {
    Ask {
        body = Map.copyOf(body);
    }

    static Ask completion(String label, String model, String prompt, int maxTokens) {
        return new Ask(
                label,
                "/v1/completions",
                Map.of(
                        "model", model,
                        "prompt", prompt,
                        "max_tokens", maxTokens,
                        "temperature", 0,
                        "ignore_eos", true));
    }

    static Ask chat(String label, String model, String prompt, int maxTokens) {
        return new Ask(
                label,
                "/v1/chat/completions",
                Map.of(
                        "model",
                        model,
                        "messages",
                        List.of(Map.of("role", "user", "content", prompt)),
                        "max_tokens",
                        maxTokens,
                        "temperature",
                        0,
                        "ignore_eos",
                        true));
    }

    Ask streamed() {
        return with("stream", true).with("stream_options", Map.of("include_usage", true));
    }

    Ask with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(body);
        changed.put(key, value);
        return new Ask(label, path, changed);
    }

    boolean isStreamed() {
        return Boolean.TRUE.equals(body.get("stream"));
    }
}
