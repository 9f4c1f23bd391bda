package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor knows of one target at one moment.
 *
 * <p>Immutable and safe to share: ages and state are those of {@link #readAt}; ask the monitor again for newer ones.
 * Nothing here waits for a scrape. What is not known is null.
 */
public interface TargetView {
    /** What is watched. */
    MonitoredTarget target();

    /** The target's name in the monitor. */
    default String name() {
        return target().name();
    }

    /** When this view was taken. */
    Instant readAt();

    /** Whether it answers. */
    TargetState state();

    /**
     * The engine's common words, each field as of the last scrape that asked for it; see {@link #ageOf(CommonField)}. This is what
     * to read for running, waiting and KV usage. Null until there is a good snapshot.
     */
    @Nullable
    EngineMetrics metrics();

    /** The same per model; empty unless the page names more than one. */
    Map<String, EngineMetrics> byModel();

    /** The same per data-parallel rank; empty unless the page names more than one. */
    Map<String, EngineMetrics> byRank();

    /** The latest good snapshot of either pace; what was not asked for is absent in it. Null until there is one. */
    @Nullable
    EngineSnapshot latest();

    /**
     * The latest good snapshot of the whole page, in the engine's own words and with rates where its type has fields for
     * them. Null until there is one.
     */
    @Nullable
    EngineSnapshot whole();

    /** The age of {@link #latest}; null until there is one. */
    @Nullable
    Duration age();

    /** The age of what is known of a group of fields; null until it was read. */
    @Nullable
    Duration ageOf(MetricGroup group);

    /** The age of what is known of a field, absent or not; null until it was read. */
    @Nullable
    Duration ageOf(CommonField field);

    /** The last failure, also after good scrapes; null when none failed. */
    @Nullable
    ScrapeFailure lastFailure();

    /** How many scrapes failed since the last good one. */
    int consecutiveFailures();

    /** How many restarts of the engine were seen. */
    int restarts();

    /** When the last restart was seen, by this machine's clock; null when none was. */
    @Nullable
    Instant restartSeenAt();

    /** How many scrapes ended well. */
    long goodScrapes();

    /** How many scrapes failed. */
    long failedScrapes();

    /**
     * How fast counts grew up to the last whole page: since the page before, or since an older one where the pages follow each
     * other faster than {@link MonitorOptions#ratesOver}. Null until there are two of one life of the engine.
     */
    @Nullable
    EngineRates rates();

    /** The last minute up to {@link #readAt}. */
    TargetWindow window();

    /**
     * The same of each model, {@link TargetWindow#rates} included; empty unless the page names more than one.
     */
    Map<String, TargetWindow> windowByModel();
}
