package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inferometer.spi.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what each with-er changes. */
class RequestTest {
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
    void aPageIsAskedForAsPlainText() {
        RecordedRequest request = ask(acme);
        assertThat(request.getMethod()).isEqualTo("GET");
        assertThat(request.getTarget()).isEqualTo("/metrics");
        assertThat(request.getHeaders().get("Accept")).isEqualTo("text/plain;version=0.0.4,*/*;q=0.1");
        assertThat(request.getHeaders().get("Accept-Encoding")).isEqualTo("identity");
        assertThat(request.getHeaders().get("User-Agent")).isEqualTo("inferometer");
        assertThat(request.getHeaders().get("Authorization")).isNull();
        assertThat(request.getHeaders().get("Upgrade")).isNull();
    }

    @Test
    void theSnapshotSaysWhatWasAskedAndWhen() {
        engine.answersPage(Engine.PAGE);
        Instant before = Instant.now();
        AcmeBackend.Snapshot snapshot = acme.collect(URI.create(engine.url() + "/x?a=1&b&a=2"));
        assertThat(snapshot.header().endpoint()).hasToString(engine.url() + "/x/metrics");
        assertThat(snapshot.instanceId()).isEqualTo(engine.hostAndPort());
        assertThat(snapshot.collectedAt()).isBetween(before, Instant.now());
        assertThat(snapshot.header().scrapeDuration()).isPositive().isLessThan(Duration.ofSeconds(10));
        assertThat(snapshot.query()).isEqualTo(Map.of("a", "1", "b", ""));
        assertThat(engine.asked().getTarget()).isEqualTo("/x/metrics?a=1&b&a=2");
    }

