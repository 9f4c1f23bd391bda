package io.inferometer.parser;

/**
 * The rules of OpenMetrics about values, and about the point at hand: what one metric says of one moment.
 *
 * <p>One thread.
 */
final class StrictPoint {
    private static final String INFINITE_BOUND = "+Inf";

    private final StrictReader reader;
    private final StrictFamily family;

    private long firstLine;
    private boolean hasTotal;
    private boolean hasBucket;
    private boolean hasNegativeBound;
    private double bound;
    private double bucket;
    private boolean hasCount;
    private double count;
    private boolean hasSum;
    private double sum;

    /** The bound of the bucket at hand, or the quantile. */
    private double labelNumber;

    StrictPoint(StrictReader reader, StrictFamily family) {
        this.reader = reader;
        this.family = family;
    }

    void begin(long line) {
        firstLine = line;
        hasTotal = false;
        hasBucket = false;
        hasNegativeBound = false;
        hasCount = false;
        hasSum = false;
    }

    /**
     * Whether a sample is good in itself.
     *
     * @param special the label that says which bucket, quantile or state this is, -1 if it has none
     */
    boolean isGood(StrictPart part, Sample sample, int special) {
        return hasItsLabels(part, sample.labels, special)
                && isValueGood(part, sample.value)
                && isExemplarGood(part, sample);
    }

    private boolean hasItsLabels(StrictPart part, LabelSpans labels, int special) {
        return switch (family.type()) {
            case HISTOGRAM, GAUGEHISTOGRAM ->
                part == StrictPart.BUCKET ? hasBound(labels, special) : lacks("le", labels);
            case SUMMARY -> part == StrictPart.VALUE ? hasQuantile(labels, special) : lacks("quantile", labels);
            case STATESET ->
                (special >= 0 && !labels.isValueEmpty(special))
                        || complainOfName("a label with the state, called like the metric");
            case COUNTER, GAUGE, UNKNOWN, INFO -> true;
        };
    }

    private boolean lacks(String label, LabelSpans labels) {
        int there = labels.indexOf(label);
        return there < 0
                || reader.fault(
                        labels.place(there, LabelSpans.NAME_START),
                        labels.place(there, LabelSpans.NAME_END),
                        "no label \"" + label + "\" here");
    }

    private boolean hasBound(LabelSpans labels, int special) {
        if (special < 0) {
            return complainOfName("a bucket with a label \"le\"");
        }
        if (!readLabelNumber(labels, special) || Double.isNaN(labelNumber)) {
            return complainOfLabel(labels, special, "a number as bound of the bucket");
        }
        return labelNumber != Double.POSITIVE_INFINITY
                || labels.valueIs(special, INFINITE_BOUND)
                || complainOfLabel(labels, special, "infinity written as " + INFINITE_BOUND);
    }

    private boolean hasQuantile(LabelSpans labels, int special) {
        if (special < 0) {
            return complainOfName("a label \"quantile\"");
        }
        boolean good = readLabelNumber(labels, special) && labelNumber >= 0 && labelNumber <= 1;
        return good || complainOfLabel(labels, special, "a quantile from 0 to 1");
    }

    private boolean readLabelNumber(LabelSpans labels, int i) {
        boolean read = reader.numbers.read(
                reader.bytes, labels.place(i, LabelSpans.VALUE_START), labels.place(i, LabelSpans.VALUE_END));
        labelNumber = reader.numbers.value();
        return read;
    }

    private boolean complainOfLabel(LabelSpans labels, int i, String whatWasExpected) {
        int from = labels.place(i, LabelSpans.VALUE_START);
        return reader.fault(from, Math.max(from + 1, labels.place(i, LabelSpans.VALUE_END)), whatWasExpected);
    }

    private boolean isValueGood(StrictPart part, double value) {
        return switch (part) {
            case VALUE -> isPlainValueGood(value);
            case TOTAL, SUM -> value >= 0 || complainOfValue("a number that is 0 or more");
            case COUNT, BUCKET, GCOUNT -> isCount(value) || complainOfValue("a whole number that is 0 or more");
            case CREATED -> Double.isFinite(value) || complainOfValue("a time in seconds");
            case GSUM -> !Double.isNaN(value) || complainOfValue("a number");
            case INFO -> value == 1 || complainOfValue("1, as every info has");
        };
    }

