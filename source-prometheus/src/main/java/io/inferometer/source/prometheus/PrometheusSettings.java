package io.inferometer.source.prometheus;

import io.inferometer.Collectors;
import io.inferometer.saturation.FreshnessThresholds;
import io.inferometer.saturation.SaturationConfig;
import io.inferometer.saturation.SaturationOptions;
import io.inferometer.saturation.SourceListener;
import io.inferometer.spi.EngineBackend;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link PrometheusSaturationCollector} asks: queries, caches, retries, background refresh.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy.
 */
public final class PrometheusSettings {
    private static final Duration FETCH_INTERVAL = Duration.ofSeconds(30);

    /** The defaults, with all backends on the class path. */
    public static final PrometheusSettings DEFAULTS = new PrometheusSettings();

    QuerySettings queries = QuerySettings.DEFAULTS;
    CacheOptions cache = CacheOptions.DEFAULTS;
    RetryPolicy retry = RetryPolicy.DEFAULTS;
    List<SourceListener> listeners = List.of();
    Map<String, String> custom = Map.of();
    boolean backgroundFetch = true;
    Duration fetchInterval = FETCH_INTERVAL;
    int parallel = 8;
    Clock clock = Clock.systemUTC();

    @Nullable
    Map<String, EngineBackend<?>> backends;

    private PrometheusSettings() {}

    private PrometheusSettings(PrometheusSettings other) {
        queries = other.queries;
        cache = other.cache;
        retry = other.retry;
        listeners = other.listeners;
        custom = other.custom;
        backgroundFetch = other.backgroundFetch;
        fetchInterval = other.fetchInterval;
        parallel = other.parallel;
        clock = other.clock;
        backends = other.backends;
    }

    /** A copy with other words in its queries. */
    public PrometheusSettings withQueries(QuerySettings value) {
        return changed(copy -> copy.queries = value);
    }

    /** A copy that keeps answers in another way. */
    public PrometheusSettings withCache(CacheOptions value) {
        return changed(copy -> copy.cache = value);
    }

    /** A copy that asks again in another way. */
    public PrometheusSettings withRetry(RetryPolicy value) {
        return changed(copy -> copy.retry = value);
    }

    /** A copy that also tells {@code listener} of failures. */
    public PrometheusSettings withListener(SourceListener listener) {
        List<SourceListener> more = new ArrayList<>(listeners);
        more.add(listener);
        return changed(copy -> copy.listeners = List.copyOf(more));
    }

    /**
     * A copy with one more query, whose values are in {@link io.inferometer.saturation.ReplicaMetrics#custom}.
     *
     * @param name the value's name
     * @param template PromQL, in which {@code $model} and {@code $namespace} stand within double quotes; a series goes to
     *     the replicas whose target labels it has, one without any to all
     */
    public PrometheusSettings withCustomQuery(String name, String template) {
        Map<String, String> more = new LinkedHashMap<>(custom);
        more.put(name, template);
        return changed(copy -> copy.custom = Collections.unmodifiableMap(more));
    }

    /** A copy that reads tracked models in the background, or does not. */
    public PrometheusSettings withBackgroundFetch(boolean wanted) {
        return changed(copy -> copy.backgroundFetch = wanted);
    }

