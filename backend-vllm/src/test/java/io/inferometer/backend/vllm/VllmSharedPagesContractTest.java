package io.inferometer.backend.vllm;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The contract on real pages; what they must give stands in {@link VllmPagesTest}. */
class VllmSharedPagesContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new VllmBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        Path documents = SharedFolder.pages("documents");
        return Stream.concat(
                GoldenPage.inFolder(SharedFolder.pages("vllm")),
                Stream.of("vllm-bare-as-documented.prom", "vllm-quantiles-as-documented.prom")
                        .map(name -> GoldenPage.read(documents.resolve(name))));
    }
}
