package io.inferometer.fleet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;

/** A monitor's own threads: named daemons that are counted. Safe to share. */
final class Threads {
    private static final AtomicInteger MONITORS = new AtomicInteger();

    private final int monitor = MONITORS.incrementAndGet();
    private final AtomicInteger started = new AtomicInteger();
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final LongAccumulator most = new LongAccumulator(Math::max, 0);

    /** A thread that is counted from its start to its end. */
    Thread start(String role, Runnable work) {
        Thread thread = make(role, work);
        thread.start();
        return thread;
    }

    ThreadFactory factory(String role) {
        return work -> make(role, work);
    }

    int alive() {
        return alive.size();
    }

    int most() {
        return most.intValue();
    }

    boolean hasCurrent() {
        return alive.contains(Thread.currentThread());
    }

    /** Waits for all to end, until a moment of {@link System#nanoTime()}. */
    void join(long deadline) throws InterruptedException {
        for (Thread thread : alive) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (!thread.equals(Thread.currentThread()) && left > 0) {
                thread.join(left);
            }
        }
    }

    private Thread make(String role, Runnable work) {
        String name = "inferometer-%d-%s-%d".formatted(monitor, role, started.incrementAndGet());
        Thread thread = new Thread(() -> counted(work), name);
        thread.setDaemon(true);
        return thread;
    }

    private void counted(Runnable work) {
        alive.add(Thread.currentThread());
        most.accumulate(alive.size());
        try {
            work.run();
        } finally {
            alive.remove(Thread.currentThread());
        }
    }
}
