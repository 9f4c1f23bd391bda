package io.inferometer.spi;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The common words while they are being read.
 *
 * <p>For one thread. A value that cannot be (a negative count, a ratio outside 0..1, NaN) leaves its field absent and a
 * note in its provenance.
 */
public final class SnapshotDraft {
    static final double COUNT_MAX = 9.2e18; // Just below Long.MAX_VALUE.

    private final Map<CommonField, Object> values = new EnumMap<>(CommonField.class);
    private final Map<CommonField, Provenance> sources = new EnumMap<>(CommonField.class);

    private final Set<CommonField> wanted;

    /** A draft in which nothing was reported yet. */
    public SnapshotDraft() {
        this(EnumSet.allOf(CommonField.class));
    }

    /** A draft of some fields; what is noted of others is forgotten. */
    SnapshotDraft(Set<CommonField> wanted) {
        this.wanted = wanted;
    }

    /**
     * Whether anybody wants to know this field; a rule for one that nobody wants need not be applied. What a rule finds for a
     * field must not depend on whether others are wanted.
     */
    public boolean wants(CommonField field) {
        return wanted.contains(field);
    }

    /**
     * Notes a number for a field of kind count or ratio; null leaves it as it is.
     *
     * @param field which field
     * @param value the number as the engine printed it, in the field's unit
     * @param source where it came from
     */
    public void number(CommonField field, @Nullable Double value, Provenance source) {
        if (value == null) {
            return;
        }
        boolean ratio = field.kind() == CommonField.Kind.RATIO;
        if (value.isNaN()) {
            leaveAbsent(field, source.withNote("not a number"));
        } else if (ratio && (value < 0 || value > 1)) {
            leaveAbsent(field, source.withNote("out of range 0..1"));
        } else if (value < 0 || value > COUNT_MAX) {
            leaveAbsent(field, source.withNote("out of range"));
        } else if (ratio) {
            put(field, value, source);
        } else {
            boolean whole = value == Math.rint(value);
            put(field, Math.round(value), whole ? source : source.withNote("rounded from " + value));
        }
    }

    /** Notes a count; null leaves the field as it is. */
    public void count(CommonField field, @Nullable Long value, Provenance source) {
        if (value != null) {
            number(field, (double) value, source);
            if (values.containsKey(field)) {
                values.put(field, value); // Exact above 2^53 too.
            }
        }
    }

    /** Notes true or false; null leaves the field as it is. */
    public void flag(CommonField field, @Nullable Boolean value, Provenance source) {
        put(field, value, source);
    }

    /** Notes a distribution; null leaves the field as it is. */
    public void distribution(CommonField field, @Nullable Distribution value, Provenance source) {
        put(field, value, source);
    }

    /** Notes counts by name; null leaves the field as it is. */
    public void countsByName(CommonField field, @Nullable Map<String, Long> value, Provenance source) {
        put(field, value, source);
    }

    /** Notes a list of names, empty when the engine says that there are none; null leaves the field as it is. */
    public void names(CommonField field, @Nullable List<String> value, Provenance source) {
        put(field, value, source);
    }

    /** Notes the models; null leaves the field as it is. */
    public void models(@Nullable List<ModelInfo> value, Provenance source) {
        put(CommonField.MODELS, value, source);
    }

    /** Takes a field's value away and says why in its provenance. */
    public void leaveAbsent(CommonField field, Provenance why) {
        values.remove(field);
        if (wants(field)) {
            sources.put(field, why);
        }
    }

    /** Adds a note to the provenance of a field that is there. */
    public void note(CommonField field, String text) {
        sources.computeIfPresent(field, (key, source) -> source.withNote(text));
    }

    /** Takes away what was noted of fields outside {@code groups}; an empty set keeps everything. */
    public void keepOnly(Set<MetricGroup> groups) {
        if (!groups.isEmpty()) {
            values.keySet().removeIf(field -> !field.isIn(groups));
            sources.keySet().removeIf(field -> !field.isIn(groups));
        }
    }

    /** The count noted so far, or null. */
    public @Nullable Long countOf(CommonField field) {
        return (Long) values.get(field);
    }

    /** Where the field's value came from, or null when nothing was said of it. */
    public @Nullable Provenance sourceOf(CommonField field) {
        return sources.get(field);
    }

