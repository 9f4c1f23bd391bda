package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import mockwebserver3.SocketEffect;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** No thread starts without being asked, and no connection stays in use. */
class LeakTest {
    private static final int SCRAPES = 50;

    /** Threads that OkHttp and Okio keep for all of the program, and those of the server here. */
    private static final Set<String> KNOWN = Set.of("OkHttp", "Okio", "MockWebServer");

    @Test
    void fiftyScrapesLeaveOneIdleConnectionAndNoThread() throws IOException {
        ConnectionPool pool = new ConnectionPool(5, 1, TimeUnit.MINUTES);
        EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend())
                .withClient(new OkHttpClient.Builder().connectionPool(pool).build());
        try (Engine engine = new Engine()) {
            Set<String> before = threads();
            for (int i = 0; i < SCRAPES; i++) {
                engine.answersPage(Engine.PAGE);
                assertThat(acme.collect(engine.url()).metrics().load().requestsRunning())
                        .isEqualTo(3);
            }
            assertThat(pool.connectionCount()).isEqualTo(1);
            assertThat(pool.idleConnectionCount()).isEqualTo(1);
            Set<String> after = threads();
            after.removeAll(before);
            assertThat(after).isEmpty();
        }
    }

    @Test
    void failedScrapesLeaveNothingEither() throws IOException {
        ConnectionPool pool = new ConnectionPool(5, 1, TimeUnit.MINUTES);
        EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend())
                .withClient(new OkHttpClient.Builder().connectionPool(pool).build())
                .withLimits(Limits.DEFAULTS.withBodyBytesMax(1000));
        try (Engine engine = new Engine()) {
            Set<String> before = threads();
            for (int i = 0; i < SCRAPES; i++) {
                switch (i % 6) {
                    case 0 -> engine.answers(500, "x".repeat(10_000));
                    case 1 -> engine.answersPage("acme:running 1\n".repeat(1000));
                    case 2 -> engine.answers(Engine.page("vllm:x 1\n"));
                    case 3 ->
                        engine.answers(Engine.page("acme:running 1")
                                .setHeader("Content-Length", "99")
                                .onResponseEnd(new SocketEffect.CloseSocket()));
                    case 4 -> engine.answers(Engine.page("<html>").setHeader("Content-Type", "text/html"));
                    default -> engine.answersPage("");
                }
                assertThat(acme.tryCollect(Target.of(engine.url())).success()).isFalse();
            }
            assertThat(pool.connectionCount() - pool.idleConnectionCount())
                    .as("connections in use")
                    .isZero();
            Set<String> after = threads();
            after.removeAll(before);
            assertThat(after).isEmpty();
        }
    }

    @Test
    void aTimeoutClosesItsConnection() throws IOException {
        ConnectionPool pool = new ConnectionPool(5, 1, TimeUnit.MINUTES);
        EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend())
                .withClient(new OkHttpClient.Builder().connectionPool(pool).build())
                .withTimeout(Duration.ofMillis(200));
        try (Engine engine = new Engine()) {
            engine.answers(Engine.page(Engine.PAGE).bodyDelay(20, TimeUnit.SECONDS));
            assertThat(acme.tryCollect(Target.of(engine.url())).error()).isInstanceOf(EngineTimedOutException.class);
            assertThat(pool.connectionCount()).isZero();
        }
    }

    private static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (KNOWN.stream().noneMatch(thread.getName()::contains)) {
                names.add(thread.getName());
            } else {
                assertThat(thread.isDaemon() || thread.getName().startsWith("MockWebServer"))
                        .as(thread.getName())
                        .isTrue();
            }
        }
        return names;
    }
}
