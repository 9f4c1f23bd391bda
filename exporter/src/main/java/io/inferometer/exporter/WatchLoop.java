package io.inferometer.exporter;

import io.inferometer.exporter.WatchedTarget.Reading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads targets at an interval, several at once, each never twice at once: one that is slow misses turns and delays
 * nobody. Safe to share; owns its threads until it is closed.
 */
final class WatchLoop implements AutoCloseable {
    /** As many rounds as there is time for. */
    static final int ENDLESS = -1;

    private static final int THREADS_MAX = 16;

    private final ScheduledThreadPoolExecutor threads;
    private final Consumer<Reading> listener;
    private final long intervalNanos;
    private final CountDownLatch unfinished;

    WatchLoop(List<WatchedTarget> targets, Duration interval, int rounds, Consumer<Reading> listener) {
        this.listener = listener;
        this.intervalNanos = interval.toNanos();
        this.unfinished = new CountDownLatch(targets.size());
        this.threads = new ScheduledThreadPoolExecutor(Math.min(targets.size(), THREADS_MAX), work -> {
            Thread thread = new Thread(work, "inferometer-watch");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRejectedExecutionHandler(
                new ThreadPoolExecutor.DiscardPolicy()); // A turn that comes while we close.
        long start = System.nanoTime();
        targets.forEach(target -> threads.execute(() -> turn(target, start, rounds)));
    }

    /** Whether every target has had all its rounds. */
    boolean isFinished() {
        return unfinished.getCount() == 0;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void turn(WatchedTarget target, long planned, int roundsLeft) {
        try {
            listener.accept(target.read());
        } finally {
            if (roundsLeft == 1) {
                unfinished.countDown();
            } else {
                plan(target, planned, roundsLeft == ENDLESS ? ENDLESS : roundsLeft - 1);
            }
        }
    }

    /** Plans the next turn on the grid of intervals; turns that are past already are left out. */
    private void plan(WatchedTarget target, long before, int roundsLeft) {
        long late = System.nanoTime() - before;
        long next = before + intervalNanos * (1 + late / intervalNanos);
        ScheduledFuture<?> unused =
                threads.schedule(() -> turn(target, next, roundsLeft), next - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
