package io.inferometer.backend.llamacpp;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.stream.Stream;

class LlamaCppContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new LlamaCppBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return GoldenPage.inFolder(Path.of("src/test/resources/pages/llamacpp"));
    }
}
