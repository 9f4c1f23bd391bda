package io.inferometer.exporter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last values of one number, absent ones among them as NaN. One thread at a time. */
final class History {
    /** How many values are kept. */
    static final int LENGTH_MAX = 240;

    private final double[] values = new double[LENGTH_MAX];
    private int count;

    void add(@Nullable Number value) {
        values[count++ % LENGTH_MAX] = value == null ? Double.NaN : value.doubleValue();
        if (count == 2 * LENGTH_MAX) {
            count = LENGTH_MAX; // The same place, and it never overflows.
        }
    }

    /** The last values, oldest first; before the first there is nothing, which is NaN. */
    double[] last(int length) {
        double[] last = new double[Math.min(length, LENGTH_MAX)];
        Arrays.fill(last, Double.NaN);
        for (int back = 1; back <= Math.min(last.length, count); back++) {
            last[last.length - back] = values[(count - back) % LENGTH_MAX];
        }
        return last;
    }
}
