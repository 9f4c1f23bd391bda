package io.inferometer.source.prometheus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One series of an answer.
 *
 * <p>Immutable and safe to share.
 *
 * @param labels its labels, {@code __name__} among them where the answer has it
 * @param points its points, oldest first; one for an instant query
 */
public record PrometheusSeries(Map<String, String> labels, List<Point> points) {
    /**
     * One point.
     *
     * @param unixSeconds its time; of an instant query the query's own, not that of the sample
     * @param value its value; may be NaN or infinite
     */
    public record Point(double unixSeconds, double value) {}

    /**
     * Copies both.
     *
     * @param labels its labels
     * @param points its points
     */
    public PrometheusSeries {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        points = List.copyOf(points);
    }

    /** A label's value, null where it has none or an empty one. */
    public @Nullable String label(String name) {
        String value = labels.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The last value; null where there is none or it is no finite number. */
    public @Nullable Double value() {
        if (points.isEmpty()) {
            return null;
        }
        double last = points.get(points.size() - 1).value();
        return Double.isFinite(last) ? (Double) last : null;
    }
}
