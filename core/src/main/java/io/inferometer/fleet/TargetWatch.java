package io.inferometer.fleet;

import io.inferometer.collect.CollectException;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target in a monitor: when it is due, how it is asked, and what is known of it.
 *
 * <p>One scrape at a time, on any thread; {@link #view}, {@link #checkState} and {@link #remove} may be called meanwhile.
 */
final class TargetWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EngineMonitor.class);
    private static final Set<MetricGroup> LOAD = EnumSet.of(MetricGroup.LOAD);
    private static final long SLOW_NANOS = 100_000_000;
    private static final double TICK_STEP = (Math.sqrt(5) - 1) / 2; // Multiples of the golden ratio lie apart.
    private static final double WHOLE_STEP = Math.sqrt(2) - 1;
    private static final int LATE_PART = 8;
    private static final long OVERTIME_NANOS = 2_000_000_000;

    /** By what is known of how long its scrapes take, so that those which take long keep no other waiting. */
    enum Lane {
        /** Its last scrape ended soon, well or badly. */
        QUICK,
        /** Its last scrape ended well, and took long. */
        SLOW,
        /** It was never asked. */
        NEW,
        /** Its last scrape failed, and took long. */
        FAILING
    }

    final MonitoredTarget target;
    final Pace pace;
    final long sequence;
    private final WatchedTarget handle;
    private final MonitorClock clock;
    private final Counters counters;
    private final Events events;
    private final SplittableRandom random;

    private volatile Reading reading;
    private volatile boolean removed;
    private volatile long runningSince;
    private volatile boolean running;
    private TargetState announced = TargetState.UNKNOWN; // Guarded by this.

    private long checkAt; // Guarded by the schedule's owner, as is the next.
    private boolean checkIsSet;

    // Only the thread that scrapes, or the schedule between two scrapes, touches what follows.
    private long due;
    private Lane lane = Lane.NEW;
    private long wholeDue;
    private boolean wholeNext = true;
    private boolean firstScrape = true;
    private boolean late;
    private long bytesBefore;
    private long parseBefore;

    TargetWatch(
            MonitoredTarget target,
            Pace pace,
            long sequence,
            WatchedTarget handle,
            MonitorClock clock,
            Counters counters,
            Events events) {
        this.target = target;
        this.pace = pace;
        this.sequence = sequence;
        this.handle = handle;
        this.clock = clock;
        this.counters = counters;
        this.events = events;
        this.random = new SplittableRandom(sequence);
        this.reading = Reading.begin(pace);
    }

    long due() {
        return due;
    }

    void dueAt(long nanos) {
        due = nanos;
    }

    Lane lane() {
        return lane;
    }

    /** Whether its last scrape was late by this machine's doing: began late, or took long to be read. The engine's time is its own. */
    boolean wasLate() {
        return late;
    }

    boolean isRemoved() {
        return removed;
    }

    Reading reading() {
        return reading;
    }

    TargetView view() {
        return viewOf(reading);
    }

    /** Asks the target once and notes when it is due again. Throws nothing that a target can cause. */
    void scrape() {
        long start = clock.nanoTime();
        counters.began(Math.max(0, start - due));
        boolean whole = wholeIsDue(start);
        EngineSnapshot snapshot = null;
        Throwable failure = null;
        runningSince = start;
        running = true;
        try {
            snapshot = whole ? handle.collect() : handle.collect(LOAD);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            running = false;
        }
        long end = clock.nanoTime();
        long readingNanos = count(end - start);
        late = !firstScrape && start - due + readingNanos > pace.interval() / LATE_PART;
        if (removed) {
            return;
        }
        if (snapshot != null) {
            good(snapshot, whole, start, end);
        } else {
            failed(failure, whole, start, end);
        }
        firstScrape = false;
    }

    /** A scrape that could not even begin. */
    void couldNotRun(RuntimeException reason) {
        long now = clock.nanoTime();
        failed(reason, false, now, now);
    }

    /** Tells when time alone has changed the state, and breaks off a scrape that outlived its timeout. */
    void checkState() {
        long now = clock.nanoTime();
        synchronized (this) {
            announceState(reading, now);
        }
        if (running && now - runningSince > pace.timeout().toNanos() + OVERTIME_NANOS) {
            handle.cancel();
        }
    }

    /** How long until the state has to be looked at again; {@link Long#MAX_VALUE} when time alone does not change it. */
    long untilCheck() {
        return reading.untilNextState(clock.nanoTime(), pace);
    }

    /** Whether a look at the state at a time is sooner than that which is planned. */
    boolean noteCheck(long at) {
        if (checkIsSet && at - checkAt >= 0) {
            return false;
        }
        checkIsSet = true;
        checkAt = at;
        return true;
    }

    /** Whether the look that was planned for a time is still the one to take. */
    boolean takeCheck(long at) {
        boolean current = checkIsSet && checkAt == at;
        if (current) {
            checkIsSet = false;
        }
        return current;
    }

    void remove() {
        removed = true;
        handle.close();
    }

    private boolean wholeIsDue(long start) {
        return wholeNext || pace.wholeOnly() || start - wholeDue >= -pace.interval() / 2;
    }

    private void good(EngineSnapshot snapshot, boolean whole, long start, long end) {
        (whole ? counters.wholes : counters.loads).increment();
        Timed now = new Timed(snapshot, answeredAt(start, end), end);
        Reading next = whole ? reading.afterWhole(now, pace) : reading.afterLoad(now, pace);
        if (whole) {
            wholeDue = start + (firstScrape ? (long) (pace.whole() * share(sequence + 1, WHOLE_STEP)) : pace.whole());
        }
        wholeNext = !whole && next.restarts() > reading.restarts();
        lane = end - start < SLOW_NANOS ? Lane.QUICK : Lane.SLOW;
        due = nextTick(start, end);
        publish(next, MonitorEvent.Kind.SNAPSHOT, end);
    }

    /** When the engine said what it said, by the monitor's clock: a page that arrived slowly is as old as its beginning. */
    private long answeredAt(long start, long end) {
        Long answered = handle.answeredNanos();
        long since = answered == null ? 0 : Math.max(0, System.nanoTime() - answered);
        return Math.max(start, end - since);
    }

    private void failed(@Nullable Throwable cause, boolean whole, long start, long end) {
        Throwable failure = cause == null ? new IllegalStateException("The collector gave no snapshot.") : cause;
        FailureKind kind = FailureKind.of(failure);
        counters.failed(kind);
        boolean passing = failure instanceof CollectException known && known.isTransient();
        Reading next = reading.afterFailure(new ScrapeFailure(kind, messageOf(failure), clock.now(), passing));
        // An engine that was gone may come back as another process; its whole page tells.
        wholeNext = kind == FailureKind.UNREACHABLE || kind == FailureKind.REFUSED;
        if (whole) {
            wholeDue = end + pace.whole(); // The load may well be readable where the whole page is not.
        }
        lane = end - start < SLOW_NANOS ? Lane.QUICK : Lane.FAILING;
        int failures = next.failuresInARow();
        due = failures == 1 ? nextTick(start, end) : end + jittered(pace.backoff(failures));
        publish(next, MonitorEvent.Kind.FAILURE, end);
    }

    /** The next tick of the target's own beat; those that passed meanwhile are left out. */
    private long nextTick(long start, long end) {
        if (firstScrape) {
            return Math.max(end, start + (long) (pace.interval() * (0.5 + share(sequence, TICK_STEP))));
        }
        long passed = Math.max(0, (end - due) / pace.interval());
        counters.skipped.add(passed);
        return due + (passed + 1) * pace.interval();
    }

    /** Where a target stands between 0 and 1 by its number, such that any number of targets lie evenly. */
    private static double share(long number, double step) {
        return number * step % 1;
    }

    private long jittered(long nanos) {
        return (long) (nanos * (0.9 + 0.2 * random.nextDouble()));
    }

    /** Counts a scrape; returns how long its page took to be read. */
    private long count(long nanos) {
        counters.scrapeNanos.add(nanos);
        long bytes = handle.bytesRead();
        long parse = handle.parseNanos();
        counters.bytes.add(bytes - bytesBefore);
        long nanosOfReading = parse - parseBefore;
        counters.parseNanos.add(nanosOfReading);
        bytesBefore = bytes;
        parseBefore = parse;
        return nanosOfReading;
    }

    private synchronized void publish(Reading next, MonitorEvent.Kind kind, long now) {
        reading = next;
        if (events.areHeard()) {
            events.publish(new MonitorEvent(kind, viewAt(next, now), null));
        }
        announceState(next, now);
    }

    private void announceState(Reading current, long now) {
        TargetState state = current.stateAt(now, pace);
        TargetState before = announced;
        if (state != before && !removed) {
            announced = state;
            log(current, before, state);
            if (events.areHeard()) {
                events.publish(new MonitorEvent(MonitorEvent.Kind.STATE_CHANGE, viewAt(current, now), before));
            }
        }
    }

    private void log(Reading current, TargetState before, TargetState state) {
        ScrapeFailure failure = current.lastFailure();
        if (state == TargetState.UP) {
            LOG.debug("{} is UP, was {}", target.name(), before);
        } else if (failure == null || current.failuresInARow() == 0) {
            LOG.info("{} is {}, was {}: no answer in time", target.name(), state, before);
        } else {
            LOG.info("{} is {}, was {}: {}", target.name(), state, before, failure.message());
        }
    }

    private TargetView viewOf(Reading current) {
        return viewAt(current, clock.nanoTime());
    }

    private TargetView viewAt(Reading current, long nanos) {
        return new ReadingView(target, pace, current, nanos, clock.now());
    }

    private static String messageOf(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof CollectException && message != null) {
            return message;
        }
        return "%s%s. This is not the engine's doing; look at the log for what threw it."
                .formatted(failure.getClass().getName(), message == null ? "" : ": " + message);
    }
}
