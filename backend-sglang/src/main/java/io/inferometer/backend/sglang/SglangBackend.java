package io.inferometer.backend.sglang;

import io.inferometer.backend.sglang.SglangSnapshot.ServerInfo;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.ReplicaTable;
import io.inferometer.spi.Scrape;
import io.inferometer.spi.SnapshotDraft;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Teaches the collector SGLang: its page with the prefix {@code sglang:} or {@code sglang_}, and on request
 * {@code /v1/loads} ({@code withExtra("loads")}) and {@code /server_info} ({@code withExtra("server_info")}).
 *
 * <p>Stateless and safe to share. With {@code loads} the common load and KV usage are exact at the moment of the scrape;
 * the page's gauges are written at a prefill, every 40 decode steps and on going idle. A page costs the engine some 9 ms
 * of CPU time, so scrape it seconds apart.
 *
 * <p>The common {@code succeeded} is absent, for no family counts it; {@link SglangSnapshot.RequestMetrics#successTotal}
 * is an approximation.
 */
public final class SglangBackend implements EngineBackend<SglangSnapshot> {
    private static final String LOADS = "loads";
    private static final String SERVER_INFO = "server_info";
    private static final String PREFIX = "sglang_";
    private static final int NOT_FOUND = 404;

    private static final Endpoint LOADS_ENDPOINT = Endpoint.json(LOADS, "/v1/loads", Endpoint.Need.ON_REQUEST);
    private static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.METRICS, LOADS_ENDPOINT, Endpoint.json(SERVER_INFO, "/server_info", Endpoint.Need.ON_REQUEST));

    private static final CommonReader READER =
            new CommonReader(SglangTable.table(), PREFIX, CommonRules.MODEL_LABELS, "dp_rank", CommonRules::apply);

    /** For {@link java.util.ServiceLoader} and for {@code Collectors.forBackend}. */
    public SglangBackend() {}

    @Override
    public String name() {
        return "sglang";
    }

    @Override
    public String title() {
        return "SGLang";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("sgl");
    }

    @Override
    public String versions() {
        return "v0.3.5 to v0.5.23, and SMG's /engine_metrics";
    }

    @Override
    public ReplicaTable replicaTable() {
        return CommonRules.REPLICA;
    }

    @Override
    public MetricTable table() {
        return SglangTable.table();
    }

    @Override
    public List<Endpoint> endpoints() {
        return ENDPOINTS;
    }

    @Override
    public Endpoint loadEndpoint() {
        return LOADS_ENDPOINT;
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(PREFIX);
    }

    @Override
    public @Nullable String remedy(int status, String body) {
        return status == NOT_FOUND
                ? "SGLang serves its page only when started with --enable-metrics (without it /v1/loads and /server_info answer); else check the URL."
                : null;
    }

    @Override
    public @Nullable String remedyForMissingFamilies() {
        return "Is this the port of SGLang itself, and was it started with --enable-metrics?";
    }

    @Override
    public SglangSnapshot read(Scrape scrape) {
        Page whole = scrape.page();
        Page leadingRanks = whole == null ? Page.empty() : LeadingRanks.of(whole);
        Scrape leading = scrape.withPage(leadingRanks);
        JsonAnswers.@Nullable Loads loads = loads(scrape);
        JsonAnswers.@Nullable Info info = serverInfo(scrape);
        LiveLoad live = new LiveLoad(loads == null ? List.of() : loads.ranks());
        CommonView common = READER.read(leading, version(loads, info), (page, draft) -> {
            live.apply(draft);
            noteUnreadable(scrape, LOADS, loads == null, draft);
            if (info != null) {
                models(info.info(), draft);
            }
        });
        CommonView withLive = whole == null ? live.ofRanks(common) : live.byRank(common);
        OwnGroups own = new OwnGroups(leadingRanks);
        return new SglangSnapshot(
                withLive,
                leadingRanks.readLater(() -> own.words(withLive)),
                live.ranks(),
                info == null ? null : info.info());
    }

    /** An answer that was asked for and is no JSON costs only itself. */
    private static JsonAnswers.@Nullable Loads loads(Scrape scrape) {
        byte[] answer = scrape.answer(LOADS);
        try {
            return answer == null ? null : JsonAnswers.loads(answer);
        } catch (IOException e) {
            return null;
        }
    }

    private static JsonAnswers.@Nullable Info serverInfo(Scrape scrape) {
        byte[] answer = scrape.answer(SERVER_INFO);
        try {
            return answer == null ? null : JsonAnswers.serverInfo(answer);
        } catch (IOException e) {
            return null;
        }
    }

    private static void noteUnreadable(Scrape scrape, String endpoint, boolean missing, SnapshotDraft draft) {
        if (missing && scrape.answer(endpoint) != null) {
            draft.note(CommonField.REQUESTS_RUNNING, "/v1/loads answered what is not its JSON");
            draft.note(CommonField.REQUESTS_WAITING, "/v1/loads answered what is not its JSON");
        }
    }

    private static @Nullable String version(JsonAnswers.@Nullable Loads loads, JsonAnswers.@Nullable Info info) {
        String told = info == null ? null : info.version();
        return told == null && loads != null ? loads.version() : told;
    }

    /** The server has one model: what the page does not say of it is taken from its settings. */
    private static void models(ServerInfo info, SnapshotDraft draft) {
        List<ModelInfo> onPage = draft.metrics().models();
        String name = info.servedModelName() == null ? info.modelPath() : info.servedModelName();
        if (onPage.isEmpty() && name != null) {
            draft.models(
                    List.of(ModelInfo.named(name, info.contextLength())),
                    new Provenance("/server_info served_model_name", 1, null));
        } else if (onPage.size() == 1 && onPage.get(0).contextLength() == null && info.contextLength() != null) {
            draft.models(
                    List.of(ModelInfo.named(onPage.get(0).name(), info.contextLength())),
                    new Provenance("/server_info context_length", 1, null));
        }
    }
}
