package io.inferometer.collect;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server on loopback that answers what it is told to. */
final class Engine implements AutoCloseable {
    static final String PAGE = "acme:running 3\n";

    private final MockWebServer server = new MockWebServer();

    Engine() throws IOException {
        server.start();
    }

    /** Base URL, without a slash at the end. */
    String url() {
        return "http://" + hostAndPort();
    }

    String hostAndPort() {
        return server.getHostName() + ":" + server.getPort();
    }

    MockWebServer server() {
        return server;
    }

    Engine answers(MockResponse.Builder response) {
        server.enqueue(response.build());
        return this;
    }

    Engine answersPage(String page) {
        return answers(page(page));
    }

    Engine answers(int status, String body) {
        return answers(new MockResponse.Builder().code(status).body(body));
    }

    RecordedRequest asked() {
        try {
            RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("Nobody asked within 5 s");
            }
            return request;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static MockResponse.Builder page(String page) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .body(page);
    }

    static MockResponse.Builder json(String json) {
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body(json);
    }

    @Override
    public void close() {
        server.close();
    }
}
