package io.inferometer.exporter;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that answers each path with one body, and everything else with 404. */
final class TestServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Headers> asked = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    private TestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    static TestServer withPage(String page) throws IOException {
        return new TestServer().with("/metrics", 200, "text/plain; version=0.0.4", page);
    }

    static TestServer withStatus(int status, String body) throws IOException {
        return new TestServer().with("/metrics", status, "text/plain", body);
    }

    TestServer with(String path, int status, String contentType, String body) {
        answers.put(path, new Answer(status, contentType, body));
        return this;
    }

    String url() {
        return "http://" + address();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    Headers headersSentTo(String path) {
        return asked.get(path);
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.put(path, exchange.getRequestHeaders());
        requests.incrementAndGet();
        Answer answer = answers.getOrDefault(path, new Answer(404, "text/plain", ""));
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private record Answer(int status, String contentType, String body) {}
}
