package io.inferometer.benchmarks;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import io.inferometer.spi.PageReader;
import io.inferometer.spi.RepeatPageReader;
import io.inferometer.spi.Scrape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import okio.BufferedSource;
import okio.Okio;

/** The whole way from the bytes of a page to an engine's snapshot, without the network. For one thread. */
final class Snapshots {
    private static final URI ENDPOINT = URI.create("http://engine:8000/metrics");

    private final EngineBackend<?> backend;
    private final Turns pages;
    private final PageParser parser = new PageParser();
    private final RepeatPageReader repeating;

    Snapshots(EngineBackend<?> backend, Turns pages) {
        this.backend = backend;
        this.pages = pages;
        this.repeating = new RepeatPageReader(
                List.of(backend.table()), ParserOptions.defaults(), RepeatParser.REMEMBERED_BYTES_MAX);
    }

    /** Reads a page that nothing is known about. */
    double full() throws IOException {
        return look(new PageReader(List.of(backend.table()), false).read(parser, source()));
    }

    /** Reads a page of a target that is watched; what stands on it is worked out when somebody asks. */
    double repeat() throws IOException {
        return look(next());
    }

    /** The same, and asks for what a monitor looks at on each page. */
    double pulse() throws IOException {
        Page page = next();
        Long running = snapshot(page).common().pulse().load().requestsRunning();
        return page.sampleCount() + (running == null ? 0 : running % 2 / 4.0);
    }

    /** The same, and asks for all common words. */
    double words() throws IOException {
        Page page = next();
        Long running = snapshot(page).metrics().load().requestsRunning();
        return page.sampleCount() + (running == null ? 0 : running % 2 / 4.0);
    }

    private Page next() {
        byte[] page = pages.next();
        return repeating.read(page, 0, page.length, null);
    }

    private BufferedSource source() {
        return Okio.buffer(Okio.source(new ByteArrayInputStream(pages.next())));
    }

    private double look(Page page) throws IOException {
        return page.sampleCount() + System.identityHashCode(snapshot(page)) % 2 / 4.0;
    }

    private EngineSnapshot snapshot(Page page) throws IOException {
        return backend.read(new Scrape(
                backend.name(),
                "engine:8000",
                ENDPOINT,
                Map.of(),
                Instant.EPOCH,
                Duration.ZERO,
                page,
                Map.of(),
                false));
    }
}
