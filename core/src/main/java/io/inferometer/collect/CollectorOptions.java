package io.inferometer.collect;

import io.inferometer.snapshot.MetricGroup;
import java.net.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** What the with-ers of a collector set. Immutable. */
record CollectorOptions(
        Duration timeout,
        Map<String, String> headers,
        @Nullable Supplier<String> token,
        OkHttpClient client,
        Limits limits,
        @Nullable String instanceId,
        boolean raw,
        boolean gzip,
        Set<String> extras,
        boolean optional,
        String userAgent,
        Set<MetricGroup> groups,
        boolean shortcuts) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    static CollectorOptions defaults() {
        return new CollectorOptions(
                TIMEOUT,
                Map.of(),
                null,
                SharedClient.INSTANCE,
                Limits.DEFAULTS,
                null,
                false,
                false,
                Set.of(),
                true,
                "inferometer",
                Set.of(),
                true);
    }

    CollectorOptions withTimeout(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "A timeout must be longer than zero; found %s. Use Duration.ofSeconds(10), say.".formatted(value));
        }
        return new CollectorOptions(
                value,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CollectorOptions(
                timeout,
                more,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withToken(Supplier<String> value) {
        return new CollectorOptions(
                timeout,
                headers,
                value,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withClient(OkHttpClient value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                value,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withLimits(Limits value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                value,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withInstanceId(String value) {
        return new CollectorOptions(
                timeout, headers, token, client, limits, value, raw, gzip, extras, optional, userAgent, groups,
                shortcuts);
    }

    CollectorOptions withRaw(boolean value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                value,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withGzip(boolean value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                value,
                extras,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withExtras(Set<String> names) {
        Set<String> more = new LinkedHashSet<>(extras);
        more.addAll(names);
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                more,
                optional,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withoutOptional() {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                false,
                userAgent,
                groups,
                shortcuts);
    }

    CollectorOptions withUserAgent(String value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                value,
                groups,
                shortcuts);
    }

    CollectorOptions withGroups(Set<MetricGroup> value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                MetricGroup.copyOf(value),
                shortcuts);
    }

    CollectorOptions withShortcuts(boolean value) {
        return new CollectorOptions(
                timeout,
                headers,
                token,
                client,
                limits,
                instanceId,
                raw,
                gzip,
                extras,
                optional,
                userAgent,
                groups,
                value);
    }

    CollectorOptions withProxy(Proxy proxy) {
        return withClient(client.newBuilder().proxy(proxy).build());
    }

    CollectorOptions withTls(Tls tls) {
        return withClient(tls.applyTo(client.newBuilder()).build());
    }

    /** Whether the user gave no client, so that nobody but us has a say in how a page is asked for. */
    @SuppressWarnings("ReferenceEquality") // The one object that all share.
    boolean usesSharedClient() {
        return client == SharedClient.INSTANCE;
    }

    String instanceIdOf(Target target) {
        return instanceId == null ? target.hostAndPort() : instanceId;
    }

    /** One pool of connections for all collectors that were not given a client of their own. */
    private static final class SharedClient {
        static final OkHttpClient INSTANCE = new OkHttpClient();
    }
}
