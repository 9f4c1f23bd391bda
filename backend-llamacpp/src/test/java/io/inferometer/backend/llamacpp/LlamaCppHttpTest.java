package io.inferometer.backend.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.Collectors;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.Ledger;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Raw answers of a real server, as a collector gets them. */
class LlamaCppHttpTest {
    private static final String PAGE_TYPE = "text/plain; version=0.0.4";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    10-nometrics-metrics                     | 501 | {"error":{"code":501,"message":"This server does not support metrics endpoint. Start it with `--metrics`","type":"not_su… | Start llama-server with --metrics.
                    12b-apikey-wrong-metrics                 | 401 | {"error":{"message":"Invalid API Key","type":"authentication_error","code":401}} | Send the server's --api-key: withBearerToken(...).
                    17-router-metrics-nomodel                | 400 | {"error":{"code":400,"message":"model name is missing from the request","type":"invalid_request_error"}} | This is a llama.cpp router: name a model in the URL, …/metrics?model=NAME&autoload=false.
                    17-router-metrics-unloaded-noautoload    | 400 | {"error":{"code":400,"message":"model is not loaded","type":"invalid_request_error"}} | Load the model first, or leave out autoload=false to let the scrape load it.
                    """)
    void saysWhatToDoWhenTheServerRefuses(String recording, int status, String quoted, String remedy)
            throws IOException, InterruptedException {
        try (RawServer server = new RawServer(Map.of("", recorded(recording)))) {
            EngineRefusedException refused = refused(server.url());
            assertThat(refused)
                    .hasMessage("%s/metrics answered %d ('%s'). %s".formatted(server.url(), status, quoted, remedy));
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.isTransient()).isFalse();
        }
    }

    @Test
    void saysThatAModelIsStillLoading() throws IOException, InterruptedException {
        String body = "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}";
        byte[] answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(body.length(), body)
                .getBytes(UTF_8);
        try (RawServer server = new RawServer(Map.of("", answer))) {
            EngineRefusedException refused = refused(server.url());
            assertThat(refused)
                    .hasMessage("%s/metrics answered 503 ('%s'). The model is still loading; try again in a moment."
                            .formatted(server.url(), body));
            assertThat(refused.isTransient()).isTrue();
        }
    }

    @Test
    void readsTheModelOfARouterThatTheUrlNames() throws IOException, InterruptedException {
        try (RawServer server = new RawServer(Map.of("/metrics", recorded("17c-router-metrics-smol-a")))) {
            LlamaCppSnapshot snapshot = Collectors.forBackend(new LlamaCppBackend())
                    .collect(server.url() + "/metrics?model=smol-a&autoload=false");
            assertThat(server.asked()).containsExactly("/metrics?model=smol-a&autoload=false");
            assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named("smol-a", null));
            assertThat(snapshot.metrics().load().requestsRunning()).isZero();
            assertThat(snapshot.metrics().tokens().prompt()).isZero();
            assertThat(snapshot.header().startedAt()).isNull(); // Its header is no Unix time.
        }
    }

    @Test
    void asksForNothingThatWakesOrWeighsUnlessTold() throws IOException, InterruptedException {
        try (RawServer server = new RawServer(Map.of("/metrics", page()))) {
            LlamaCppSnapshot snapshot =
                    Collectors.forBackend(new LlamaCppBackend()).collect(server.url());
            assertThat(server.asked()).containsExactly("/metrics");
            assertThat(snapshot.slots()).isNull();
            assertThat(snapshot.props()).isNull();
        }
    }

    @Test
    void addsSlotsAndPropsWhenTold() throws IOException, InterruptedException {
        Map<String, byte[]> answers = Map.of(
                "/metrics", page(),
                "/slots", RawServer.ok("application/json", own("busy/slots.json")),
                "/props", RawServer.ok("application/json", own("busy/props.json")));
        try (RawServer server = new RawServer(answers)) {
            LlamaCppSnapshot snapshot = Collectors.forBackend(new LlamaCppBackend())
                    .withExtra("slots", "props")
                    .collect(server.url() + "?model=tiny&autoload=false");
            assertThat(server.asked())
                    .containsExactly(
                            "/metrics?model=tiny&autoload=false",
                            "/slots?model=tiny&autoload=false",
                            "/props?model=tiny&autoload=false");
            assertThat(snapshot.slots()).isNotNull();
            assertThat(snapshot.slots().busy()).isEqualTo(1);
            assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named("tiny", 2048L));
        }
    }

    @Test
    void doesWithoutSlotsThatTheServerRefuses() throws IOException, InterruptedException {
        Map<String, byte[]> answers = Map.of("/metrics", page(), "/slots", recorded("10b-noslots-slots"));
        try (RawServer server = new RawServer(answers)) {
            LlamaCppSnapshot snapshot = Collectors.forBackend(new LlamaCppBackend())
                    .withExtra("slots")
                    .collect(server.url());
            assertThat(server.asked()).containsExactly("/metrics", "/slots");
            assertThat(snapshot.slots()).isNull();
            assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(1);
        }
    }

    @Test
    void readsAPageThatIsOneJsonStringEvenWhenItSaysItIsJson() throws IOException, InterruptedException {
        byte[] answer = RawServer.ok("application/json; charset=utf-8", own("one-json-string.prom"));
        try (RawServer server = new RawServer(Map.of("", answer))) {
            LlamaCppSnapshot snapshot =
                    Collectors.forBackend(new LlamaCppBackend()).collect(server.url());
            assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(2);
            assertThat(Collectors.detect(server.url()).engine()).isEqualTo("llamacpp");
        }
    }

    @Test
    void agreesWithTheLedgerOfAServerUnderLoad() {
        try (FakeEngine engine = FakeEngine.start("llamacpp").withSlots(2)) {
            engine.serve(3).submit(5);
            Ledger ledger = engine.ledger();
            LlamaCppSnapshot snapshot = Collectors.forBackend(new LlamaCppBackend())
                    .withExtra("slots")
                    .collect(engine.url());
            assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(2).isEqualTo(ledger.running());
            assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(3).isEqualTo(ledger.waiting());
            assertThat(snapshot.metrics().tokens().generated()).isEqualTo(ledger.endedGeneratedTokens());
            assertThat(snapshot.slots()).isNotNull();
            assertThat(snapshot.slots().busy()).isEqualTo(2);
        }
    }

    private static EngineRefusedException refused(String url) {
        return catchThrowableOfType(
                EngineRefusedException.class,
                () -> Collectors.forBackend(new LlamaCppBackend()).collect(url));
    }

    private static byte[] page() throws IOException {
        return RawServer.ok(PAGE_TYPE, own("busy/metrics.prom"));
    }

    private static byte[] own(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/pages/llamacpp").resolve(name));
    }

    private static byte[] recorded(String name) throws IOException {
        return Files.readAllBytes(SharedFolder.live("llamacpp").resolve(name + ".http"));
    }
}