    /** The common words as they stand. */
    public EngineMetrics metrics() {
        return new EngineMetrics(
                new EngineMetrics.Load(
                        countOf(CommonField.REQUESTS_RUNNING),
                        countOf(CommonField.REQUESTS_WAITING),
                        countOf(CommonField.REQUESTS_SWAPPED),
                        countOf(CommonField.BATCH_SIZE),
                        countOf(CommonField.MAX_BATCH_TOKENS),
                        (Boolean) values.get(CommonField.ASLEEP)),
                new EngineMetrics.Requests(
                        countOf(CommonField.RECEIVED),
                        countOf(CommonField.SUCCEEDED),
                        countOf(CommonField.FAILED),
                        countOf(CommonField.ABORTED),
                        reasons()),
                new EngineMetrics.Tokens(
                        countOf(CommonField.PROMPT_TOKENS),
                        countOf(CommonField.GENERATED_TOKENS),
                        countOf(CommonField.CACHED_PROMPT_TOKENS)),
                latency(),
                new EngineMetrics.Size(
                        distributionOf(CommonField.PROMPT_SIZE),
                        distributionOf(CommonField.GENERATED_SIZE),
                        distributionOf(CommonField.MAX_NEW_TOKENS)),
                new EngineMetrics.Cache(
                        ratioOf(CommonField.KV_USAGE),
                        countOf(CommonField.KV_BLOCKS),
                        countOf(CommonField.KV_BLOCK_SIZE),
                        countOf(CommonField.KV_CAPACITY_TOKENS),
                        countOf(CommonField.PREFIX_HITS),
                        countOf(CommonField.PREFIX_QUERIES),
                        ratioOf(CommonField.HIT_RATE)),
                new EngineMetrics.Speculation(
                        countOf(CommonField.DRAFTS),
                        countOf(CommonField.DRAFT_TOKENS),
                        countOf(CommonField.ACCEPTED_TOKENS)),
                new EngineMetrics.Adapters(
                        countOf(CommonField.MAX_LORA),
                        namesOf(CommonField.RUNNING_ADAPTERS),
                        namesOf(CommonField.WAITING_ADAPTERS)),
                new EngineMetrics.Memory(countOf(CommonField.RESIDENT_BYTES), countOf(CommonField.VRAM_BYTES)),
                models(),
                new EngineMetrics.Events(countOf(CommonField.PREEMPTIONS)));
    }

    /** Where each field came from, by its path, in the order of {@link CommonField}. */
    public Map<String, Provenance> provenance() {
        Map<String, Provenance> byPath = new LinkedHashMap<>();
        sources.forEach((field, source) -> byPath.put(field.path(), source));
        return byPath;
    }

    private EngineMetrics.Latency latency() {
        return new EngineMetrics.Latency(
                distributionOf(CommonField.TIME_TO_FIRST_TOKEN),
                distributionOf(CommonField.INTER_TOKEN),
                distributionOf(CommonField.PER_OUTPUT_TOKEN),
                distributionOf(CommonField.END_TO_END),
                distributionOf(CommonField.QUEUE),
                distributionOf(CommonField.PREFILL),
                distributionOf(CommonField.DECODE),
                distributionOf(CommonField.INFERENCE));
    }

    private void put(CommonField field, @Nullable Object value, Provenance source) {
        if (value != null && wants(field)) {
            values.put(field, value);
            sources.put(field, source);
        }
    }

    private @Nullable Double ratioOf(CommonField field) {
        return (Double) values.get(field);
    }

    private @Nullable Distribution distributionOf(CommonField field) {
        return (Distribution) values.get(field);
    }

    @SuppressWarnings("unchecked") // Only countsByName() writes this field.
    private Map<String, Long> reasons() {
        Object reasons = values.get(CommonField.BY_REASON);
        return reasons == null ? Map.of() : (Map<String, Long>) reasons;
    }

    @SuppressWarnings("unchecked") // Only names() writes these fields.
    private @Nullable List<String> namesOf(CommonField field) {
        return (List<String>) values.get(field);
    }

    @SuppressWarnings("unchecked") // Only models() writes this field.
    private List<ModelInfo> models() {
        Object models = values.get(CommonField.MODELS);
        return models == null ? List.of() : (List<ModelInfo>) models;
    }
}
