package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Whether one objective is met.
 *
 * <p>Immutable and safe to share.
 *
 * @param target the objective
 * @param status whether it is met
 * @param observed the value found, in the field's unit; null when it was not reported
 * @param deviation how far the value is beyond the threshold, as a share of it: 0.2 is a fifth too high (of a lower bound, too low),
 *     negative is room to spare; the difference itself where the threshold is 0; null when not evaluated
 * @param severity by the deviation; {@link Severity#NONE} unless violated
 * @param reason what was found, in a sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SloResult(
        SloTarget target,
        Status status,
        @Nullable Double observed,
        @Nullable Double deviation,
        Severity severity,
        String reason) {
    /** Whether an objective is met. */
    public enum Status {
        /** It is. */
        COMPLIANT,
        /** It is not. */
        VIOLATED,
        /** The value was not reported, so nobody knows. */
        NOT_EVALUATED
    }
}