    @Test
    void headersAreSentAndASecondValueReplacesTheFirst() {
        RecordedRequest request =
                ask(acme.withHeader("X-Team", "a").withHeader("X-Team", "b").withHeader("Accept", "x/y"));
        assertThat(request.getHeaders().values("X-Team")).containsExactly("b");
        assertThat(request.getHeaders().values("Accept")).containsExactly("x/y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "", "Grüße"})
    void aHeaderThatHttpDoesNotAllowIsRefusedAtOnce(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> acme.withHeader(name, "secret"))
                .withMessage("The header '" + name + "' or its value has characters that HTTP does not allow.");
    }

    @Test
    void aHeadersValueIsNotInTheMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> acme.withHeader("Authorization", "secret\nx"))
                .withMessage("The header 'Authorization' or its value has characters that HTTP does not allow.");
    }

    @Test
    void aTokenIsAskedForAtEachScrape() {
        AtomicInteger number = new AtomicInteger();
        EngineCollector<AcmeBackend.Snapshot> withToken = acme.withBearerToken(() -> "t" + number.incrementAndGet());
        assertThat(ask(withToken).getHeaders().get("Authorization")).isEqualTo("Bearer t1");
        assertThat(ask(withToken).getHeaders().get("Authorization")).isEqualTo("Bearer t2");
    }

    @Test
    void userInfoBecomesBasicCredentials() {
        engine.answersPage(Engine.PAGE);
        acme.collect(engine.url().replace("http://", "http://user:p%40ss@"));
        // base64("user:p@ss")
        assertThat(engine.asked().getHeaders().get("Authorization")).isEqualTo("Basic dXNlcjpwQHNz");
        engine.answersPage(Engine.PAGE).answersPage(Engine.PAGE);
        acme.collect(engine.url().replace("http://", "http://j%C3%BCrgen:x@"));
        // base64 of "jürgen:x" in UTF-8
        assertThat(engine.asked().getHeaders().get("Authorization")).isEqualTo("Basic asO8cmdlbjp4");
        acme.collect(engine.url().replace("http://", "http://:key@"));
        // base64(":key")
        assertThat(engine.asked().getHeaders().get("Authorization")).isEqualTo("Basic OmtleQ==");
    }

    @Test
    void aTokenBeatsUserInfoAndAHeaderBeatsBoth() {
        engine.answersPage(Engine.PAGE).answersPage(Engine.PAGE);
        String url = engine.url().replace("http://", "http://user:pass@");
        EngineCollector<AcmeBackend.Snapshot> withToken = acme.withBearerToken(() -> "t");
        withToken.collect(url);
        assertThat(engine.asked().getHeaders().values("Authorization")).containsExactly("Bearer t");
        withToken.withHeader("Authorization", "Custom x").collect(url);
        assertThat(engine.asked().getHeaders().values("Authorization")).containsExactly("Custom x");
    }

    @Test
    void itIntroducesItselfAsTold() {
        assertThat(ask(acme.withUserAgent("router/7")).getHeaders().get("User-Agent"))
                .isEqualTo("router/7");
    }

    @Test
    void aCompressedPageIsAskedForOnlyWhenToldButReadAnyway() throws IOException {
        assertThat(ask(acme.withGzip(true)).getHeaders().get("Accept-Encoding")).isEqualTo("gzip");
        assertThat(ask(acme.withGzip(true).withGzip(false)).getHeaders().get("Accept-Encoding"))
                .isEqualTo("identity");
        Buffer compressed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
            sink.writeUtf8(Engine.PAGE);
        }
        engine.answers(
                new MockResponse.Builder().addHeader("Content-Encoding", "GZIP").body(compressed));
        assertThat(acme.collect(engine.url()).metrics().load().requestsRunning())
                .isEqualTo(3);
    }

    @Test
    void aClientOfTheCallersIsUsedWithoutRedirects() {
        AtomicInteger seen = new AtomicInteger();
        OkHttpClient own = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    seen.incrementAndGet();
                    return chain.proceed(chain.request());
                })
                .build();
        engine.answers(new MockResponse.Builder().code(302).addHeader("Location", "/x"));
        assertThat(acme.withClient(own).tryCollect(Target.of(engine.url())).success())
                .isFalse();
        assertThat(seen.get()).isEqualTo(1);
        assertThat(engine.server().getRequestCount()).isEqualTo(1);
    }

    @Test
    void aProxyIsUsed() {
        engine.answersPage(Engine.PAGE);
        Proxy proxy = new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(
                        engine.server().getHostName(), engine.server().getPort()));
        acme.withProxy(proxy).collect("http://far.away:8000/metrics");
        RecordedRequest request = engine.asked();
        assertThat(request.getHeaders().get("Host")).isEqualTo("far.away:8000");
        assertThat(request.getRequestLine()).isEqualTo("GET http://far.away:8000/metrics HTTP/1.1");
    }

    @Test
    void rawSamplesComeOnlyWhenAskedFor() {
        engine.answersPage(Engine.PAGE).answersPage(Engine.PAGE).answersPage(Engine.PAGE);
        assertThat(acme.collect(engine.url()).rawMetrics()).isNull();
        assertThat(acme.withRawMetrics(true).collect(engine.url()).rawMetrics()).hasSize(1);
        assertThat(acme.withRawMetrics(true)
                        .withRawMetrics(false)
                        .collect(engine.url())
                        .rawMetrics())
                .isNull();
    }

    @Test
    void linesAndLabelsAreBounded() {
        engine.answersPage("acme:running{a=\"1\",b=\"2\"} 1\nacme:running{a=\"1\"} 2\nacme:running{c=\""
                + "x".repeat(50) + "\"} 4\n");
        AcmeBackend.Snapshot snapshot = acme.withLimits(
                        Limits.DEFAULTS.withLabelsMax(1).withLineBytesMax(40))
                .collect(engine.url());
        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(2);
        assertThat(snapshot.header().unreadableLines()).isEqualTo(2);
    }

    @Test
    void optionalAnswersAreAskedForAndThoseOnRequestWhenNamed() {
        EngineCollector<AcmeBackend.Snapshot> all =
                new EngineCollector<>(AcmeBackend.with(Endpoint.METRICS, AcmeBackend.INFO, AcmeBackend.SLOTS));
        engine.answersPage(Engine.PAGE)
                .answers(Engine.json("{\"i\":1}"))
                .answersPage(Engine.PAGE)
                .answers(Engine.json("{\"i\":2}"))
                .answers(Engine.json("{\"s\":2}"))
                .answersPage(Engine.PAGE);
        assertThat(all.collect(engine.url()).answers()).isEqualTo(Map.of("info", "{\"i\":1}"));
        assertThat(all.withExtra("slots").collect(engine.url()).answers())
                .isEqualTo(Map.of("info", "{\"i\":2}", "slots", "{\"s\":2}"));
        assertThat(all.withoutOptional().collect(engine.url()).answers()).isEmpty();
        engine.asked();
        RecordedRequest info = engine.asked();
        assertThat(info.getTarget()).isEqualTo("/info");
        assertThat(info.getHeaders().get("Accept")).isEqualTo("application/json,*/*;q=0.1");
    }

    @Test
    void anOptionalAnswerThatWasNamedIsAskedForAllTheSame() {
        EngineCollector<AcmeBackend.Snapshot> named = new EngineCollector<>(
                        AcmeBackend.with(Endpoint.METRICS, AcmeBackend.INFO, AcmeBackend.SLOTS))
                .withExtra("info")
                .withoutOptional();
        engine.answersPage(Engine.PAGE).answers(Engine.json("{\"i\":1}"));
        assertThat(named.collect(engine.url()).answers()).isEqualTo(Map.of("info", "{\"i\":1}"));
    }

    @Test
    void anOptionalAnswerThatFailsIsMissing() {
        EngineCollector<AcmeBackend.Snapshot> all =
                new EngineCollector<>(AcmeBackend.with(Endpoint.METRICS, AcmeBackend.INFO));
        engine.answersPage(Engine.PAGE).answers(404, "");
        AcmeBackend.Snapshot snapshot = all.collect(engine.url());
        assertThat(snapshot.answers()).isEmpty();
        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(3);
    }

    @Test
    void anOptionalPageIsReadWhereItIsTheEnginesOwn() {
        EngineCollector<AcmeBackend.Snapshot> list =
                new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST, AcmeBackend.MORE));
        engine.answers(Engine.json("{}")).answersPage(Engine.PAGE);
        assertThat(list.collect(engine.url()).metrics().load().requestsRunning())
                .isEqualTo(3);
        engine.answers(Engine.json("{}")).answersPage("python_info 1\n");
        assertThat(list.collect(engine.url()).provenance()).isEmpty();
        engine.answers(Engine.json("{}")).answers(404, "404 page not found");
        AcmeBackend.Snapshot snapshot = list.collect(engine.url());
        assertThat(snapshot.provenance()).isEmpty();
        assertThat(snapshot.header().endpoint()).hasToString(engine.url() + "/list");
    }

    @Test
    void whatIsOptionalDoesNotHoldUpTheRest() {
        EngineCollector<AcmeBackend.Snapshot> list =
                new EngineCollector<>(AcmeBackend.with(AcmeBackend.LIST, AcmeBackend.MORE, AcmeBackend.INFO));
        engine.answers(Engine.json("{}"))
                .answers(Engine.page(Engine.PAGE).headersDelay(20, TimeUnit.SECONDS))
                .answers(Engine.json("{}"));
        long start = System.nanoTime();
        AcmeBackend.Snapshot snapshot = list.collect(engine.url());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(snapshot.provenance()).isEmpty();
        assertThat(snapshot.answers()).containsOnlyKeys("list", "info");
    }

    @Test
    void anExtraThatIsNotOfferedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> acme.withExtra("slots"))
                .withMessage("Acme has no endpoint 'slots' to add; it has none.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineCollector<>(
                                AcmeBackend.with(Endpoint.METRICS, AcmeBackend.INFO, AcmeBackend.SLOTS))
                        .withExtra("slots", "metrics"))
                .withMessage("Acme has no endpoint 'metrics' to add; it has info, slots.");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aTimeoutIsLongerThanZero(long seconds) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> acme.withTimeout(Duration.ofSeconds(seconds)))
                .withMessage("A timeout must be longer than zero; found " + Duration.ofSeconds(seconds)
                        + ". Use Duration.ofSeconds(10), say.");
    }

    @Test
    void limitsArePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.DEFAULTS.withBodyBytesMax(0))
                .withMessage("Limits must be positive; found body 0, line 1048576, labels 256. Leave one out to use"
                        + " the default.");
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.DEFAULTS.withLineBytesMax(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Limits.DEFAULTS.withLabelsMax(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limits.DEFAULTS.withSamplesMax(0))
                .withMessage("Limits must be positive; found 0 samples. Leave it out to use the default.");
        assertThat(new Limits(1, 1, 1).withLabelsMax(2)).isEqualTo(new Limits(1, 1, 2));
        assertThat(new Limits(1, 1, 1).withSamplesMax(2)).isEqualTo(new Limits(1, 1, 1, 2));
    }

    @Test
    void aWitherChangesACopy() {
        acme.withHeader("X-Team", "a").withUserAgent("other").withInstanceId("gpu-7");
        engine.answersPage(Engine.PAGE);
        assertThat(acme.collect(engine.url()).instanceId()).isEqualTo(engine.hostAndPort());
        assertThat(engine.asked().getHeaders().get("X-Team")).isNull();
        assertThat(acme.engine()).isEqualTo("acme");
        engine.answersPage(Engine.PAGE);
        assertThat(acme.withInstanceId("gpu-7").collectAll(Target.of(engine.url())))
                .hasSize(1)
                .allMatch(snapshot -> snapshot.instanceId().equals("gpu-7"));
    }

    private RecordedRequest ask(EngineCollector<AcmeBackend.Snapshot> collector) {
        engine.answersPage(Engine.PAGE);
        collector.collect(engine.url());
        return engine.asked();
    }
}
