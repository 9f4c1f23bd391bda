package io.inferometer.backend.sglang;

import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Family;
import io.inferometer.spi.Metric;
import io.inferometer.spi.Page;
import io.inferometer.spi.ReplicaFormula;
import io.inferometer.spi.ReplicaTable;
import io.inferometer.spi.ReplicaValue;
import io.inferometer.spi.Series;
import io.inferometer.spi.SnapshotDraft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the table cannot say of the common words.
 *
 * <p>A rule that looks at a second family only where a first is missing says nothing about a page that was cut: there
 * the first may be missing for that reason alone.
 */
final class CommonRules {
    static final List<String> MODEL_LABELS = List.of("model_name", "name");

    private static final String CACHED_TOKENS = "sglang:cached_tokens_total";
    private static final String SOURCE = "cache_source";
    private static final String ALL_SOURCES = "total";
    private static final String USED_TOKENS = "sglang:num_used_tokens";
    private static final String MAX_TOKENS = "sglang:max_total_num_tokens";

    private static final List<Metric<Long>> OTHER_QUEUES = List.of(
            SglangTable.GRAMMAR_QUEUE,
            SglangTable.PREFILL_BOOTSTRAP_QUEUE,
            SglangTable.PREFILL_INFLIGHT_QUEUE,
            SglangTable.DECODE_PREALLOC_QUEUE,
            SglangTable.DECODE_TRANSFER_QUEUE);

    /** The same rules, for a source that asks by query. */
    static final ReplicaTable REPLICA = ReplicaTable.of(SglangTable.table())
            .withModelLabels(MODEL_LABELS)
            .withOnly("pp_rank", "0")
            .withRepeatedOver("tp_rank", "moe_ep_rank")
            .with(
                    ReplicaValue.QUEUE_DEPTH,
                    new ReplicaFormula.Sum(
                            ReplicaFormula.of(SglangTable.NUM_QUEUED),
                            OTHER_QUEUES.stream().map(ReplicaFormula::of).toList()))
            .with(
                    ReplicaValue.KV_USAGE,
                    ReplicaFormula.firstOf(
                            ReplicaFormula.of(SglangTable.FULL_TOKEN_USAGE),
                            new ReplicaFormula.Fullest(SglangTable.USED_TOKENS, SglangTable.MAX_TOTAL_TOKENS),
                            ReplicaFormula.of(SglangTable.TOKEN_USAGE)))
            .with(
                    ReplicaValue.PREFIX_HIT_RATE,
                    ReplicaFormula.firstOf(
                            new ReplicaFormula.Ratio(
                                    ReplicaFormula.firstOf(
                                            ReplicaFormula.except(
                                                    SglangTable.CACHED_TOKENS_BY_SOURCE, SOURCE, ALL_SOURCES),
                                            ReplicaFormula.of(SglangTable.CACHED_TOKENS_BY_SOURCE)),
                                    ReplicaFormula.of(SglangTable.PROMPT_TOKENS)),
                            new ReplicaFormula.Ratio(
                                    ReplicaFormula.matching(SglangTable.PREFILL_EFFECTIVE_TOKENS, "mode", ".*_hit"),
                                    ReplicaFormula.of(SglangTable.PREFILL_EFFECTIVE_TOKENS))))
            .withDescribedBy(SglangTable.MAX_RUNNING, SglangTable.LORA_SLOTS_TOTAL);

    private CommonRules() {}

    static void apply(Page page, SnapshotDraft draft) {
        addOtherQueues(page, draft);
        cachedTokens(page, draft);
        prefixCache(page, draft);
        kvUsage(page, draft);
        kvBlocksOfOldPages(page, draft);
        models(page, draft);
        noteOldNames(page, draft);
    }

