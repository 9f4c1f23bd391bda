package io.inferometer.collect;

import io.inferometer.parser.ParserOptions;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.RepeatPageReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one target from scrape to scrape, and how much was read of it.
 *
 * <p>Pages that come every few seconds are remembered, so that the next one is read only where it differs, and shares what
 * does not change with those before it. Of pages that come less often nothing is kept, since a page takes more room than its
 * reading takes time. The first kind also has a connection of its own. For one thread at a time; the counts may be asked for by
 * any.
 */
final class Keepsake {
    /** Pages further apart than this are not remembered. */
    static final Duration OFTEN = Duration.ofSeconds(10);

    /** No larger page is remembered, in bytes. */
    static final int PAGE_BYTES_MAX = 1 << 22;

    /** A target has a whole page and a few parts of it. */
    private static final int PAGES_MAX = 4;

    private final LongSupplier nanos;
    private final Map<Kind, Past> pasts = new LinkedHashMap<>();
    private volatile long bytesRead;
    private volatile long parseNanos;
    private volatile @Nullable Long answeredNanos;
    private volatile @Nullable StandingConnection connection;

    Keepsake(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What remembers the last page of this kind; null where that is too long ago. */
    @Nullable
    LastPage lastPage(List<MetricTable> tables, ParserOptions options, boolean part) {
        long now = nanos.getAsLong();
        Kind kind = new Kind(tables, options, part);
        Past past = pasts.get(kind);
        if (past == null) {
            if (pasts.size() < PAGES_MAX) {
                pasts.put(kind, new Past(now));
            }
            return null;
        }
        boolean often = now - past.at < OFTEN.toNanos();
        past.at = now;
        if (!often) {
            past.page = null;
        } else if (past.page == null) {
            past.page = new LastPage(new RepeatPageReader(tables, options, PAGE_BYTES_MAX));
        }
        return past.page;
    }

    /** The target's connection, if its pages come often. */
    @Nullable
    StandingConnection connection() {
        StandingConnection standing = connection;
        if (standing == null && pasts.values().stream().anyMatch(past -> past.page != null)) {
            standing = new StandingConnection(nanos);
            connection = standing;
        }
        return standing;
    }

    /** Counts a body. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void read(long bytes, long nanosOfParsing) {
        bytesRead += bytes;
        parseNanos += nanosOfParsing;
    }

    /** Notes when the engine began to answer. */
    void answered(long systemNanos) {
        answeredNanos = systemNanos;
    }

    @Nullable
    Long answeredNanos() {
        return answeredNanos;
    }

    long bytesRead() {
        return bytesRead;
    }

    long parseNanos() {
        return parseNanos;
    }

    long retainedBytes() {
        long sum = 0;
        for (Past past : pasts.values()) {
            sum += past.page == null ? 0 : past.page.retainedBytes();
        }
        return sum;
    }

    /** Lets go of the pages, and of the connection. */
    void forget() {
        pasts.clear();
        StandingConnection standing = connection;
        if (standing != null) {
            standing.close();
        }
    }

    /** Pages that are alike: read for the same tables, in the same way, whole or in part. */
    private record Kind(List<MetricTable> tables, ParserOptions options, boolean part) {}

    private static final class Past {
        private long at;
        private @Nullable LastPage page;

        Past(long at) {
            this.at = at;
        }
    }
}
