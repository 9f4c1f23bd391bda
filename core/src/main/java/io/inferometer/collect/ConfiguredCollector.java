package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.net.Proxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.OkHttpClient;

/** What the collector of one engine and the detecting one have in common: options, results, and other threads. */
abstract sealed class ConfiguredCollector<C extends MetricsCollector> implements MetricsCollector
        permits EngineCollector, AutoCollector {
    final CollectorOptions options;
    final CollectorState state;
    private final OkHttpClient client;

    ConfiguredCollector(CollectorOptions options, CollectorState state) {
        this.options = options;
        this.state = state;
        this.client = Http.prepare(options);
    }

    abstract C with(CollectorOptions changed);

    final Scraper scraper(Target target, ActiveCall active) {
        return new Scraper(new Addresses(target), options, options.groups(), client, state, null, active);
    }

    /**
     * A scraper for a target that is watched.
     *
     * @param own the target's client
     * @param kept what is kept of it
     */
    final Scraper scraper(
            Addresses addresses, Set<MetricGroup> groups, OkHttpClient own, Keepsake kept, ActiveCall active) {
        return new Scraper(addresses, options, groups, own, state, kept, active);
    }

    /** A client for one target, with a pool of its own: the shared one keeps no more than five idle connections. */
    final OkHttpClient ownClient() {
        return client.newBuilder()
                .connectionPool(new ConnectionPool(1, 5, TimeUnit.MINUTES))
                .build();
    }

    final <S extends EngineSnapshot> CompletableFuture<S> async(Executor executor, Function<ActiveCall, S> scrape) {
        ActiveCall active = new ActiveCall();
        CompletableFuture<S> future = new CancellingFuture<>(active);
        executor.execute(() -> {
            if (future.isDone()) {
                return; // Cancelled before its turn.
            }
            try {
                future.complete(scrape.apply(active));
            } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    @Override
    public final CollectionResult tryCollect(Target target) {
        try {
            return CollectionResult.of(collect(target));
        } catch (CollectException e) {
            return CollectionResult.failed(options.instanceIdOf(target), e);
        }
    }

    @Override
    public final C withTimeout(Duration timeout) {
        return with(options.withTimeout(timeout));
    }

    @Override
    public final C withHeader(String name, String value) {
        try {
            Headers.of(name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The header '%s' or its value has characters that HTTP does not allow."
                    .formatted(Printable.excerpt(name)));
        }
        return with(options.withHeader(name, value));
    }

    @Override
    public final C withBearerToken(Supplier<String> token) {
        return with(options.withToken(token));
    }

    @Override
    public final C withClient(OkHttpClient own) {
        return with(options.withClient(own));
    }

    @Override
    public final C withLimits(Limits limits) {
        return with(options.withLimits(limits));
    }

    @Override
    public final C withInstanceId(String instanceId) {
        return with(options.withInstanceId(instanceId));
    }

    @Override
    public final C withRawMetrics(boolean raw) {
        return with(options.withRaw(raw));
    }

    @Override
    public final C withGzip(boolean gzip) {
        return with(options.withGzip(gzip));
    }

    @Override
    public final C withoutOptional() {
        return with(options.withoutOptional());
    }

    @Override
    public final C withGroups(MetricGroup first, MetricGroup... more) {
        return with(options.withGroups(EnumSet.of(first, more)));
    }

    @Override
    public final C withFilteredPages(boolean allowed) {
        return with(options.withShortcuts(allowed));
    }

    @Override
    public final C withUserAgent(String userAgent) {
        return with(options.withUserAgent(userAgent));
    }

    @Override
    public final C withTls(Tls tls) {
        return with(options.withTls(tls));
    }

    @Override
    public final C withProxy(Proxy proxy) {
        return with(options.withProxy(proxy));
    }

    /** A future whose cancelling cancels the call that it waits for. */
    private static final class CancellingFuture<S> extends CompletableFuture<S> {
        private final ActiveCall active;

        CancellingFuture(ActiveCall active) {
            this.active = active;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                active.cancel();
            }
            return cancelled;
        }
    }
}
