package io.inferometer.collect;

import io.inferometer.parser.PageFormat;
import io.inferometer.parser.PageParser;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.PageReader;
import io.inferometer.spi.Scrape;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scrape of one target. For one thread. */
final class Scraper {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollector.class);
    private static final Duration OPTIONAL_TIMEOUT = Duration.ofSeconds(1);
    private static final int NAMES_SHOWN_MAX = 3;

    private final Target target;
    private final CollectorOptions options;
    private final CollectorState state;
    private final Http http;
    private final long start = System.nanoTime();

    Scraper(Target target, CollectorOptions options, OkHttpClient client, CollectorState state, ActiveCall active) {
        this.target = target;
        this.options = options;
        this.state = state;
        this.http = new Http(options, client, active);
    }

    /** Asks for all that one backend needs, and reads it. */
    <S extends EngineSnapshot> S scrape(EngineBackend<S> backend) {
        Page page = null;
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (Endpoint endpoint : wanted(backend)) {
            if (endpoint.content() == Endpoint.Content.METRICS) {
                page = pageFor(backend, endpoint);
            } else {
                note(answers, endpoint, backend);
            }
        }
        return read(backend, page, answers);
    }

    /** Reads what is known of the page already, asking only for the backend's other endpoints. */
    <S extends EngineSnapshot> S complete(EngineBackend<S> backend, Page page) {
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (Endpoint endpoint : wanted(backend)) {
            if (endpoint.content() == Endpoint.Content.JSON) {
                note(answers, endpoint, backend);
            }
        }
        return read(backend, page, answers);
    }

    /** The page, for all backends that might have written it. */
    Page page(List<? extends EngineBackend<?>> backends) {
        return page(Endpoint.METRICS, options.timeout(), backends);
    }

    byte[] json(EngineBackend<?> backend, Endpoint endpoint, Duration most) {
        return http.json(target, endpoint.path(), most, List.of(backend), Scraper::readJson);
    }

    URI address(Endpoint endpoint) {
        return Target.printable(target.resolve(endpoint.path()));
    }

    private List<Endpoint> wanted(EngineBackend<?> backend) {
        return backend.endpoints().stream()
                .filter(endpoint -> switch (endpoint.need()) {
                    case REQUIRED -> true;
                    case OPTIONAL -> options.optional() || options.extras().contains(endpoint.name());
                    case ON_REQUEST -> options.extras().contains(endpoint.name());
                })
                .toList();
    }

    private @Nullable Page pageFor(EngineBackend<?> backend, Endpoint endpoint) {
        if (endpoint.need() == Endpoint.Need.REQUIRED) {
            Page page = page(endpoint, options.timeout(), List.of(backend));
            requireOwn(backend, page, address(endpoint));
            return page;
        }
        try {
            Page page = page(endpoint, mostFor(endpoint), List.of(backend));
            return backend.recognizes(page) ? page : null;
        } catch (CollectException e) {
            LOG.debug("Optional {} left out: {}", endpoint.name(), e.getMessage());
            return null;
        }
    }

    private Page page(Endpoint endpoint, Duration most, List<? extends EngineBackend<?>> backends) {
        return http.page(target, endpoint.path(), most, backends, body -> readPage(body, backends));
    }

    /** What nobody asked for must not delay a scrape; what the user named may take its time. */
    private Duration mostFor(Endpoint endpoint) {
        return endpoint.need() == Endpoint.Need.OPTIONAL ? OPTIONAL_TIMEOUT : options.timeout();
    }

    private void note(Map<String, byte[]> answers, Endpoint endpoint, EngineBackend<?> backend) {
        if (endpoint.need() == Endpoint.Need.REQUIRED) {
            answers.put(endpoint.name(), json(backend, endpoint, options.timeout()));
            return;
        }
        try {
            answers.put(endpoint.name(), json(backend, endpoint, mostFor(endpoint)));
        } catch (CollectException e) {
            LOG.debug("Optional {} left out: {}", endpoint.name(), e.getMessage());
        }
    }

    private <S extends EngineSnapshot> S read(
            EngineBackend<S> backend, @Nullable Page page, Map<String, byte[]> answers) {
        URI asked = address(backend.endpoints().get(0));
        if (page != null) {
            state.warnOfUnreadableLines(asked, page);
        }
        Scrape scrape = new Scrape(
                backend.name(),
                options.instanceIdOf(target),
                asked,
                queryOf(target.url()),
                Instant.now(),
                Duration.ofNanos(System.nanoTime() - start),
                page,
                Map.copyOf(answers),
                options.raw());
        try {
            return backend.read(scrape);
        } catch (IOException e) {
            throw new MalformedPageException(
                    "%s answered what is not %s's JSON: %s. Check that the URL is the engine's."
                            .formatted(asked, backend.title(), Printable.excerpt(String.valueOf(e.getMessage()))),
                    0,
                    0,
                    e);
        }
    }

    private Page readPage(Http.Body body, List<? extends EngineBackend<?>> backends) throws IOException {
        String type = mediaType(body.contentType());
        if (type.equals("text/html")) {
            throw new NotMetricsPageException(
                    "%s answered an HTML page, not metrics. Is there a login or an error page before the engine? Check the URL and credentials."
                            .formatted(body.url()),
                    false,
                    null);
        }
        PageFormat format = type.equals("application/openmetrics-text") ? PageFormat.OPENMETRICS : PageFormat.TEXT;
        PageParser parser = state.takeParser(options.limits(), format);
        Page page = parse(body, backends, parser);
        state.giveBack(parser, options.limits(), format);
        requireMetrics(body, page, type, backends);
        return page;
    }

    private Page parse(Http.Body body, List<? extends EngineBackend<?>> backends, PageParser parser)
            throws IOException {
        List<MetricTable> tables = backends.stream().map(EngineBackend::table).toList();
        try {
            BufferedSource text = body.source();
            for (EngineBackend<?> backend : backends) {
                text = backend.unwrap(text);
            }
            Page page = new PageReader(tables, options.raw()).read(parser, text);
            requireWithinLimit(body);
            return page;
        } catch (IOException e) {
            requireWithinLimit(body);
            throw e;
        }
    }

    private void requireWithinLimit(Http.Body body) {
        if (body.counter().exceeded()) {
            throw new PageTooLargeException(
                    "%s answered more than %d bytes. If that is the engine, raise withLimits(Limits.DEFAULTS.withBodyBytesMax(...))."
                            .formatted(body.url(), options.limits().bodyBytesMax()),
                    false,
                    null);
        }
    }

    private void requireMetrics(Http.Body body, Page page, String type, List<? extends EngineBackend<?>> backends) {
        if (page.sampleCount() > 0) {
            return;
        }
        if (page.wasCut()) {
            throw new EngineUnreachableException(
                    "The connection to %s broke after %d bytes, before the first metric. Try again; if it stays so, check the engine's log."
                            .formatted(body.url(), body.counter().bytes()),
                    true,
                    null);
        }
        boolean empty = body.counter().bytes() == 0;
        if (empty && backends.stream().anyMatch(EngineBackend::emptyPageIsFresh)) {
            return;
        }
        if (empty) {
            throw new NotMetricsPageException(
                    "%s answered 200 with an empty body. Is this the engine's own port, and are its metrics enabled?"
                            .formatted(body.url()),
                    false,
                    null);
        }
        if (page.skippedLines() > 0 || type.equals("application/json")) {
            throw new NotMetricsPageException(
                    "%s answered no metrics: none of its lines could be read%s. Check that the URL is an engine's."
                            .formatted(
                                    body.url(),
                                    type.isEmpty() ? "" : " (content type " + Printable.excerpt(type) + ")"),
                    false,
                    null);
        }
    }

    private void requireOwn(EngineBackend<?> backend, Page page, URI url) {
        boolean fresh = page.names().isEmpty() && backend.emptyPageIsFresh();
        if (fresh || backend.recognizes(page)) {
            return;
        }
        List<String> found = KnownEngines.on(page).stream()
                .filter(engine -> !engine.equals(backend.name()))
                .toList();
        if (!found.isEmpty()) {
            throw new OtherEngineException(
                    "%s is not %s: its page is that of %s. Ask for it with forEngine(\"%s\")."
                            .formatted(url, backend.title(), String.join(" and ", found), found.get(0)),
                    false,
                    null);
        }
        String remedy = backend.remedyForMissingFamilies();
        throw new MetricsDisabledException(
                "%s answered a page without any family of %s; found %s. %s"
                        .formatted(
                                url,
                                backend.title(),
                                familiesOn(page),
                                remedy == null ? "Check that the URL is the engine's." : remedy),
                false,
                null);
    }

    static String familiesOn(Page page) {
        int count = page.names().size();
        if (count == 0) {
            return "no sample at all";
        }
        String shown =
                String.join(", ", page.names().stream().limit(NAMES_SHOWN_MAX).toList());
        return count <= NAMES_SHOWN_MAX ? shown : shown + " and " + (count - NAMES_SHOWN_MAX) + " more";
    }

    private static byte[] readJson(Http.Body body) throws IOException {
        try {
            return body.source().readByteArray();
        } catch (IOException e) {
            if (body.counter().exceeded()) {
                throw new PageTooLargeException(
                        "%s answered more than %d bytes of JSON. Check that the URL is an engine's."
                                .formatted(body.url(), body.counter().bytes() - 1),
                        false,
                        e);
            }
            throw e;
        }
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> queryOf(HttpUrl url) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < url.querySize(); i++) {
            String value = url.queryParameterValue(i);
            query.putIfAbsent(url.queryParameterName(i), value == null ? "" : value);
        }
        return Map.copyOf(query);
    }
}
