package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.spi.Endpoint;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a scrape can fail, with its whole message: what was asked, what was found, what to do. */
class CollectErrorsTest {
    private final EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend());
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = new Engine();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void nothingListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        EngineUnreachableException error = failure(acme, "http://127.0.0.1:" + port, EngineUnreachableException.class);
        assertThat(error)
                .hasMessage("Could not reach http://127.0.0.1:" + port
                        + "/metrics: nothing accepts connections there. Check that the engine runs, and its port.");
        assertThat(error.isTransient()).isTrue();
        assertThat(error).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void thereIsNoSuchHost() {
        OkHttpClient nowhere = new OkHttpClient.Builder()
                .dns(host -> {
                    throw new UnknownHostException(host);
                })
                .build();
        EngineUnreachableException error = failure(
                acme.withClient(nowhere), "http://no.such.host:8000/x?token=secret", EngineUnreachableException.class);
        assertThat(error)
                .hasMessage("Could not reach http://no.such.host:8000/x/metrics: no such host. Check the name in the"
                        + " URL, and this machine's DNS.");
        assertThat(error.isTransient()).isTrue();
    }

    @Test
    void theAnswerTricklesIn() {
        engine.answers(Engine.page("acme:running 3\n".repeat(100)).throttleBody(1, 1, TimeUnit.SECONDS));
        long start = System.nanoTime();
        EngineTimedOutException error =
                failure(acme.withTimeout(Duration.ofMillis(700)), engine.url(), EngineTimedOutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(error)
                .hasMessage("No complete answer from " + engine.url() + "/metrics within 700 ms. The engine may be"
                        + " overloaded; give it more with withTimeout(...).");
        assertThat(error.isTransient()).isTrue();
    }

    @Test
    void theAnswerDoesNotCome() {
        engine.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE));
        EngineTimedOutException error =
                failure(acme.withTimeout(Duration.ofSeconds(1)), engine.url(), EngineTimedOutException.class);
        assertThat(error)
                .hasMessage("No complete answer from " + engine.url() + "/metrics within 1 s. The engine may be"
                        + " overloaded; give it more with withTimeout(...).");
    }

    @Test
    void aRequiredAnswerThatComesTooLateAfterAnother() {
        engine.answers(Engine.json("{}").bodyDelay(300, TimeUnit.MILLISECONDS))
                .answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE));
        EngineTimedOutException error = failure(
                new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST, Endpoint.METRICS))
                        .withTimeout(Duration.ofMillis(900)),
                engine.url(),
                EngineTimedOutException.class);
        assertThat(error)
                .hasMessage("No complete answer from " + engine.url() + "/metrics within 900 ms. The engine may be"
                        + " overloaded; give it more with withTimeout(...).");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | boom                  | ' (''boom''). Check the engine''s log.'                             | false
            500 | ''                    | . Check the engine's log.                                           | false
            404 | 404 page not found    | ' (''404 page not found''). Check the URL, and that the engine serves metrics there.' | false
            401 | ''                    | . Send credentials: withBearerToken(...) or withHeader(...).        | false
            403 | no                    | ' (''no''). Send credentials: withBearerToken(...) or withHeader(...).' | false
            429 | slow down             | ' (''slow down''). Try again later.'                                | true
            502 | ''                    | . Try again later.                                                  | true
            503 | loading               | ' (''loading''). Try again later.'                                  | true
            504 | ''                    | . Try again later.                                                  | true
            204 | ''                    | . Check the engine's log.                                           | false
            501 | needs a flag          | ' (''needs a flag''). Start it with --flag.'                        | false
            """)
    void theServerRefuses(int status, String body, String rest, boolean isTransient) {
        engine.answers(status, body == null ? "" : body);
        EngineRefusedException error = failure(acme, engine.url(), EngineRefusedException.class);
        assertThat(error).hasMessage(engine.url() + "/metrics answered " + status + rest);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.isTransient()).isEqualTo(isTransient);
    }

    @Test
    void whatARefusingServerSaysIsOneShortLine() {
        engine.answers(500, "  a\r\n\tb\u0007c\u202Ed " + "x".repeat(5000));
        EngineRefusedException error = failure(acme, engine.url(), EngineRefusedException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered 500 ('a b cd " + "x".repeat(113)
                        + "…'). Check the engine's log.");
    }

    @Test
    void aCompressedRefusalIsNotQuoted() {
        engine.answers(new MockResponse.Builder()
                .code(500)
                .addHeader("Content-Encoding", "gzip")
                .body("\u001f\u008bnoise"));
        assertThat(failure(acme, engine.url(), EngineRefusedException.class))
                .hasMessage(engine.url() + "/metrics answered 500. Check the engine's log.");
    }

    @Test
    void aRedirectIsNotFollowedAndShownWithoutSecrets() {
        engine.answers(new MockResponse.Builder()
                .code(302)
                .addHeader("Location", "https://user:secret@login.example:8443/in?token=secret#secret"));
        EngineRefusedException error = failure(acme, engine.url(), EngineRefusedException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered 302: it redirects to https://login.example:8443/in."
                        + " Redirects are not followed; ask for that URL if it is the engine.");
        assertThat(engine.server().getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"/metrics/, /metrics/", "../x, /x"})
    void aRelativeRedirectIsResolved(String location, String path) {
        engine.answers(new MockResponse.Builder().code(307).addHeader("Location", location));
        assertThat(failure(acme, engine.url(), EngineRefusedException.class))
                .hasMessage(engine.url() + "/metrics answered 307: it redirects to " + engine.url() + path
                        + ". Redirects are not followed; ask for that URL if it is the engine.");
    }

    @Test
    void aRedirectToNowhere() {
        engine.answers(new MockResponse.Builder().code(301).addHeader("Location", "mailto:x"))
                .answers(new MockResponse.Builder().code(304));
        assertThat(failure(acme, engine.url(), EngineRefusedException.class))
                .hasMessage(engine.url() + "/metrics answered 301: it redirects to somewhere unreadable. Redirects"
                        + " are not followed; ask for that URL if it is the engine.");
        assertThat(failure(acme, engine.url(), EngineRefusedException.class))
                .hasMessage(engine.url() + "/metrics answered 304. Check the engine's log.");
    }

    @Test
    void aLoginPage() {
        engine.answers(new MockResponse.Builder()
                .addHeader("Content-Type", "Text/HTML; charset=utf-8")
                .body("<html>Sign in</html>"));
        NotMetricsPageException error = failure(acme, engine.url(), NotMetricsPageException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered an HTML page, not metrics. Is there a login or an error"
                        + " page before the engine? Check the URL and credentials.");
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void anEmptyBody() {
        engine.answersPage("");
        assertThat(failure(acme, engine.url(), NotMetricsPageException.class))
                .hasMessage(engine.url() + "/metrics answered 200 with an empty body. Is this the engine's own port,"
                        + " and are its metrics enabled?");
    }

    @Test
    void anEmptyBodyIsAFreshEngineWhereTheBackendSaysSo() {
        engine.answersPage("");
        AcmeBackend.Snapshot fresh =
                new EngineCollector<>(new AcmeBackend("acme", List.of(Endpoint.METRICS), true)).collect(engine.url());
        assertThat(fresh.metrics().load().requestsRunning()).isNull();
        assertThat(fresh.provenance()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json | {"detail":"Not found"} | (content type application/json)
            application/json | []                     | (content type application/json)
            text/plain       | [1]                    | (content type text/plain)
            """)
    void json(String type, String body, String shown) {
        engine.answers(
                new MockResponse.Builder().addHeader("Content-Type", type).body(body));
        assertThat(failure(acme, engine.url(), NotMetricsPageException.class))
                .hasMessage(engine.url() + "/metrics answered no metrics: none of its lines could be read " + shown
                        + ". Check that the URL is an engine's.");
    }

    @Test
    void noiseWithoutAType() {
        engine.answers(new MockResponse.Builder().body("{{{{\n"));
        assertThat(failure(acme, engine.url(), NotMetricsPageException.class))
                .hasMessage(engine.url() + "/metrics answered no metrics: none of its lines could be read. Check that"
                        + " the URL is an engine's.");
    }

    @Test
    void anEncodingThatWasNotAskedFor() {
        engine.answers(
                new MockResponse.Builder().addHeader("Content-Encoding", "br").body("x"));
        assertThat(failure(acme, engine.url(), NotMetricsPageException.class))
                .hasMessage(engine.url() + "/metrics answered in the encoding 'br', which was not asked for. Take the"
                        + " compressing proxy out of the way.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageOfTheLimitIsReadAndOneByteMoreIsNot(boolean gzip) throws IOException {
        int limit = 100;
        String page = Engine.PAGE + "#".repeat(limit - Engine.PAGE.length() - 1) + "\n";
        EngineCollector<AcmeBackend.Snapshot> bounded = acme.withLimits(Limits.DEFAULTS.withBodyBytesMax(limit));
        engine.answers(gzip ? gzipped(page) : Engine.page(page))
                .answers(gzip ? gzipped(page + "#") : Engine.page(page + "#"));
        assertThat(bounded.collect(engine.url()).metrics().load().requestsRunning())
                .isEqualTo(3);
        PageTooLargeException error = failure(bounded, engine.url(), PageTooLargeException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered more than 100 bytes. If that is the engine, raise"
                        + " withLimits(Limits.DEFAULTS.withBodyBytesMax(...)).");
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void aGzipBombIsStoppedAtTheLimit() throws IOException {
        Buffer bomb = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(bomb))) {
            byte[] zeros = "acme:running 3\n".repeat(1 << 12).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1200; i++) {
                sink.write(zeros); // 73 MB of text.
            }
        }
        assertThat(bomb.size()).isLessThan(1 << 20);
        engine.answers(
                new MockResponse.Builder().addHeader("Content-Encoding", "gzip").body(bomb));
        assertThat(failure(acme, engine.url(), PageTooLargeException.class))
                .hasMessage(engine.url() + "/metrics answered more than 67108864 bytes. If that is the engine, raise"
                        + " withLimits(Limits.DEFAULTS.withBodyBytesMax(...)).");
    }

    @Test
    void morePageThanItMayHaveSamples() {
        engine.answersPage("acme:running 3\nacme:waiting 4\n")
                .answersPage("acme:running 3\nacme:waiting 4\nacme:x 1\n");
        EngineCollector<AcmeBackend.Snapshot> bounded = acme.withLimits(Limits.DEFAULTS.withSamplesMax(2));
        assertThat(bounded.collect(engine.url()).metrics().load().requestsRunning())
                .isEqualTo(3);
        PageTooLargeException error = failure(bounded, engine.url(), PageTooLargeException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered more than 2 samples. If that is the engine, raise"
                        + " withLimits(Limits.DEFAULTS.withSamplesMax(...)).");
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void jsonBeyondTheLimit() {
        engine.answers(Engine.json("[" + " ".repeat(100) + "]"));
        assertThat(failure(
                        new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST))
                                .withLimits(Limits.DEFAULTS.withBodyBytesMax(101)),
                        engine.url(),
                        PageTooLargeException.class))
                .hasMessage(engine.url() + "/list answered more than 101 bytes of JSON. Check that the URL is an"
                        + " engine's.");
    }

    @Test
    void anotherEnginesPage() {
        engine.answersPage("vllm:num_requests_running 1\n").answersPage("vllm:x 1\nsglang:y 1\nacme_not 1\n");
        OtherEngineException error = failure(acme, engine.url(), OtherEngineException.class);
        assertThat(error)
                .hasMessage(engine.url()
                        + "/metrics is not Acme: its page is that of vllm. Ask for it with forEngine(\"vllm\").");
        assertThat(error.isTransient()).isFalse();
        EngineCollector<AcmeBackend.Snapshot> other = new EngineCollector<>(AcmeBackend.named("other"));
        assertThat(failure(other, engine.url(), OtherEngineException.class))
                .hasMessage(engine.url()
                        + "/metrics is not Other: its page is that of vllm and sglang. Ask for it with"
                        + " forEngine(\"vllm\").");
    }

    @Test
    void metricsAreTurnedOff() {
        engine.answersPage("python_info 1\nprocess_cpu_seconds_total 2\n")
                .answersPage("python_info 1\na 2\nb 3\nc 4\nd 5\n")
                .answersPage("# nothing yet\n");
        EngineCollector<AcmeBackend.Snapshot> quiet = new EngineCollector<>(AcmeBackend.named("quiet"));
        MetricsDisabledException error = failure(quiet, engine.url(), MetricsDisabledException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/metrics answered a page without any family of Quiet; found python_info,"
                        + " process_cpu_seconds_total. Start it without --quiet.");
        assertThat(error.isTransient()).isFalse();
        assertThat(failure(acme, engine.url(), MetricsDisabledException.class))
                .hasMessage(engine.url() + "/metrics answered a page without any family of Acme; found python_info, a,"
                        + " b and 2 more. Check that the URL is the engine's.");
        assertThat(failure(acme, engine.url(), MetricsDisabledException.class))
                .hasMessage(engine.url() + "/metrics answered a page without any family of Acme; found no sample at"
                        + " all. Check that the URL is the engine's.");
    }

    @Test
    void jsonThatIsNone() {
        engine.answers(Engine.json("<oops>"));
        MalformedPageException error = failure(
                new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST)), engine.url(), MalformedPageException.class);
        assertThat(error)
                .hasMessage(engine.url() + "/list answered what is not Acme's JSON: '<' where an object begins. Check"
                        + " that the URL is the engine's.");
        assertThat(error.line()).isZero();
        assertThat(error.column()).isZero();
        assertThat(error.isTransient()).isFalse();
    }

    @Test
    void theConnectionBreaksBeforeTheAnswer() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            Thread rude = new Thread(() -> {
                try {
                    while (true) {
                        Socket client = socket.accept();
                        client.getInputStream().read();
                        client.close();
                    }
                } catch (IOException e) {
                    return; // Closed at the end of the test.
                }
            });
            rude.setDaemon(true);
            rude.start();
            String url = "http://127.0.0.1:" + socket.getLocalPort();
            EngineUnreachableException error = failure(acme, url, EngineUnreachableException.class);
            assertThat(error.getMessage())
                    .matches(Pattern.quote("Could not read " + url + "/metrics: the connection broke (")
                            + "[^)]+\\)\\. Try again; if it stays so, check the engine's log\\.");
            assertThat(error.isTransient()).isTrue();
        }
    }

    @Test
    void theConnectionBreaksBeforeTheFirstMetric() {
        engine.answers(Engine.page("acme:running 3\n")
                .setHeader("Content-Length", "1000")
                .body("# HELP acme:running")
                .setHeader("Content-Length", "1000")
                .onResponseEnd(new SocketEffect.CloseSocket()));
        EngineUnreachableException error = failure(acme, engine.url(), EngineUnreachableException.class);
        assertThat(error)
                .hasMessage("The connection to " + engine.url() + "/metrics broke after 19 bytes, before the first"
                        + " metric. Try again; if it stays so, check the engine's log.");
        assertThat(error.isTransient()).isTrue();
    }

    @Test
    void whatArrivedBeforeTheConnectionBrokeIsRead() {
        engine.answers(Engine.page("acme:running 3\nacme:other 1\nacme:other{")
                .setHeader("Content-Length", "1000")
                .onResponseEnd(new SocketEffect.CloseSocket()));
        AcmeBackend.Snapshot part = acme.collect(engine.url());
        assertThat(part.metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(part.header().unreadableLines()).isEqualTo(1);
    }

    @Test
    void jsonWhoseConnectionBreaks() {
        engine.answers(Engine.json("{\"a\":1")
                .setHeader("Content-Length", "1000")
                .onResponseEnd(new SocketEffect.CloseSocket()));
        EngineUnreachableException error = failure(
                new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST)),
                engine.url(),
                EngineUnreachableException.class);
        assertThat(error)
                .hasMessage("Could not read " + engine.url() + "/list: the connection broke (unexpected end of"
                        + " stream). Try again; if it stays so, check the engine's log.");
    }

    @Test
    void theThreadIsInterrupted() {
        engine.answersPage(Engine.PAGE);
        Thread.currentThread().interrupt();
        EngineUnreachableException error = failure(acme, engine.url(), EngineUnreachableException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(error).hasMessage("The scrape of " + engine.url() + "/metrics was interrupted.");
    }

    @Test
    void userInfoAndQueryAreInNoMessage() {
        engine.answers(500, "");
        String secret = engine.url().replace("http://", "http://user:secret@") + "/metrics?token=secret";
        assertThat(failure(acme, secret, EngineRefusedException.class))
                .hasMessage(engine.url() + "/metrics answered 500. Check the engine's log.");
    }

    @Test
    void aResultHoldsTheErrorInPlaceOfThrowing() {
        engine.answers(500, "").answersPage(Engine.PAGE);
        CollectionResult failed = acme.tryCollect(Target.of(engine.url()));
        assertThat(failed.success()).isFalse();
        assertThat(failed.instanceId()).isEqualTo(engine.hostAndPort());
        assertThat(failed.metrics()).isNull();
        assertThat(failed.error()).isInstanceOf(EngineRefusedException.class);
        assertThat(failed.timestamp()).isNotNull();
        CollectionResult good = acme.withInstanceId("gpu-7").tryCollect(Target.of(engine.url()));
        assertThat(good.success()).isTrue();
        assertThat(good.instanceId()).isEqualTo("gpu-7");
        assertThat(good.error()).isNull();
        assertThat(good.metrics().metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(good.timestamp()).isEqualTo(good.metrics().collectedAt());
    }

    @Test
    void anErrorOfTheProgramIsNoResult() {
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> acme.tryCollect(null));
    }

    private static MockResponse.Builder gzipped(String page) throws IOException {
        Buffer compressed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
            sink.writeUtf8(page);
        }
        return new MockResponse.Builder()
                .addHeader("Content-Type", "text/plain")
                .addHeader("Content-Encoding", "gzip")
                .body(compressed);
    }

    private static <E extends CollectException> E failure(MetricsCollector collector, String url, Class<E> kind) {
        E error = catchThrowableOfType(kind, () -> collector.collect(url));
        assertThat(error).as("an error").isNotNull();
        return error;
    }
}
