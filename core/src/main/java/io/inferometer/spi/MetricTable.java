package io.inferometer.spi;

import io.inferometer.parser.MetricType;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.Provenance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one engine's families mean: the part of a backend that a reviewer reads.
 *
 * <p>Immutable and safe to share.
 */
public final class MetricTable {
    private final List<Metric<?>> metrics;
    private final List<Metric<?>> common;
    private final Map<String, FamilyKind> kinds;
    private final Map<CommonField, String> specials;
    private final Map<MetricGroup, Set<String>> families;

    private MetricTable(Builder builder) {
        this.metrics = List.copyOf(builder.metrics);
        this.common = metrics.stream().filter(metric -> metric.field() != null).toList();
        this.kinds = Map.copyOf(builder.kinds);
        this.specials = Collections.unmodifiableMap(new EnumMap<>(builder.specials));
        this.families = familiesByGroup(builder);
    }

    /** A table to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /** A table without families, for engines that speak JSON. */
    public static MetricTable empty() {
        return builder().build();
    }

    /** All rows, in the order of the backend. */
    public List<Metric<?>> metrics() {
        return metrics;
    }

    /**
     * The families from which the common fields of some groups are read, as the engine spells them.
     *
     * @param groups the groups that are wanted
     * @return those of the rows that fill a field of theirs, and those that the backend's rules need beside
     */
    public Set<String> familiesOf(Set<MetricGroup> groups) {
        Set<String> wanted = new LinkedHashSet<>();
        for (MetricGroup group : groups) {
            wanted.addAll(families.getOrDefault(group, Set.of()));
        }
        return wanted;
    }

    private static Map<MetricGroup, Set<String>> familiesByGroup(Builder builder) {
        Map<MetricGroup, Set<String>> byGroup = new EnumMap<>(MetricGroup.class);
        for (MetricGroup group : MetricGroup.values()) {
            Set<String> own = new LinkedHashSet<>();
            for (Metric<?> metric : builder.metrics) {
                CommonField field = metric.field();
                if (field != null && field.groups().contains(group)) {
                    own.addAll(metric.families());
                }
            }
            own.addAll(builder.alsoRead.getOrDefault(group, Set.of()));
            byGroup.put(group, own);
        }
        return byGroup;
    }

    /** Reads every row that fills a common field into {@code draft}; the first row that finds something wins. */
    public void fill(Page page, SnapshotDraft draft) {
        for (Metric<?> metric : common) {
            CommonField field = metric.field();
            Provenance source = field != null && draft.wants(field) ? metric.source(page) : null;
            if (source != null && field != null && draft.sourceOf(field) == null) {
                Object value = metric.reduced(page);
                if (value != null) {
                    note(draft, field, value, source);
                }
            }
        }
    }

    /** For each common field that this engine can fill, where from: families, or the special rule in words. */
    public Map<CommonField, String> support() {
        Map<CommonField, String> support = new EnumMap<>(CommonField.class);
        for (Metric<?> metric : metrics) {
            CommonField field = metric.field();
            if (field != null) {
                support.merge(field, String.join(", ", metric.families()), (a, b) -> a + ", " + b);
            }
        }
        support.putAll(specials);
        return support;
    }

    /**
     * The type of a family as this table knows it, for {@link io.inferometer.snapshot.MetricFamilies}.
     *
     * @param family the family's name in any spelling
     * @return its type; null for a family that the table does not know
     */
    public @Nullable MetricType typeOf(String family) {
        FamilyKind kind = kindOf(FamilyNames.normalize(family));
        if (kind == null) {
            return null;
        }
        return switch (kind) {
            case GAUGE -> MetricType.GAUGE;
            case COUNTER -> MetricType.COUNTER;
            case DISTRIBUTION -> MetricType.HISTOGRAM;
        };
    }

    /** What a family is, by its normalized name; null for one that the table does not know. */
    @Nullable
    FamilyKind kindOf(String normalized) {
        return kinds.get(normalized);
    }

    @SuppressWarnings("unchecked") // What a row reduces to follows from the kind of its field.
    private static void note(SnapshotDraft draft, CommonField field, @Nullable Object value, Provenance source) {
        if (value instanceof Distribution distribution) {
            draft.distribution(field, distribution, source);
        } else if (value instanceof Map<?, ?> counts) {
            draft.countsByName(field, (Map<String, Long>) counts, source);
        } else if (value instanceof Double number && field.kind() == CommonField.Kind.FLAG) {
            draft.flag(field, number.isNaN() ? null : (Boolean) (number != 0), source);
        } else if (value instanceof Double number) {
            draft.number(field, number, source);
        }
    }

    /** Fills a table, row by row. For one thread. */
    public static final class Builder {
        private final List<Metric<?>> metrics = new ArrayList<>();
        private final Map<String, FamilyKind> kinds = new HashMap<>();
        private final Map<CommonField, String> specials = new EnumMap<>(CommonField.class);
        private final Map<MetricGroup, Set<String>> alsoRead = new EnumMap<>(MetricGroup.class);
        private final List<LabelRule> rulesForAll = new ArrayList<>();

