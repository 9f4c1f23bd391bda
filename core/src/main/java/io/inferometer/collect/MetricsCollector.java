package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * Reads an engine's metrics, one scrape a call.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. Starts no thread of its own: a scrape runs on
 * the caller's thread, or on the executor that the caller names. (OkHttp and Okio keep a daemon thread each for a
 * minute after use, to close idle connections and to watch timeouts.)
 */
public interface MetricsCollector {
    /** The name of the engine that it reads, or {@code "auto"}. */
    String engine();

    /**
     * Reads one engine.
     *
     * @param url where it listens: its base ({@code http://gpu-7:8080}) or its page ({@code …/metrics})
     * @return what it reported
     * @throws CollectException when there is no snapshot; says what was asked, what was found, what to do
     * @throws IllegalArgumentException when this is no http or https URL
     */
    default EngineSnapshot collect(String url) {
        return collect(Target.of(url));
    }

    /**
     * Reads one engine.
     *
     * @param url where it listens
     * @return what it reported
     * @throws CollectException when there is no snapshot
     * @throws IllegalArgumentException when this is no http or https URL
     */
    default EngineSnapshot collect(URI url) {
        return collect(Target.of(url));
    }

    /**
     * Reads one engine.
     *
     * @param target where it listens
     * @return what it reported
     * @throws CollectException when there is no snapshot
     */
    EngineSnapshot collect(Target target);

    /**
     * Reads a page that several engines may have written (a gateway's, a sidecar's), one snapshot for each engine whose
     * families stand on it and that this collector reads.
     *
     * @param target where the page is
     * @return at least one snapshot
     * @throws CollectException when there is none
     */
    List<EngineSnapshot> collectAll(Target target);

    /**
     * Reads one engine without throwing for what the engine or the network did.
     *
     * @param target where it listens
     * @return metrics or the error
     */
    CollectionResult tryCollect(Target target);

    /**
     * Reads one engine on another thread.
     *
     * @param target where it listens
     * @param executor where the scrape runs; one thread of it is busy meanwhile
     * @return completes with the snapshot or with a {@link CollectException}; cancelling it cancels the call
     */
    CompletableFuture<? extends EngineSnapshot> collectAsync(Target target, Executor executor);

    /**
     * A handle for reading one target again and again; it keeps what makes the next scrape cheaper. This collector keeps
     * nothing between two scrapes.
     *
     * @param target where the engine listens
     * @return the handle, to be closed
     */
    WatchedTarget watch(Target target);

    /**
     * A handle for reading one target again and again.
     *
     * @param url where the engine listens
     * @return the handle, to be closed
     * @throws IllegalArgumentException when this is no http or https URL
     */
    default WatchedTarget watch(String url) {
        return watch(Target.of(url));
    }

    /** A copy that gives up on a whole scrape after {@code timeout}; more than zero, by default 10 s. */
    MetricsCollector withTimeout(Duration timeout);

    /** A copy that sends a header with each request; a second value for a name replaces the first. */
    MetricsCollector withHeader(String name, String value);

    /** A copy that sends {@code Authorization: Bearer …} with the token that {@code token} gives at each scrape. */
    MetricsCollector withBearerToken(Supplier<String> token);

    /** A copy that calls through {@code client}: its pool, interceptors, proxy, DNS. Redirects stay off. */
    MetricsCollector withClient(OkHttpClient client);

    /** A copy with other limits. */
    MetricsCollector withLimits(Limits limits);

    /** A copy that names the instance; host:port by default. */
    MetricsCollector withInstanceId(String instanceId);

    /** A copy whose snapshots hold all samples of the engine's families too, or not (the default). */
    MetricsCollector withRawMetrics(boolean raw);

    /** A copy that asks for a compressed page, or not (the default: on a local network it costs more than it saves). */
    MetricsCollector withGzip(boolean gzip);

    /**
     * A copy that also asks for endpoints that are off by default, such as {@code "slots"}; what they add is absent when
     * they fail.
     *
     * @param names as listed in the backend's documentation
     * @return the copy
     * @throws IllegalArgumentException when the engine has no such endpoint; names those it has
     */
    MetricsCollector withExtra(String... names);

    /** A copy that asks for nothing but what a snapshot cannot do without, and what {@link #withExtra} named. */
    MetricsCollector withoutOptional();

    /**
     * A copy that reads some groups of the common fields only, in the cheapest way that is known to be right. The common
     * fields of other groups are then absent, and the header says so.
     *
     * <p>Without a handle nothing is known of a target, so {@link #collect(Target)} reads the whole page and passes over
     * what is not wanted; only an endpoint that tells the load by itself (SGLang's {@code /v1/loads}), whose answer needs
     * no proof, is asked instead of the page where nothing but {@link MetricGroup#LOAD} is wanted. {@link #watch(Target)}
     * gives a handle that also learns whether the engine can answer a part of its page.
     *
     * @param first what is wanted
     * @param more what is wanted too
     * @return the copy
     */
    MetricsCollector withGroups(MetricGroup first, MetricGroup... more);

    /**
     * A copy that may ask for less than the whole page where less is wanted and the engine can (the default), or that
     * reads the whole page always.
     *
     * @param allowed whether filtered pages and load endpoints may be asked for
     * @return the copy
     */
    MetricsCollector withFilteredPages(boolean allowed);

    /** A copy that introduces itself so; {@code inferometer} by default. */
    MetricsCollector withUserAgent(String userAgent);

    /** A copy that trusts these authorities and shows this certificate. */
    MetricsCollector withTls(Tls tls);

    /** A copy that goes through a proxy. */
    MetricsCollector withProxy(Proxy proxy);
}
