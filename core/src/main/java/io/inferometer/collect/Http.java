package io.inferometer.collect;

import io.inferometer.spi.EngineBackend;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bounded GET after another, within the time of one scrape. For one thread; cancelled from any. */
final class Http {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollector.class);
    private static final int ERROR_BODY_BYTES_MAX = 2048;
    private static final String ACCEPT_PAGE = "text/plain;version=0.0.4,*/*;q=0.1";
    private static final String ACCEPT_JSON = "application/json,*/*;q=0.1";

    /** What to do with the body of a 200. */
    @FunctionalInterface
    interface BodyReader<T> {
        T read(Body body) throws IOException;
    }

    /**
     * A body that is being read: decoded, counted and bounded.
     *
     * @param answeredNanos when the engine said it, by {@link System#nanoTime()}: it was asked before and had answered after, so
     *     halfway between
     */
    record Body(URI url, String contentType, BufferedSource source, LimitedSource counter, long answeredNanos) {}

    /** When a request was sent, on a connection that stood by then. */
    private static final class Sent {
        private volatile long nanos;
    }

    private final CollectorOptions options;
    private final OkHttpClient client;
    private final ActiveCall active;
    private final long deadline;

    Http(CollectorOptions options, OkHttpClient client, ActiveCall active) {
        this.options = options;
        this.client = client;
        this.active = active;
        this.deadline = System.nanoTime() + options.timeout().toNanos();
    }

    /** Without redirects: an answer from elsewhere is not this engine's. */
    static OkHttpClient prepare(CollectorOptions options) {
        return options.client()
                .newBuilder()
                .addNetworkInterceptor(Http::noteSending)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(options.timeout())
                .readTimeout(options.timeout())
                .callTimeout(options.timeout())
                .build();
    }

    private static Response noteSending(Interceptor.Chain chain) throws IOException {
        Sent sent = chain.request().tag(Sent.class);
        if (sent != null) {
            sent.nanos = System.nanoTime();
        }
        return chain.proceed(chain.request());
    }

    <T> T page(Address address, Duration most, List<? extends EngineBackend<?>> backends, BodyReader<T> reader) {
        return get(address, ACCEPT_PAGE, most, backends, reader);
    }

    /**
     * A page that comes over a connection which stands already.
     *
     * @return null when it has to be asked for by {@link #page}
     */
    StandingConnection.@Nullable Answer plainPage(
            Address address, Duration most, StandingConnection connection, PageBytes into) {
        URI url = address.printable();
        Duration left = left(url, most);
        long start = System.nanoTime();
        int bytesMax = (int) Math.min(Keepsake.PAGE_BYTES_MAX, options.limits().bodyBytesMax());
        active.is(connection::drop);
        try {
            StandingConnection.Answer answer =
                    connection.get(request(address, ACCEPT_PAGE, new Sent()), bytesMax, start + left.toNanos(), into);
            if (answer != null) {
                LOG.debug("GET {}: 200, {} bytes", url, into.length());
            }
            return active.isCancelled() ? null : answer;
        } catch (SocketTimeoutException e) {
            throw Failures.timedOut(url, shorter(most, options.timeout()), e);
        }
    }

    <T> T json(Address address, Duration most, List<? extends EngineBackend<?>> backends, BodyReader<T> reader) {
        return get(address, ACCEPT_JSON, most, backends, reader);
    }

    private <T> T get(
            Address address,
            String accept,
            Duration most,
            List<? extends EngineBackend<?>> backends,
            BodyReader<T> reader) {
        URI url = address.printable();
        Duration left = left(url, most);
        Sent sent = new Sent();
        Call call = client.newCall(request(address, accept, sent));
        call.timeout().timeout(left.toNanos(), TimeUnit.NANOSECONDS);
        active.is(call::cancel);
        long start = System.nanoTime();
        try (Response response = execute(call)) {
            if (response.code() != 200) {
                throw refused(response, url, backends);
            }
            Body body = body(response, url, between(sent.nanos == 0 ? start : sent.nanos, System.nanoTime()));
            T answer = reader.read(body);
            if (active.isCancelled()) {
                throw new IOException("Canceled"); // What it had read by then looks like a body that was cut.
            }
            LOG.debug(
                    "GET {}: 200, {} bytes, {} ms",
                    url,
                    body.counter().bytes(),
                    (System.nanoTime() - start) / 1_000_000);
            return answer;
        } catch (IOException e) {
            LOG.debug("GET {}: {} after {} ms", url, e.toString(), (System.nanoTime() - start) / 1_000_000);
            throw Failures.of(e, url, shorter(most, options.timeout()));
        }
    }

    static long between(long earlier, long later) {
        return earlier + (later - earlier) / 2;
    }

    /** While it looks for the best of several addresses, OkHttp lets an InterruptedException out undeclared. */
    private static Response execute(Call call) throws IOException {
        try {
            return call.execute();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            throw e;
        }
    }

    private Duration left(URI url, Duration most) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
            throw Failures.timedOut(url, options.timeout(), new InterruptedIOException("timeout"));
        }
        return shorter(left, most);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Request request(Address address, String accept, Sent sent) {
        Request.Builder request = new Request.Builder()
                .tag(Sent.class, sent)
                .url(address.url())
                .header("Accept", accept)
                .header("Accept-Encoding", options.gzip() ? "gzip" : "identity")
                .header("User-Agent", options.userAgent());
        HttpUrl given = address.target().url();
        if (!given.username().isEmpty() || !given.password().isEmpty()) {
            request.header(
                    "Authorization", Credentials.basic(given.username(), given.password(), StandardCharsets.UTF_8));
        }
        if (options.token() != null) {
            request.header("Authorization", "Bearer " + options.token().get());
        }
        for (Map.Entry<String, String> header : options.headers().entrySet()) {
            request.header(header.getKey(), header.getValue());
        }
        return request.build();
    }

    private Body body(Response response, URI url, long answeredNanos) {
        ResponseBody body = response.body();
        String encoding = response.header("Content-Encoding", "identity");
        Source decoded;
        if ("gzip".equalsIgnoreCase(encoding)) {
            decoded = new GzipSource(body.source());
        } else if ("identity".equalsIgnoreCase(encoding)) {
            decoded = body.source();
        } else {
            throw new NotMetricsPageException(
                    "%s answered in the encoding '%s', which was not asked for. Take the compressing proxy out of the way."
                            .formatted(url, encoding),
                    false,
                    null);
        }
        LimitedSource counter = new LimitedSource(decoded, options.limits().bodyBytesMax());
        String contentType = response.header("Content-Type");
        return new Body(url, contentType == null ? "" : contentType, Okio.buffer(counter), counter, answeredNanos);
    }

    private EngineRefusedException refused(Response response, URI url, List<? extends EngineBackend<?>> backends) {
        int status = response.code();
        LOG.debug("GET {}: {}", url, status);
        String location = response.header("Location");
        if (status >= 300 && status < 400 && location != null) {
            HttpUrl there = response.request().url().resolve(location);
            return new EngineRefusedException(
                    "%s answered %d: it redirects to %s. Redirects are not followed; ask for that URL if it is the engine."
                            .formatted(url, status, there == null ? "somewhere unreadable" : Target.printable(there)),
                    status,
                    null);
        }
        String body = beginning(response);
        String remedy =
                backends.size() == 1 ? remedyOf(backends.get(0), status, body) : remedies(backends, status, body);
        return new EngineRefusedException(
                "%s answered %d%s. %s".formatted(url, status, quoted(body), remedy), status, null);
    }

    private static String remedyOf(EngineBackend<?> backend, int status, String body) {
        String remedy = backend.remedy(status, body);
        return remedy == null ? usualRemedy(status) : remedy;
    }

    /** Nobody knows yet which engine answered, so each remedy says whose it is. */
    private static String remedies(List<? extends EngineBackend<?>> backends, int status, String body) {
        StringBuilder all = new StringBuilder(usualRemedy(status));
        for (EngineBackend<?> backend : backends) {
            String remedy = backend.remedy(status, body);
            if (remedy != null) {
                all.append(" If it is ").append(backend.title()).append(": ").append(remedy);
            }
        }
        return all.toString();
    }

    private static String usualRemedy(int status) {
        return switch (status) {
            case 401, 403 -> "Send credentials: withBearerToken(...) or withHeader(...).";
            case 404 -> "Check the URL, and that the engine serves metrics there.";
            case 429, 502, 503, 504 -> "Try again later.";
            default -> "Check the engine's log.";
        };
    }

    private static String beginning(Response response) {
        if (response.header("Content-Encoding") != null) {
            return ""; // Not worth decoding to be quoted.
        }
        try {
            BufferedSource source = response.body().source();
            source.request(ERROR_BODY_BYTES_MAX);
            return source.getBuffer()
                    .snapshot()
                    .substring(0, (int)
                            Math.min(ERROR_BODY_BYTES_MAX, source.getBuffer().size()))
                    .utf8();
        } catch (IOException e) {
            return "";
        }
    }

    private static String quoted(String body) {
        String line = Printable.excerpt(body);
        return line.isEmpty() ? "" : " ('" + line + "')";
    }
}
