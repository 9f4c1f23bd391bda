package io.inferometer.backend.tgi;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import java.nio.file.Path;
import java.util.stream.Stream;

class TgiContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new TgiBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return GoldenPage.inFolder(Path.of("src/test/resources/pages/tgi"));
    }
}
