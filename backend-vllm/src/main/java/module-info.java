/** Teaches Inferometer to read vLLM. */
module io.inferometer.backend.vllm {
    requires transitive io.inferometer.core;

    exports io.inferometer.backend.vllm;

    opens io.inferometer.backend.vllm; // Jackson reads the records.

    provides io.inferometer.spi.EngineBackend with
            io.inferometer.backend.vllm.VllmBackend;
}
