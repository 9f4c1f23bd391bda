package io.inferometer.fleet;

import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.UnknownEngineException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches many engines: {@code Collectors.monitor()} makes one, {@link #add} adds targets, {@link #start} begins.
 *
 * <p>Safe to share; every method may be called from any thread at any time. One scrape at a time of each target; a slow or
 * broken target delays no other. A failing target is asked ever more rarely, up to a bound, until it answers again. Its
 * threads are daemons named {@code inferometer-…}, started by {@link #start} and gone after {@link #close}.
 *
 * <pre>{@code
 * try (EngineMonitor monitor = Collectors.monitor()) {
 *     monitor.add(MonitoredTarget.of("vllm", "http://gpu-1:8000"));
 *     monitor.start();
 *     ...
 *     TargetView view = monitor.target("gpu-1:8000");
 * }
 * }</pre>
 */
public final class EngineMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineMonitor.class);
    private static final long POLL_MILLIS = 5;

    private final Collecting collecting;
    private final MonitorOptions options;
    private final Counters counters = new Counters();
    private final Threads threads = new Threads();
    private final Deliveries deliveries;
    private final Beat beat;
    private final Map<String, TargetWatch> watches = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();
    private volatile boolean started;
    private volatile boolean closed;

    /**
     * A monitor; {@code Collectors.monitor(...)} reads better and finds the engines itself.
     *
     * @param collectors gives a collector for an engine's name (or {@code "auto"}), with whatever the caller wants to set; asked
     *     once for each name
     * @param options how it works
     */
    public EngineMonitor(Function<String, MetricsCollector> collectors, MonitorOptions options) {
        this.collecting = new Collecting(collectors);
        this.options = options;
        this.deliveries = new Deliveries(options, threads, counters);
        this.beat = new Beat(options, threads);
    }

    /**
     * Adds targets, before or after the start.
     *
     * @param targets what to watch
     * @return this
     * @throws IllegalArgumentException when a name is taken already; then none of them is added
     * @throws UnknownEngineException when no backend answers to an engine's name; then none of them is added
     * @throws IllegalStateException when this is closed
     */
    public EngineMonitor add(MonitoredTarget... targets) {
        return add(List.of(targets));
    }

    /**
     * Adds targets, before or after the start.
     *
     * @param targets what to watch
     * @return this
     * @throws IllegalArgumentException when a name is taken already; then none of them is added
     * @throws UnknownEngineException when no backend answers to an engine's name; then none of them is added
     * @throws IllegalStateException when this is closed
     */
    public synchronized EngineMonitor add(Collection<MonitoredTarget> targets) {
        requireOpen();
        byName(targets).keySet().forEach(this::requireFree);
        begin(watchesOf(targets));
        return this;
    }

    /** Removes a target and breaks off its scrape; false when there is none of that name. */
    public synchronized boolean remove(String name) {
        TargetWatch watch = watches.remove(name);
        if (watch == null) {
            return false;
        }
        watch.remove();
        beat.purge();
        return true;
    }

    /**
     * Makes the targets be just these: what is equal stays as it is, the others come and go.
     *
     * @param targets what to watch from now on
     * @throws IllegalArgumentException when two have the same name; then nothing changes
     * @throws UnknownEngineException when no backend answers to an engine's name; then nothing changes
     * @throws IllegalStateException when this is closed
     */
    public synchronized void setTargets(Collection<MonitoredTarget> targets) {
        requireOpen();
        Map<String, MonitoredTarget> wanted = byName(targets);
        List<TargetWatch> added = watchesOf(
                wanted.values().stream().filter(target -> !isWatched(target)).toList());
        List<TargetWatch> gone = watches.values().stream()
                .filter(watch -> !watch.target.equals(wanted.get(watch.target.name())))
                .toList();
        for (TargetWatch watch : gone) {
            watches.remove(watch.target.name());
            watch.remove();
        }
        beat.purge();
        begin(added);
    }

    /**
     * Begins. A second call does nothing.
     *
     * @return this
     * @throws IllegalStateException when this is closed
     */
    public synchronized EngineMonitor start() {
        requireOpen();
        if (!started) {
            started = true;
            deliveries.start();
            beat.start();
        }
        return this;
    }

    /** Whether it was started and not closed. */
    public boolean isRunning() {
        return started && !closed;
    }

    /** What is known of a target now; null when there is none of that name. */
    public @Nullable TargetView target(String name) {
        TargetWatch watch = watches.get(name);
        return watch == null ? null : watch.view();
    }

    /** What is known of all targets now, in the order in which they were added. */
    public List<TargetView> targets() {
        return inOrder().map(TargetWatch::view).toList();
    }

    /** What this monitor counted about itself. */
    public MonitorStats stats() {
        Map<TargetState, Integer> byState = new EnumMap<>(TargetState.class);
        long now = options.clock().nanoTime();
        watches.values().forEach(watch -> byState.merge(watch.reading().stateAt(now, watch.pace), 1, Integer::sum));
        return new MonitorStats(
                watches.size(),
                byState,
                counters.loads.sum(),
                counters.wholes.sum(),
                counters.failures(),
                counters.bytes.sum(),
                Duration.ofNanos(counters.parseNanos.sum()),
                Duration.ofNanos(counters.scrapeNanos.sum()),
                counters.late.sum(),
                counters.skipped.sum(),
                Duration.ofNanos(counters.lagMax.get()),
                Duration.ofNanos(counters.lagTotal.sum()),
                threads.alive(),
                threads.most(),
                counters.listenerEvents.sum(),
                counters.listenerDrops.sum(),
                counters.listenerErrors.sum());
    }

    /** How it works. */
    public MonitorOptions options() {
        return options;
    }

    /**
     * Lets a listener hear events from now on.
     *
     * @param listener called by one thread at a time
     * @return its place, to be closed when it has heard enough
     * @throws IllegalStateException when this is closed
     */
    public ListenerHandle addListener(MonitorListener listener) {
        return deliveries.add(Objects.requireNonNull(listener, "listener"));
    }

    /** The events as a publisher: each subscriber hears those after its subscription, completed when this is closed. */
    public Flow.Publisher<MonitorEvent> events() {
        return deliveries::add;
    }

    /**
     * Waits until each target that is there was scraped so many times, well or badly.
     *
     * @param scrapes how many times
     * @param most how long to wait
     * @return whether they were
     * @throws InterruptedException when the caller was interrupted
     */
    public boolean awaitScrapes(int scrapes, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!wereScraped(scrapes)) {
            if (closed || System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    /**
     * For a program with a loop of its own, and for tests with a clock of their own: instead of {@link #start}, scrapes all that
     * is due on the calling thread, listeners included.
     *
     * @return how long until something is due; a day when nothing ever is
     * @throws IllegalStateException when this was started or is closed
     */
    public synchronized Duration runDue() {
        requireOpen();
        if (started) {
            throw new IllegalStateException(
                    "The monitor runs by itself since start(); call either start() or runDue().");
        }
        return Duration.ofNanos(beat.runDue());
    }

    /**
     * Stops: breaks off scrapes, delivers what listeners still have to hear, and ends the threads. Waits for that, {@link
     * MonitorOptions#closeTimeout} at most. A second call does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        long deadline = System.nanoTime() + options.closeTimeout().toNanos();
        beat.stop();
        watches.values().forEach(TargetWatch::remove);
        try {
            if (threads.hasCurrent()) {
                deadline = System.nanoTime(); // A listener closes its own monitor: it cannot wait for itself.
            }
            deliveries.end(deadline);
            threads.join(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (threads.alive() > 0 && !threads.hasCurrent()) {
            LOG.warn(
                    "{} threads of the monitor still run after {}: a scrape or a listener does not let itself be broken off.",
                    threads.alive(),
                    options.closeTimeout());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The monitor is closed; make a new one.");
        }
    }

    private void requireFree(String name) {
        if (watches.containsKey(name)) {
            throw new IllegalArgumentException(
                    "A target named '%s' is watched already. Remove it first, or give this one another name with withName(...)."
                            .formatted(name));
        }
    }

    private static Map<String, MonitoredTarget> byName(Collection<MonitoredTarget> targets) {
        Map<String, MonitoredTarget> named = new LinkedHashMap<>();
        for (MonitoredTarget target : targets) {
            if (named.put(target.name(), target) != null) {
                throw new IllegalArgumentException(
                        "Two targets are named '%s'. Give one another name with withName(...)."
                                .formatted(target.name()));
            }
        }
        return named;
    }

    private boolean isWatched(MonitoredTarget target) {
        TargetWatch watch = watches.get(target.name());
        return watch != null && watch.target.equals(target);
    }

    private List<TargetWatch> watchesOf(Collection<MonitoredTarget> targets) {
        targets.forEach(target -> collecting.collector(target.engine())); // Complains before anything is made.
        return targets.stream().map(this::watch).toList();
    }

    private TargetWatch watch(MonitoredTarget target) {
        Pace pace = Pace.of(target, options);
        return new TargetWatch(
                target,
                pace,
                sequence.getAndIncrement(),
                collecting.watch(target, pace.timeout()),
                options.clock(),
                counters,
                deliveries);
    }

    private void begin(List<TargetWatch> added) {
        for (TargetWatch watch : added) {
            watches.put(watch.target.name(), watch);
            beat.add(watch);
        }
    }

    private boolean wereScraped(int scrapes) {
        return watches.values().stream()
                .allMatch(watch -> watch.reading().good() + watch.reading().failed() >= scrapes);
    }

    private Stream<TargetWatch> inOrder() {
        return watches.values().stream().sorted(Comparator.comparingLong(watch -> watch.sequence));
    }
}
