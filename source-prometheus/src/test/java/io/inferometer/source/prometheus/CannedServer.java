package io.inferometer.source.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
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

    CannedServer() {
        http.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                MockResponse next = answers.poll();
                return next == null ? new MockResponse.Builder().body(EMPTY).build() : next;
            }
        });
        try {
            http.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
