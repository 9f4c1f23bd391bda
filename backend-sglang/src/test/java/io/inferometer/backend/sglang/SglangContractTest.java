package io.inferometer.backend.sglang;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What every backend promises, on pages written for this module. */
class SglangContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new SglangBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return GoldenPage.inFolder(Path.of("src/test/resources/pages/sglang"));
    }
}
