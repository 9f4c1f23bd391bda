package io.inferometer.collect;

import java.net.URI;
import java.net.URISyntaxException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine listens.
 *
 * <p>Immutable and safe to share. A URL without a path is the engine's base; one that ends in {@code /metrics} or
 * {@code /metrics/} is the page itself, asked for as it stands; any other path is a prefix before the engine's paths. A
 * query is sent along in each case.
 */
public final class Target {
    private static final String PAGE = "/metrics";

    private final HttpUrl url;
    private final boolean page;
    private final String prefix;

    private Target(HttpUrl url) {
        this.url = url;
        String path = url.encodedPath();
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.page = trimmed.endsWith(PAGE);
        this.prefix = page ? trimmed.substring(0, trimmed.length() - PAGE.length()) : trimmed;
    }

    /**
     * A target from its URL.
     *
     * @param url such as {@code "http://gpu-7:8080"}, {@code "https://host/engine-3"} or {@code "http://host:8000/metrics"}
     * @return the target
     * @throws IllegalArgumentException when this is no http or https URL
     */
    public static Target of(String url) {
        HttpUrl parsed = HttpUrl.parse(url.strip());
        if (parsed == null) {
            throw new IllegalArgumentException("'%s' is not an http or https URL. Write it like http://gpu-7:8080."
                    .formatted(withoutSecrets(url)));
        }
        return new Target(parsed);
    }

    /**
     * A target from its URL.
     *
     * @param url an http or https URL
     * @return the target
     * @throws IllegalArgumentException when this is no http or https URL
     */
    public static Target of(URI url) {
        return of(url.toString());
    }

    /** {@code host:port}, the default name of the instance; IPv6 hosts in brackets. */
    public String hostAndPort() {
        String host = url.host();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + url.port();
    }

    /** The URL without user-info and query, fit for messages. */
    public URI printable() {
        return printable(url);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that && url.equals(that.url);
    }

    @Override
    public int hashCode() {
        return url.hashCode();
    }

    @Override
    public String toString() {
        return printable().toString();
    }

    /** The URL as it was given, secrets included. */
    HttpUrl url() {
        return url;
    }

    /** Where an engine's path is on this target; the page's own URL when the target names the page. */
    HttpUrl resolve(String path) {
        if (page && path.equals(PAGE)) {
            return withoutUserInfo(url);
        }
        return withoutUserInfo(url.newBuilder().encodedPath(prefix + path).build());
    }

    static URI printable(HttpUrl url) {
        try {
            HttpUrl bare =
                    withoutUserInfo(url.newBuilder().query(null).fragment(null).build());
            return new URI(bare.toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("A parsed URL is a URI", e);
        }
    }

    private static HttpUrl withoutUserInfo(HttpUrl url) {
        return url.newBuilder().username("").password("").build();
    }

    /** Something that is no URL may hold a password all the same. */
    private static String withoutSecrets(String text) {
        String bare = text.replaceFirst("\\?.*$", "").replaceFirst("(//|^)[^/]*@", "$1");
        return bare.length() > 200 ? bare.substring(0, 200) + "…" : bare;
    }
}
