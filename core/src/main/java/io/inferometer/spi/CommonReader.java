package io.inferometer.spi;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.Lazy;
import io.inferometer.snapshot.MetricSample;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the common words off a page: of the whole, per model and per rank.
 *
 * <p>Immutable and safe to share.
 */
public final class CommonReader {
    /** A backend's rules that a table cannot say. */
    @FunctionalInterface
    public interface Rules {
        /**
         * Adds to a draft, or takes from it.
         *
         * @param page the page, or the part of it that belongs to one model or rank
         * @param draft what the table has filled so far
         */
        void apply(Page page, SnapshotDraft draft);
    }

    /** What {@link CommonView#pulse()} promises. */
    private static final Set<CommonField> PULSE = Collections.unmodifiableSet(EnumSet.of(
            CommonField.REQUESTS_RUNNING,
            CommonField.REQUESTS_WAITING,
            CommonField.KV_USAGE,
            CommonField.SUCCEEDED,
            CommonField.FAILED,
            CommonField.PROMPT_TOKENS,
            CommonField.GENERATED_TOKENS,
            CommonField.PREEMPTIONS));

    private final MetricTable table;
    private final String prefix;
    private final List<String> modelLabels;
    private final @Nullable String rankLabel;
    private final Rules rules;

    /**
     * A reader for one engine.
     *
     * @param table the engine's table
     * @param prefix with which the engine's own families begin, normalized, such as {@code "vllm_"}
     * @param modelLabels labels that may hold the model's name, best first
     * @param rankLabel the label that holds the data-parallel rank, or null
     * @param rules rules that the table cannot say
     */
    public CommonReader(
            MetricTable table, String prefix, List<String> modelLabels, @Nullable String rankLabel, Rules rules) {
        this.table = table;
        this.prefix = prefix;
        this.modelLabels = List.copyOf(modelLabels);
        this.rankLabel = rankLabel;
        this.rules = rules;
    }

    /**
     * Reads the scrape's page: each part of it when somebody asks for it, so rules must find the same whenever they are applied.
     *
     * @param scrape a scrape that has a page
     * @param engineVersion the engine's version where the backend found it
     * @param more rules that need what this scrape brought besides its page; applied to the whole only, last
     * @return the common view
     * @throws IllegalArgumentException when the scrape has no page
     */
    public CommonView read(Scrape scrape, @Nullable String engineVersion, Rules more) {
        Page page = scrape.page();
        if (page == null) {
            throw new IllegalArgumentException("This scrape of " + scrape.engine() + " has no metrics page.");
        }
        Lazy<CommonView.Whole> whole = page.readLater(() -> whole(scrape, page, more));
        return new CommonView(
                scrape.header(engineVersion),
                whole,
                Lazy.of(() -> whole.isKnown() ? whole.get().metrics() : pulse(scrape, page, more)),
                page.readLater(() -> parts(scrape, page, modelLabelOn(page))),
                page.readLater(() -> parts(scrape, page, rankLabel)),
                scrape.keepSamples() ? rawSamples(scrape, page) : null);
    }

    private CommonView.Whole whole(Scrape scrape, Page page, Rules more) {
        SnapshotDraft whole = whole(scrape, page, more, new SnapshotDraft());
        return new CommonView.Whole(whole.metrics(), whole.provenance());
    }

    private EngineMetrics pulse(Scrape scrape, Page page, Rules more) {
        return whole(scrape, page, more, new SnapshotDraft(PULSE)).metrics();
    }

    private SnapshotDraft whole(Scrape scrape, Page page, Rules more, SnapshotDraft draft) {
        fill(page, draft);
        more.apply(page, draft);
        draft.keepOnly(scrape.groups());
        return draft;
    }

    /** The label that holds the model's name on this page, or null. */
    public @Nullable String modelLabelOn(Page page) {
        for (String label : modelLabels) {
            if (!page.valuesOf(label).isEmpty()) {
                return label;
            }
        }
        return null;
    }

    private void fill(Page page, SnapshotDraft draft) {
        table.fill(page, draft);
        rules.apply(page, draft);
    }

    private Map<String, EngineMetrics> parts(Scrape scrape, Page page, @Nullable String label) {
        if (label == null) {
            return Map.of();
        }
        Set<String> values = page.valuesOf(label);
        if (values.size() < 2) {
            return Map.of();
        }
        Map<String, EngineMetrics> parts = new LinkedHashMap<>();
        for (String value : values) {
            SnapshotDraft part = new SnapshotDraft();
            fill(page.where(label, value), part);
            part.keepOnly(scrape.groups());
            parts.put(value, part.metrics());
        }
        return Collections.unmodifiableMap(parts);
    }

    private List<MetricSample> rawSamples(Scrape scrape, Page page) {
        return page.samples().stream()
                .filter(sample -> FamilyNames.normalize(sample.name()).startsWith(prefix))
                .map(sample -> sample.withDefaultTimestamp(scrape.collectedAt()))
                .toList();
    }
}
