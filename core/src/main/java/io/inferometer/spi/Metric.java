package io.inferometer.spi;

import io.inferometer.snapshot.Provenance;
import java.util.List;
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
        for (String name : normalized) {
            List<Series> series = counting(page, name);
            Family family = page.family(name);
            if (family != null && !series.isEmpty()) {
                return new Provenance(family.name(), series.size(), null);
            }
        }
        return null;
    }

    /** Its families as the engine spells them, newest first. */
    public List<String> families() {
        return families;
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

    List<String> normalizedFamilies() {
        return normalized;
    }

    /** The reduced value before conversion: a Double, a Distribution or a map; null when absent. */
    @Nullable
    Object reduced(Page page) {
        for (String name : normalized) {
            List<Series> series = counting(page, name);
            if (!series.isEmpty()) {
                return reduce.apply(series);
            }
        }
        return null;
    }

    private List<Series> counting(Page page, String name) {
        Family family = page.family(name);
        if (family == null) {
            return List.of();
        }
        if (rules.isEmpty()) {
            return family.series();
        }
        return family.series().stream()
                .filter(series -> rules.stream().allMatch(rule -> rule.accepts(series.labels())))
                .toList();
    }
}
