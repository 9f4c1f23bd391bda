package io.inferometer.snapshot;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells Jackson which components to leave out: null, empty collections, NaN, and groups of which nothing was reported.
 *
 * <p>Used as {@code @JsonInclude(value = CUSTOM, valueFilter = AbsentFilter.class)}: Jackson leaves a value out when this
 * object "equals" it. Stateless and safe to share.
 */
public final class AbsentFilter {
    /** Called by Jackson. */
    public AbsentFilter() {}

    @Override
    @SuppressWarnings("EqualsHashCode") // Jackson's contract for value filters, not an identity.
    public boolean equals(@Nullable Object value) {
        return isAbsent(value);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    /**
     * Whether {@code value} says nothing.
     *
     * @param value any value, a group record among them
     * @return true for null, NaN, empty collections and maps, and records whose components are all absent
     */
    public static boolean isAbsent(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        if (value instanceof Collection<?> collection) {
            return collection.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty();
        }
        if (value instanceof Double number) {
            return number.isNaN() || number.isInfinite();
        }
        return value instanceof Record group && isEmptyGroup(group);
    }

    private static boolean isEmptyGroup(Record group) {
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            if (!isAbsent(read(component, group))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object read(RecordComponent component, Record group) {
        try {
            return component.getAccessor().invoke(group);
        } catch (ReflectiveOperationException e) {
            return true; // A record that does not let us look is never taken for empty.
        }
    }
}
