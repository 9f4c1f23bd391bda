package io.inferometer.backend.ollama;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sums that do not pretend: one part that is missing, or a sum too large for a long, leaves nothing. */
final class Sums {
    private Sums() {}

    static <T> @Nullable Long of(List<T> parts, Function<T, @Nullable Long> value) {
        long sum = 0;
        for (T part : parts) {
            Long one = value.apply(part);
            if (one == null || sum > Long.MAX_VALUE - one) {
                return null;
            }
            sum += one;
        }
        return sum;
    }
}
