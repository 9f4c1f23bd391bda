package io.inferometer.collect;

import static java.util.Objects.requireNonNull;

import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.PageFormat;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.TooManySamplesException;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.SnapshotSource;
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
import java.util.Optional;
import java.util.Set;
import okhttp3.OkHttpClient;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scrape of one target. For one thread. */
final class Scraper {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollector.class);
    private static final Duration OPTIONAL_TIMEOUT = Duration.ofSeconds(1);
    private static final int NAMES_SHOWN_MAX = 3;
    private static final int WRAPPING_BYTES_MAX = 16;
    private static final String OPENMETRICS_TYPE = "application/openmetrics-text";

    private final Addresses addresses;
    private final CollectorOptions options;
    private final Set<MetricGroup> groups;
    private final CollectorState state;
    private final @Nullable Keepsake kept;
    private final Http http;
    private final long start = System.nanoTime();
    private boolean pageAnswered;

    Scraper(
            Addresses addresses,
            CollectorOptions options,
            Set<MetricGroup> groups,
            OkHttpClient client,
            CollectorState state,
            @Nullable Keepsake kept,
            ActiveCall active) {
        this.addresses = addresses;
        this.options = options;
        this.groups = groups;
        this.state = state;
        this.kept = kept;
        this.http = new Http(options, client, active);
    }

    /** A page, and which of the wanted series stand on it. */
    record PartOfPage(Page page, SeriesSet series) {}

    /** Asks for all that one backend needs, and reads it. */
    <S extends EngineSnapshot> S scrape(EngineBackend<S> backend) {
        return scrape(backend, new SeriesSet.Recorder(Set.of()));
    }

    /**
     * The same.
     *
     * @param recorder hears which series stand on the page
     */
    <S extends EngineSnapshot> S scrape(EngineBackend<S> backend, SeriesSet.Recorder recorder) {
        Page page = null;
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (Endpoint endpoint : wanted(backend)) {
            if (endpoint.content() == Endpoint.Content.METRICS) {
                page = pageFor(backend, endpoint, recorder);
            } else {
                note(answers, endpoint, backend);
            }
        }
        return readWhole(backend, page, answers);
    }

    /** Reads what is known of the page already, asking only for the backend's other endpoints. */
    <S extends EngineSnapshot> S complete(EngineBackend<S> backend, Page page) {
        return readWhole(backend, page, answers(backend));
    }

    private <S extends EngineSnapshot> S readWhole(
            EngineBackend<S> backend, @Nullable Page page, Map<String, byte[]> answers) {
        URI asked = address(backend.endpoints().get(0));
        SnapshotSource source = page == null ? SnapshotSource.JSON_ENDPOINTS : SnapshotSource.WHOLE_PAGE;
        return read(backend, page, answers, asked, source);
    }

    /**
     * Reads the load from the endpoint that tells it by itself.
     *
     * @return null when its answer does not tell it
     */
    private <S extends EngineSnapshot> @Nullable S loadAlone(EngineBackend<S> backend, Endpoint endpoint) {
        Address address = addresses.of(endpoint);
        byte[] answer = http.json(address, shortcutTimeout(), List.of(backend), this::readJson);
        S snapshot =
                read(backend, null, Map.of(endpoint.name(), answer), address.printable(), SnapshotSource.LOAD_ENDPOINT);
        EngineMetrics.Load load = snapshot.metrics().load();
        return load.requestsRunning() == null || load.requestsWaiting() == null ? null : snapshot;
    }

    /** The same; null for each way in which it can fail. */
    <S extends EngineSnapshot> @Nullable S loadAloneOrNull(EngineBackend<S> backend, Endpoint endpoint) {
        try {
            return loadAlone(backend, endpoint);
        } catch (CollectException e) {
            LOG.debug("{} did not tell the load, so the page is asked: {}", address(endpoint), e.getMessage());
            return null;
        }
    }

    /** Asks for some samples of the page alone. */
    PartOfPage part(EngineBackend<?> backend, Address address, SeriesSet.Recorder recorder) {
        Optional<Page> page = page(address, shortcutTimeout(), List.of(backend), null, recorder, true);
        return new PartOfPage(page.orElseThrow(), recorder.series());
    }

    /** Reads a part of the page that was found to be right. */
    <S extends EngineSnapshot> S completeFromPart(EngineBackend<S> backend, Page page, Address address) {
        return read(backend, page, answers(backend), address.printable(), SnapshotSource.FILTERED_PAGE);
    }

    /** The page, for all backends that might have written it. */
    Page page(List<? extends EngineBackend<?>> backends) {
        return requireNonNull(
                page(Endpoint.METRICS, options.timeout(), backends, null, new SeriesSet.Recorder(Set.of())));
    }

    byte[] json(EngineBackend<?> backend, Endpoint endpoint, Duration most) {
        return http.json(addresses.of(endpoint), most, List.of(backend), this::readJson);
    }

    URI address(Endpoint endpoint) {
        return addresses.of(endpoint).printable();
    }

    /** A shortcut that leads nowhere must leave time for the whole page. */
    private Duration shortcutTimeout() {
        return options.timeout().dividedBy(2);
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

    private @Nullable Page pageFor(EngineBackend<?> backend, Endpoint endpoint, SeriesSet.Recorder recorder) {
        if (endpoint.need() == Endpoint.Need.REQUIRED) {
            return requiredPage(backend, endpoint, recorder);
        }
        try {
            Page page = page(endpoint, mostFor(endpoint), List.of(backend), null, recorder);
            return page != null && backend.recognizes(page) ? page : null;
        } catch (CollectException e) {
            LOG.debug("Optional {} left out: {}", endpoint.name(), e.getMessage());
            return null;
        }
    }

    /** Where nothing that is wanted stands on the page, all of it has to tell who wrote it. */
    private Page requiredPage(EngineBackend<?> backend, Endpoint endpoint, SeriesSet.Recorder recorder) {
        Wanted some = groups.isEmpty() ? null : state.wanted(backend.table(), groups);
        if (some != null) {
            Page page = page(endpoint, options.timeout(), List.of(backend), some.filter(), recorder);
            if (page != null && isOwn(backend, page)) {
                return page;
            }
        }
        Page page = requireNonNull(page(endpoint, options.timeout(), List.of(backend), null, recorder));
        requireOwn(backend, page, address(endpoint));
        return page;
    }

    private @Nullable Page page(
            Endpoint endpoint,
            Duration most,
            List<? extends EngineBackend<?>> backends,
            @Nullable FamilyFilter filter,
            SeriesSet.Recorder recorder) {
        return page(addresses.of(endpoint), most, backends, filter, recorder, false)
                .orElse(null);
    }

    /** Nothing when a filter is given and no sample passed it. */
    private Optional<Page> page(
            Address address,
            Duration most,
            List<? extends EngineBackend<?>> backends,
            @Nullable FamilyFilter filter,
            SeriesSet.Recorder recorder,
            boolean part) {
        Page plain = plainPage(address, most, backends, filter, recorder, part);
        return plain == null
                ? http.page(address, most, backends, body -> readPage(body, backends, filter, recorder, part))
                : Optional.of(plain);
    }

    /** The page over the target's own connection; null where it has none, or anything at all is out of the ordinary. */
    private @Nullable Page plainPage(
            Address address,
            Duration most,
            List<? extends EngineBackend<?>> backends,
            @Nullable FamilyFilter filter,
            SeriesSet.Recorder recorder,
            boolean part) {
        boolean plain = options.usesSharedClient()
                && !options.raw()
                && !options.gzip()
                && !address.url().isHttps();
        StandingConnection connection = kept == null || !plain ? null : kept.connection();
        if (connection == null) {
            return null;
        }
        PageBytes bytes = state.takeBytes();
        try {
            StandingConnection.Answer answer = http.plainPage(address, most, connection, bytes);
            return answer == null ? null : readPlain(answer, bytes, backends, filter, recorder, part);
        } finally {
            state.giveBack(bytes);
        }
    }

    private @Nullable Page readPlain(
            StandingConnection.Answer answer,
            PageBytes bytes,
            List<? extends EngineBackend<?>> backends,
            @Nullable FamilyFilter filter,
            SeriesSet.Recorder recorder,
            boolean part) {
        String type = mediaType(answer.contentType());
        boolean openMetrics = type.equals(OPENMETRICS_TYPE);
        if (kept == null || !(openMetrics || type.equals("text/plain")) || isWrapped(bytes, backends)) {
            return null;
        }
        ParserOptions parserOptions = parserOptions(openMetrics ? PageFormat.OPENMETRICS : PageFormat.TEXT, filter);
        List<MetricTable> tables = backends.stream().map(EngineBackend::table).toList();
        LastPage last = kept.lastPage(tables, parserOptions, part);
        if (last == null) {
            return null;
        }
        long begin = System.nanoTime();
        Page page;
        try {
            page = last.read(bytes, recorder);
        } catch (TooManySamplesException e) {
            return null;
        }
        if (page.sampleCount() == 0) {
            return null;
        }
        kept.read(bytes.length(), System.nanoTime() - begin);
        noteAnswer(Http.between(answer.sentNanos(), answer.beganNanos()), true);
        return page;
    }

    private static boolean isWrapped(PageBytes bytes, List<? extends EngineBackend<?>> backends) {
        Buffer begin = new Buffer().write(bytes.array(), bytes.start(), Math.min(WRAPPING_BYTES_MAX, bytes.length()));
        try {
            for (EngineBackend<?> backend : backends) {
                if (!backend.unwrap(begin).equals(begin)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** What nobody asked for must not delay a scrape; what the user named may take its time. */
    private Duration mostFor(Endpoint endpoint) {
        return endpoint.need() == Endpoint.Need.OPTIONAL ? OPTIONAL_TIMEOUT : options.timeout();
    }

    private Map<String, byte[]> answers(EngineBackend<?> backend) {
        Map<String, byte[]> answers = new LinkedHashMap<>();
        for (Endpoint endpoint : wanted(backend)) {
            if (endpoint.content() == Endpoint.Content.JSON) {
                note(answers, endpoint, backend);
            }
        }
        return answers;
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
            EngineBackend<S> backend,
            @Nullable Page page,
            Map<String, byte[]> answers,
            URI asked,
            SnapshotSource source) {
        if (page != null) {
            state.warnOfUnreadableLines(asked, page);
        }
        Scrape scrape = new Scrape(
                backend.name(),
                options.instanceIdOf(addresses.target()),
                asked,
                addresses.query(),
                Instant.now(),
                Duration.ofNanos(System.nanoTime() - start),
                page,
                Map.copyOf(answers),
                options.raw(),
                source,
                groups);
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

    /** Nothing when a filter is given and no sample passed it. */
    private Optional<Page> readPage(
            Http.Body body,
            List<? extends EngineBackend<?>> backends,
            @Nullable FamilyFilter filter,
            SeriesSet.Recorder recorder,
            boolean part)
            throws IOException {
        noteAnswer(body.answeredNanos(), true);
        String type = mediaType(body.contentType());
        if (type.equals("text/html")) {
            throw new NotMetricsPageException(
                    "%s answered an HTML page, not metrics. Is there a login or an error page before the engine? Check the URL and credentials."
                            .formatted(body.url()),
                    false,
                    null);
        }
        PageFormat format = type.equals(OPENMETRICS_TYPE) ? PageFormat.OPENMETRICS : PageFormat.TEXT;
        ParserOptions parserOptions = parserOptions(format, filter);
        recorder.begin();
        Page page = parse(body, backends, parserOptions, recorder, part);
        boolean nothingPassed = page.sampleCount() == 0 && body.counter().bytes() > 0 && !page.wasCut();
        if (filter != null && nothingPassed) {
            return Optional.empty();
        }
        requireMetrics(body, page, type, backends);
        return Optional.of(page);
    }

    private ParserOptions parserOptions(PageFormat format, @Nullable FamilyFilter filter) {
        Limits limits = options.limits();
        return ParserOptions.defaults()
                .withFormat(format)
                .withLineBytesMax(limits.lineBytesMax())
                .withLabelsMax(limits.labelsMax())
                .withSamplesMax(limits.samplesMax())
                .withFilter(filter);
    }

    private Page parse(
            Http.Body body,
            List<? extends EngineBackend<?>> backends,
            ParserOptions parserOptions,
            SeriesSet.Recorder recorder,
            boolean part)
            throws IOException {
        long begin = System.nanoTime();
        try {
            BufferedSource text = body.source();
            for (EngineBackend<?> backend : backends) {
                text = backend.unwrap(text);
            }
            List<MetricTable> tables =
                    backends.stream().map(EngineBackend::table).toList();
            Page page = parse(text, tables, parserOptions, recorder, part);
            requireWithinLimit(body);
            return page;
        } catch (IOException e) {
            requireWithinLimit(body);
            throw e;
        } catch (TooManySamplesException e) {
            throw new PageTooLargeException(
                    "%s answered more than %d samples. If that is the engine, raise withLimits(Limits.DEFAULTS.withSamplesMax(...))."
                            .formatted(body.url(), e.samplesMax()),
                    false,
                    e);
        } finally {
            count(body.counter(), System.nanoTime() - begin);
        }
    }

    private Page parse(
            BufferedSource text,
            List<MetricTable> tables,
            ParserOptions parserOptions,
            SeriesSet.Recorder recorder,
            boolean part)
            throws IOException {
        LastPage last = kept == null || options.raw() ? null : kept.lastPage(tables, parserOptions, part);
        if (last == null) {
            return parseOnce(text, tables, parserOptions, recorder);
        }
        PageBytes bytes = state.takeBytes();
        try {
            BufferedSource rest = bytes.fill(text, Keepsake.PAGE_BYTES_MAX);
            return rest == null ? last.read(bytes, recorder) : parseOnce(rest, tables, parserOptions, recorder);
        } finally {
            state.giveBack(bytes);
        }
    }

    private Page parseOnce(
            BufferedSource text, List<MetricTable> tables, ParserOptions parserOptions, SeriesSet.Recorder recorder)
            throws IOException {
        PageReader reader = new PageReader(tables, options.raw());
        PageParser parser = state.takeParser(parserOptions);
        Page page = recorder.isOff() ? reader.read(parser, text) : reader.read(parser, text, recorder);
        state.giveBack(parser, parserOptions);
        return page;
    }

    /** Numbers are of the moment at which the engine answered its page, or without one the last of its endpoints. */
    private void noteAnswer(long answeredNanos, boolean isPage) {
        if (kept != null && (isPage || !pageAnswered)) {
            kept.answered(answeredNanos);
            pageAnswered = isPage;
        }
    }

    private void count(LimitedSource body, long nanos) {
        if (kept != null) {
            kept.read(body.bytes(), Math.max(0, nanos - body.waitedNanos()));
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

    private static boolean isOwn(EngineBackend<?> backend, Page page) {
        boolean fresh = page.names().isEmpty() && backend.emptyPageIsFresh();
        return fresh || backend.recognizes(page);
    }

    private void requireOwn(EngineBackend<?> backend, Page page, URI url) {
        if (isOwn(backend, page)) {
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

    private byte[] readJson(Http.Body body) throws IOException {
        noteAnswer(body.answeredNanos(), false);
        try {
            byte[] json = body.source().readByteArray();
            count(body.counter(), 0);
            return json;
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
}
