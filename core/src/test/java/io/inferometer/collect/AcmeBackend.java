package io.inferometer.collect;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.Scrape;
import io.inferometer.spi.SnapshotDraft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An engine of our own, whose dialect can be set up as a test needs it. */
public final class AcmeBackend implements EngineBackend<AcmeBackend.Snapshot> {
    /** What it reads. */
    public record Snapshot(CommonView common, Map<String, String> answers, Map<String, String> query)
            implements EngineSnapshot {}

    static final Endpoint INFO = Endpoint.json("info", "/info", Endpoint.Need.OPTIONAL);
    static final Endpoint SLOTS = Endpoint.json("slots", "/slots", Endpoint.Need.ON_REQUEST);
    static final Endpoint LIST = Endpoint.json("list", "/list", Endpoint.Need.REQUIRED);
    static final Endpoint MORE = new Endpoint("metrics", "/metrics", Endpoint.Content.METRICS, Endpoint.Need.OPTIONAL);

    private final String name;
    private final List<Endpoint> endpoints;
    private final boolean emptyIsFresh;
    private final MetricTable table;

    /** The usual one. */
    public AcmeBackend() {
        this("acme", List.of(Endpoint.METRICS), false);
    }

    AcmeBackend(String name, List<Endpoint> endpoints, boolean emptyIsFresh) {
        this.name = name;
        this.endpoints = endpoints;
        this.emptyIsFresh = emptyIsFresh;
        MetricTable.Builder builder = MetricTable.builder();
        builder.gauge(name + ":running").fills(CommonField.REQUESTS_RUNNING).count();
        this.table = builder.build();
    }

    static AcmeBackend with(Endpoint... endpoints) {
        return new AcmeBackend("acme", List.of(endpoints), false);
    }

    static AcmeBackend named(String name) {
        return new AcmeBackend(name, List.of(Endpoint.METRICS), false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    @Override
    public Set<String> aliases() {
        return Set.of(name + "-server");
    }

    @Override
    public String versions() {
        return "all";
    }

    @Override
    public MetricTable table() {
        return table;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(name + "_");
    }

    @Override
    public boolean recognizesJson(byte[] answer) {
        return new String(answer, StandardCharsets.UTF_8).contains(name);
    }

    @Override
    public boolean emptyPageIsFresh() {
        return emptyIsFresh;
    }

    @Override
    public String remedy(int status, String body) {
        return status == 501 && body.contains("flag") ? "Start it with --flag." : null;
    }

    @Override
    public String remedyForMissingFamilies() {
        return name.equals("quiet") ? "Start it without --quiet." : null;
    }

    @Override
    public Snapshot read(Scrape scrape) throws IOException {
        Map<String, String> answers = new TreeMap<>();
        for (Map.Entry<String, byte[]> answer : scrape.answers().entrySet()) {
            String text = new String(answer.getValue(), StandardCharsets.UTF_8);
            if (text.startsWith("<")) {
                throw new IOException("'<' where an object begins");
            }
            answers.put(answer.getKey(), text);
        }
        CommonReader reader = new CommonReader(table, name + "_", List.of(), null, (page, draft) -> {});
        CommonView view = scrape.page() == null
                ? new CommonView(scrape.header(null), new SnapshotDraft().metrics(), Map.of(), Map.of(), Map.of(), null)
                : reader.read(scrape, null, (page, draft) -> {});
        return new Snapshot(view, answers, scrape.query());
    }
}
