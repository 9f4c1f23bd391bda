package io.inferometer.source.prometheus;

import io.inferometer.source.prometheus.PrometheusException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Asks the HTTP API of a Prometheus-compatible server.
 *
 * <p>Safe to share; starts no thread of its own. A query is one request, by POST, or by GET where the server refuses POST.
 * An instant query always says its time, and {@code nocache=1}, without which VictoriaMetrics moves the time of a query for
 * "now" half a minute back.
 */
public final class PrometheusClient implements AutoCloseable {
    private static final Set<Integer> POST_REFUSED = Set.of(405, 501);
    private static final int ERROR_SHOWN_MAX = 300;
    private static final int UNPROCESSABLE = 422;

    private final PrometheusOptions options;
    private final OkHttpClient http;
    private final HttpUrl url;
    private final Credentials credentials;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean get;

    /**
     * A client for a server.
     *
     * @param options where it is, and how it is spoken to
     * @throws IllegalArgumentException when a certificate or key cannot be read
     */
    public PrometheusClient(PrometheusOptions options) {
        this.options = options;
        this.http = ServerConnection.client(options.fields());
        this.url = ServerConnection.url(options.fields());
        this.credentials = new Credentials(options.fields());
    }

    /** Where the server is. */
    public PrometheusOptions options() {
        return options;
    }

    /** How many queries were sent. */
    public long queries() {
        return queries.get();
    }

    /** How many bytes of answers were read, decoded. */
    public long bytesRead() {
        return bytes.get();
    }

    /**
     * An instant query.
     *
     * @param query in PromQL
     * @param time at which it is evaluated
     * @return the answer
     * @throws PrometheusException when there is none
     */
    public PrometheusResult query(String query, Instant time) {
        return query(query, time, options.timeout());
    }

