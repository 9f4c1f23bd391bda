package io.inferometer.source.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** Answers over HTTP what a test put into it, in this order; when nothing is left, an empty vector. */
final class CannedServer implements AutoCloseable {
    static final String EMPTY = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

    final MockWebServer http = new MockWebServer();
    final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final Deque<MockResponse> answers = new ConcurrentLinkedDeque<>();
    private final Map<String, String> fixed = new ConcurrentHashMap<>();
    private volatile Duration pause = Duration.ZERO;
    private volatile Instant now;

    CannedServer() {
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                MockResponse.Builder answer = answer(request).newBuilder();
                if (!pause.isZero()) {
                    answer.headersDelay(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
                if (now != null) {
                    answer.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atZone(ZoneOffset.UTC)));
                }
                return answer.build();
            }
        });
        try {
            http.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MockResponse answer(RecordedRequest request) {
        String form = request.getBody() == null
                ? ""
                : URLDecoder.decode(request.getBody().utf8(), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> one : fixed.entrySet()) {
            if (form.contains(one.getKey())) {
                return new MockResponse.Builder().body(one.getValue()).build();
            }
        }
        MockResponse next = answers.poll();
        return next == null ? new MockResponse.Builder().body(EMPTY).build() : next;
    }

    /** Answers this to each query that contains a text. */
    CannedServer on(String text, String body) {
        fixed.put(text, body);
        return this;
    }

    /** Waits so long before each answer. */
    CannedServer slowly(Duration time) {
        pause = time;
        return this;
    }

    /** Says in each answer that this is the time. */
    CannedServer clock(Instant time) {
        now = time;
        return this;
    }

    CannedServer then(int status, String body) {
        answers.add(new MockResponse.Builder().code(status).body(body).build());
        return this;
    }

    String url() {
        return http.url("/").toString().replaceAll("/$", "");
    }

    static String vector(String... series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + String.join(",", series)
                + "]}}";
    }

    static String series(String labels, double value) {
        return "{\"metric\":{" + labels + "},\"value\":[1,\"" + value + "\"]}";
    }

    @Override
    public void close() {
        http.close();
    }
}
