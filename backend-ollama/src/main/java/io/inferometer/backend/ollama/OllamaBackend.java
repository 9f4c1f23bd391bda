package io.inferometer.backend.ollama;

import io.inferometer.backend.ollama.OllamaSnapshot.AvailableModel;
import io.inferometer.backend.ollama.OllamaSnapshot.LoadedModel;
import io.inferometer.backend.ollama.OllamaSnapshot.Server;
import io.inferometer.backend.ollama.OllamaSnapshot.ServerMetrics;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.SnapshotHeader;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Family;
import io.inferometer.spi.Metric;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.Scrape;
import io.inferometer.spi.Series;
import io.inferometer.spi.SnapshotDraft;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Ollama: {@code /api/ps}, {@code /api/tags} and {@code /api/version}, and a metrics page where one answers.
 *
 * <p>Stateless and safe to share.
 */
public final class OllamaBackend implements EngineBackend<OllamaSnapshot> {
    private static final String PREFIX = "ollama_";
    private static final String MODEL = "model";
    private static final long SECONDS_MAX = 100_000_000_000L;
    private static final String BUILD_INFO = "ollama_build_info";

    private static final Endpoint PS = Endpoint.json("ps", "/api/ps", Endpoint.Need.REQUIRED);
    private static final Endpoint TAGS = Endpoint.json("tags", "/api/tags", Endpoint.Need.OPTIONAL);
    private static final Endpoint VERSION = Endpoint.json("version", "/api/version", Endpoint.Need.OPTIONAL);
    private static final Endpoint PAGE =
            new Endpoint("metrics", "/metrics", Endpoint.Content.METRICS, Endpoint.Need.OPTIONAL);

    private static final MetricTable.Builder T = MetricTable.builder();

    // Names of the proposals: pull request 16998 first, 11159 after it where they differ.
    private static final Metric<Long> REQUESTS_QUEUED = T.gauge("ollama_requests_queued")
            .fills(CommonField.REQUESTS_WAITING)
            .count();
    private static final Metric<Long> QUEUE_CAPACITY =
            T.gauge("ollama_queue_capacity").maxCount();
    private static final Metric<Long> MODELS_LOADED =
            T.gauge("ollama_models_loaded").maxCount();
    private static final Metric<Long> PROMPT_EVAL = T.counter("ollama_prompt_eval_total")
            .fills(CommonField.PROMPT_TOKENS)
            .count();
    private static final Metric<Long> EVAL =
            T.counter("ollama_eval_total").fills(CommonField.GENERATED_TOKENS).count();
    private static final Metric<Double> TOTAL_DURATION = T.counter(
                    "ollama_total_duration_seconds", "ollama_total_duration_total")
            .sum();
    private static final Metric<Double> LOAD_DURATION = T.counter(
                    "ollama_load_duration_seconds", "ollama_load_duration_total")
            .sum();
    private static final Metric<Double> PROMPT_EVAL_DURATION = T.counter(
                    "ollama_prompt_eval_duration_seconds", "ollama_prompt_eval_duration_total")
            .sum();
    private static final Metric<Double> EVAL_DURATION = T.counter(
                    "ollama_eval_duration_seconds", "ollama_eval_duration_total")
            .sum();
    private static final Metric<Long> PEAK_MEMORY =
            T.gauge("ollama_peak_memory_bytes").maxCount();
    private static final Metric<Long> STARTED_AT = T.gauge(BUILD_INFO).maxCount();
    private static final Metric<Map<String, Long>> HTTP_REQUESTS =
            T.counter("http_requests_total").countBy("status_code");

    private static final MetricTable TABLE = T.special(CommonField.MODELS, "/api/ps and /api/tags")
            .special(CommonField.RESIDENT_BYTES, "/api/ps: sum of models[].size")
            .special(CommonField.VRAM_BYTES, "/api/ps: sum of models[].size_vram")
            .build();

    private static final CommonReader COMMON =
            new CommonReader(TABLE, PREFIX, List.of(MODEL), null, (page, draft) -> {});

    /** Called by the service loader. */
    public OllamaBackend() {}

    @Override
    public String name() {
        return "ollama";
    }

    @Override
    public String title() {
        return "Ollama";
    }

    @Override
    public String versions() {
        return "the JSON API of 0.1.33 to 0.33; a metrics page by the names proposed for it";
    }

    @Override
    public MetricTable table() {
        return TABLE;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(PS, TAGS, VERSION, PAGE);
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(PREFIX);
    }

    @Override
    public boolean recognizesJson(byte[] answer) {
        return OllamaJson.beginsLikeModels(answer);
    }

