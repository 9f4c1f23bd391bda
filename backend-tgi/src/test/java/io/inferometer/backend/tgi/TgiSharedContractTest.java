package io.inferometer.backend.tgi;

import io.inferometer.spi.EngineBackend;
import io.inferometer.testkit.EngineBackendContract;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.util.stream.Stream;

/** The contract on pages from elsewhere: old and foreign ones, one with everything, and one real capture. */
class TgiSharedContractTest extends EngineBackendContract {
    @Override
    protected EngineBackend<?> backend() {
        return new TgiBackend();
    }

    @Override
    protected Stream<GoldenPage> pages() {
        return Stream.concat(
                GoldenPage.inFolder(SharedFolder.pages("tgi")),
                Stream.of(
                        GoldenPage.read(SharedFolder.folder("pages", "documents", "tgi-as-documented.prom")),
                        GoldenPage.read(SharedFolder.live("tgi").resolve("39-A-shard-decode-fail.prom"))));
    }
}
