package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    private final EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend());

    @TempDir
    private Path folder;

    private String host;

    @BeforeEach
    void nameOfThisMachine() throws IOException {
        host = InetAddress.getByName("localhost").getCanonicalHostName();
    }

    @Test
    void anAuthorityInAFileIsTrusted() throws IOException {
        try (MockWebServer server = server(false)) {
            Path authority = write("ca.pem", AUTHORITY.certificatePem());
            assertThat(acme.withTls(Tls.trusting(authority))
                            .collect(server.url("/").toString())
                            .metrics()
                            .load()
                            .requestsRunning())
                    .isEqualTo(3);
        }
    }

    @Test
    void anUnknownAuthorityIsAnErrorThatNamesTheRemedy() throws IOException {
        try (MockWebServer server = server(false)) {
            for (EngineCollector<AcmeBackend.Snapshot> collector : List.of(acme, acme.withTls(Tls.system()))) {
                EngineUnreachableException error = catchThrowableOfType(
                        EngineUnreachableException.class,
                        () -> collector.collect(server.url("/").toString()));
                String reason = String.valueOf(error.getCause().getMessage()); // Each Java words it in its own way.
                assertThat(reason).contains("PKIX path building failed");
                assertThat(error)
                        .hasMessage("Could not reach " + server.url("/metrics") + ": TLS failed (" + reason
                                + "). Use withTls(...) to trust its authority, or an http URL.");
            }
        }
    }

    @Test
    void aServerThatWantsACertificateGetsOne() throws IOException {
        HeldCertificate rsa = new HeldCertificate.Builder()
                .rsa2048()
                .signedBy(AUTHORITY)
                .commonName("collector")
                .build();
        HeldCertificate elliptic = new HeldCertificate.Builder()
                .ecdsa256()
                .signedBy(AUTHORITY)
                .commonName("collector")
                .build();
        Path authority = write("ca.pem", AUTHORITY.certificatePem());
        for (HeldCertificate own : List.of(rsa, elliptic)) {
            Path certificate = write("own.pem", own.certificatePem() + AUTHORITY.certificatePem());
            Path key = write("own.key", "Some words first.\n" + own.privateKeyPkcs8Pem());
            try (MockWebServer server = server(true)) {
                EngineCollector<AcmeBackend.Snapshot> collector =
                        acme.withTls(Tls.trusting(authority).withClientCertificate(certificate, key));
                assertThat(collector
                                .collect(server.url("/").toString())
                                .metrics()
                                .load()
                                .requestsRunning())
                        .isEqualTo(3);
            }
        }
    }

    @Test
    void withoutACertificateSuchAServerRefuses() throws IOException {
        Path authority = write("ca.pem", AUTHORITY.certificatePem());
        try (MockWebServer server = server(true)) {
            CollectionResult result = acme.withTls(Tls.trusting(authority))
                    .tryCollect(Target.of(server.url("/").toString()));
            assertThat(result.error()).isInstanceOf(EngineUnreachableException.class);
            assertThat(result.error().getMessage()).startsWith("Could not re").contains(server.url("/metrics") + ": ");
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws IOException {
        Path empty = write("empty.pem", "");
        Path noise = write("noise.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.trusting(empty))
                .withMessage("The file " + empty + " holds no certificate in PEM.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.trusting(noise))
                .withMessage("Cannot read certificates in PEM from " + noise + ".");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.trusting(folder.resolve("missing.pem")))
                .withMessage("Cannot read certificates in PEM from " + folder.resolve("missing.pem") + ".");
    }

    @Test
    void aKeyThatIsNoneIsRefused() throws IOException {
        HeldCertificate rsa =
                new HeldCertificate.Builder().rsa2048().signedBy(AUTHORITY).build();
        Path certificate = write("own.pem", rsa.certificatePem());
        Path pkcs1 = write("pkcs1.key", rsa.privateKeyPkcs1Pem());
        Path odd = write("odd.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Path turned = write("turned.key", "-----END PRIVATE KEY----- -----BEGIN PRIVATE KEY-----");
        Path missing = folder.resolve("missing.key");
        Tls tls = Tls.system();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tls.withClientCertificate(certificate, pkcs1))
                .withMessage("The file " + pkcs1 + " holds no private key in PKCS #8. Convert it: openssl pkcs8 -topk8"
                        + " -nocrypt.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tls.withClientCertificate(certificate, turned))
                .withMessageStartingWith("The file " + turned + " holds no private key in PKCS #8.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tls.withClientCertificate(certificate, odd))
                .withMessage("The private key in " + odd + " is none of RSA, EC, Ed25519.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tls.withClientCertificate(certificate, missing))
                .withMessage("Cannot read the private key " + missing + ".");
    }

    private MockWebServer server(boolean mutual) throws IOException {
        HeldCertificate own = new HeldCertificate.Builder()
                .signedBy(AUTHORITY)
                .addSubjectAlternativeName(host)
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates certificates = new HandshakeCertificates.Builder()
                .heldCertificate(own)
                .addTrustedCertificate(AUTHORITY.certificate())
                .build();
        MockWebServer server = new MockWebServer();
        server.useHttps(certificates.sslSocketFactory());
        if (mutual) {
            server.requireClientAuth();
        }
        server.enqueue(Engine.page(Engine.PAGE).build());
        server.start();
        return server;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
