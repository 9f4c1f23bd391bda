package io.inferometer.source.prometheus;

import io.inferometer.saturation.SourceListener;
import io.inferometer.saturation.SourceTrouble;
import io.inferometer.source.prometheus.PrometheusException.Kind;
import io.inferometer.spi.EngineBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all copies of a collector share: the client, the caches, the threads. Safe to share. */
final class Workshop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusSaturationCollector.class);
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration SKEW_MAX = Duration.ofSeconds(5);
    private static final String REPLICAS = "replicas";

    final PrometheusClient client;
    final PrometheusSettings settings;
    final Map<String, EngineBackend<?>> backends;
    final Refresher refresher;
    private final AnswerCache<PrometheusResult> answers;
    private final AnswerCache<SeenModel> models;
    private final ExecutorService executor;
    private final AtomicReference<@Nullable Duration> skew = new AtomicReference<>();

    Workshop(PrometheusClient client, PrometheusSettings settings) {
        this.client = client;
        this.settings = settings;
        this.backends = settings.engines();
        CacheOptions cache = settings.cache;
        this.answers = new AnswerCache<>(cache.enabled(), cache.entriesMax(), new AdaptiveTtl(cache));
        this.models =
                new AnswerCache<>(cache.enabled(), cache.entriesMax(), (value, before, last) -> cache.replicaTtl());
        this.executor = lazyThreads(settings.parallel);
        this.refresher = new Refresher(this);
    }

    /** What is known of a model; asks where nothing is kept. */
    CompletableFuture<SeenModel> fetch(ModelSelection selection, Instant deadline) {
        return models.get(key(selection), () -> load(selection, deadline));
    }

    /** Asks whatever is kept, and keeps the answer as long as {@code ttl}. */
    CompletableFuture<SeenModel> refresh(ModelSelection selection, Instant deadline, Duration ttl) {
        answers.invalidatePrefix(selection.prefix());
        return load(selection, deadline).thenApply(model -> {
            models.put(key(selection), model, ttl);
            return model;
        });
    }

    /** With the length of the name, since a model's name may hold colons as well: "a:b" of "c" is not "a" of "b:c". */
    private static String key(ModelSelection selection) {
        return selection.prefix() + REPLICAS + selection.model().length();
    }

    void invalidate(String prefix) {
        answers.invalidatePrefix(prefix);
        models.invalidatePrefix(prefix);
    }

    CacheStats answerStats() {
        return answers.stats();
    }

    CacheStats modelStats() {
        return models.stats();
    }

    /** How far this machine's clock is from the server's, when that is too much to trust ages; null otherwise. */
    @Nullable
    Duration skew() {
        return skew.get();
    }

    void tell(Consumer<SourceListener> event) {
        for (SourceListener listener : settings.listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener of the Prometheus source failed: {}", e.toString());
            }
        }
    }

    SourceTrouble trouble(
            ModelSelection selection, String message, int attempt, @Nullable Duration retryIn, boolean passes) {
        return new SourceTrouble(
                PrometheusSaturationCollector.NAME,
                selection.model(),
                selection.namespace(),
                message,
                attempt,
                retryIn,
                passes,
                settings.clock.instant());
    }

    @Override
    public void close() {
        refresher.close();
        executor.shutdownNow();
        client.close();
    }

    private CompletableFuture<SeenModel> load(ModelSelection selection, Instant deadline) {
        Instant now = settings.clock.instant();
        return new ModelFetch(
                        backends,
                        settings.queries,
                        settings.custom,
                        selection,
                        query -> answers.get(selection.prefix() + query, () -> ask(query, selection, now, deadline)),
                        now)
                .start()
                .whenComplete((model, failure) -> {
                    if (failure != null) {
                        invalidate(selection.prefix());
                    }
                });
    }

    private CompletableFuture<PrometheusResult> ask(
            String query, ModelSelection selection, Instant time, Instant deadline) {
        try {
            return CompletableFuture.supplyAsync(() -> askHere(query, selection, time, deadline), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new PrometheusException(Kind.CANCELLED, "The source is closed. Make a new one to go on.", e));
        }
    }

    private PrometheusResult askHere(String query, ModelSelection selection, Instant time, Instant deadline) {
        PrometheusResult result = settings.retry.run(
                () -> client.query(query, time, left(deadline)),
                deadline,
                (failure, attempt, retryIn) -> retrying(selection, failure, attempt, retryIn));
        check(result);
        return result;
    }

    private void retrying(ModelSelection selection, PrometheusException failure, int attempt, Duration retryIn) {
        LOG.debug("Asking again in {}: {}", retryIn, failure.getMessage());
        String message = String.valueOf(failure.getMessage());
        tell(listener -> listener.onRetry(trouble(selection, message, attempt, retryIn, true)));
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(Instant.now(), deadline);
        Duration most = client.options().timeout();
        Duration bounded = left.compareTo(most) < 0 ? left : most;
        return bounded.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : bounded;
    }

    /** Ages are taken by our clock, so it must be that of the server; its header Date is right to a second. */
    private void check(PrometheusResult result) {
        Instant theirs = result.serverTime();
        if (theirs == null) {
            return;
        }
        Duration apart = Duration.between(theirs, settings.clock.instant());
        boolean tooFar = apart.abs().compareTo(SKEW_MAX) > 0;
        Duration before = skew.getAndSet(tooFar ? apart : null);
        if (tooFar && before == null) {
            LOG.warn(
                    "This machine's clock and that of {} are {} apart, so the ages of values are wrong by as much. Set both by NTP.",
                    client.options().shown(),
                    apart);
        }
    }

    /** No thread before the first query, none after some idle seconds. */
    private static ExecutorService lazyThreads(int most) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "inferometer-prometheus-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
