package io.inferometer.spi;

/** What a family is, as the catalog knows it, whatever its TYPE line says. */
public enum FamilyKind {
    /** A number that goes up and down. */
    GAUGE,
    /** A number that only grows while the engine lives. */
    COUNTER,
    /** A histogram or a summary, or one bare number in their place. */
    DISTRIBUTION
}