    /** The model's name as a label, or null. */
    static @Nullable String modelLabelOn(Page page) {
        return MODEL_LABELS.stream()
                .filter(label -> !page.valuesOf(label).isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** A request in any queue waits, and on a decode node the scheduler's own queue is empty while others are full. */
    private static void addOtherQueues(Page page, SnapshotDraft draft) {
        Long queued = draft.countOf(CommonField.REQUESTS_WAITING);
        Provenance source = draft.sourceOf(CommonField.REQUESTS_WAITING);
        if (queued == null || source == null) {
            return;
        }
        if (page.wasCut()) {
            draft.leaveAbsent(CommonField.REQUESTS_WAITING, source.withNote("the page was cut; other queues unknown"));
            return;
        }
        long sum = queued;
        for (Metric<Long> queue : OTHER_QUEUES) {
            Long others = queue.read(page);
            Provenance from = queue.source(page);
            if (others != null && from != null && others > 0) {
                sum += others;
                source = source.withNote("plus %d in %s".formatted(others, from.family()));
            }
        }
        draft.count(CommonField.REQUESTS_WAITING, sum, source);
    }

    /**
     * The sum over {@code cache_source}, where {@code total} is what requests without the detail were counted under:
     * it counts only where its other labels have no parts.
     */
    private static void cachedTokens(Page page, SnapshotDraft draft) {
        Family family = page.family(CACHED_TOKENS);
        if (family == null) {
            return;
        }
        Set<Labels> split = new HashSet<>();
        for (Series series : family.series()) {
            if (!isTotal(series)) {
                split.add(series.labels().without(SOURCE));
            }
        }
        double sum = 0;
        int count = 0;
        for (Series series : family.series()) {
            Double value = series.value();
            boolean counts = !isTotal(series) || !split.contains(series.labels().without(SOURCE));
            if (counts && value != null) {
                sum += value;
                count++;
            }
        }
        boolean leftOut = count < family.series().size();
        String note = leftOut ? "cache_source=\"total\" left out beside its parts" : null;
        draft.number(CommonField.CACHED_PROMPT_TOKENS, sum, new Provenance(family.name(), count, note));
    }

    private static boolean isTotal(Series series) {
        return ALL_SOURCES.equals(series.labels().get(SOURCE));
    }

    private static void prefixCache(Page page, SnapshotDraft draft) {
        Long hits = draft.countOf(CommonField.CACHED_PROMPT_TOKENS);
        Provenance hitSource = draft.sourceOf(CommonField.CACHED_PROMPT_TOKENS);
        Long queries = draft.countOf(CommonField.PROMPT_TOKENS);
        Provenance querySource = draft.sourceOf(CommonField.PROMPT_TOKENS);
        if (hits != null && hitSource != null && queries != null && querySource != null) {
            prefixCache(draft, hits, hitSource, queries, querySource);
        } else if (!page.wasCut()) {
            prefixCacheOfPrefills(page, draft);
        }
    }

    /** Counted at each report instead of at each request's end; by rank, and there from the first prefill on. */
    private static void prefixCacheOfPrefills(Page page, SnapshotDraft draft) {
        Map<String, Long> tokens = SglangTable.PREFILL_EFFECTIVE_TOKENS.read(page);
        Provenance source = SglangTable.PREFILL_EFFECTIVE_TOKENS.source(page);
        if (tokens == null || source == null) {
            return;
        }
        long hits = 0;
        long all = 0;
        for (Map.Entry<String, Long> mode : tokens.entrySet()) {
            all += mode.getValue();
            if (mode.getKey().endsWith("_hit")) {
                hits += mode.getValue();
            }
        }
        prefixCache(draft, hits, source.withNote("modes that end in _hit"), all, source);
    }

    private static void prefixCache(
            SnapshotDraft draft, long hits, Provenance hitSource, long queries, Provenance querySource) {
        draft.count(CommonField.PREFIX_HITS, hits, hitSource);
        draft.count(CommonField.PREFIX_QUERIES, queries, querySource);
        if (queries > 0) {
            String family = hitSource.family().equals(querySource.family())
                    ? hitSource.family()
                    : hitSource.family() + " / " + querySource.family();
            draft.number(
                    CommonField.HIT_RATE,
                    (double) hits / queries,
                    new Provenance(family, hitSource.series() + querySource.series(), null));
        }
    }

    private static void kvUsage(Page page, SnapshotDraft draft) {
        Provenance exact = SglangTable.FULL_TOKEN_USAGE.source(page);
        if (exact != null) {
            draft.number(CommonField.KV_USAGE, SglangTable.FULL_TOKEN_USAGE.read(page), exact);
            return;
        }
        if (page.wasCut() || kvUsageOfTokens(page, draft)) {
            return;
        }
        Provenance rounded = SglangTable.TOKEN_USAGE.source(page);
        if (rounded != null) {
            draft.number(
                    CommonField.KV_USAGE,
                    SglangTable.TOKEN_USAGE.read(page),
                    rounded.withNote("rounded to two decimals by SGLang since 0.5.12"));
        }
    }

    /** Used / all, of the fullest rank. */
    private static boolean kvUsageOfTokens(Page page, SnapshotDraft draft) {
        Family used = page.family(USED_TOKENS);
        Family all = page.family(MAX_TOKENS);
        if (used == null || all == null) {
            return false;
        }
        double fullest = -1;
        int ranks = 0;
        for (Series series : used.series()) {
            Double share = shareOf(series, all);
            if (share != null) {
                fullest = Math.max(fullest, share);
                ranks++;
            }
        }
        if (ranks > 0) {
            draft.number(
                    CommonField.KV_USAGE,
                    fullest,
                    new Provenance(used.name() + " / " + all.name(), ranks, ranks > 1 ? "the fullest rank" : null));
        }
        return ranks > 0;
    }

    private static @Nullable Double shareOf(Series used, Family all) {
        Labels labels = used.labels();
        String priority = labels.get("priority");
        Double tokens = used.value();
        boolean part = priority != null && !priority.isEmpty();
        if (tokens == null || part) {
            return null;
        }
        for (Series capacity : all.series()) {
            Double capacityTokens = capacity.value();
            if (capacityTokens != null
                    && capacityTokens > 0
                    && capacity.labels().equals(labels)) {
                return tokens / capacityTokens;
            }
        }
        return null;
    }

    /** From v0.5.9 to v0.5.10.post1 the pages stood in the labels of {@code cache_config_info}. */
    private static void kvBlocksOfOldPages(Page page, SnapshotDraft draft) {
        Provenance source = SglangTable.CACHE_CONFIG_PAGE_SIZE.source(page);
        if (source == null) {
            return;
        }
        if (draft.sourceOf(CommonField.KV_BLOCK_SIZE) == null && !page.wasCut()) {
            draft.count(
                    CommonField.KV_BLOCK_SIZE,
                    numbersIn(SglangTable.CACHE_CONFIG_PAGE_SIZE.read(page), Math::max),
                    source.withNote("label page_size"));
        }
        if (draft.sourceOf(CommonField.KV_BLOCKS) == null && !page.wasCut()) {
            draft.count(
                    CommonField.KV_BLOCKS,
                    numbersIn(SglangTable.CACHE_CONFIG_NUM_PAGES.read(page), Long::sum),
                    source.withNote("label num_pages"));
        }
    }

    /** The numbers that are the map's keys, each as often as its value says, as one. */
    private static @Nullable Long numbersIn(@Nullable Map<String, Long> occurrences, BinaryOperator<Long> reduce) {
        if (occurrences == null) {
            return null;
        }
        List<Long> numbers = new ArrayList<>();
        occurrences.forEach((text, times) -> {
            if (text.matches("[0-9]{1,15}")) {
                for (long i = 0; i < Math.min(times, 1024); i++) {
                    numbers.add(Long.parseLong(text));
                }
            }
        });
        return numbers.stream().reduce(reduce).orElse(null);
    }

    private static void models(Page page, SnapshotDraft draft) {
        String label = modelLabelOn(page);
        if (label == null || page.wasCut()) {
            return;
        }
        List<ModelInfo> models = new ArrayList<>();
        Set<String> names = page.valuesOf(label);
        for (String name : names) {
            Page own = names.size() == 1 ? page : page.where(label, name);
            models.add(ModelInfo.named(name, SglangTable.CONTEXT_LENGTH.read(own)));
        }
        draft.models(models, new Provenance("label " + label, models.size(), null));
    }

    private static void noteOldNames(Page page, SnapshotDraft draft) {
        draft.note(CommonField.PREFILL, "stage prefill_forward");
        Provenance perToken = draft.sourceOf(CommonField.PER_OUTPUT_TOKEN);
        if (perToken != null && !perToken.family().contains("request_")) {
            draft.note(CommonField.PER_OUTPUT_TOKEN, "one observation per chunk: the request's mean so far");
        }
        Provenance gauge = SglangTable.RETRACTED_NOW.source(page);
        if (draft.sourceOf(CommonField.PREEMPTIONS) == null && gauge != null) {
            draft.leaveAbsent(CommonField.PREEMPTIONS, gauge.withNote("of the last report only; nothing counted yet"));
        }
    }
}