    private boolean isPlainValueGood(double value) {
        return switch (family.type()) {
            case STATESET -> value == 0 || value == 1 || complainOfValue("0 or 1, as every state has");
            case SUMMARY -> !(value < 0) || complainOfValue("a quantile that is not negative");
            default -> true;
        };
    }

    private static boolean isCount(double value) {
        return value >= 0 && value == Math.rint(value) && value != Double.POSITIVE_INFINITY;
    }

    private boolean complainOfValue(String whatWasExpected) {
        return reader.fault(reader.valueStart, reader.valueEnd, whatWasExpected);
    }

    private boolean complainOfName(String whatWasExpected) {
        return reader.fault(reader.nameStart, reader.nameEnd, whatWasExpected);
    }

    private boolean isExemplarGood(StrictPart part, Sample sample) {
        if (!sample.hasExemplar) {
            return true;
        }
        if (part != StrictPart.TOTAL && part != StrictPart.BUCKET) {
            return reader.fault(reader.exemplarStart, "no exemplar but on a bucket or on the _total of a counter");
        }
        return part == StrictPart.TOTAL
                || sample.exemplarValue <= labelNumber
                || reader.fault(
                        reader.exemplarValueStart,
                        reader.exemplarValueEnd,
                        "an exemplar within its bucket, which goes up to " + labelNumber);
    }

    /** Adds a sample that is good in itself to the point. */
    boolean add(StrictPart part, Sample sample) {
        double value = sample.value;
        switch (part) {
            case BUCKET -> {
                return addBucket(value);
            }
            case TOTAL -> hasTotal = true;
            case COUNT, GCOUNT -> {
                hasCount = true;
                count = value;
            }
            case SUM, GSUM -> {
                hasSum = true;
                sum = value;
            }
            case VALUE, CREATED, INFO -> {}
        }
        return true;
    }

    private boolean addBucket(double value) {
        if (hasBucket && labelNumber <= bound) {
            return complainOfName(
                    "buckets in the order of their bounds, but " + labelNumber + " comes behind " + bound);
        }
        if (hasBucket && value < bucket) {
            return complainOfValue("a bucket that holds no less than the one before it");
        }
        hasBucket = true;
        hasNegativeBound |= labelNumber < 0;
        bound = labelNumber;
        bucket = value;
        return true;
    }

    /** Whether the point lacks nothing, now that it is over. */
    boolean isWhole() {
        return switch (family.type()) {
            case COUNTER -> hasTotal || complainOfEnd("a sample _total");
            case HISTOGRAM, GAUGEHISTOGRAM -> areBucketsWhole();
            case GAUGE, SUMMARY, UNKNOWN, INFO, STATESET -> true;
        };
    }

    private boolean areBucketsWhole() {
        boolean gauge = family.type() == MetricType.GAUGEHISTOGRAM;
        if (!hasBucket || bound != Double.POSITIVE_INFINITY) {
            return complainOfEnd("a bucket le=\"+Inf\"");
        }
        if (hasSum && !hasCount) {
            return complainOfEnd(gauge ? "a sample _gcount beside _gsum" : "a sample _count beside _sum");
        }
        if (hasCount && !hasSum) {
            return complainOfEnd(gauge ? "a sample _gsum beside _gcount" : "a sample _sum beside _count");
        }
        if (hasCount && count != bucket) {
            return complainOfEnd("the same count (" + count + ") in the bucket le=\"+Inf\" (" + bucket + ")");
        }
        if (hasSum && !gauge && hasNegativeBound) {
            return complainOfEnd("no sum beside a bucket whose bound is negative");
        }
        return !hasSum
                || hasNegativeBound
                || sum >= 0
                || complainOfEnd("no negative sum without a bucket whose bound is negative");
    }

    private boolean complainOfEnd(String whatWasExpected) {
        return complainOfName(whatWasExpected + " in the " + family.words() + " of line " + firstLine);
    }
}
