/** Teaches Inferometer to read SGLang. */
module io.inferometer.backend.sglang {
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.core;

    exports io.inferometer.backend.sglang;

    provides io.inferometer.spi.EngineBackend with
            io.inferometer.backend.sglang.SglangBackend;
}
