package io.inferometer.parser;

/**
 * The rules of OpenMetrics about metrics, for the family at hand. A metric is a set of labels, {@code le} and the like
 * not among them; its samples stand together, point by point, and the points of one metric move forward in time.
 *
 * <p>Remembers a hash of each metric of the family: 128 bits, so that two never seem to be one. One thread.
 */
final class StrictMetric {
    private final StrictReader reader;
    private final StrictFamily family;
    private final StrictPoint point;
    private final StrictClock clock = new StrictClock();

    private final StrictSet metrics = new StrictSet();

    /** The samples of the point at hand. */
    private final StrictSet series = new StrictSet();

    private final StrictHash seriesHash = new StrictHash();
    private final StrictHash metricHash = new StrictHash();
    private boolean begun;
    private long first;
    private long second;

    StrictMetric(StrictReader reader, StrictFamily family) {
        this.reader = reader;
        this.family = family;
        point = new StrictPoint(reader, family);
    }

    void beginFamily() {
        begun = false;
        metrics.clear();
        series.clear();
    }

    void shrink() {
        metrics.shrink();
        series.shrink();
    }

    boolean take(StrictPart part, Sample sample) {
        int special = specialLabel(part, sample.labels);
        return point.isGood(part, sample, special) && isInOrder(part, sample, special) && point.add(part, sample);
    }

    /** Whether the last point of the family lacks nothing. */
    boolean isWhole() {
        return point.isWhole();
    }

    /** The label that is no label of the metric but says which bucket, quantile or state this is; -1 if there is none. */
    private int specialLabel(StrictPart part, LabelSpans labels) {
        return switch (family.type()) {
            case STATESET -> labels.indexOf(reader.bytes, reader.nameStart, reader.nameEnd);
            case SUMMARY -> part == StrictPart.VALUE ? labels.indexOf("quantile") : -1;
            case HISTOGRAM, GAUGEHISTOGRAM -> part == StrictPart.BUCKET ? labels.indexOf("le") : -1;
            case COUNTER, GAUGE, UNKNOWN, INFO -> -1;
        };
    }

    private boolean isInOrder(StrictPart part, Sample sample, int special) {
        // Which labels of an info are its metric's and which are its value, the page does not say.
        boolean info = family.type() == MetricType.INFO;
        hash(part, sample.labels, special, info);
        boolean sameMetric = begun && metricHash.first() == first && metricHash.second() == second;
        if (!sameMetric && !beginMetric()) {
            return false;
        }
        boolean samePoint = sameMetric && clock.isNow(sample.hasTimestamp, reader);
        if (sameMetric && !samePoint && !info && !movesForward(sample.hasTimestamp)) {
            return false;
        }
        if (!samePoint && !beginPoint()) {
            return false;
        }
        begun = true;
        clock.set(sample.hasTimestamp, reader);
        return isNew(sample.hasTimestamp);
    }

    private void hash(StrictPart part, LabelSpans labels, int special, boolean info) {
        metricHash.clear();
        if (!info) {
            metricHash.addAllBut(special, labels);
        }
        seriesHash.beginWith(metricHash, part.suffix.hashCode() + 1);
        if (info) {
            seriesHash.addAllBut(-1, labels);
        } else if (special >= 0 && !labels.isValueEmpty(special)) {
            labels.hashInto(seriesHash, special);
        }
    }

    private boolean beginMetric() {
        first = metricHash.first();
        second = metricHash.second();
        return switch (metrics.add(first, second)) {
            case ADDED -> true;
            case THERE -> complain("all samples of a metric together; this one has been left before");
            case FULL -> complain("at most " + StrictSet.SIZE_MAX + " metrics in a family");
        };
    }

    private boolean movesForward(boolean hasTimestamp) {
        if (clock.hasTime() != hasTimestamp) {
            return hasTimestamp
                    ? reader.fault(reader.stampStart, reader.stampEnd, "no timestamp, like on the sample before")
                    : reader.fault(reader.valueEnd, "a timestamp, like on the sample before");
        }
        return clock.isBefore(reader)
                || reader.fault(reader.stampStart, reader.stampEnd, "a timestamp that is not before the last one");
    }

    private boolean beginPoint() {
        boolean whole = !begun || point.isWhole();
        series.clear();
        point.begin(reader.line);
        return whole;
    }

    /** A series is on a page once, or else with rising timestamps, of which two may be equal since clocks are coarse. */
    private boolean isNew(boolean hasTimestamp) {
        return switch (series.add(seriesHash.first(), seriesHash.second())) {
            case ADDED -> true;
            case THERE -> hasTimestamp || complain("each series once");
            case FULL -> complain("at most " + StrictSet.SIZE_MAX + " samples in a metric");
        };
    }

    private boolean complain(String whatWasExpected) {
        return reader.fault(reader.nameStart, reader.nameEnd, whatWasExpected);
    }
}
