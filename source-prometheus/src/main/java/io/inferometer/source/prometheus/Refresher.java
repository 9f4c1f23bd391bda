package io.inferometer.source.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tracked models again and again, each once in an interval and all spread over it. Safe to share. */
final class Refresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusSaturationCollector.class);
    private static final double GOLDEN = 0.6180339887498949; // Any number of models is spread evenly by its multiples.

    private final Workshop workshop;
    private final Map<ModelSelection, ScheduledFuture<?>> tracked = new ConcurrentHashMap<>();
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable ScheduledFuture<?> supplying;
    private Set<ModelSelection> supplied = Set.of();
    private boolean closed;
    private int number;

    Refresher(Workshop workshop) {
        this.workshop = workshop;
    }

    synchronized void track(ModelSelection selection) {
        if (closed || !workshop.settings.backgroundFetch || tracked.containsKey(selection)) {
            return;
        }
        long interval = workshop.settings.fetchInterval.toNanos();
        double share = number++ == 0 ? 0 : (number * GOLDEN) % 1; // The first at once.
        tracked.put(
                selection,
                scheduler()
                        .scheduleAtFixedRate(
                                () -> refresh(selection),
                                Math.round(interval * share),
                                interval,
                                TimeUnit.NANOSECONDS));
    }

    synchronized void untrack(ModelSelection selection) {
        ScheduledFuture<?> running = tracked.remove(selection);
        if (running != null) {
            running.cancel(false);
        }
        if (tracked.isEmpty() && supplying == null) {
            stop();
        }
    }

    /** Tracks what a supplier gives, which is asked once in an interval. */
    synchronized void track(Supplier<List<ModelSelection>> supplier) {
        if (closed || !workshop.settings.backgroundFetch) {
            return;
        }
        if (supplying != null) {
            supplying.cancel(false);
        }
        supplying = scheduler()
                .scheduleAtFixedRate(
                        () -> ask(supplier), 0, workshop.settings.fetchInterval.toNanos(), TimeUnit.NANOSECONDS);
    }

    List<ModelSelection> tracked() {
        return List.copyOf(tracked.keySet());
    }

    long refreshes() {
        return refreshes.sum();
    }

    long errors() {
        return errors.sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        tracked.clear();
        stop();
    }

    private void stop() {
        if (scheduler != null) {
            scheduler.shutdownNow();
            scheduler = null;
            supplying = null;
        }
    }

    private ScheduledExecutorService scheduler() {
        ScheduledExecutorService running = scheduler;
        if (running == null) {
            running = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "inferometer-prometheus-refresh");
                thread.setDaemon(true);
                return thread;
            });
            scheduler = running;
        }
        return running;
    }

    @SuppressWarnings("IllegalCatch") // A supplier of the user's may throw anything; the schedule must go on.
    private void ask(Supplier<List<ModelSelection>> supplier) {
        try {
            Set<ModelSelection> now = new LinkedHashSet<>(supplier.get());
            List<ModelSelection> gone = new ArrayList<>(supplied);
            gone.removeAll(now);
            supplied = now;
            now.forEach(this::track);
            gone.forEach(this::untrack);
        } catch (RuntimeException e) {
            errors.increment();
            LOG.warn("The supplier of tracked models failed: {}", e.toString());
        }
    }

    private void refresh(ModelSelection selection) {
        Duration interval = workshop.settings.fetchInterval;
        Duration patience = workshop.client.options().timeout();
        Instant deadline = Instant.now().plus(interval.compareTo(patience) < 0 ? interval : patience);
        refreshes.increment();
        Object unused = workshop.refresh(
                        selection, deadline, interval.multipliedBy(3).dividedBy(2))
                .whenComplete((model, failure) -> {
                    if (failure != null) {
                        told(selection, failure);
                    }
                });
    }

    private void told(ModelSelection selection, Throwable failure) {
        errors.increment();
        Throwable cause = Failures.cause(failure);
        boolean passes = cause instanceof PrometheusException known && known.isTransient();
        String message = String.valueOf(cause.getMessage());
        LOG.debug("The refresh of '{}' failed: {}", selection.model(), message);
        workshop.tell(listener -> listener.onUnavailable(workshop.trouble(selection, message, 1, null, passes)));
    }
}
