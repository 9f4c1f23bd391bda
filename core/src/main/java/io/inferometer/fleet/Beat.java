package io.inferometer.fleet;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the time: hands each target that is due to those who scrape, and looks at states that time alone changes.
 *
 * <p>Safe to share. Its one thread wakes for what is due and takes along what is due within the next two milliseconds; it never
 * scrapes and never waits for anybody who does.
 */
final class Beat {
    private static final long QUANTUM_NANOS = 2_000_000;
    private static final long LONGEST_SLEEP_NANOS = Duration.ofDays(1).toNanos();

    private final Object lock = new Object();
    private final Schedule schedule = new Schedule();
    private final MonitorClock clock;
    private final Threads threads;
    private final @Nullable Executor executor;
    private final Workers workers;
    private @Nullable Thread keeper;
    private long wakesAt;
    private long firstTick;
    private boolean hadTick;
    private boolean stopped;

    Beat(MonitorOptions options, Threads threads) {
        this.clock = options.clock();
        this.threads = threads;
        this.executor = options.executor();
        this.workers = new Workers(lock, threads, options.threadsMax(), this::reschedule);
    }

    /** Begins to watch a target: soon, but not all new ones at once. */
    void add(TargetWatch watch) {
        synchronized (lock) {
            watch.dueAt(nextFirstTick(watch.pace.interval()));
            schedule.addTick(watch);
            wakeKeeperFor(watch.due());
        }
    }

    void purge() {
        synchronized (lock) {
            schedule.purge();
        }
    }

    void start() {
        synchronized (lock) {
            if (keeper == null && !stopped) {
                keeper = threads.start("clock", this::keepTime);
            }
        }
    }

    /** No scrape begins any more. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            workers.stop();
            LockSupport.unpark(keeper);
        }
    }

    /** Runs on the calling thread what is due; returns how long until something is, in nanoseconds. */
    long runDue() {
        Schedule.Due due;
        do {
            synchronized (lock) {
                due = schedule.takeDue(clock.nanoTime());
            }
            for (TargetWatch watch : due.ticks()) {
                watch.scrape();
                synchronized (lock) {
                    reschedule(watch);
                }
            }
            due.checks().forEach(this::check);
        } while (!due.ticks().isEmpty() || !due.checks().isEmpty());
        synchronized (lock) {
            Long next = schedule.nextDue();
            return next == null ? LONGEST_SLEEP_NANOS : Math.max(0, next - clock.nanoTime());
        }
    }

    private void keepTime() {
        while (true) {
            Schedule.Due due;
            long sleep;
            synchronized (lock) {
                if (stopped) {
                    return;
                }
                long now = clock.nanoTime();
                due = schedule.takeDue(now);
                if (executor == null) {
                    due.ticks().forEach(workers::enqueue);
                    workers.staff(now);
                }
                sleep = untilNext(now);
                wakesAt = now + sleep;
            }
            due.checks().forEach(this::check);
            if (executor != null) {
                due.ticks().forEach(watch -> execute(executor, watch));
            }
            Thread.interrupted(); // Nobody else's business; it would keep this thread from sleeping.
            LockSupport.parkNanos(this, sleep);
        }
    }

    private long untilNext(long now) {
        if (workers.hasWaiting()) {
            return QUANTUM_NANOS;
        }
        Long next = schedule.nextDue();
        return next == null ? LONGEST_SLEEP_NANOS : Math.max(QUANTUM_NANOS, next - now);
    }

    private void execute(Executor callers, TargetWatch watch) {
        try {
            callers.execute(() -> {
                watch.scrape();
                again(watch);
            });
        } catch (RuntimeException e) {
            watch.couldNotRun(e); // Rejected: the executor is full or shut down.
            again(watch);
        }
    }

    private void again(TargetWatch watch) {
        synchronized (lock) {
            reschedule(watch);
        }
    }

    private void check(TargetWatch watch) {
        watch.checkState();
        synchronized (lock) {
            addCheck(watch);
        }
    }

    private void reschedule(TargetWatch watch) {
        if (watch.isRemoved() || stopped) {
            return;
        }
        schedule.addTick(watch);
        wakeKeeperFor(watch.due());
        addCheck(watch);
    }

    private void addCheck(TargetWatch watch) {
        long wait = watch.untilCheck();
        if (!watch.isRemoved() && wait != Long.MAX_VALUE) {
            schedule.addCheck(watch, clock.nanoTime() + wait);
        }
    }

    private long nextFirstTick(long interval) {
        long now = clock.nanoTime();
        long apart = Duration.ofMillis(1).toNanos();
        boolean wrap = !hadTick || firstTick - now < 0 || firstTick - now > interval - apart;
        firstTick = wrap ? now : firstTick + apart;
        hadTick = true;
        return firstTick;
    }

    private void wakeKeeperFor(long due) {
        if (keeper != null && due - wakesAt < 0) {
            wakesAt = due;
            LockSupport.unpark(keeper);
        }
    }
}
