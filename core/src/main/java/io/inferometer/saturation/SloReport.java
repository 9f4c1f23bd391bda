package io.inferometer.saturation;

import java.util.List;

/**
 * All objectives, judged on one observation.
 *
 * <p>Immutable and safe to share.
 *
 * @param results one for each objective, in their order
 */
public record SloReport(List<SloResult> results) {
    /**
     * Copies the list.
     *
     * @param results one for each objective
     */
    public SloReport {
        results = List.copyOf(results);
    }

    /** Whether every objective was evaluated and met; false when there are none. */
    public boolean isCompliant() {
        return !results.isEmpty() && results.stream().allMatch(result -> result.status() == SloResult.Status.COMPLIANT);
    }

    /** The objectives that are not met, the worst first. */
    public List<SloResult> violations() {
        return results.stream()
                .filter(result -> result.status() == SloResult.Status.VIOLATED)
                .sorted((a, b) -> b.severity().compareTo(a.severity()))
                .toList();
    }

    /** The objectives that could not be evaluated. */
    public List<SloResult> notEvaluated() {
        return results.stream()
                .filter(result -> result.status() == SloResult.Status.NOT_EVALUATED)
                .toList();
    }

    /** The highest severity among the results. */
    public Severity worst() {
        return results.stream()
                .map(SloResult::severity)
                .max(Severity::compareTo)
                .orElse(Severity.NONE);
    }
}
