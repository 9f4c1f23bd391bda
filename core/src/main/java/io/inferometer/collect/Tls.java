package io.inferometer.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Whom a collector trusts, and which certificate it shows.
 *
 * <p>Immutable and safe to share. Files are read once, when this is made.
 */
public final class Tls {
    private static final char[] NO_PASSWORD = {};
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private final @Nullable KeyStore trusted;
    private final @Nullable KeyStore own;
    private final boolean anybody;

    private Tls(@Nullable KeyStore trusted, @Nullable KeyStore own, boolean anybody) {
        this.trusted = trusted;
        this.own = own;
        this.anybody = anybody;
    }

    /** The authorities that the Java runtime trusts, and no certificate of our own. */
    public static Tls system() {
        return new Tls(null, null, false);
    }

    /**
     * Only the authorities in a file.
     *
     * @param pem certificates in PEM
     * @return the settings
     * @throws IllegalArgumentException when the file holds no certificate or cannot be read
     */
    public static Tls trusting(Path pem) {
        return new Tls(storeOf(certificates(pem), null), null, false);
    }

    /** Anybody, by whatever certificate and name: who sits between can read and forge everything. For tests. */
    public static Tls trustingAnybody() {
        return new Tls(null, null, true);
    }

    /**
     * A copy that shows a certificate (mutual TLS).
     *
     * @param certificatePem the certificate and its chain, in PEM
     * @param keyPem its private key, PKCS #8 in PEM without a password
     * @return the copy
     * @throws IllegalArgumentException when a file cannot be read
     */
    public Tls withClientCertificate(Path certificatePem, Path keyPem) {
        return new Tls(trusted, storeOf(certificates(certificatePem), privateKey(keyPem)), anybody);
    }

    /**
     * Sets this up on a client that is being built.
     *
     * @param client the client
     * @return the same client
     */
    public OkHttpClient.Builder applyTo(OkHttpClient.Builder client) {
        try {
            X509TrustManager trust = anybody ? new Anybody() : trustManager();
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            context.init(keys.getKeyManagers(), new TrustManager[] {trust}, new SecureRandom());
            client.sslSocketFactory(context.getSocketFactory(), trust);
            return anybody ? client.hostnameVerifier((host, session) -> true) : client;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("This runtime cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private X509TrustManager trustManager() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static Collection<? extends Certificate> certificates(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IllegalArgumentException("The file %s holds no certificate in PEM.".formatted(pem));
            }
            return found;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("Cannot read certificates in PEM from %s.".formatted(pem), e);
        }
    }

    private static PrivateKey privateKey(Path pem) {
        try {
            String text = Files.readString(pem, StandardCharsets.US_ASCII);
            String begin = "-----BEGIN PRIVATE KEY-----";
            int from = text.indexOf(begin);
            int to = text.indexOf("-----END PRIVATE KEY-----");
            if (from < 0 || to < from) {
                throw new IllegalArgumentException(
                        "The file %s holds no private key in PKCS #8. Convert it: openssl pkcs8 -topk8 -nocrypt."
                                .formatted(pem));
            }
            byte[] der = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
            return decode(der, pem);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read the private key %s.".formatted(pem), e);
        }
    }

    private static PrivateKey decode(byte[] der, Path pem) {
        for (String algorithm : KEY_ALGORITHMS) {
            PrivateKey key = decode(der, algorithm);
            if (key != null) {
                return key;
            }
        }
        throw new IllegalArgumentException(
                "The private key in %s is none of %s.".formatted(pem, String.join(", ", KEY_ALGORITHMS)));
    }

    private static @Nullable PrivateKey decode(byte[] der, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException e) {
            return null; // Another algorithm's key.
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("This runtime has no keys of kind " + algorithm + ".", e);
        }
    }

    private static KeyStore storeOf(Collection<? extends Certificate> certificates, @Nullable PrivateKey key) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, NO_PASSWORD);
            if (key != null) {
                store.setKeyEntry("own", key, NO_PASSWORD, certificates.toArray(Certificate[]::new));
                return store;
            }
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("Cannot use these certificates: " + e.getMessage(), e);
        }
    }

    /** What the user asked for with {@link #trustingAnybody}. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // Whoever asks is trusted.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Whoever answers is trusted.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
