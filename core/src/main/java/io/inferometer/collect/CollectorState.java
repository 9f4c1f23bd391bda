package io.inferometer.collect;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.SkippedLine;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a collector and its copies share: idle parsers, and which warnings were given. Safe to share. */
final class CollectorState {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollector.class);
    private static final int IDLE_PARSERS_MAX = 16;
    private static final int IDLE_BYTES_MAX = 1 << 20;
    private static final int WARNINGS_MAX = 1024;

    private final Map<ParserOptions, ConcurrentLinkedQueue<PageParser>> idle = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<PageBytes> idleBytes = new ConcurrentLinkedQueue<>();
    private final Map<Wish, Wanted> wanted = new ConcurrentHashMap<>();
    private final Set<String> warned = Collections.newSetFromMap(Collections.synchronizedMap(new Bounded()));

    PageParser takeParser(ParserOptions options) {
        PageParser parser = queueOf(options).poll();
        return parser == null ? new PageParser(options) : parser;
    }

    void giveBack(PageParser parser, ParserOptions options) {
        ConcurrentLinkedQueue<PageParser> queue = queueOf(options);
        if (queue.size() < IDLE_PARSERS_MAX) {
            queue.add(parser);
        }
    }

    PageBytes takeBytes() {
        PageBytes bytes = idleBytes.poll();
        return bytes == null ? new PageBytes() : bytes;
    }

    /** Room that some huge page needed is let go of: there are few of those, and the next page to come is not one. */
    void giveBack(PageBytes bytes) {
        if (idleBytes.size() < IDLE_PARSERS_MAX && bytes.array().length <= IDLE_BYTES_MAX) {
            idleBytes.add(bytes);
        }
    }

    /** What some groups need of an engine's page; null where its table tells of no such page. */
    @Nullable
    Wanted wanted(MetricTable table, Set<MetricGroup> groups) {
        return Wanted.isSome(table, groups)
                ? wanted.computeIfAbsent(new Wish(table, groups), wish -> Wanted.of(table, groups))
                : null;
    }

    /** One warning for each target and cause, not one for each scrape. */
    void warnOfUnreadableLines(URI url, Page page) {
        if (page.skippedLines() == 0) {
            return;
        }
        SkippedLine first =
                page.firstSkipped().isEmpty() ? null : page.firstSkipped().get(0);
        String reason = first == null ? "unknown" : first.reason();
        if (warned.add(url + "\n" + reason)) {
            LOG.warn(
                    "{}: {} unreadable lines were skipped; the first is line {}: {}. Said once for this target and cause.",
                    url,
                    page.skippedLines(),
                    first == null ? 0 : first.line(),
                    reason);
        }
    }

    private ConcurrentLinkedQueue<PageParser> queueOf(ParserOptions options) {
        return idle.computeIfAbsent(options, unused -> new ConcurrentLinkedQueue<>());
    }

    /** A table is equal to itself only, so there are as many as backends. */
    private record Wish(MetricTable table, Set<MetricGroup> groups) {}

    private static final class Bounded extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > WARNINGS_MAX;
        }
    }
}
