package io.inferometer.spi;

import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.Provenance;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row of a backend's table: families newest first, which of their series count, and how those become one value.
 *
 * <p>Immutable and safe to share. Made by {@link MetricTable.Builder}.
 *
 * @param <T> what it reads
 */
public final class Metric<T> {
    static final String MERGE = "merge";

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.getAndIncrement();
    private final boolean merges;
    private final List<String> families;
    private final List<String> normalized;
    private final FamilyKind kind;
    private final List<LabelRule> rules;
    private final String reduction;
    private final Function<List<Series>, @Nullable Object> reduce;
    private final Function<Object, @Nullable T> convert;
    private final @Nullable CommonField field;

    Metric(
            List<String> families,
            FamilyKind kind,
            List<LabelRule> rules,
            String reduction,
            Function<List<Series>, @Nullable Object> reduce,
            Function<Object, @Nullable T> convert,
            @Nullable CommonField field) {
        this.families = List.copyOf(families);
        this.normalized = families.stream().map(FamilyNames::normalize).toList();
        this.kind = kind;
        this.rules = List.copyOf(rules);
        this.reduction = reduction;
        this.merges = reduction.equals(MERGE);
        this.reduce = reduce;
        this.convert = convert;
        this.field = field;
    }

    /**
     * Reads its value off a page.
     *
     * @param page the page, or a part of it
     * @return the value, from the first of its families that is there; null when none is
     */
    public @Nullable T read(Page page) {
        Object reduced = reduced(page);
        return reduced == null ? null : convert.apply(reduced);
    }

    /** Where {@link #read} takes its value from on this page; null when none of its families is there. */
    public @Nullable Provenance source(Page page) {
        PageLayout.Source source = page.layout().sourceOf(this);
        return source == null ? null : source.provenance();
    }

    /** Its families as the engine spells them, newest first. */
    public List<String> families() {
        return families;
    }

    /**
     * The names under which a server may hold each of its families: as the engine spells it, with {@code _} for {@code :},
     * behind Ray, and of a counter with and without {@code _total}.
     *
     * @return a list for each family, newest first; each begins with the engine's own spelling
     */
    public List<List<String>> spellings() {
        return families.stream()
                .map(family -> FamilyNames.spellings(family, kind == FamilyKind.COUNTER))
                .toList();
    }

    /** What its families are. */
    public FamilyKind kind() {
        return kind;
    }

    /** Which series count. */
    public List<LabelRule> rules() {
        return rules;
    }

    /** How several series become one value: {@code sum}, {@code max}, {@code merge} and so on. */
    public String reduction() {
        return reduction;
    }

    /** The common field that it fills; null for a metric of the engine's own view alone. */
    public @Nullable CommonField field() {
        return field;
    }

    /** A small number that no other metric has. */
    int number() {
        return number;
    }

    /** The greatest of these numbers up to now. */
    int numberMax() {
        return NUMBERS.get() - 1;
    }

    List<String> normalizedFamilies() {
        return normalized;
    }

    /** The reduced value before conversion: a Double, a Distribution or a map; null when absent. */
    @Nullable
    Object reduced(Page page) {
        PageLayout.Source source = page.layout().sourceOf(this);
        if (source == null) {
            return null;
        }
        boolean mergesAll = source.series() == null && merges;
        return mergesAll ? page.merged(source.family()) : reduce.apply(page.series(source));
    }

    /** Whether a series with these labels counts. */
    boolean counts(Labels labels) {
        for (LabelRule rule : rules) {
            if (!rule.accepts(labels)) {
                return false;
            }
        }
        return true;
    }
}
