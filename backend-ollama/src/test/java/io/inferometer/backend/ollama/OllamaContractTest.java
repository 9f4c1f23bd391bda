package io.inferometer.backend.ollama;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import java.util.stream.Stream;

class OllamaContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new OllamaBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return Stream.of("idle", "bare", "busy", "metrics-page")
                .map(name -> GoldenPage.resource(OllamaContractTest.class, "recordings/" + name));
    }
}
