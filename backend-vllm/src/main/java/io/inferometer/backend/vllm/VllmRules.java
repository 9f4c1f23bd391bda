package io.inferometer.backend.vllm;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Family;
import io.inferometer.spi.Metric;
import io.inferometer.spi.Page;
import io.inferometer.spi.Series;
import io.inferometer.spi.SnapshotDraft;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the table cannot say.
 *
 * <p>Immutable. Made for one scrape, applied to its whole page and to the parts of it.
 */
final class VllmRules implements CommonReader.Rules {
    static final List<String> MODEL_LABELS = List.of("model_name", "model"); // The second: Triton, old documents.
    private static final String SLEEP_STATE = "vllm:engine_sleep_state";
    private static final String UNIT_UNKNOWN = "blocks before vLLM 0.9.0, tokens since; ask for the version to tell";

    private final KvCacheSize kvCacheSize;
    private final boolean gpuPrefixCountsTokens;

    VllmRules(Page whole, @Nullable String engineVersion) {
        this.kvCacheSize = KvCacheSize.of(whole);
        this.gpuPrefixCountsTokens = VersionAnswer.isAtLeast(engineVersion, 0, 9);
    }

    @Override
    public void apply(Page page, SnapshotDraft draft) {
        if (draft.wants(CommonField.KV_BLOCKS) || draft.wants(CommonField.KV_CAPACITY_TOKENS)) {
            kvCacheSize.fill(page, draft);
        }
        if (draft.wants(CommonField.HIT_RATE)) {
            fillPrefixCache(page, draft);
        }
        if (draft.wants(CommonField.ASLEEP)) {
            fillAsleep(page, draft);
        }
        if (draft.wants(CommonField.MODELS)) {
            fillModels(page, draft);
        }
        withoutClocks(VllmTable.PREFILL, CommonField.PREFILL, page, draft);
        withoutClocks(VllmTable.INFERENCE, CommonField.INFERENCE, page, draft);
    }

    private void fillPrefixCache(Page page, SnapshotDraft draft) {
        Provenance hits = VllmTable.PREFIX_HITS.source(page);
        if (hits != null) {
            Long queries = VllmTable.PREFIX_QUERIES.read(page);
            fillHitRate(VllmTable.PREFIX_HITS.read(page), queries, hits, VllmTable.PREFIX_QUERIES.source(page), draft);
            return;
        }
        Provenance oldHits = VllmTable.GPU_PREFIX_HITS.source(page);
        if (oldHits != null) {
            fillOldPrefixCache(page, draft, oldHits);
            return;
        }
        Provenance rate = VllmTable.GPU_PREFIX_HIT_RATE.source(page);
        Double printed = VllmTable.GPU_PREFIX_HIT_RATE.read(page);
        if (rate != null && printed != null && printed < 0) {
            draft.leaveAbsent(CommonField.HIT_RATE, rate.withNote("prefix caching is off"));
        } else if (rate != null) {
            draft.number(CommonField.HIT_RATE, printed, rate);
        }
    }

    private void fillOldPrefixCache(Page page, SnapshotDraft draft, Provenance source) {
        Long hits = VllmTable.GPU_PREFIX_HITS.read(page);
        Long queries = VllmTable.GPU_PREFIX_QUERIES.read(page);
        Provenance asked = VllmTable.GPU_PREFIX_QUERIES.source(page);
        fillHitRate(hits, queries, source, asked, draft);
        if (gpuPrefixCountsTokens) {
            draft.count(CommonField.PREFIX_HITS, hits, source);
            draft.count(CommonField.PREFIX_QUERIES, queries, asked == null ? source : asked);
        } else {
            draft.leaveAbsent(CommonField.PREFIX_HITS, source.withNote(UNIT_UNKNOWN));
            draft.leaveAbsent(CommonField.PREFIX_QUERIES, (asked == null ? source : asked).withNote(UNIT_UNKNOWN));
        }
    }

    /** A ratio has no unit, so it holds for blocks too; the hits of some ranks over the queries of others are none. */
    private static void fillHitRate(
            @Nullable Long hits,
            @Nullable Long queries,
            Provenance source,
            @Nullable Provenance asked,
            SnapshotDraft draft) {
        if (asked != null && asked.series() != source.series()) {
            draft.leaveAbsent(CommonField.HIT_RATE, source.withNote("hits and queries are not of the same ranks"));
        } else if (hits != null && queries != null && queries > 0) {
            draft.number(CommonField.HIT_RATE, (double) hits / queries, source.withNote("hits / queries"));
        }
    }

    /** Sleep of level 0 sets all three states to 0, so only the state {@code awake} tells. */
    private static void fillAsleep(Page page, SnapshotDraft draft) {
        Family family = page.family(SLEEP_STATE);
        if (family == null) {
            return;
        }
        int awake = 0;
        boolean anyAsleep = false;
        for (Series series : family.series()) {
            if ("awake".equals(series.labels().get("sleep_state"))) {
                double value = valueOrNaN(series);
                if (Double.isNaN(value)) {
                    return;
                }
                awake++;
                anyAsleep |= value == 0;
            }
        }
        if (awake > 0) {
            draft.flag(CommonField.ASLEEP, anyAsleep, new Provenance(family.name(), awake, null));
        }
    }

    private static double valueOrNaN(Series series) {
        Double value = series.value();
        return value == null ? Double.NaN : value;
    }

    private static void fillModels(Page page, SnapshotDraft draft) {
        for (String label : MODEL_LABELS) {
            Set<String> names = page.valuesOf(label);
            if (!names.isEmpty()) {
                Provenance source =
                        page.fromLabels(label, unused -> new Provenance("label " + label, names.size(), null));
                noteModels(names, source, page, draft);
                return;
            }
        }
    }

    private static void noteModels(Set<String> names, Provenance source, Page page, SnapshotDraft draft) {
        if (page.wasCut()) {
            draft.leaveAbsent(CommonField.MODELS, source.withNote("the page broke off; others may have followed"));
            return;
        }
        draft.models(page.fromLabels(ModelInfo.class, unused -> modelsOf(names)), source);
    }

    private static List<ModelInfo> modelsOf(Set<String> names) {
        return names.stream().map(name -> ModelInfo.named(name, null)).toList();
    }

    private static void withoutClocks(Metric<Distribution> part, CommonField field, Page page, SnapshotDraft draft) {
        if (!draft.wants(field)) {
            return;
        }
        Distribution times = part.read(page);
        Provenance source = part.source(page);
        if (times != null && source != null && ServerAborts.isSpoiled(times, page)) {
            draft.distribution(field, ServerAborts.read(part, page), source.withNote(ServerAborts.NOTE));
        }
    }
}
