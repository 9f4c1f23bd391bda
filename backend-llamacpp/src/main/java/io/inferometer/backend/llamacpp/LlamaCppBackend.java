package io.inferometer.backend.llamacpp;

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
import java.util.Objects;
import java.util.Set;
import okio.BufferedSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Reads llama.cpp's server: its metrics page (which needs {@code --metrics}), and on request {@code /slots} and
 * {@code /props}.
 *
 * <p>Stateless and safe to share. Know before scraping:
 *
 * <ul>
 *   <li>Reading {@code /metrics} or {@code /slots} wakes a model that {@code --sleep-idle-seconds} has put to sleep;
 *       {@code /props} does not.
 *   <li>Reading {@code /metrics} resets the two throughput gauges of most builds, so two scrapers disturb each other.
 *   <li>Counters have six significant digits: above a million they move in steps of ten or more.
 *   <li>A router (a server of several models) needs the model in the URL:
 *       {@code http://host:8080/metrics?model=NAME&autoload=false}. Without {@code autoload=false} the scrape loads the
 *       model. One snapshot tells of one model.
 * </ul>
 *
 * <p>The page has no labels and names no model: that comes from the URL's {@code model}, or from
 * {@code withExtra("props")}. {@code withExtra("slots")} adds what each slot does now.
 */
public final class LlamaCppBackend implements EngineBackend<LlamaCppSnapshot> {
    private static final String PREFIX = "llamacpp_";
    private static final String SLOTS = "slots";
    private static final String PROPS = "props";
    private static final long EXACT_MAX = 1_000_000; // Six significant digits.
    private static final CommonReader COMMON =
            new CommonReader(LlamaCppTable.TABLE, PREFIX, List.of(), null, LlamaCppBackend::applyRules);

    /** Found by {@link java.util.ServiceLoader}. */
    public LlamaCppBackend() {}

    @Override
    public String name() {
        return "llamacpp";
    }

    @Override
    public String title() {
        return "llama.cpp";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("llama.cpp", "llama-cpp", "llama_cpp", "llama-server");
    }

    @Override
    public String versions() {
        return "b2259 to b10573";
    }

    @Override
    public MetricTable table() {
        return LlamaCppTable.TABLE;
    }

    @Override
    public ReplicaTable replicaTable() {
        return LlamaCppTable.REPLICA;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.METRICS,
                Endpoint.json(SLOTS, "/slots", Endpoint.Need.ON_REQUEST),
                Endpoint.json(PROPS, "/props", Endpoint.Need.ON_REQUEST));
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(PREFIX);
    }

    /** Builds b7090 to b7192 answer the page as one JSON string. */
    @Override
    public BufferedSource unwrap(BufferedSource body) throws IOException {
        return beginsWithQuote(body) ? Okio.buffer(new JsonStringSource(body)) : body;
    }

    @Override
    public @Nullable String remedy(int status, String body) {
        if (status == 501 && body.contains("metrics")) {
            return "Start llama-server with --metrics.";
        }
        if (status == 503 && body.contains("Loading model")) {
            return "The model is still loading; try again in a moment.";
        }
        if (status == 400 && body.contains("model name is missing")) {
            return "This is a llama.cpp router: name a model in the URL, …/metrics?model=NAME&autoload=false.";
        }
        if (status == 400 && body.contains("model is not loaded")) {
            return "Load the model first, or leave out autoload=false to let the scrape load it.";
        }
        if (status == 401 && body.contains("authentication_error")) {
            return "Send the server's --api-key: withBearerToken(...).";
        }
        return null;
    }

    @Override
    public LlamaCppSnapshot read(Scrape scrape) throws IOException {
        LlamaCppProps props = LlamaCppProps.read(scrape.answer(PROPS));
        CommonView common = COMMON.read(
                scrape, props == null ? null : props.buildInfo(), (page, draft) -> noteModel(scrape, props, draft));
        Page page = Objects.requireNonNull(scrape.page());
        return new LlamaCppSnapshot(
                common,
                page.readLater(() -> LlamaCppSnapshot.Words.of(page)),
                LlamaCppSlots.read(scrape.answer(SLOTS)),
                props);
    }

    private static boolean beginsWithQuote(BufferedSource body) {
        try {
            return body.request(1) && body.getBuffer().getByte(0) == '"';
        } catch (IOException e) {
            return false; // Whoever reads on meets the same failure, and words it.
        }
    }

    private static void applyRules(Page page, SnapshotDraft draft) {
        notePrompt(page, draft);
        noteRounding(CommonField.PROMPT_TOKENS, draft);
        noteRounding(CommonField.CACHED_PROMPT_TOKENS, draft);
        noteRounding(CommonField.GENERATED_TOKENS, draft);
        draft.note(CommonField.GENERATED_TOKENS, "moves when a request ends");
    }

    /** The engine counts apart what it processed and what it found in its cache. */
    private static void notePrompt(Page page, SnapshotDraft draft) {
        Long processed = LlamaCppTable.PROMPT_TOKENS.read(page);
        Provenance source = LlamaCppTable.PROMPT_TOKENS.source(page);
        Long cached = LlamaCppTable.CACHED_TOKENS.read(page);
        if (processed == null || source == null) {
            return;
        }
        if (cached == null && page.wasCut()) {
            return; // Whether the build counts them stood in the part that did not arrive.
        }
        if (cached == null) {
            Provenance alone = source.withNote("without cached tokens, which this build does not count");
            draft.count(CommonField.PROMPT_TOKENS, processed, alone);
            return;
        }
        Provenance both = new Provenance(source.family(), source.series() + 1, null)
                .withNote("plus llamacpp:prompt_tokens_cached_total");
        double all = (double) processed + cached;
        draft.number(CommonField.PROMPT_TOKENS, all, both);
        draft.number(CommonField.PREFIX_QUERIES, all, both);
        draft.number(CommonField.HIT_RATE, all > 0 ? (Double) (cached / all) : null, both.withNote("hits / queries"));
    }

    private static void noteRounding(CommonField field, SnapshotDraft draft) {
        Long count = draft.countOf(field);
        if (count != null && count >= EXACT_MAX) {
            draft.note(field, "six significant digits");
        }
    }

    private static void noteModel(Scrape scrape, @Nullable LlamaCppProps props, SnapshotDraft draft) {
        String asked = scrape.query().getOrDefault("model", "");
        Long contextLength = props == null ? null : props.contextLength();
        if (!asked.isEmpty()) {
            note(asked, contextLength, "query parameter model", draft);
        } else if (props != null && props.modelAlias() != null) {
            note(props.modelAlias(), contextLength, "/props model_alias", draft);
        } else if (props != null && props.modelFile() != null) {
            note(props.modelFile(), contextLength, "/props model_path", draft);
        }
    }

    private static void note(String model, @Nullable Long contextLength, String source, SnapshotDraft draft) {
        draft.models(List.of(ModelInfo.named(model, contextLength)), new Provenance(source, 1, null));
    }
}
