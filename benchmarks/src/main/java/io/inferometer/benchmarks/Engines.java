package io.inferometer.benchmarks;

import io.inferometer.backend.llamacpp.LlamaCppBackend;
import io.inferometer.backend.sglang.SglangBackend;
import io.inferometer.backend.tgi.TgiBackend;
import io.inferometer.backend.vllm.VllmBackend;
import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.spi.EngineBackend;

/** Who reads which page. */
final class Engines {
    private Engines() {}

    static EngineBackend<?> backend(PageKind kind) {
        return switch (kind.engine()) {
            case "vllm" -> new VllmBackend();
            case "tgi" -> new TgiBackend();
            case "sglang" -> new SglangBackend();
            case "llamacpp" -> new LlamaCppBackend();
            default -> throw new IllegalArgumentException("No engine writes " + kind.title());
        };
    }
}
