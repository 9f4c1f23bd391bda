package io.inferometer.spi;

import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.Provenance;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What pages with the same names and labels have in common, whatever their values.
 *
 * <p>Safe to share. What follows from names and labels is worked out once, when somebody asks, and holds for all of them:
 * successive pages of one target nearly always have the same.
 */
final class PageLayout {
    private static final Object NOTHING = new Object();
    private static final Source NOWHERE = new Source(-1, null, null);

    private final String[] names;
    private final Labels[][] labels;
    private final Map<String, Integer> places;

    /** By the metric's number; null for what was not asked for. */
    private volatile @Nullable Source[] sources = {};

    private final Map<Object, Object> known = new ConcurrentHashMap<>();

    /** Where a metric's value comes from: a family, and its series that count; null for all of them. */
    static final class Source {
        private final int family;
        private final int @Nullable [] series;
        private final @Nullable Provenance provenance;

        private Source(int family, int @Nullable [] series, @Nullable Provenance provenance) {
            this.family = family;
            this.series = series;
            this.provenance = provenance;
        }

        int family() {
            return family;
        }

        int @Nullable [] series() {
            return series;
        }

        @Nullable
        Provenance provenance() {
            return provenance;
        }
    }

    /** The part of each family whose series are wanted: families, and for each the series. */
    static final class Part {
        private final int[] families;
        private final int[][] series;
        private final PageLayout layout;

        private Part(int[] families, int[][] series, PageLayout layout) {
            this.families = families;
            this.series = series;
            this.layout = layout;
        }

        PageLayout layout() {
            return layout;
        }

        /** The families of this part of a page whose families are {@code all}. */
        Families of(Families all) {
            return new Families(families.length) {
                @Override
                Family make(int place) {
                    return part(all.at(families[place]), series[place]);
                }
            };
        }
    }

    private record ValuesOf(String label) {}

    private record Selection(String label, String value) {}

    private PageLayout(String[] names, Labels[][] labels, Map<String, Integer> places) {
        this.names = names;
        this.labels = labels;
        this.places = places;
    }

    /** The layout of families by their normalized names. */
    static PageLayout of(Map<String, Family> families) {
        String[] names = new String[families.size()];
        Labels[][] labels = new Labels[families.size()][];
        Map<String, Integer> places = new LinkedHashMap<>(2 * families.size());
        for (Map.Entry<String, Family> each : families.entrySet()) {
            int place = places.size();
            names[place] = each.getValue().name();
            labels[place] =
                    each.getValue().series().stream().map(Series::labels).toArray(Labels[]::new);
            places.put(each.getKey(), place);
        }
        return new PageLayout(names, labels, places);
    }

    /** The places of all families by their normalized names, in the order of the page. */
    Map<String, Integer> keys() {
        return places;
    }

    /** Where a family stands; -1 when there is none of that normalized name. */
    int placeOf(String normalized) {
        Integer place = places.get(normalized);
        return place == null ? -1 : place;
    }

    /** The same for a name in any spelling. */
    int placeOfAny(String name) {
        Integer place = places.get(name);
        return place == null ? placeOf(FamilyNames.normalize(name)) : place;
    }

    @Nullable
    Source sourceOf(Metric<?> metric) {
        @Nullable Source[] all = sources;
        int number = metric.number();
        Source known = number < all.length ? all[number] : null;
        if (known == null) {
            return learnSource(metric);
        }
        return known.family() < 0 ? null : known;
    }

    private @Nullable Source learnSource(Metric<?> metric) {
        Source found = findSource(metric);
        @Nullable Source[] more = Arrays.copyOf(sources, Math.max(sources.length, metric.numberMax() + 1));
        more[metric.number()] = found == null ? NOWHERE : found;
        sources = more; // Two threads may lose each other's, and find it again.
        return found;
    }

    /** Every value of a label, sorted. */
    Set<String> valuesOf(String label) {
        Set<String> values = once(new ValuesOf(label), () -> findValues(label));
        return values == null ? Set.of() : values;
    }

    Part part(String label, String value) {
        return part(new Selection(label, value), all -> value.equals(all.get(label)));
    }

    /** The series whose labels pass; one key for each predicate. */
    Part part(Object key, Predicate<Labels> wanted) {
        Part part = once(key, () -> findPart(wanted));
        if (part == null) {
            throw new IllegalStateException("There is a part, if an empty one");
        }
        return part;
    }

    /** What {@code find} finds, which must follow from names and labels alone. */
    @SuppressWarnings({"unchecked", "ReferenceEquality"
    }) // Whoever uses a key uses it for one type; NOTHING is one object.
    <T> @Nullable T once(Object key, Supplier<@Nullable T> find) {
        Object found = known.get(key);
        if (found == null) {
            T fresh = find.get();
            found = fresh == null ? NOTHING : fresh;
            known.put(key, found);
        }
        return found == NOTHING ? null : (T) found;
    }

    private @Nullable Source findSource(Metric<?> metric) {
        for (String name : metric.normalizedFamilies()) {
            int place = placeOf(name);
            int[] counting = place < 0 ? new int[0] : indexes(labels[place], metric::counts);
            if (counting.length > 0) {
                boolean all = counting.length == labels[place].length;
                Provenance provenance = new Provenance(names[place], counting.length, null);
                return new Source(place, all ? null : counting, provenance);
            }
        }
        return null;
    }

    private Set<String> findValues(String label) {
        Set<String> values = new TreeSet<>();
        for (Labels[] family : labels) {
            for (Labels series : family) {
                String value = series.get(label);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return Collections.unmodifiableSet(values);
    }

    private Part findPart(Predicate<Labels> wanted) {
        int[][] series = new int[names.length][];
        int[] families = new int[names.length];
        int count = 0;
        for (int place = 0; place < names.length; place++) {
            int[] own = indexes(labels[place], wanted);
            if (own.length > 0) {
                families[count] = place;
                series[count++] = own;
            }
        }
        int[] kept = Arrays.copyOf(families, count);
        return new Part(kept, Arrays.copyOf(series, count), layoutOf(kept, series));
    }

    private PageLayout layoutOf(int[] families, int[][] series) {
        Map<Integer, Integer> moved = new HashMap<>();
        String[] partNames = new String[families.length];
        Labels[][] partLabels = new Labels[families.length][];
        for (int i = 0; i < families.length; i++) {
            moved.put(families[i], i);
            partNames[i] = names[families[i]];
            Labels[] all = labels[families[i]];
            partLabels[i] = Arrays.stream(series[i]).mapToObj(at -> all[at]).toArray(Labels[]::new);
        }
        Map<String, Integer> partPlaces = new LinkedHashMap<>();
        places.forEach((name, place) -> {
            Integer there = moved.get(place);
            if (there != null) {
                partPlaces.put(name, there);
            }
        });
        return new PageLayout(partNames, partLabels, partPlaces);
    }

    private static int[] indexes(Labels[] series, Predicate<Labels> wanted) {
        int[] found = new int[series.length];
        int count = 0;
        for (int i = 0; i < series.length; i++) {
            if (wanted.test(series[i])) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Some of a family's series. */
    private static Family part(Family family, int[] series) {
        Series[] some = new Series[series.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = family.series().get(series[i]);
        }
        return new Family(family.name(), List.of(some));
    }
}
