package io.inferometer.testkit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.Scrape;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** An engine that does not exist, to see that the contract can be kept. */
public final class ToyBackend implements EngineBackend<ToyBackend.ToySnapshot> {
    private static final MetricTable TABLE = build();
    private static final CommonReader READER =
            new CommonReader(TABLE, "toy_", List.of("model"), "rank", (page, draft) -> {});

    /** Called by the service loader. */
    public ToyBackend() {}

    /** The toy's words. */
    public record ToySnapshot(@JsonUnwrapped CommonView common) implements EngineSnapshot {}

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public String title() {
        return "Toy";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("plaything");
    }

    @Override
    public String versions() {
        return "all";
    }

    @Override
    public MetricTable table() {
        return TABLE;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.METRICS, Endpoint.json("version", "/version", Endpoint.Need.OPTIONAL));
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith("toy_");
    }

    @Override
    public ToySnapshot read(Scrape scrape) {
        return new ToySnapshot(READER.read(scrape, version(scrape.answer("version")), (page, draft) -> {}));
    }

    private static String version(byte[] answer) {
        if (answer == null) {
            return null;
        }
        try {
            return new ObjectMapper().readTree(answer).path("version").asText(null);
        } catch (IOException e) {
            return null; // It was optional.
        }
    }

    private static MetricTable build() {
        MetricTable.Builder table = MetricTable.builder();
        table.gauge("toy_running").fills(CommonField.REQUESTS_RUNNING).count();
        table.counter("toy_done_total").fills(CommonField.SUCCEEDED).count();
        table.histogram("toy_seconds").fills(CommonField.END_TO_END).distribution();
        return table.build();
    }
}
