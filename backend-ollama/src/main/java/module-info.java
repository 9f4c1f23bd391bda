/** Teaches Inferometer to read Ollama. */
module io.inferometer.backend.ollama {
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.core;

    exports io.inferometer.backend.ollama;

    opens io.inferometer.backend.ollama; // Jackson reads package-private accessors that fix the JSON's shape.

    provides io.inferometer.spi.EngineBackend with
            io.inferometer.backend.ollama.OllamaBackend;
}
