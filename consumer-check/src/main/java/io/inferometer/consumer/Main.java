package io.inferometer.consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The first line of the README, run by somebody who has the published artifacts and nothing else. */
public final class Main {
    private static final String PAGE = """
            # TYPE tgi_queue_size gauge
            tgi_queue_size 3
            # TYPE tgi_batch_current_size gauge
            tgi_batch_current_size 2
            """;

    private Main() {}

    public static void main(String[] args) throws IOException {
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", Main::answer);
        engine.start();
        try {
            check("http://127.0.0.1:" + engine.getAddress().getPort());
        } finally {
            engine.stop(0);
        }
        System.out.println("ok on the " + (Main.class.getModule().isNamed() ? "module path" : "class path"));
    }

    private static void check(String url) {
        EngineSnapshot now = Collectors.forEngine("tgi").collect(url);

        expect("requests running", 2L, now.metrics().load().requestsRunning());
        expect("requests waiting", 3L, now.metrics().load().requestsWaiting());
        expect(
                "prompt tokens, which the page does not have",
                null,
                now.metrics().tokens().prompt());
    }

    private static void expect(String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            throw new AssertionError(what + ": expected " + expected + ", found " + found);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
