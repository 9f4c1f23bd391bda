package io.inferometer.saturation;

/** How far the values of a replica can be trusted, by their age; the bounds are {@link FreshnessThresholds}. */
public enum Freshness {
    /** Young enough to act on; by default less than a minute. */
    FRESH,
    /** Old: worth showing, not worth acting on; by default less than five minutes. */
    STALE,
    /** Too old to mean anything, or of unknown age. */
    UNAVAILABLE
}
