package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private final FakeEngine engine = FakeEngine.start("llamacpp");

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void delayTheAnswer() throws IOException {
        engine.delay(Duration.ofMillis(300));
        long start = System.nanoTime();
        assertThat(Http.body(metrics())).contains("llamacpp:requests_processing 0\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void failWithAStatus() throws IOException {
        engine.failWith(503, "{\"error\":\"Loading model\"}", "application/json");
        try (Response response = Http.get(metrics())) {
            assertThat(response.code()).isEqualTo(503);
            assertThat(response.header("Content-Type")).isEqualTo("application/json");
            assertThat(response.body().string()).isEqualTo("{\"error\":\"Loading model\"}");
        }
    }

    @Test
    void answerALoginPage() throws IOException {
        engine.answerHtml();
        try (Response response = Http.get(metrics())) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(response.body().string()).startsWith("<!DOCTYPE html>");
        }
    }

    @Test
    void redirect() throws IOException {
        engine.redirectTo("http://elsewhere:1/metrics");
        try (Response response = Http.get(metrics())) {
            assertThat(response.code()).isEqualTo(302);
            assertThat(response.header("Location")).isEqualTo("http://elsewhere:1/metrics");
        }
    }

    @Test
    void compressOnlyForThoseWhoAccept() throws IOException {
        engine.gzip(false);
        try (Response plain = Http.get(metrics(), "Accept-Encoding", "identity")) {
            assertThat(plain.header("Content-Encoding")).isNull();
            assertThat(plain.body().string()).startsWith("# HELP llamacpp:");
        }
        try (Response zipped = Http.get(metrics(), "Accept-Encoding", "gzip")) {
            assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(unzipped(zipped)).startsWith("# HELP llamacpp:");
        }
    }

    @Test
    void compressForAllWhenForced() throws IOException {
        engine.gzip(true);
        try (Response zipped = Http.get(metrics(), "Accept-Encoding", "identity")) {
            assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(unzipped(zipped)).startsWith("# HELP llamacpp:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llamacpp", "vllm"}) // One sends chunks, the other a length.
    void breakOffABody(String name) throws IOException {
        try (FakeEngine cut = FakeEngine.start(name)) {
            String whole = Http.body(cut.url() + "/metrics");
            cut.truncateAfter(100);
            try (Response response = Http.get(cut.url() + "/metrics")) {
                okio.BufferedSource body = response.body().source();
                assertThat(body.readUtf8(100)).isEqualTo(whole.substring(0, 100));
                assertThatExceptionOfType(IOException.class).isThrownBy(body::readByte);
            }
        }
    }

    @Test
    void sendSlowly() throws IOException {
        String page = Http.body(metrics());
        engine.slowly(2L * page.length());
        long start = System.nanoTime();
        assertThat(Http.body(metrics())).hasSize(page.length());
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(350), Duration.ofSeconds(5));
    }

    @Test
    void dropConnections() {
        engine.dropConnections();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Http.body(metrics()));
    }

    @Test
    void hitOnePathAlone() throws IOException {
        engine.at("/slots").failWith(501, "no", "text/plain");
        assertThat(Http.body(engine.url() + "/slots")).isEqualTo("no");
        assertThat(Http.body(metrics())).startsWith("# HELP llamacpp:");
    }

    @Test
    void giveWayToAFixedPage() throws IOException {
        engine.page("up 1\n".getBytes(StandardCharsets.UTF_8), "application/openmetrics-text");
        try (Response response = Http.get(metrics())) {
            assertThat(response.header("Content-Type")).isEqualTo("application/openmetrics-text");
            assertThat(response.body().string()).isEqualTo("up 1\n");
        }
        assertThat(Http.body(engine.url() + "/health")).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void endWhenHealed() throws IOException {
        engine.failWith(500, "", "text/plain")
                .truncateAfter(3)
                .gzip(true)
                .slowly(1)
                .delay(Duration.ofMinutes(1));
        engine.at("/metrics").dropConnections();
        engine.heal();
        assertThat(Http.body(metrics())).startsWith("# HELP llamacpp:");
    }

    private String metrics() {
        return engine.url() + "/metrics";
    }

    private static String unzipped(Response response) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(response.body().byteStream())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
