package io.inferometer.benchmarks;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.RepeatParser;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import io.inferometer.spi.PageReader;
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
    private final RepeatParser repeating = new RepeatParser();

    Snapshots(EngineBackend<?> backend, Turns pages) {
        this.backend = backend;
        this.pages = pages;
    }

    /** Reads a page that nothing is known about. */
    double full() throws IOException {
        return look(new PageReader(List.of(backend.table()), false).read(parser, source()));
    }

    /** Reads a page of a target whose last one is remembered. */
    double repeat() throws IOException {
        return look(new PageReader(List.of(backend.table()), false).read(repeating, source()));
    }

    private BufferedSource source() {
        return Okio.buffer(Okio.source(new ByteArrayInputStream(pages.next())));
    }

    private double look(Page page) throws IOException {
        EngineSnapshot snapshot = backend.read(new Scrape(
                backend.name(),
                "engine:8000",
                ENDPOINT,
                Map.of(),
                Instant.EPOCH,
                Duration.ZERO,
                page,
                Map.of(),
                false));
        return page.sampleCount() + System.identityHashCode(snapshot) % 2 / 4.0;
    }
}