        private Builder() {}

        /** For all rows that follow: only series whose {@code label} is absent or one of {@code values} count. */
        public Builder where(String label, String... values) {
            rulesForAll.add(new LabelRule(label, List.of(values), true));
            return this;
        }

        /** Begins a row of gauges, newest name first. */
        public Row gauge(String... families) {
            return new Row(this, FamilyKind.GAUGE, List.of(families), rulesForAll);
        }

        /** Begins a row of counters, newest name first; each is found with and without {@code _total}. */
        public Row counter(String... families) {
            return new Row(this, FamilyKind.COUNTER, List.of(families), rulesForAll);
        }

        /** Begins a row of histograms or summaries, newest name first. */
        public Row histogram(String... families) {
            return new Row(this, FamilyKind.DISTRIBUTION, List.of(families), rulesForAll);
        }

        /** Says that a common field is filled by a rule of the backend's own, and from what. */
        public Builder special(CommonField field, String from) {
            specials.put(field, from);
            return this;
        }

        /**
         * Says that the backend's rules need families for a group's common fields that no row fills them from.
         *
         * @param group whose fields
         * @param families as the engine spells them
         */
        public Builder alsoReads(MetricGroup group, String... families) {
            alsoRead.computeIfAbsent(group, unused -> new LinkedHashSet<>()).addAll(List.of(families));
            return this;
        }

        /** The table. */
        public MetricTable build() {
            return new MetricTable(this);
        }

        private <T> Metric<T> add(Metric<T> metric) {
            for (String family : metric.normalizedFamilies()) {
                FamilyKind before = kinds.put(family, metric.kind());
                if (before != null && before != metric.kind()) {
                    throw new IllegalStateException(
                            "The family '%s' stands in the table as %s and as %s; a family is one thing."
                                    .formatted(family, before, metric.kind()));
                }
            }
            metrics.add(metric);
            return metric;
        }
    }

    /** A row that still lacks its reduction. Immutable: each step returns a new one. */
    public static final class Row {
        private final Builder table;
        private final FamilyKind kind;
        private final List<String> families;
        private final List<LabelRule> rules;
        private final @Nullable CommonField field;

        private Row(Builder table, FamilyKind kind, List<String> families, List<LabelRule> rules) {
            this(table, kind, families, rules, null);
        }

        private Row(
                Builder table,
                FamilyKind kind,
                List<String> families,
                List<LabelRule> rules,
                @Nullable CommonField field) {
            this.table = table;
            this.kind = kind;
            this.families = families;
            this.rules = List.copyOf(rules);
            this.field = field;
        }

        /** The common field that this row fills. */
        public Row fills(CommonField common) {
            return new Row(table, kind, families, rules, common);
        }

        /** Only series whose {@code label} is absent or one of {@code values} count. */
        public Row where(String label, String... values) {
            return with(new LabelRule(label, List.of(values), true));
        }

        /** Only series that have {@code label} with one of {@code values} count. */
        public Row only(String label, String... values) {
            return with(new LabelRule(label, List.of(values), false));
        }

        /** Whole number: the sum over the series; null for what is no count (negative, NaN, infinite). */
        public Metric<Long> count() {
            return add("sum", series -> sumOfCounts(series), MetricTable.Row::wholeOrNull);
        }

        /** Whole number: the greatest of the series; null for what is no count. */
        public Metric<Long> maxCount() {
            return add("max", series -> max(series), MetricTable.Row::wholeOrNull);
        }

        /** Number: the sum over the series, as printed; null for NaN and infinities. */
        public Metric<Double> sum() {
            return add("sum", series -> sum(series), MetricTable.Row::finiteOrNull);
        }

        /** Number: the greatest of the series, as printed; null for NaN and infinities. */
        public Metric<Double> max() {
            return add("max", this::maxOrImpossible, MetricTable.Row::finiteOrNull);
        }

        /** Number: the mean of the series; null for NaN and infinities. */
        public Metric<Double> mean() {
            return add("mean", series -> mean(series), MetricTable.Row::finiteOrNull);
        }

        /** True when any series is not 0. */
        public Metric<Boolean> any() {
            return add("any", series -> max(series), value -> {
                Double number = finiteOrNull(value);
                return number == null ? null : (Boolean) (number != 0);
            });
        }

        /** Distribution: the series merged. */
        public Metric<Distribution> distribution() {
            return add(Metric.MERGE, series -> Series.merge(series), value -> (Distribution) value);
        }

        /** Whole number: the sum of the observations of the merged distribution (its {@code _sum}). */
        public Metric<Long> sumOfObservations() {
            return add("sum of observations", series -> sumOfObservations(series), MetricTable.Row::wholeOrNull);
        }

        /** Whole numbers by the value of {@code label}, each the sum of its series, sorted. */
        public Metric<Map<String, Long>> countBy(String label) {
            return add("sum by " + label, series -> countBy(label, series), MetricTable.Row::asCounts);
        }