    /** A copy that reads each tracked model once in this time, more than zero. */
    public PrometheusSettings withFetchInterval(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "The fetch interval is %s; it must be more than zero.".formatted(interval));
        }
        return changed(copy -> copy.fetchInterval = interval);
    }

    /** A copy that has at most so many queries under way at once, 1 to 64. */
    public PrometheusSettings withParallelQueries(int queriesAtOnce) {
        if (queriesAtOnce < 1 || queriesAtOnce > 64) {
            throw new IllegalArgumentException("%d queries at once; 1 to 64 can be.".formatted(queriesAtOnce));
        }
        return changed(copy -> copy.parallel = queriesAtOnce);
    }

    /** A copy that tells the time by another clock. */
    public PrometheusSettings withClock(Clock value) {
        return changed(copy -> copy.clock = value);
    }

    /** A copy that looks for these engines only. */
    public PrometheusSettings withBackends(List<EngineBackend<?>> value) {
        Map<String, EngineBackend<?>> named = new LinkedHashMap<>();
        value.forEach(backend -> named.put(backend.name(), backend));
        return changed(copy -> copy.backends = Collections.unmodifiableMap(named));
    }

    /**
     * Settings as the environment sets them: {@code METRICS_CACHE_TTL}, {@code METRICS_BACKGROUND_FETCH}, {@code
     * METRICS_FETCH_INTERVAL}, {@code METRICS_UNAVAILABLE_THRESHOLD}.
     *
     * @param environment such as {@code System.getenv()}
     * @throws IllegalArgumentException when a value is bad; names the variable
     */
    public static PrometheusSettings fromEnvironment(Map<String, String> environment) {
        SaturationConfig config = SaturationConfig.of(environment);
        Duration interval = config.duration("METRICS_FETCH_INTERVAL", FETCH_INTERVAL);
        if (interval.isZero()) {
            throw new IllegalArgumentException(
                    "The environment variable METRICS_FETCH_INTERVAL is zero. Set a duration such as 30s.");
        }
        return DEFAULTS.withCache(CacheOptions.DEFAULTS.withQueryTtl(
                        config.duration("METRICS_CACHE_TTL", CacheOptions.DEFAULTS.queryTtl())))
                .withBackgroundFetch(config.flag("METRICS_BACKGROUND_FETCH", true))
                .withFetchInterval(interval)
                .reachingBack(optionsFromEnvironment(environment).freshness());
    }

    /**
     * The bounds of ages as the environment sets them: {@code METRICS_FRESH_THRESHOLD}, {@code METRICS_STALE_THRESHOLD},
     * {@code METRICS_UNAVAILABLE_THRESHOLD}.
     *
     * @param environment such as {@code System.getenv()}
     * @throws IllegalArgumentException when a value is bad; names the variable
     */
    public static SaturationOptions optionsFromEnvironment(Map<String, String> environment) {
        SaturationConfig config = SaturationConfig.of(environment);
        SaturationOptions defaults = SaturationOptions.DEFAULTS;
        Duration fresh =
                config.duration("METRICS_FRESH_THRESHOLD", defaults.freshness().freshBelow());
        Duration stale = config.duration("METRICS_STALE_THRESHOLD", defaults.staleAfter());
        Duration unavailable = config.duration(
                "METRICS_UNAVAILABLE_THRESHOLD", defaults.freshness().staleBelow());
        if (fresh.isZero() || stale.isZero() || fresh.compareTo(unavailable) > 0) {
            throw new IllegalArgumentException(
                    "METRICS_FRESH_THRESHOLD is %s, METRICS_STALE_THRESHOLD %s and METRICS_UNAVAILABLE_THRESHOLD %s. All must be more than zero, and the first not more than the last."
                            .formatted(fresh, stale, unavailable));
        }
        return defaults.withStaleAfter(stale).withFreshness(new FreshnessThresholds(fresh, unavailable));
    }

    /** A copy that looks back at least as far as values are not yet unavailable, and a minute more. */
    PrometheusSettings reachingBack(FreshnessThresholds thresholds) {
        Duration needed = thresholds.staleBelow().plusMinutes(1);
        return needed.compareTo(queries.freshnessWindow()) > 0
                ? withQueries(queries.withFreshnessWindow(needed))
                : this;
    }

    private PrometheusSettings changed(Consumer<PrometheusSettings> change) {
        PrometheusSettings copy = new PrometheusSettings(this);
        change.accept(copy);
        return copy;
    }

    Map<String, EngineBackend<?>> engines() {
        return backends == null ? Collectors.backends() : backends;
    }
}
