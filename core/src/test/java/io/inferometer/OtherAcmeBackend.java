package io.inferometer;

import io.inferometer.collect.AcmeBackend;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.Scrape;
import java.io.IOException;

/** Another backend that calls itself acme. */
final class OtherAcmeBackend implements EngineBackend<AcmeBackend.Snapshot> {
    @Override
    public String name() {
        return "acme";
    }

    @Override
    public String title() {
        return "Acme too";
    }

    @Override
    public String versions() {
        return "all";
    }

    @Override
    public MetricTable table() {
        return MetricTable.empty();
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith("acme_");
    }

    @Override
    public AcmeBackend.Snapshot read(Scrape scrape) throws IOException {
        throw new IOException("nothing to read");
    }
}