    @Override
    public @Nullable String remedy(int status, String body) {
        if (status == 403 && body.isBlank()) {
            return "Ollama answers so to a host name that it does not know: ask by its IP address or as localhost, or set OLLAMA_HOST where it runs. Any other server wants credentials: withBearerToken(...).";
        }
        return null;
    }

    @Override
    public OllamaSnapshot read(Scrape scrape) throws IOException {
        byte[] ps = scrape.answer(PS.name());
        if (ps == null) {
            throw new IOException("there is no answer of /api/ps");
        }
        List<LoadedModel> loaded = loaded(OllamaJson.models(ps), scrape.collectedAt());
        List<AvailableModel> available = available(scrape.answer(TAGS.name()));
        Page page = scrape.page();
        String version = version(scrape.answer(VERSION.name()), page);
        ModelWords words = new ModelWords(loaded, available);
        return new OllamaSnapshot(
                common(scrape, version, words),
                new Server(
                        version,
                        loaded.size(),
                        available == null ? null : (Long) (long) available.size(),
                        available == null ? null : diskBytes(available)),
                loaded,
                available,
                serverMetrics(page));
    }

    private static List<LoadedModel> loaded(List<ModelEntry> entries, Instant now) {
        List<LoadedModel> models = new ArrayList<>(entries.size());
        for (ModelEntry entry : entries) {
            String name = entry.shownName();
            if (name != null) {
                models.add(entry.loaded(name, now));
            }
        }
        return models;
    }

    private static @Nullable List<AvailableModel> available(byte @Nullable [] tags) {
        if (tags == null) {
            return null;
        }
        try {
            List<AvailableModel> models = new ArrayList<>();
            for (ModelEntry entry : OllamaJson.models(tags)) {
                String name = entry.shownName();
                if (name != null) {
                    models.add(entry.available(name));
                }
            }
            return models;
        } catch (IOException e) {
            return null; // A scrape can do without.
        }
    }

    private static @Nullable String version(byte @Nullable [] answer, @Nullable Page page) {
        String version = null;
        if (answer != null) {
            try {
                version = OllamaJson.version(answer);
            } catch (IOException e) {
                version = null; // A scrape can do without.
            }
        }
        return version == null && page != null ? buildVersion(page) : version;
    }

    private static @Nullable String buildVersion(Page page) {
        Family info = page.family(BUILD_INFO);
        if (info == null) {
            return null;
        }
        for (Series series : info.series()) {
            String version = series.labels().get("version");
            if (version != null && !version.isEmpty()) {
                return version;
            }
        }
        return null;
    }

    private static @Nullable Long diskBytes(List<AvailableModel> models) {
        return Sums.of(models, AvailableModel::diskBytes);
    }

    private static CommonView common(Scrape scrape, @Nullable String version, ModelWords words) {
        Page page = scrape.page();
        if (page == null) {
            SnapshotDraft draft = new SnapshotDraft();
            words.fill(draft);
            draft.keepOnly(scrape.groups());
            return new CommonView(
                    scrape.header(version),
                    draft.metrics(),
                    words.byModel(null, TABLE),
                    Map.of(),
                    draft.provenance(),
                    scrape.keepSamples() ? List.of() : null);
        }
        CommonView read = COMMON.read(scrape, version, (whole, draft) -> words.fill(draft));
        return new CommonView(
                withStart(read.header(), page),
                read.metrics(),
                words.byModel(page, TABLE),
                read.byRank(),
                read.provenance(),
                read.rawMetrics());
    }

    /** The value of the build info is the time of the start, in seconds since 1970. */
    private static SnapshotHeader withStart(SnapshotHeader header, Page page) {
        Long seconds = STARTED_AT.read(page);
        if (header.startedAt() != null || seconds == null || seconds <= 1 || seconds > SECONDS_MAX) {
            return header; // Known already, or a bare 1 as other engines' build info has.
        }
        return header.withStartedAt(Instant.ofEpochSecond(seconds));
    }

    private static ServerMetrics serverMetrics(@Nullable Page page) {
        if (page == null) {
            return new ServerMetrics(null, null, null, null, null, null, null, null, null, null, Map.of());
        }
        Map<String, Long> byStatus = HTTP_REQUESTS.read(page);
        return new ServerMetrics(
                REQUESTS_QUEUED.read(page),
                QUEUE_CAPACITY.read(page),
                MODELS_LOADED.read(page),
                PROMPT_EVAL.read(page),
                EVAL.read(page),
                TOTAL_DURATION.read(page),
                LOAD_DURATION.read(page),
                PROMPT_EVAL_DURATION.read(page),
                EVAL_DURATION.read(page),
                PEAK_MEMORY.read(page),
                byStatus == null ? Map.of() : byStatus);
    }
}
