package io.inferometer.saturation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an engine does.
 *
 * <p>Immutable and safe to share.
 *
 * @param score 100 less 10 for each bottleneck of low severity, 20 for medium, 35 for high and 50 for critical, 0 at least;
 *     null when no kind of bottleneck could be looked for
 * @param bottlenecks what holds it back, the worst first
 * @param notEvaluated the kinds that could not be looked for, because the values were not reported; they neither raise nor
 *     lower the score
 */
public record HealthReport(@Nullable Integer score, List<Bottleneck> bottlenecks, List<Bottleneck.Kind> notEvaluated) {
    /**
     * Copies the lists.
     *
     * @param score 0..100, or null
     * @param bottlenecks what holds it back
     * @param notEvaluated the kinds that could not be looked for
     */
    public HealthReport {
        bottlenecks = List.copyOf(bottlenecks);
        notEvaluated = List.copyOf(notEvaluated);
    }
}
