package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.util.Set;

/**
 * One target that is read again and again, and what was learned about it: its engine, its last page, whether it can
 * answer a part of its page.
 *
 * <p>Made by {@link MetricsCollector#watch(Target)}. One scrape at a time, on any thread; {@link #cancel}, {@link
 * #retainedBytes} and {@link #close} may be called from another one meanwhile.
 */
public interface WatchedTarget extends AutoCloseable {
    /** Where the engine listens. */
    Target target();

    /**
     * Reads all that the collector was told to read.
     *
     * @return what the engine reported
     * @throws CollectException when there is no snapshot
     * @throws IllegalStateException while another scrape of this target runs, or when this is closed
     */
    EngineSnapshot collect();

    /**
     * Reads at least some groups, in the cheapest way that is known to be right for this target; what else came with
     * them is in the snapshot too.
     *
     * @param groups what is wanted, at least one
     * @return what the engine reported
     * @throws CollectException when there is no snapshot
     * @throws IllegalStateException while another scrape of this target runs, or when this is closed
     */
    EngineSnapshot collect(Set<MetricGroup> groups);

    /** Breaks off the scrape that runs, if one does; it fails with a {@link CollectException}. */
    void cancel();

    /** What is kept between two scrapes of this target, in bytes, its last snapshot not counted. */
    long retainedBytes();

    /** Bytes of all bodies read so far, decoded. */
    default long bytesRead() {
        return 0;
    }

    /** Nanoseconds spent so far in reading what had arrived. */
    default long parseNanos() {
        return 0;
    }

    /** Cancels, and lets go of what was kept. */
    @Override
    void close();
}
