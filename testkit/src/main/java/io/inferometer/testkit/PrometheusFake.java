package io.inferometer.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A Prometheus server for tests, which answers from values that the test injects.
 *
 * <p>It evaluates the part of PromQL that {@code inferometer-source-prometheus} sends, and refuses the rest with {@code bad_data},
 * saying what it did not understand. It scrapes nobody and writes no stale markers. A rate is the growth between the first
 * and the last sample of its window over the time between them, without Prometheus' extrapolation; it needs two samples.
 *
 * <p>Safe to share. Listens on the loopback interface until it is closed.
 */
public final class PrometheusFake implements AutoCloseable {
    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final MockWebServer server = new MockWebServer();
    private final Map<Map<String, String>, List<FakeSample>> samples = new LinkedHashMap<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();

    private PrometheusFake() {}

    /** A server without any value, on a free port. */
    public static PrometheusFake start() {
        SERVER_LOG.setLevel(Level.WARNING); // A line for each request tells nobody anything.
        PrometheusFake fake = new PrometheusFake();
        fake.server.setDispatcher(fake.new Desk());
        try {
            fake.server.start(InetAddress.getLoopbackAddress(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fake;
    }

    /** Its base URL, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /**
     * Adds a sample, taken now.
     *
     * @param metric the series' name, such as {@code "vllm:num_requests_running"}
     * @param value its value; NaN and infinities are allowed
     * @param labels its other labels; give each replica its {@code instance}
     * @return this
     */
    public PrometheusFake inject(String metric, double value, Map<String, String> labels) {
        return inject(metric, value, labels, Instant.now());
    }

    /**
     * Adds a sample.
     *
     * @param metric the series' name
     * @param value its value
     * @param labels its other labels
     * @param at when it was taken, such as a while ago; kept to the millisecond
     * @return this
     * @throws IllegalArgumentException when there is no name
     */
    public PrometheusFake inject(String metric, double value, Map<String, String> labels, Instant at) {
        if (metric.isEmpty()) {
            throw new IllegalArgumentException("The series has no name. Give one such as 'vllm:num_requests_running'.");
        }
        Map<String, String> key = new TreeMap<>(labels);
        key.put(FakePromql.NAME, metric);
        key.values().removeIf(String::isEmpty); // As Prometheus does: an empty label is none.
        synchronized (samples) {
            List<FakeSample> series = samples.computeIfAbsent(key, unused -> new ArrayList<>());
            Instant kept =
                    at.truncatedTo(ChronoUnit.MILLIS); // As Prometheus does; else "now" is after a query for now.
            series.removeIf(sample -> sample.at().equals(kept));
            series.add(new FakeSample(kept, value));
            series.sort(Comparator.comparing(FakeSample::at));
        }
        return this;
    }

    /** Forgets all samples; queries then have empty answers. */
    public PrometheusFake clear() {
        synchronized (samples) {
            samples.clear();
        }
        return this;
    }

    /** The queries that it was asked so far, in their order. */
    public List<String> queries() {
        return List.copyOf(queries);
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.close();
    }

    private Map<Map<String, String>, List<FakeSample>> copy() {
        Map<Map<String, String>, List<FakeSample>> copy = new LinkedHashMap<>();
        synchronized (samples) {
            samples.forEach((labels, series) -> copy.put(labels, List.copyOf(series)));
        }
        return copy;
    }

    private MockResponse query(Map<String, String> parameters) {
        String query = parameters.getOrDefault("query", "");
        queries.add(query);
        try {
            String time = parameters.get("time");
            Instant at =
                    time == null ? Instant.now() : Instant.ofEpochMilli(Math.round(Double.parseDouble(time) * 1000));
            List<FakePromql.Point> points = new FakePromql(query, copy(), at).vector();
            return answer(200, success(points, at));
        } catch (IllegalArgumentException e) {
            return failure(400, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> success(List<FakePromql.Point> points, Instant at) {
        List<Object> result = new ArrayList<>();
        for (FakePromql.Point point : points) {
            result.add(Map.of(
                    "metric", point.labels(),
                    "value", List.of(at.toEpochMilli() / 1000.0, text(point.value()))));
        }
        return Map.of("status", "success", "data", Map.of("resultType", "vector", "result", result));
    }

    private static String text(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    private static MockResponse failure(int status, String error) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "error");
        body.put("errorType", "bad_data");
        body.put("error", error);
        return answer(status, body);
    }

    private static MockResponse answer(int status, Map<String, Object> body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(new String(Json.compact(body), StandardCharsets.UTF_8))
                .build();
    }

    private final class Desk extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            if (!path.equals("/api/v1/query")) {
                return failure(404, "PrometheusFake answers /api/v1/query only, not %s.".formatted(path));
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            read(String.valueOf(request.getUrl().encodedQuery()), parameters);
            if (request.getBody() != null) {
                read(request.getBody().utf8(), parameters);
            }
            return query(parameters);
        }

        private static void read(String form, Map<String, String> parameters) {
            for (String pair : form.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
    }

    /** A value at a time. */
    record FakeSample(Instant at, double value) {
        boolean isWithin(Instant end, Duration window) {
            return !at.isAfter(end) && at.isAfter(end.minus(window));
        }

        double seconds() {
            return at.toEpochMilli() / 1000.0;
        }
    }
}
