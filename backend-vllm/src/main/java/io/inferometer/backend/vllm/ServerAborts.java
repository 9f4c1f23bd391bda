package io.inferometer.backend.vllm;

import io.inferometer.snapshot.Distribution;
import io.inferometer.spi.Metric;
import io.inferometer.spi.Page;
import org.jspecify.annotations.Nullable;

/**
 * Takes the sum out of distributions that a server-side abort has spoiled.
 *
 * <p>A request that {@code /pause} or {@code /sleep} aborts before it was scheduled adds the host's monotonic clock, some
 * thousand seconds, to the times of prefill and inference. No part of a request can last longer than the whole, so an
 * observation far above every end-to-end latency is such a clock. Buckets and count stay: one observation too many in a
 * high bucket does not move the median.
 */
final class ServerAborts {
    static final String NOTE = "server-side aborts added the host's clock; sum and mean left out";
    private static final double CLOCK_SECONDS_MIN = 60;

    private ServerAborts() {}

    /** The distribution, without its sum when that is spoiled; null when the page has none. */
    static @Nullable Distribution read(Metric<Distribution> part, Page page) {
        Distribution times = part.read(page);
        return times != null && isSpoiled(times, page)
                ? Distribution.ofHistogram(times.bucketBounds(), times.bucketCounts(), Double.NaN, observed(times))
                : times;
    }

    static boolean isSpoiled(Distribution times, Page page) {
        Distribution whole = VllmTable.END_TO_END.read(page);
        if (whole == null || times.bucketBounds().length == 0 || whole.bucketBounds().length == 0) {
            return false;
        }
        double atLeast = lowerBoundOfHighest(times);
        return atLeast >= CLOCK_SECONDS_MIN && atLeast >= upperBoundOfHighest(whole);
    }

    private static double observed(Distribution times) {
        Long count = times.count();
        return count == null ? Double.NaN : count;
    }

    private static double lowerBoundOfHighest(Distribution times) {
        int highest = highestUsed(times.bucketCounts());
        return highest < 1 ? 0 : times.bucketBounds()[highest - 1];
    }

    private static double upperBoundOfHighest(Distribution times) {
        int highest = highestUsed(times.bucketCounts());
        return highest < 0 ? 0 : times.bucketBounds()[highest];
    }

    /** The bucket of the greatest observation; -1 when nothing was observed. */
    private static int highestUsed(double[] counts) {
        for (int i = counts.length - 1; i >= 0; i--) {
            double below = i == 0 ? 0 : counts[i - 1];
            if (counts[i] > below) {
                return i;
            }
        }
        return -1;
    }
}
