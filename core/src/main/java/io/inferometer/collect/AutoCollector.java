package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads any engine that it recognizes, by its page or, where it has none, by what its JSON endpoints answer.
 *
 * <p>Immutable and safe to share. It looks anew at each scrape; where the engine is known, naming it is cheaper.
 */
public final class AutoCollector extends ConfiguredCollector<AutoCollector> {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final List<EngineBackend<?>> backends;

    /**
     * A collector with default options. {@code Collectors.auto()} reads better.
     *
     * @param backends the engines to recognize
     */
    public AutoCollector(List<EngineBackend<?>> backends) {
        this(List.copyOf(backends), CollectorOptions.defaults(), new CollectorState());
    }

    private AutoCollector(List<EngineBackend<?>> backends, CollectorOptions options, CollectorState state) {
        super(options, state);
        this.backends = backends;
    }

    @Override
    public String engine() {
        return "auto";
    }

    @Override
    public EngineSnapshot collect(Target target) {
        return collect(target, new ActiveCall());
    }

    @Override
    public List<EngineSnapshot> collectAll(Target target) {
        Scraper scraper = scraper(target, new ActiveCall());
        Found found = find(scraper);
        Page page = found.page();
        List<EngineSnapshot> snapshots = new ArrayList<>();
        for (EngineBackend<?> backend : found.backends()) {
            snapshots.add(page == null ? scraper.scrape(backend) : scraper.complete(backend, page));
        }
        return snapshots;
    }

    @Override
    public CompletableFuture<EngineSnapshot> collectAsync(Target target, Executor executor) {
        return async(executor, active -> collect(target, active));
    }

    @Override
    public WatchedTarget watch(Target target) {
        return new Watch(target, options.groups(), new DetectingReader(new Addresses(target)), ownClient());
    }

    /**
     * Which engine listens at a target.
     *
     * @param target where it listens
     * @return its backend
     * @throws CollectException when none or several are found
     */
    public EngineBackend<?> detect(Target target) {
        return onlyOne(target, find(scraper(target, new ActiveCall())).backends());
    }

    @Override
    public AutoCollector withExtra(String... names) {
        return with(options.withExtras(Set.of(names)));
    }

    @Override
    AutoCollector with(CollectorOptions changed) {
        return new AutoCollector(backends, changed, state);
    }

    private record Found(
            List<EngineBackend<?>> backends, @Nullable Page page) {}

    private EngineSnapshot collect(Target target, ActiveCall active) {
        return detected(target, scraper(target, active)).snapshot();
    }

    private Detected detected(Target target, Scraper scraper) {
        Found found = find(scraper);
        EngineBackend<?> backend = onlyOne(target, found.backends());
        Page page = found.page();
        return new Detected(backend, page == null ? scraper.scrape(backend) : scraper.complete(backend, page));
    }

    private record Detected(EngineBackend<?> backend, EngineSnapshot snapshot) {}

    /** Looks at the first scrape which engine it is, and again when another answers. For one thread at a time. */
    private final class DetectingReader implements Watch.Reader {
        private final Addresses addresses;
        private Watch.@Nullable Reader known;

        DetectingReader(Addresses addresses) {
            this.addresses = addresses;
        }

        @Override
        public EngineSnapshot read(Set<MetricGroup> groups, Watch.Tools tools, ActiveCall active) {
            Watch.Reader reader = known;
            if (reader != null) {
                try {
                    return reader.read(groups, tools, active);
                } catch (OtherEngineException | MetricsDisabledException | NotMetricsPageException e) {
                    known = null;
                }
            }
            Detected detected =
                    detected(addresses.target(), scraper(addresses, groups, tools.client(), tools.kept(), active));
            known = new EngineReader<>(detected.backend(), AutoCollector.this, addresses, System::nanoTime);
            return detected.snapshot();
        }

        @Override
        public long retainedBytes() {
            return known == null ? 0 : known.retainedBytes();
        }
    }

    private Found find(Scraper scraper) {
        Page page;
        try {
            page = scraper.page(backends);
        } catch (EngineRefusedException | NotMetricsPageException e) {
            EngineBackend<?> byJson = byJson(scraper);
            if (byJson == null) {
                throw e;
            }
            return new Found(List.of(byJson), null);
        }
        List<EngineBackend<?>> own = new ArrayList<>();
        for (EngineBackend<?> backend : backends) {
            if (page.names().isEmpty() ? answersAsFresh(scraper, backend) : backend.recognizes(page)) {
                own.add(backend);
            }
        }
        if (own.isEmpty()) {
            throw unknown(scraper, page);
        }
        return new Found(own, page);
    }

    /** An empty page says nothing; the engine's own JSON has to. */
    private boolean answersAsFresh(Scraper scraper, EngineBackend<?> backend) {
        return backend.emptyPageIsFresh() && answersItsJson(scraper, backend);
    }

    private @Nullable EngineBackend<?> byJson(Scraper scraper) {
        for (EngineBackend<?> backend : backends) {
            boolean withoutPage = backend.endpoints().stream()
                    .noneMatch(endpoint -> endpoint.content() == Endpoint.Content.METRICS
                            && endpoint.need() == Endpoint.Need.REQUIRED);
            if (withoutPage && answersItsJson(scraper, backend)) {
                return backend;
            }
        }
        return null;
    }

    private boolean answersItsJson(Scraper scraper, EngineBackend<?> backend) {
        for (Endpoint endpoint : backend.endpoints()) {
            if (endpoint.content() == Endpoint.Content.JSON) {
                try {
                    return backend.recognizesJson(scraper.json(backend, endpoint, PROBE_TIMEOUT));
                } catch (CollectException e) {
                    return false; // What /metrics answered says more than why this failed.
                }
            }
        }
        return false;
    }

    private EngineBackend<?> onlyOne(Target target, List<EngineBackend<?>> found) {
        if (found.size() > 1) {
            String names =
                    String.join(" and ", found.stream().map(EngineBackend::name).toList());
            throw new UnknownEngineException(
                    "The page of %s holds families of %s. Name the engine you want, or use collectAll(...) for one snapshot each."
                            .formatted(target, names));
        }
        return found.get(0);
    }

    private UnknownEngineException unknown(Scraper scraper, Page page) {
        List<String> others = KnownEngines.on(page);
        String known =
                String.join(", ", backends.stream().map(EngineBackend::name).toList());
        return new UnknownEngineException(
                "No engine on the class path wrote the page %s; found %s%s. Known are %s; name one, or add its artifact."
                        .formatted(
                                scraper.address(Endpoint.METRICS),
                                Scraper.familiesOn(page),
                                others.isEmpty() ? "" : " (" + String.join(", ", others) + ")",
                                known.isEmpty() ? "none" : known));
    }
}
