package io.inferometer.backend.vllm;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The contract on pages written by us; what they must give stands in {@link VllmFixturesTest}. */
class VllmContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new VllmBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return GoldenPage.inFolder(Path.of("src/test/resources/pages/vllm"));
    }
}
