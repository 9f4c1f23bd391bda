package io.inferometer.testkit;

/** A histogram of a fake engine. For one thread at a time. */
final class FakeHistogram {
    private final double[] bounds;
    private final long[] counts;
    private double sum;
    private long count;

    FakeHistogram(double[] bounds) {
        this.bounds = bounds;
        this.counts = new long[bounds.length];
    }

    void observe(double value) {
        for (int i = 0; i < bounds.length; i++) {
            if (value <= bounds[i]) {
                counts[i]++;
            }
        }
        sum += value;
        count++;
    }

    /** The same bounds, the observations of both. */
    FakeHistogram plus(FakeHistogram other) {
        FakeHistogram both = new FakeHistogram(bounds);
        for (int i = 0; i < bounds.length; i++) {
            both.counts[i] = counts[i] + other.counts[i];
        }
        both.sum = sum + other.sum;
        both.count = count + other.count;
        return both;
    }

    /** Finite bounds; the infinite one is the count. */
    int size() {
        return bounds.length;
    }

    double bound(int index) {
        return bounds[index];
    }

    /** Observations up to the bound. */
    long upTo(int index) {
        return counts[index];
    }

    double sum() {
        return sum;
    }

    long count() {
        return count;
    }
}
