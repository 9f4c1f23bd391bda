package io.inferometer.saturation;

/** How bad something is, by how far a value is beyond its threshold. */
public enum Severity {
    /** Not beyond it, or not known. */
    NONE,
    /** Beyond by less than a tenth of the threshold. */
    LOW,
    /** Beyond by less than half of it. */
    MEDIUM,
    /** Beyond by less than all of it. */
    HIGH,
    /** Beyond by as much again or more. */
    CRITICAL;

    /**
     * The severity of a deviation that is known to be beyond.
     *
     * @param deviation how far beyond, as a share of the threshold, 0 or more
     */
    static Severity ofViolation(double deviation) {
        if (deviation < 0.1) {
            return LOW;
        }
        if (deviation < 0.5) {
            return MEDIUM;
        }
        return deviation < 1 ? HIGH : CRITICAL;
    }
}
