package io.inferometer.snapshot;

import org.jspecify.annotations.Nullable;

/** How numbers stand in JSON: whole ones as integers, NaN and infinities as words or not at all. */
final class JsonNumbers {
    private static final double WHOLE_MAX = 1L << 53;

    private JsonNumbers() {}

    /** A number, or {@code "NaN"}, {@code "+Inf"}, {@code "-Inf"}. */
    static Object printable(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return shortest(value);
    }

    /** A number, or null for what JSON cannot say. */
    static @Nullable Object finite(@Nullable Double value) {
        return value == null || value.isNaN() || value.isInfinite() ? null : shortest(value);
    }

    private static Object shortest(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= WHOLE_MAX;
        return whole ? (Object) (long) value : (Object) value;
    }
}
