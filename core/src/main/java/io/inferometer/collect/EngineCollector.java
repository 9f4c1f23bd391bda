package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Reads engines of one kind, into the engine's own snapshot type.
 *
 * <p>Immutable and safe to share.
 *
 * @param <S> the engine's own snapshot type
 */
public final class EngineCollector<S extends EngineSnapshot> extends ConfiguredCollector<EngineCollector<S>> {
    private final EngineBackend<S> backend;

    /**
     * A collector with default options. {@code Collectors.forBackend(...)} reads better.
     *
     * @param backend the engine's dialect
     */
    public EngineCollector(EngineBackend<S> backend) {
        this(backend, CollectorOptions.defaults(), new CollectorState());
    }

    private EngineCollector(EngineBackend<S> backend, CollectorOptions options, CollectorState state) {
        super(options, state);
        this.backend = backend;
    }

    @Override
    public String engine() {
        return backend.name();
    }

    @Override
    public S collect(String url) {
        return collect(Target.of(url));
    }

    @Override
    public S collect(URI url) {
        return collect(Target.of(url));
    }

    @Override
    public S collect(Target target) {
        return read(target, new ActiveCall());
    }

    @Override
    public List<EngineSnapshot> collectAll(Target target) {
        return List.of(collect(target));
    }

    @Override
    public CompletableFuture<S> collectAsync(Target target, Executor executor) {
        return async(executor, active -> read(target, active));
    }

    @Override
    public WatchedTarget watch(Target target) {
        return new Watch(
                target,
                options.groups(),
                new EngineReader<>(backend, this, new Addresses(target), System::nanoTime),
                ownClient());
    }

    @Override
    public EngineCollector<S> withExtra(String... names) {
        List<String> offered = backend.endpoints().stream()
                .filter(endpoint -> endpoint.need() != Endpoint.Need.REQUIRED)
                .map(Endpoint::name)
                .toList();
        for (String name : names) {
            if (!offered.contains(name)) {
                throw new IllegalArgumentException("%s has no endpoint '%s' to add; it has %s."
                        .formatted(backend.title(), name, offered.isEmpty() ? "none" : String.join(", ", offered)));
            }
        }
        return with(options.withExtras(Set.of(names)));
    }

    private S read(Target target, ActiveCall active) {
        Scraper scraper = scraper(target, active);
        Endpoint load = backend.loadEndpoint();
        boolean loadAlone = options.shortcuts() && options.groups().equals(Set.of(MetricGroup.LOAD));
        S snapshot = load != null && loadAlone ? scraper.loadAloneOrNull(backend, load) : null;
        return snapshot == null ? scraper.scrape(backend) : snapshot;
    }

    @Override
    EngineCollector<S> with(CollectorOptions changed) {
        return new EngineCollector<>(backend, changed, state);
    }
}
