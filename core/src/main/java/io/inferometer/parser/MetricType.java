package io.inferometer.parser;

/** What a {@code # TYPE} line says a family is. {@code untyped}, the older word, is {@link #UNKNOWN}. */
public enum MetricType {
    COUNTER("counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram"),
    SUMMARY("summary"),
    UNKNOWN("unknown"),
    INFO("info"),
    STATESET("stateset"),
    GAUGEHISTOGRAM("gaugehistogram");

    private final String word;

    MetricType(String word) {
        this.word = word;
    }

    /** The word a page uses, in lower case: {@code "counter"}. */
    public String word() {
        return word;
    }
}
