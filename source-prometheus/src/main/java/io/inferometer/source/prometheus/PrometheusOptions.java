package io.inferometer.source.prometheus;

import io.inferometer.saturation.SaturationConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a Prometheus server is, and how it is spoken to.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. {@link #toString} shows no secret.
 */
public final class PrometheusOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long BODY_BYTES_MAX = 64L << 20;
    private static final int SERIES_MAX = 200_000;

    private final Fields is;

    private PrometheusOptions(Fields is) {
        this.is = is;
    }

    /**
     * The usual options.
     *
     * @param url the server's base URL, with its path prefix where it has one: {@code http://prometheus:9090}
     * @throws IllegalArgumentException when it is no HTTP URL
     */
    public static PrometheusOptions of(String url) {
        Fields fields = new Fields();
        fields.url = checked(url, "The URL of the Prometheus server");
        return new PrometheusOptions(fields);
    }

    /**
     * Options as the environment sets them: {@code PROMETHEUS_URL} (or {@code PROMETHEUS_BASE_URL}) and those that
     * {@code docs/prometheus.md} lists.
     *
     * @param environment such as {@code System.getenv()}
     * @throws IllegalArgumentException when the URL is missing or a value is bad; names the variable
     */
    public static PrometheusOptions fromEnvironment(Map<String, String> environment) {
        SaturationConfig config = SaturationConfig.of(environment);
        Fields fields = new Fields();
        String name = text(config, "PROMETHEUS_URL") == null ? "PROMETHEUS_BASE_URL" : "PROMETHEUS_URL";
        String url = text(config, name);
        if (url == null) {
            throw new IllegalArgumentException(
                    "The environment variable PROMETHEUS_URL is not set. Set it to the server's address, such as http://prometheus:9090.");
        }
        fields.url = checked(url, "The environment variable " + name);
        fields.caCertificate = file(config, "PROMETHEUS_CA_CERT_PATH");
        fields.clientCertificate = file(config, "PROMETHEUS_CLIENT_CERT_PATH");
        fields.clientKey = file(config, "PROMETHEUS_CLIENT_KEY_PATH");
        if ((fields.clientCertificate == null) != (fields.clientKey == null)) {
            throw new IllegalArgumentException(
                    "Of the environment variables PROMETHEUS_CLIENT_CERT_PATH and PROMETHEUS_CLIENT_KEY_PATH only one is set. Set both or none.");
        }
        fields.serverName = text(config, "PROMETHEUS_SERVER_NAME");
        fields.insecure = config.flag("PROMETHEUS_TLS_INSECURE_SKIP_VERIFY", false);
        fields.bearerToken = text(config, "PROMETHEUS_BEARER_TOKEN");
        fields.tokenFile = file(config, "PROMETHEUS_TOKEN_PATH");
        fields.timeout = config.duration("PROMETHEUS_QUERY_TIMEOUT", TIMEOUT);
        if (fields.timeout.isZero()) {
            throw new IllegalArgumentException(
                    "The environment variable PROMETHEUS_QUERY_TIMEOUT is zero. Set a duration such as 30s.");
        }
        return new PrometheusOptions(fields);
    }

    /** A copy that trusts only the authorities in a file, in PEM. */
    public PrometheusOptions withCaCertificate(Path pem) {
        return changed(fields -> fields.caCertificate = pem);
    }

    /** A copy that shows a certificate: the certificate and its key (PKCS #8), both in PEM. */
    public PrometheusOptions withClientCertificate(Path certificatePem, Path keyPem) {
        return changed(fields -> {
            fields.clientCertificate = certificatePem;
            fields.clientKey = keyPem;
        });
    }

    /** A copy that expects this name in the server's certificate, whatever the URL's host is. */
    public PrometheusOptions withServerName(String name) {
        return changed(fields -> fields.serverName = name);
    }

    /** A copy that takes any certificate: whoever sits between can read and forge everything. */
    public PrometheusOptions withInsecureTls(boolean insecure) {
        return changed(fields -> fields.insecure = insecure);
    }

    /** A copy that sends a bearer token. */
    public PrometheusOptions withBearerToken(String token) {
        return changed(fields -> fields.bearerToken = token);
    }

    /** A copy that sends the bearer token in a file, which is read again when it changes. */
    public PrometheusOptions withTokenFile(Path file) {
        return changed(fields -> fields.tokenFile = file);
    }

    /** A copy that sends a user's name and password. */
    public PrometheusOptions withBasicAuth(String user, String password) {
        return changed(fields -> {
            fields.user = user;
            fields.password = password;
        });
    }

    /** A copy that sends a header, such as {@code X-Scope-OrgID} for a tenant. */
    public PrometheusOptions withHeader(String name, String value) {
        return changed(fields -> {
            Map<String, String> more = new LinkedHashMap<>(fields.headers);
            more.put(name, value);
            fields.headers = Collections.unmodifiableMap(more);
        });
    }

    /** A copy whose queries take at most so long, more than zero. */
    public PrometheusOptions withTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("The timeout is %s; it must be more than zero.".formatted(timeout));
        }
        return changed(fields -> fields.timeout = timeout);
    }

    /** A copy that reads answers of at most so many bytes, decoded, and so many series. */
    public PrometheusOptions withLimits(long bytesMax, int seriesMax) {
        if (bytesMax < 1 || seriesMax < 1) {
            throw new IllegalArgumentException(
                    "The limits are %d bytes and %d series; both must be 1 or more.".formatted(bytesMax, seriesMax));
        }
        return changed(fields -> {
            fields.bodyBytesMax = bytesMax;
            fields.seriesMax = seriesMax;
        });
    }

    /** The server's base URL. */
    public URI url() {
        return is.url;
    }

    /** How long a query may take. */
    public Duration timeout() {
        return is.timeout;
    }

    /** The URL without user-info and query, for people. */
    @Override
    public String toString() {
        return shown();
    }

    String shown() {
        String port = is.url.getPort() < 0 ? "" : ":" + is.url.getPort();
        return is.url.getScheme() + "://" + is.url.getHost() + port
                + (is.url.getRawPath() == null ? "" : is.url.getRawPath());
    }

    Fields fields() {
        return is;
    }

    private PrometheusOptions changed(java.util.function.Consumer<Fields> change) {
        Fields copy = new Fields(is);
        change.accept(copy);
        return new PrometheusOptions(copy);
    }

    private static URI checked(String text, String what) {
        try {
            URI url = new URI(text.strip());
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IllegalArgumentException(
                        what + " is no http:// or https:// URL with a host. Write it like http://prometheus:9090.");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(what + " is no URL. Write it like http://prometheus:9090.");
        }
    }

    private static @Nullable String text(SaturationConfig config, String name) {
        String value = config.text(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable Path file(SaturationConfig config, String name) {
        String value = text(config, name);
        if (value == null) {
            return null;
        }
        Path path = Path.of(value);
        if (!java.nio.file.Files.isReadable(path)) {
            throw new IllegalArgumentException(
                    "The environment variable %s names the file %s, which cannot be read.".formatted(name, value));
        }
        return path;
    }

    /** What is set; never changed once it is shared. */
    static final class Fields {
        URI url = URI.create("http://localhost");

        @Nullable
        Path caCertificate;

        @Nullable
        Path clientCertificate;

        @Nullable
        Path clientKey;

        @Nullable
        String serverName;

        boolean insecure;

        @Nullable
        String bearerToken;

        @Nullable
        Path tokenFile;

        @Nullable
        String user;

        @Nullable
        String password;

        Map<String, String> headers = Map.of();
        Duration timeout = TIMEOUT;
        long bodyBytesMax = BODY_BYTES_MAX;
        int seriesMax = SERIES_MAX;

        Fields() {}

        Fields(Fields other) {
            url = other.url;
            caCertificate = other.caCertificate;
            clientCertificate = other.clientCertificate;
            clientKey = other.clientKey;
            serverName = other.serverName;
            insecure = other.insecure;
            bearerToken = other.bearerToken;
            tokenFile = other.tokenFile;
            user = other.user;
            password = other.password;
            headers = other.headers;
            timeout = other.timeout;
            bodyBytesMax = other.bodyBytesMax;
            seriesMax = other.seriesMax;
        }
    }
}
