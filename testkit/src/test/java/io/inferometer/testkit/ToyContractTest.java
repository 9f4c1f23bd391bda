package io.inferometer.testkit;

import io.inferometer.spi.EngineBackend;
import java.nio.file.Path;
import java.util.stream.Stream;

class ToyContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new ToyBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return GoldenPage.inFolder(Path.of("src/test/resources/pages/toy"));
    }
}
