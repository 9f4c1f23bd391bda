package io.inferometer.fleet;

import org.jspecify.annotations.Nullable;

/**
 * The values of one gauge over a window, in a ring of fixed size.
 *
 * <p>Immutable: {@link #with} gives a changed copy, which shares the ring until a slot is full. A slot is a sixtieth of the window
 * and is dropped as a whole once its last value has left the window; where values come more rarely than that, a slot holds one
 * value and the window is exact.
 */
final class GaugeRing {
    private static final int SLOTS_MAX = 60;
    private static final int SPARE_SLOTS = 2;

    private final long window;
    private final Closed closed;
    private final long slot;
    private final long last;
    private final double max;
    private final double sum;
    private final int count;

    private GaugeRing(long window, Closed closed, long slot, long last, double max, double sum, int count) {
        this.window = window;
        this.closed = closed;
        this.slot = slot;
        this.last = last;
        this.max = max;
        this.sum = sum;
        this.count = count;
    }

    /** An empty ring for a window, in nanoseconds, whose values come every {@code interval} nanoseconds. */
    static GaugeRing empty(long window, long interval) {
        int slots = (int) Math.min(SLOTS_MAX, window / interval + 1) + SPARE_SLOTS;
        return new GaugeRing(window, Closed.empty(slots), Long.MIN_VALUE, 0, 0, 0, 0);
    }

    /** With a value seen at a time; as it is when the value is unknown or impossible. */
    GaugeRing with(long nanos, @Nullable Number reported) {
        if (reported == null || !Double.isFinite(reported.doubleValue())) {
            return this;
        }
        double value = reported.doubleValue();
        long now = Math.floorDiv(nanos, Math.max(1, window / SLOTS_MAX));
        if (count > 0 && now == slot) {
            return new GaugeRing(window, closed, slot, nanos, Math.max(max, value), sum + value, count + 1);
        }
        Closed before = count > 0 ? closed.with(last, max, sum, count) : closed;
        return new GaugeRing(window, before, now, nanos, value, value, 1);
    }

    /** The window that ends at a time; null when it holds no value. */
    @Nullable
    GaugeWindow at(long nanos) {
        double highest = Double.NEGATIVE_INFINITY;
        double total = 0;
        long samples = 0;
        for (int i = 0; i < closed.counts.length; i++) {
            if (closed.counts[i] > 0 && nanos - closed.lasts[i] <= window) {
                highest = Math.max(highest, closed.maxima[i]);
                total += closed.sums[i];
                samples += closed.counts[i];
            }
        }
        if (count > 0 && nanos - last <= window) {
            highest = Math.max(highest, max);
            total += sum;
            samples += count;
        }
        return samples == 0 ? null : new GaugeWindow(highest, total / samples, samples);
    }

    /** The slots that take no more values; never changed once a ring holds them. */
    private static final class Closed {
        private final int next;
        private final long[] lasts;
        private final double[] maxima;
        private final double[] sums;
        private final int[] counts;

        private Closed(int next, long[] lasts, double[] maxima, double[] sums, int[] counts) {
            this.next = next;
            this.lasts = lasts;
            this.maxima = maxima;
            this.sums = sums;
            this.counts = counts;
        }

        static Closed empty(int slots) {
            return new Closed(0, new long[slots], new double[slots], new double[slots], new int[slots]);
        }

        Closed with(long last, double max, double sum, int count) {
            Closed copy =
                    new Closed((next + 1) % counts.length, lasts.clone(), maxima.clone(), sums.clone(), counts.clone());
            copy.lasts[next] = last;
            copy.maxima[next] = max;
            copy.sums[next] = sum;
            copy.counts[next] = count;
            return copy;
        }
    }
}