        /** Numbers by the value of {@code label}, each the sum of its series, sorted. */
        public Metric<Map<String, Double>> sumBy(String label) {
            return add("sum by " + label, series -> sumBy(label, series), MetricTable.Row::asNumbers);
        }

        /** Distributions by the value of {@code label}, sorted. */
        public Metric<Map<String, Distribution>> distributionBy(String label) {
            return add("merge by " + label, series -> distributionBy(label, series), MetricTable.Row::asDistributions);
        }

        private Row with(LabelRule rule) {
            List<LabelRule> more = new ArrayList<>(rules);
            more.add(rule);
            return new Row(table, kind, families, more, field);
        }

        private <T> Metric<T> add(
                String reduction,
                Function<List<Series>, @Nullable Object> reduce,
                Function<Object, @Nullable T> convert) {
            return table.add(new Metric<>(families, kind, rules, reduction, reduce, convert, field));
        }

        /** A count that cannot be must not hide in the sum of its sisters: it is the answer, and the draft refuses it. */
        private static @Nullable Double sumOfCounts(List<Series> series) {
            Double impossible = firstOutside(0, Double.MAX_VALUE, series);
            return impossible == null ? sum(series) : impossible;
        }

        /** A ratio that cannot be must not hide behind a greater one. */
        private @Nullable Double maxOrImpossible(List<Series> series) {
            boolean ratio = field != null && field.kind() == CommonField.Kind.RATIO;
            Double impossible = ratio ? firstOutside(0, 1, series) : null;
            return impossible == null ? max(series) : impossible;
        }

        private static @Nullable Double firstOutside(double least, double most, List<Series> series) {
            for (Series one : series) {
                Double value = one.value();
                if (value != null && !(value >= least && value <= most)) {
                    return value;
                }
            }
            return null;
        }

        private static @Nullable Double sum(List<Series> series) {
            double sum = 0;
            boolean any = false;
            for (Series one : series) {
                Double value = one.value();
                if (value != null) {
                    sum += value;
                    any = true;
                }
            }
            return any ? (Double) sum : null;
        }

        private static @Nullable Double max(List<Series> series) {
            Double max = null;
            for (Series one : series) {
                Double value = one.value();
                if (value != null && (max == null || max.isNaN() || value > max)) {
                    max = value;
                }
            }
            return max;
        }

        private static @Nullable Double mean(List<Series> series) {
            Double sum = sum(series);
            long count = series.stream().filter(one -> one.value() != null).count();
            return sum == null ? null : (Double) (sum / count);
        }

        private static @Nullable Double sumOfObservations(List<Series> series) {
            Distribution merged = Series.merge(series);
            return merged == null ? null : merged.sum();
        }

        private static @Nullable Object countBy(String label, List<Series> series) {
            Map<String, Long> counts = new TreeMap<>();
            sumsBy(label, series).forEach((value, sum) -> {
                Long whole = wholeOrNull(sum);
                if (whole != null) {
                    counts.put(value, whole);
                }
            });
            return counts.isEmpty() ? null : new LinkedHashMap<>(counts);
        }

        private static @Nullable Object sumBy(String label, List<Series> series) {
            Map<String, Double> sums = sumsBy(label, series);
            return sums.isEmpty() ? null : new LinkedHashMap<>(sums);
        }

        private static Map<String, Double> sumsBy(String label, List<Series> series) {
            return groupBy(label, series, Series::value, Double::sum);
        }

        private static @Nullable Object distributionBy(String label, List<Series> series) {
            Map<String, Distribution> groups = groupBy(label, series, Series::distribution, Distribution::plus);
            return groups.isEmpty() ? null : new LinkedHashMap<>(groups);
        }

        private static <V> Map<String, V> groupBy(
                String label, List<Series> series, Function<Series, @Nullable V> part, BinaryOperator<V> merge) {
            Map<String, V> groups = new TreeMap<>();
            for (Series one : series) {
                String value = one.labels().get(label);
                V next = part.apply(one);
                if (value != null && next != null) {
                    groups.merge(value, next, merge);
                }
            }
            return groups;
        }

        private static @Nullable Long wholeOrNull(Object value) {
            double number = (Double) value;
            return number >= 0 && number <= SnapshotDraft.COUNT_MAX ? (Long) Math.round(number) : null;
        }

        private static @Nullable Double finiteOrNull(Object value) {
            Double number = (Double) value;
            return Double.isFinite(number) ? number : null;
        }

        @SuppressWarnings("unchecked") // countBy() made it.
        private static Map<String, Long> asCounts(Object value) {
            return (Map<String, Long>) value;
        }

        @SuppressWarnings("unchecked") // sumBy() made it.
        private static Map<String, Double> asNumbers(Object value) {
            return (Map<String, Double>) value;
        }

        @SuppressWarnings("unchecked") // distributionBy() made it.
        private static Map<String, Distribution> asDistributions(Object value) {
            return (Map<String, Distribution>) value;
        }
    }
}
