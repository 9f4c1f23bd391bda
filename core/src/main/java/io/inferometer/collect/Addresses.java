package io.inferometer.collect;

import io.inferometer.spi.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;

/** The addresses of one target, each resolved once. Safe to share. */
final class Addresses {
    private final Target target;
    private final Map<String, String> query;
    private final Map<String, Address> byPath = new ConcurrentHashMap<>(4);

    Addresses(Target target) {
        this.target = target;
        this.query = queryOf(target.url());
    }

    Target target() {
        return target;
    }

    /** The query of the target's URL, decoded; a name that stands twice keeps its first value. */
    Map<String, String> query() {
        return query;
    }

    Address of(Endpoint endpoint) {
        return of(endpoint.path());
    }

    private Address of(String path) {
        return byPath.computeIfAbsent(path, unused -> new Address(target, target.resolve(path)));
    }

    /** The same with more parameters of one name behind the target's own query. */
    Address with(String path, String parameter, Iterable<String> values) {
        HttpUrl.Builder url = of(path).url().newBuilder();
        values.forEach(value -> url.addQueryParameter(parameter, value));
        return new Address(target, url.build());
    }

    private static Map<String, String> queryOf(HttpUrl url) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < url.querySize(); i++) {
            String value = url.queryParameterValue(i);
            query.putIfAbsent(url.queryParameterName(i), value == null ? "" : value);
        }
        return Map.copyOf(query);
    }
}
