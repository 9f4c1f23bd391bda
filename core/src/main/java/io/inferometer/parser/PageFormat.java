package io.inferometer.parser;

/** The language a page is written in. */
public enum PageFormat {
    /** Prometheus text 0.0.4, quoted UTF-8 names of 1.0.0 included. Timestamps are whole milliseconds. */
    TEXT,

    /** OpenMetrics 1.0 text. Timestamps are seconds with a fraction, and the page ends with {@code # EOF}. */
    OPENMETRICS
}
