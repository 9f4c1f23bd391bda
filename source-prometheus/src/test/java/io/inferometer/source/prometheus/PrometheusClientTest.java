package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.source.prometheus.PrometheusException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusClientTest {
    private final CannedServer server = new CannedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksByPostWithItsTime() {
        server.then(200, CannedServer.vector(CannedServer.series("\"instance\":\"a:1\"", 2.5)));

        PrometheusResult result = client().query("up", Instant.ofEpochMilli(1_500));

        assertThat(result.series()).hasSize(1);
        assertThat(result.series().get(0).value()).isEqualTo(2.5);
        assertThat(server.requests.get(0).getMethod()).isEqualTo("POST");
        assertThat(server.requests.get(0).getBody().utf8()).startsWith("query=up&time=1.500&nocache=1");
    }

    @Test
    void asksByGetWherePostIsRefusedAndRemembersIt() {
        server.then(405, "no").then(200, CannedServer.EMPTY).then(200, CannedServer.EMPTY);
        PrometheusClient client = client();

        client.query("up", Instant.EPOCH);
        client.query("up", Instant.EPOCH);

        assertThat(server.requests).extracting(request -> request.getMethod()).containsExactly("POST", "GET", "GET");
    }

    @Test
    void keepsWarningsAndInfos() {
        server.then(
                200,
                "{\"status\":\"success\",\"warnings\":[\"w\"],\"infos\":[\"i\"],\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"NaN\"]}}");

        PrometheusResult result = client().query("1", Instant.EPOCH);

        assertThat(result.warnings()).containsExactly("w");
        assertThat(result.infos()).containsExactly("i");
        assertThat(result.series().get(0).value()).isNull(); // NaN is no value.
    }

    @Test
    void readsRanges() {
        server.then(
                200,
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"a\":\"b\"},\"values\":[[1,\"2\"],[3,\"+Inf\"]]}]}}");

        PrometheusResult result =
                client().queryRange("up", Instant.EPOCH, Instant.ofEpochSecond(3), Duration.ofSeconds(2));

        assertThat(result.series().get(0).points())
                .containsExactly(
                        new PrometheusSeries.Point(1, 2), new PrometheusSeries.Point(3, Double.POSITIVE_INFINITY));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        400 | bad_data    | BAD_DATA     | false
        422 | execution   | EXECUTION    | false
        503 | timeout     | TIMEOUT      | true
        503 | unavailable | UNAVAILABLE  | true
        502 | ''          | UNAVAILABLE  | true
        504 | ''          | UNAVAILABLE  | true
        429 | ''          | RATE_LIMITED | true
        401 | ''          | UNAUTHORIZED | false
        403 | ''          | UNAUTHORIZED | false
        404 | ''          | REFUSED      | false
        200 | ''          | NOT_PROMETHEUS | false
        """)
    void tellsErrorsApart(int status, String type, Kind kind, boolean passes) {
        server.then(status, "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"because\"}");

        PrometheusException failure = failure(client());

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isTransient()).isEqualTo(passes);
        assertThat(failure.getMessage()).contains("because").contains(String.valueOf(status));
    }

    @Test
    void takesNoHtmlForAnAnswer() {
        server.then(200, "<html>log in</html>");

        assertThat(failure(client()).kind()).isEqualTo(Kind.NOT_PROMETHEUS);
    }

    @Test
    void boundsBytesAndSeries() {
        String two = CannedServer.vector(CannedServer.series("\"a\":\"1\"", 1), CannedServer.series("\"a\":\"2\"", 2));
        server.then(200, two).then(200, two);
        PrometheusOptions options = PrometheusOptions.of(server.url());

        assertThat(failure(new PrometheusClient(options.withLimits(50, 10))).kind())
                .isEqualTo(Kind.TOO_LARGE);
        assertThat(failure(new PrometheusClient(options.withLimits(10_000, 1))).kind())
                .isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void saysThatNobodyAnswersWithoutTellingThePassword() {
        int port = server.http.getPort();
        server.close();

        PrometheusException failure = failure(
                new PrometheusClient(PrometheusOptions.of("http://u:secret@127.0.0.1:" + port + "/x?k=secret")));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.getMessage()).doesNotContain("secret");
    }

    @Test
    void readsTheTokenAgainWhenItsFileChanges(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("token");
        Files.writeString(file, "first\n");
        PrometheusClient client = new PrometheusClient(
                PrometheusOptions.of(server.url()).withTokenFile(file).withHeader("X-Scope-OrgID", "tenant"));

        client.query("up", Instant.EPOCH);
        Files.writeString(file, "second-one\n");
        client.query("up", Instant.EPOCH);

        assertThat(server.requests)
                .extracting(request -> request.getHeaders().get("Authorization"))
                .containsExactly("Bearer first", "Bearer second-one");
        assertThat(server.requests.get(0).getHeaders().get("X-Scope-OrgID")).isEqualTo("tenant");
    }

    @Test
    void sendsBasicAuthentication() {
        new PrometheusClient(PrometheusOptions.of(server.url()).withBasicAuth("user", "pass"))
                .query("up", Instant.EPOCH);

        assertThat(server.requests.get(0).getHeaders().get("Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        PROMETHEUS_URL | ftp://x      | PROMETHEUS_URL
        PROMETHEUS_QUERY_TIMEOUT | soon | PROMETHEUS_QUERY_TIMEOUT
        PROMETHEUS_CA_CERT_PATH | /no/such/file | PROMETHEUS_CA_CERT_PATH
        PROMETHEUS_TLS_INSECURE_SKIP_VERIFY | maybe | PROMETHEUS_TLS_INSECURE_SKIP_VERIFY
        """)
    void namesTheVariableThatIsBad(String name, String value, String named) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of("PROMETHEUS_URL", "http://p:9090"));
        environment.put(name, value);

        assertThatThrownBy(() -> PrometheusOptions.fromEnvironment(environment)).hasMessageContaining(named);
    }

    @Test
    void namesTheVariableThatIsMissing() {
        assertThatThrownBy(() -> PrometheusOptions.fromEnvironment(Map.of())).hasMessageContaining("PROMETHEUS_URL");
        assertThat(PrometheusOptions.fromEnvironment(Map.of("PROMETHEUS_BASE_URL", "http://p:9090/x"))
                        .toString())
                .isEqualTo("http://p:9090/x");
    }

    @ParameterizedTest
    @CsvSource({"30s, 30000", "500ms, 500", "1m30s, 90000", "PT5S, 5000"})
    void readsDurations(String text, long millis) {
        assertThat(PrometheusOptions.fromEnvironment(
                                Map.of("PROMETHEUS_URL", "http://p", "PROMETHEUS_QUERY_TIMEOUT", text))
                        .timeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    private PrometheusClient client() {
        return new PrometheusClient(PrometheusOptions.of(server.url()));
    }

    private static PrometheusException failure(PrometheusClient client) {
        return catchThrowableOfType(PrometheusException.class, () -> client.query("up", Instant.EPOCH));
    }
}