    /**
     * A range query.
     *
     * @param query in PromQL
     * @param from the first time
     * @param to the last time
     * @param step between two times, more than zero
     * @return the answer
     * @throws PrometheusException when there is none
     */
    public PrometheusResult queryRange(String query, Instant from, Instant to, Duration step) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("query", query);
        parameters.put("start", seconds(from));
        parameters.put("end", seconds(to));
        parameters.put("step", String.format(Locale.ROOT, "%.3f", step.toMillis() / 1000.0));
        parameters.put("nocache", "1");
        return ask("api/v1/query_range", parameters, options.timeout());
    }

    /** Cancels what is under way, and frees the connections. */
    @Override
    public void close() {
        calls.forEach(Call::cancel);
        http.connectionPool().evictAll();
    }

    PrometheusResult query(String query, Instant time, Duration timeout) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("query", query);
        parameters.put("time", seconds(time));
        parameters.put("nocache", "1");
        return ask("api/v1/query", parameters, timeout);
    }

    private PrometheusResult ask(String path, Map<String, String> parameters, Duration timeout) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("timeout", Math.max(1, timeout.toMillis()) + "ms");
        if (!get) {
            try {
                return ask(request(path, all, false), timeout);
            } catch (PostRefusedException e) {
                get = true;
            }
        }
        return ask(request(path, all, true), timeout);
    }

    private PrometheusResult ask(Request request, Duration timeout) {
        Call call = http.newCall(request);
        call.timeout().timeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        calls.add(call);
        queries.incrementAndGet();
        try (Response response = call.execute()) {
            return read(response, request.method().equals("POST"));
        } catch (IOException e) {
            PrometheusException failure = failure(e, call.isCanceled(), timeout);
            if (failure.kind() == Kind.RESET) {
                http.connectionPool()
                        .evictAll(); // Those that idle broke with it; the next attempt shall not meet them.
            }
            throw failure;
        } finally {
            calls.remove(call);
        }
    }

    private Request request(String path, Map<String, String> parameters, boolean byGet) {
        HttpUrl.Builder target = url.newBuilder().addPathSegments(path);
        Request.Builder request = new Request.Builder();
        if (byGet) {
            parameters.forEach(target::addQueryParameter);
        } else {
            FormBody.Builder form = new FormBody.Builder();
            parameters.forEach(form::add);
            request.post(form.build());
        }
        request.url(target.build()).header("Accept", "application/json");
        options.fields().headers.forEach(request::header);
        String host = ServerConnection.hostHeader(options.fields());
        if (host != null) {
            request.header("Host", host);
        }
        String authorization = credentials.header();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private PrometheusResult read(Response response, boolean byPost) throws IOException {
        if (byPost && POST_REFUSED.contains(response.code())) {
            throw new PostRefusedException();
        }
        AnswerReader answer = new AnswerReader(options.fields().seriesMax);
        long length;
        try (CountedStream body = new CountedStream(response.body().byteStream(), options.fields().bodyBytesMax)) {
            try {
                answer.read(body);
            } catch (com.fasterxml.jackson.core.JacksonException e) {
                throw unreadable(response, e);
            } finally {
                bytes.addAndGet(body.bytes());
            }
            length = body.bytes();
        }
        if (response.code() != 200 || !answer.succeeded()) {
            throw refused(response.code(), answer);
        }
        Date date = response.headers().getDate("Date");
        return answer.result(length, date == null ? null : date.toInstant());
    }

    private PrometheusException unreadable(Response response, IOException cause) {
        if (response.code() != 200) {
            return refused(response.code(), new AnswerReader(0));
        }
        return new PrometheusException(
                Kind.NOT_PROMETHEUS,
                "%s answered 200 with what is no JSON of a Prometheus API (%s). Check the URL, and its path prefix."
                        .formatted(options.shown(), response.header("Content-Type", "no content type")),
                cause);
    }

    private PrometheusException refused(int status, AnswerReader answer) {
        Kind kind = kindOf(status, answer.errorType());
        String said = answer.error().isEmpty() ? "" : ": " + shortened(answer.error());
        String type = answer.errorType().isEmpty() ? "" : " " + answer.errorType();
        return new PrometheusException(
                kind, "%s answered %d%s%s. %s".formatted(options.shown(), status, type, said, remedy(kind)), null);
    }

    private static Kind kindOf(int status, String errorType) {
        return switch (errorType) {
            case "bad_data" -> Kind.BAD_DATA;
            case "timeout", "canceled" -> Kind.TIMEOUT;
            case "execution" -> Kind.EXECUTION;
            case "unavailable" -> Kind.UNAVAILABLE;
            default ->
                switch (status) {
                    case 400 -> Kind.BAD_DATA;
                    case 401, 403 -> Kind.UNAUTHORIZED;
                    case UNPROCESSABLE -> Kind.EXECUTION;
                    case 429 -> Kind.RATE_LIMITED;
                    case 502, 503, 504 -> Kind.UNAVAILABLE;
                    case 200 -> Kind.NOT_PROMETHEUS;
                    default -> Kind.REFUSED;
                };
        };
    }

    private static String remedy(Kind kind) {
        return switch (kind) {
            case BAD_DATA -> "The server does not understand the query; an older server may lack a function.";
            case EXECUTION -> "The query asks for more than the server allows, or series do not match.";
            case TIMEOUT ->
                "Give it more time with PROMETHEUS_QUERY_TIMEOUT, or relieve the server with recording rules.";
            case UNAVAILABLE -> "Wait until the server is ready; check it behind its gateway.";
            case RATE_LIMITED -> "Ask less often: METRICS_CACHE_TTL, METRICS_FETCH_INTERVAL.";
            case UNAUTHORIZED -> "Check PROMETHEUS_BEARER_TOKEN, PROMETHEUS_TOKEN_PATH or the user and password.";
            default -> "Check the URL, and its path prefix.";
        };
    }

    private PrometheusException failure(IOException e, boolean cancelled, Duration timeout) {
        String server = options.shown();
        if (e instanceof CountedStream.TooLongException) {
            return new PrometheusException(
                    Kind.TOO_LARGE,
                    "The answer of %s is longer than %d bytes. Ask for less, or raise withLimits(...)."
                            .formatted(server, options.fields().bodyBytesMax),
                    e);
        }
        if (e instanceof AnswerReader.TooManySeriesException) {
            return new PrometheusException(
                    Kind.TOO_LARGE,
                    "The answer of %s has more than %d series. Ask for less, or raise withLimits(...)."
                            .formatted(server, options.fields().seriesMax),
                    e);
        }
        if (e instanceof InterruptedIOException) {
            boolean timedOut = !Thread.currentThread().isInterrupted();
            return timedOut
                    ? new PrometheusException(
                            Kind.TIMEOUT,
                            "%s did not answer within %d ms. %s"
                                    .formatted(server, timeout.toMillis(), remedy(Kind.TIMEOUT)),
                            e)
                    : new PrometheusException(Kind.CANCELLED, "The query to %s was interrupted.".formatted(server), e);
        }
        if (cancelled) {
            return new PrometheusException(Kind.CANCELLED, "The query to %s was cancelled.".formatted(server), e);
        }
        if (e instanceof UnknownHostException) {
            return new PrometheusException(
                    Kind.UNREACHABLE,
                    "The host of %s has no address. Check the name, and PROMETHEUS_URL.".formatted(server),
                    e);
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return new PrometheusException(
                    Kind.UNREACHABLE,
                    "Nobody answers at %s: %s. Check that the server runs, and PROMETHEUS_URL."
                            .formatted(server, e.getMessage()),
                    e);
        }
        if (e instanceof SSLException) {
            return new PrometheusException(
                    Kind.TLS,
                    "TLS with %s failed: %s. Check PROMETHEUS_CA_CERT_PATH, PROMETHEUS_SERVER_NAME and the client certificate."
                            .formatted(server, shortened(String.valueOf(e.getMessage()))),
                    e);
        }
        return new PrometheusException(
                Kind.RESET, "The connection to %s broke: %s.%s".formatted(server, e.getMessage(), perhaps()), e);
    }

    /** With TLS 1.3 a server may close before it says that it wanted a certificate. */
    private String perhaps() {
        boolean showsNone = options.fields().clientCertificate == null;
        return url.isHttps() && showsNone
                ? " If the server wants a client certificate, set PROMETHEUS_CLIENT_CERT_PATH and PROMETHEUS_CLIENT_KEY_PATH."
                : "";
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= ERROR_SHOWN_MAX ? line : line.substring(0, ERROR_SHOWN_MAX) + "…";
    }

    private static String seconds(Instant time) {
        return String.format(Locale.ROOT, "%.3f", time.toEpochMilli() / 1000.0);
    }

    /** The server wants GET. */
    @SuppressWarnings("serial") // Thrown and caught here.
    private static final class PostRefusedException extends RuntimeException {
        PostRefusedException() {
            super(null, null, false, false);
        }
    }
}
