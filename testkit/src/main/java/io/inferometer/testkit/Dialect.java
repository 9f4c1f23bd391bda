package io.inferometer.testkit;

import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

/** How one engine speaks. What it remembers between two answers belongs to one {@link FakeEngine}. */
interface Dialect {
    List<String> ENGINES = List.of("llamacpp", "ollama", "sglang", "tgi", "vllm");

    /** A fresh one. */
    static Dialect of(String engine) {
        return switch (engine) {
            case "llamacpp" -> new LlamaCppDialect();
            case "ollama" -> new OllamaDialect();
            case "sglang" -> new SglangDialect();
            case "tgi" -> new TgiDialect();
            case "vllm" -> new VllmDialect();
            default ->
                throw new IllegalArgumentException(
                        "No fake engine '%s'; there are %s.".formatted(engine, String.join(", ", ENGINES)));
        };
    }

    /** The model that it serves unless told otherwise. */
    String model();

    Bounds bounds();

    /** The answer to a GET; never null: what it does not know it refuses in its own words. */
    Answer answer(HttpUrl url, Simulation simulation);

    /** The answer to a request without the key that is asked for. */
    default Answer unauthorized() {
        return Answer.json(401, Answer.JSON, Map.of("error", "Unauthorized"));
    }
}
