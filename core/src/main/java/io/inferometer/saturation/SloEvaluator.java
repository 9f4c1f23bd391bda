package io.inferometer.saturation;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges objectives on what was observed of an engine.
 *
 * <p>Immutable and safe to share. A field that is not reported is "not evaluated", never compliant.
 */
public final class SloEvaluator {
    private final List<SloTarget> targets;

    /**
     * An evaluator of these objectives.
     *
     * @param targets the objectives; copied
     */
    public SloEvaluator(List<SloTarget> targets) {
        this.targets = List.copyOf(targets);
    }

    /**
     * An evaluator of objectives as people write them.
     *
     * @param texts each as {@link SloTarget#parse} reads it
     * @return the evaluator
     * @throws IllegalArgumentException when one cannot be read
     */
    public static SloEvaluator of(String... texts) {
        List<SloTarget> targets = new ArrayList<>();
        for (String text : texts) {
            targets.add(SloTarget.parse(text));
        }
        return new SloEvaluator(targets);
    }

    /** The objectives. */
    public List<SloTarget> targets() {
        return targets;
    }

    /**
     * Judges all objectives.
     *
     * @param observation what was observed
     * @return one result for each
     */
    public SloReport evaluate(Observation observation) {
        return new SloReport(
                targets.stream().map(target -> evaluate(target, observation)).toList());
    }

    private static SloResult evaluate(SloTarget target, Observation observation) {
        Double observed = observation.value(target.field(), target.statistic());
        if (observed == null) {
            return notEvaluated(target, "it is not known " + observation.span());
        }
        double deviation = deviation(target, observed);
        boolean holds = target.comparison().holds(observed, target.threshold());
        if (holds == target.comparison().isUpperBound()
                && observation.isAboveBuckets(target.field(), target.statistic())) {
            return notEvaluated(
                    target,
                    "it lies above the highest bucket, %s, %s".formatted(Numbers.text(observed), observation.span()));
        }
        return new SloResult(
                target,
                holds ? SloResult.Status.COMPLIANT : SloResult.Status.VIOLATED,
                observed,
                deviation,
                holds ? Severity.NONE : Severity.ofViolation(deviation),
                "%s: %s; it was %s %s."
                        .formatted(target, holds ? "met" : "violated", Numbers.text(observed), observation.span()));
    }

    private static SloResult notEvaluated(SloTarget target, String why) {
        return new SloResult(
                target,
                SloResult.Status.NOT_EVALUATED,
                null,
                null,
                Severity.NONE,
                "%s: not evaluated, since %s.".formatted(target, why));
    }

    private static double deviation(SloTarget target, double observed) {
        double beyond =
                target.comparison().isUpperBound() ? observed - target.threshold() : target.threshold() - observed;
        return target.threshold() == 0 ? beyond : beyond / target.threshold();
    }
}
