package io.inferometer.source.prometheus;

import io.inferometer.collect.Tls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP client and the URL for a server. */
final class ServerConnection {
    private ServerConnection() {}

    static OkHttpClient client(PrometheusOptions.Fields options) {
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(options.timeout)
                .callTimeout(options.timeout);
        Tls tls = trusted(options);
        if (options.clientCertificate != null && options.clientKey != null) {
            tls = tls.withClientCertificate(options.clientCertificate, options.clientKey);
        }
        tls.applyTo(client);
        if (options.serverName != null) {
            client.dns(new RealHost(options.url.getHost()));
        }
        return client.build();
    }

    /** The base URL; with the name that the certificate must hold as its host, where one was given. */
    static HttpUrl url(PrometheusOptions.Fields options) {
        HttpUrl url = HttpUrl.get(options.url.toString());
        HttpUrl.Builder plain =
                url.newBuilder().username("").password("").query(null).fragment(null);
        return options.serverName == null
                ? plain.build()
                : plain.host(options.serverName).build();
    }

    /** The header {@code Host} where the URL's host is another name. */
    static @Nullable String hostHeader(PrometheusOptions.Fields options) {
        int port = options.url.getPort();
        return options.serverName == null ? null : options.url.getHost() + (port < 0 ? "" : ":" + port);
    }

    private static Tls trusted(PrometheusOptions.Fields options) {
        if (options.insecure) {
            return Tls.trustingAnybody();
        }
        return options.caCertificate == null ? Tls.system() : Tls.trusting(options.caCertificate);
    }

    /** Looks up the host of the URL that was given, whatever name the certificate must hold. */
    private record RealHost(String host) implements Dns {
        @Override
        public List<InetAddress> lookup(String unused) throws UnknownHostException {
            String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return Dns.SYSTEM.lookup(plain);
        }
    }
}
