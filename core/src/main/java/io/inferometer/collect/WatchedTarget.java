package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
     * Reads all that the collector was told to read: everything, or its {@link MetricsCollector#withGroups groups}.
     *
     * @return what the engine reported
     * @throws CollectException when there is no snapshot
     * @throws IllegalStateException while another scrape of this target runs, or when this is closed
     */
    EngineSnapshot collect();

    /**
     * Reads some groups, in the cheapest way that is known to be right for this target; the common fields of all others
     * are absent. {@link io.inferometer.snapshot.SnapshotHeader#source} says which way it was.
     *
     * <p>Where the engine can answer a part of its page (vLLM), the first page is whole. From then on only the wanted
     * samples are asked for, as long as just these come: an answer that is empty, whole, cut, of another start of the
     * process or in any way not what it should be is never believed, and the same call reads the whole page instead. The
     * whole page is also read again now and then. Where an endpoint tells the load by itself (SGLang) and nothing else is
     * wanted, that is asked instead of the page.
     *
     * @param groups what is wanted, at least one
     * @return what the engine reported
     * @throws IllegalArgumentException when {@code groups} is empty
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

    /**
     * When the engine began to answer the last scrape, by {@link System#nanoTime()}: its numbers are of that moment, not of
     * that at which a long page had arrived and was read. Null when there was no answer yet, or it is not known.
     */
    default @Nullable Long answeredNanos() {
        return null;
    }

    /** Cancels, and lets go of what was kept. */
    @Override
    void close();
}
