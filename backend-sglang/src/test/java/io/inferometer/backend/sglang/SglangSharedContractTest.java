package io.inferometer.backend.sglang;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.util.stream.Stream;

/** What every backend promises, on pages of real servers and of documents. */
class SglangSharedContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new SglangBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return Stream.concat(
                GoldenPage.inFolder(SharedFolder.pages("sglang")),
                GoldenPage.inFolder(SharedFolder.live("sglang"))
                        .filter(page -> page.name().matches("86-O.*")));
    }
}
