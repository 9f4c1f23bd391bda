package io.inferometer.source.prometheus;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query.
 *
 * <p>Immutable and safe to share.
 *
 * @param type {@code vector}, {@code matrix}, {@code scalar} or {@code string}
 * @param series the series; a scalar is one without labels, a string is none
 * @param warnings what the server warns of; the data may be incomplete
 * @param infos what the server remarks
 * @param bytes how long the answer was, decoded
 * @param serverTime the server's clock as its header {@code Date} told it, to the second; null where it has none
 */
public record PrometheusResult(
        String type,
        List<PrometheusSeries> series,
        List<String> warnings,
        List<String> infos,
        long bytes,
        @Nullable Instant serverTime) {
    /**
     * Copies the lists.
     *
     * @param type what it is
     * @param series the series
     * @param warnings what the server warns of
     * @param infos what the server remarks
     * @param bytes how long the answer was
     * @param serverTime the server's clock
     */
    public PrometheusResult {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
