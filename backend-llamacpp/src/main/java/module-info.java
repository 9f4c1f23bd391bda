/** Teaches Inferometer to read llama.cpp's server. */
module io.inferometer.backend.llamacpp {
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.core;

    exports io.inferometer.backend.llamacpp;

    provides io.inferometer.spi.EngineBackend with
            io.inferometer.backend.llamacpp.LlamaCppBackend;
}
