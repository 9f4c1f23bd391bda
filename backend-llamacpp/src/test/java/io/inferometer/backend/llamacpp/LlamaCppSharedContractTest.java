package io.inferometer.backend.llamacpp;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.util.stream.Stream;

/** The contract on pages from elsewhere: recorded by others, and captured by us. */
class LlamaCppSharedContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new LlamaCppBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return Stream.concat(
                GoldenPage.inFolder(SharedFolder.pages("llamacpp")),
                Stream.of("05-load-s1.metrics.prom", "21-spec.metrics.prom")
                        .map(name ->
                                GoldenPage.read(SharedFolder.live("llamacpp").resolve(name))));
    }
}
