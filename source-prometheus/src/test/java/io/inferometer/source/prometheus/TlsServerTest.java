package io.inferometer.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.source.prometheus.PrometheusException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, keys and names, over a real TLS server. */
class TlsServerTest {
    private static final String NAME = "prometheus.monitoring.svc";
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate STRANGER =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate CLIENT = new HeldCertificate.Builder()
            .commonName("client")
            .signedBy(AUTHORITY)
            .build();

    private final MockWebServer server = new MockWebServer();

    @TempDir
    private Path folder;

    private Path authority;

    @BeforeEach
    void writeTheAuthority() throws IOException {
        authority = write("ca.pem", AUTHORITY.certificatePem());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void trustsTheAuthorityOfTheEnvironment() throws IOException {
        start("localhost", false);

        PrometheusOptions options = PrometheusOptions.fromEnvironment(
                Map.of("PROMETHEUS_URL", url(), "PROMETHEUS_CA_CERT_PATH", authority.toString()));

        assertThat(ask(options).series()).isEmpty();
    }

    @Test
    void saysOfAnotherAuthorityWhatToCheckAndDoesNotAskAgain() throws IOException {
        start("localhost", false);
        Path stranger = write("stranger.pem", STRANGER.certificatePem());

        PrometheusException failure = failure(PrometheusOptions.of(url()).withCaCertificate(stranger));

        assertThat(failure.kind()).isEqualTo(Kind.TLS);
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.getMessage())
                .startsWith("TLS with " + url() + " failed: ")
                .endsWith("Check PROMETHEUS_CA_CERT_PATH, PROMETHEUS_SERVER_NAME and the client certificate.");
        Instant start = Instant.now();
        try (PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                PrometheusOptions.of(url()).withCaCertificate(stranger), PrometheusSettings.DEFAULTS)) {
            assertThatThrownBy(() -> collector.fetch("m")).hasMessageContaining("PROMETHEUS_CA_CERT_PATH");
        }
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(7)); // Not 1 + 2 + 4 s more.
    }

    @Test
    void showsItsCertificate() throws IOException {
        start("localhost", true);
        Path certificate = write("client.pem", CLIENT.certificatePem());
        Path key = write("client.key", CLIENT.privateKeyPkcs8Pem());

        PrometheusOptions options = PrometheusOptions.fromEnvironment(Map.of(
                "PROMETHEUS_URL", url(),
                "PROMETHEUS_CA_CERT_PATH", authority.toString(),
                "PROMETHEUS_CLIENT_CERT_PATH", certificate.toString(),
                "PROMETHEUS_CLIENT_KEY_PATH", key.toString()));

        assertThat(ask(options).series()).isEmpty();
        assertThat(failure(PrometheusOptions.of(url()).withCaCertificate(authority)))
                .hasMessageContaining("client certificate"); // Without it; TLS 1.3 may tell no more than a broken pipe.
        assertThat(ask(PrometheusOptions.of(url()).withInsecureTls(true).withClientCertificate(certificate, key))
                        .series())
                .isEmpty(); // Trusting anybody does not mean to hide oneself.
    }

    @Test
    void expectsTheNameThatItWasGiven() throws IOException {
        start(NAME, false);
        PrometheusOptions options = PrometheusOptions.of(url()).withCaCertificate(authority);

        assertThat(failure(options).kind()).isEqualTo(Kind.TLS); // The certificate is not localhost's.
        assertThat(ask(options.withServerName(NAME)).series()).isEmpty();
        assertThat(failure(options.withServerName("another.svc")).kind()).isEqualTo(Kind.TLS);
    }

    @Test
    void takesAnyCertificateWhereItIsToldTo() throws IOException {
        start(NAME, false);

        PrometheusOptions options = PrometheusOptions.fromEnvironment(
                Map.of("PROMETHEUS_URL", url(), "PROMETHEUS_TLS_INSECURE_SKIP_VERIFY", "true"));

        assertThat(ask(options).series()).isEmpty();
        assertThat(failure(PrometheusOptions.of(url())).kind()).isEqualTo(Kind.TLS);
    }

    @Test
    void saysWhichOfTwoFilesIsMissing() {
        assertThatThrownBy(() -> PrometheusOptions.fromEnvironment(
                        Map.of("PROMETHEUS_URL", "https://p", "PROMETHEUS_CLIENT_CERT_PATH", authority.toString())))
                .hasMessageContaining("PROMETHEUS_CLIENT_CERT_PATH and PROMETHEUS_CLIENT_KEY_PATH")
                .hasMessageContaining("Set both or none.");
    }

    private void start(String name, boolean wantsCertificate) throws IOException {
        HeldCertificate held = new HeldCertificate.Builder()
                .addSubjectAlternativeName(name)
                .signedBy(AUTHORITY)
                .build();
        HandshakeCertificates certificates = new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .addTrustedCertificate(AUTHORITY.certificate())
                .build();
        server.useHttps(certificates.sslSocketFactory());
        if (wantsCertificate) {
            server.requireClientAuth();
        }
        for (int i = 0; i < 10; i++) {
            server.enqueue(new MockResponse.Builder().body(CannedServer.EMPTY).build());
        }
        server.start(InetAddress.getByName("localhost"), 0);
    }

    private String url() {
        return "https://localhost:" + server.getPort();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static PrometheusResult ask(PrometheusOptions options) {
        try (PrometheusClient client = new PrometheusClient(options)) {
            return client.query("up", Instant.EPOCH);
        }
    }

    private static PrometheusException failure(PrometheusOptions options) {
        PrometheusException failure = catchThrowableOfType(PrometheusException.class, () -> ask(options));
        assertThat(failure).isNotNull();
        return failure;
    }
}
