package io.inferometer.parser;

import java.util.Arrays;
import java.util.List;

/** What one sample is of its metric: the value itself, or what the suffix of its name says. */
enum StrictPart {
    VALUE(""),
    TOTAL("_total"),
    CREATED("_created"),
    COUNT("_count"),
    SUM("_sum"),
    BUCKET("_bucket"),
    GCOUNT("_gcount"),
    GSUM("_gsum"),
    INFO("_info");

    private static final StrictPart[] SINGLE = {VALUE};
    private static final StrictPart[] OF_COUNTER = {TOTAL, CREATED};
    private static final StrictPart[] OF_HISTOGRAM = {BUCKET, COUNT, SUM, CREATED};
    private static final StrictPart[] OF_GAUGEHISTOGRAM = {BUCKET, GCOUNT, GSUM};
    private static final StrictPart[] OF_SUMMARY = {VALUE, COUNT, SUM, CREATED};
    private static final StrictPart[] OF_INFO = {INFO};

    /** What stands behind the family's name. */
    final String suffix;

    StrictPart(String suffix) {
        this.suffix = suffix;
    }

    /** The parts that a family of {@code type} may have; not to be written to. */
    static StrictPart[] of(MetricType type) {
        return switch (type) {
            case COUNTER -> OF_COUNTER;
            case HISTOGRAM -> OF_HISTOGRAM;
            case GAUGEHISTOGRAM -> OF_GAUGEHISTOGRAM;
            case SUMMARY -> OF_SUMMARY;
            case INFO -> OF_INFO;
            case GAUGE, STATESET, UNKNOWN -> SINGLE;
        };
    }

    /** The suffixes of a type whose families have no sample without one. */
    static List<String> suffixesOf(MetricType type) {
        return Arrays.stream(of(type)).map(part -> part.suffix).toList();
    }
}
