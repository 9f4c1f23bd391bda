package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one series, in the order of the page.
 *
 * <p>Immutable and safe to share. Two sets are equal when they hold the same pairs, in whatever order.
 */
public final class Labels {
    private static final Labels NONE = new Labels(new String[0]);

    private final String[] pairs;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /** No labels at all. */
    public static Labels none() {
        return NONE;
    }

    /**
     * Labels from alternating names and values.
     *
     * @param namesAndValues name, value, name, value, …; copied
     * @return the labels, in this order
     * @throws IllegalArgumentException when a value is missing or a name stands twice
     */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "Labels are pairs of a name and a value; found " + namesAndValues.length + " strings.");
        }
        if (namesAndValues.length == 0) {
            return NONE;
        }
        Labels labels = new Labels(namesAndValues.clone());
        for (int i = 0; i < labels.size(); i++) {
            if (labels.indexOf(labels.name(i)) != i) {
                throw new IllegalArgumentException("The label '" + labels.name(i) + "' stands twice.");
            }
        }
        return labels;
    }

    /** How many labels there are. */
    public int size() {
        return pairs.length / 2;
    }

    /** The name of label {@code index}, 0 to {@code size() - 1}. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** The value of label {@code index}, 0 to {@code size() - 1}. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of the label called {@code name}, or null when there is none. */
    public @Nullable String get(String name) {
        int index = indexOf(name);
        return index < 0 ? null : value(index);
    }

    /** These labels without the one called {@code name}. */
    public Labels without(String name) {
        return indexOf(name) < 0 ? this : filter(candidate -> !candidate.equals(name));
    }

    /** The labels whose names pass {@code wanted}. */
    public Labels filter(Predicate<String> wanted) {
        List<String> kept = new ArrayList<>(pairs.length);
        for (int i = 0; i < size(); i++) {
            if (wanted.test(name(i))) {
                kept.add(name(i));
                kept.add(value(i));
            }
        }
        return kept.isEmpty() ? NONE : new Labels(kept.toArray(String[]::new));
    }

    /** Name to value, in the order of the page; not modifiable. */
    @JsonValue
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < size(); i++) {
            map.put(name(i), value(i));
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && size() == that.size() && that.holdsAll(this);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < size(); i++) {
            hash += name(i).hashCode() ^ (31 * value(i).hashCode());
        }
        return hash;
    }

    @Override
    public String toString() {
        return toMap().toString();
    }

    /** Whether all of {@code others} are among these. */
    boolean holdsAll(Labels others) {
        for (int i = 0; i < others.size(); i++) {
            if (!others.value(i).equals(get(others.name(i)))) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(String name) {
        for (int i = 0; i < size(); i++) {
            if (name(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
