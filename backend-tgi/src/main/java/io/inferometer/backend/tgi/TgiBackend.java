package io.inferometer.backend.tgi;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.Scrape;
import io.inferometer.spi.SnapshotDraft;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads TGI (text-generation-inference): its metrics page, and {@code /info} for the model and its limits.
 *
 * <p>Stateless and safe to share. A server that has served nothing answers a page of 0 bytes, and a family appears with
 * its first event: what has not happened yet is absent, not zero. {@code /info} is asked for at every scrape but not
 * needed; when it fails or cannot be read, what it would have said is absent. It alone names the model, since no series
 * of the page does.
 */
public final class TgiBackend implements EngineBackend<TgiSnapshot> {
    private static final String PREFIX = "tgi_";
    private static final String INFO = "info";

    /** The series of requests that failed otherwise than by their clients. */
    private static final Object NOT_DROPPED = new Object();

    private static final CommonReader COMMON =
            new CommonReader(TgiTable.TABLE, PREFIX, List.of(), null, TgiBackend::applyRules);

    /** Found by {@link java.util.ServiceLoader}. */
    public TgiBackend() {}

    @Override
    public String name() {
        return "tgi";
    }

    @Override
    public String title() {
        return "TGI";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("text-generation-inference");
    }

    @Override
    public String versions() {
        return "0.3 to 3.3";
    }

    @Override
    public MetricTable table() {
        return TgiTable.TABLE;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.METRICS, Endpoint.json(INFO, "/info", Endpoint.Need.OPTIONAL));
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(PREFIX);
    }

    /** Whether this is TGI's {@code /info}: it names a model and the limits that only TGI has (TEI's lacks them). */
    @Override
    public boolean recognizesJson(byte[] answer) {
        TgiInfo info = TgiInfo.read(answer);
        return info != null && info.modelId() != null && (info.maxTotalTokens() != null || info.router() != null);
    }

    @Override
    public boolean emptyPageIsFresh() {
        return true;
    }

    @Override
    public String remedyForMissingFamilies() {
        return "TGI serves its metrics on its main port (--port, 80 in its image); --prometheus-port serves nothing.";
    }

    @Override
    public TgiSnapshot read(Scrape scrape) throws IOException {
        TgiInfo info = TgiInfo.read(scrape.answer(INFO));
        CommonView common =
                COMMON.read(scrape, info == null ? null : info.version(), (page, draft) -> noteModel(info, draft));
        Page page = Objects.requireNonNull(scrape.page());
        return new TgiSnapshot(common, page.readLater(() -> TgiSnapshot.Words.of(page)), info);
    }

    private static void applyRules(Page page, SnapshotDraft draft) {
        noteFailures(page, draft);
        draft.note(CommonField.PROMPT_TOKENS, "aborted, failed and re-queued requests included");
        draft.note(CommonField.GENERATED_TOKENS, "moves when a request succeeds");
        draft.note(CommonField.PER_OUTPUT_TOKEN, "prefill included: inference time / generated tokens of each request");
        draft.note(CommonField.ACCEPTED_TOKENS, "sum of observations: tokens of each step but its first");
    }

    /** Every {@code err} but the one of requests that their clients gave up. */
    private static void noteFailures(Page page, SnapshotDraft draft) {
        Page failed = page.where(NOT_DROPPED, labels -> !TgiTable.DROPPED.equals(labels.get("err")));
        Long count = TgiTable.FAILURE.read(failed);
        Provenance source = TgiTable.FAILURE.source(failed);
        if (source != null) {
            draft.count(CommonField.FAILED, count, source);
        }
    }

    private static void noteModel(@Nullable TgiInfo info, SnapshotDraft draft) {
        if (info != null && info.modelId() != null) {
            ModelInfo model = ModelInfo.named(info.modelId(), info.maxTotalTokens());
            draft.models(List.of(model), new Provenance("/info model_id", 1, null));
        }
    }
}
