package io.inferometer.fleet;

import io.inferometer.fleet.TargetWatch.Lane;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that scrape, as few as keep up.
 *
 * <p>Targets that are due wait in a queue by their {@link Lane}. A worker takes one after another and sleeps when there is none,
 * so that several scrapes cost one waking. Another worker is woken, or started, when quick targets wait although workers are at
 * work: those are stuck, or too few. New, slow and failing targets have a bounded part of the workers, so that however many of
 * them hang, some are left for the quick ones. New ones wait while this machine is late with the others ({@link Admission}).
 * Guarded by {@code lock}; what is called from elsewhere holds it.
 */
final class Workers {
    private static final long STUCK_NANOS = 4_000_000;
    private static final long NEW_STUCK_NANOS = 50_000_000;
    private static final long IDLE_NANOS = 5_000_000_000L;
    private static final int NEW_AT_ONCE = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private final Object lock;
    private final Threads threads;
    private final Consumer<TargetWatch> after;
    private final int max;
    private final int maxBesidesQuick;
    private final Map<Lane, Queue> queues = new EnumMap<>(Lane.class);
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Admission admission = new Admission();
    private int alive;
    private int woken;
    private boolean stopped;

    Workers(Object lock, Threads threads, int max, Consumer<TargetWatch> after) {
        this.lock = lock;
        this.threads = threads;
        this.after = after;
        this.max = max;
        this.maxBesidesQuick = max - Math.max(1, max / 4);
        for (Lane lane : Lane.values()) {
            queues.put(lane, new Queue(maxOf(lane)));
        }
    }

    void enqueue(TargetWatch watch) {
        of(watch.lane()).waiting.add(watch);
    }

    boolean hasWaiting() {
        return queues.values().stream().anyMatch(queue -> !queue.waiting.isEmpty());
    }

    /** Wakes or starts as many workers as what waits needs. */
    void staff(long now) {
        TargetWatch quick = of(Lane.QUICK).waiting.peek();
        int wanted = 0;
        if (quick != null && (of(Lane.QUICK).busy == 0 || now - quick.due() >= STUCK_NANOS)) {
            wanted++;
        }
        if (hasRoomBesidesQuick()) {
            wanted += wantedForNew()
                    + of(Lane.SLOW).startable()
                    + of(Lane.FAILING).startable();
        }
        while (woken < wanted && wakeOne()) {
            woken++;
        }
    }

    void stop() {
        stopped = true;
        queues.values().forEach(queue -> queue.waiting.clear());
        while (!idle.isEmpty()) {
            LockSupport.unpark(idle.removeLast().thread);
        }
    }

    /** A few at once, and one more each time that all of them seem to hang. */
    private int wantedForNew() {
        Queue fresh = of(Lane.NEW);
        long now = System.nanoTime();
        if (fresh.waiting.isEmpty() || !admission.isOpen(now)) {
            return 0;
        }
        boolean stuck = admission.sinceLast(now) > NEW_STUCK_NANOS;
        int room = stuck ? Math.max(1, NEW_AT_ONCE - fresh.busy) : NEW_AT_ONCE - fresh.busy;
        return Math.max(0, Math.min(room, fresh.startable()));
    }

    private boolean wakeOne() {
        Worker sleeping = idle.pollLast(); // The one that slept least has the warmest caches; the others may end.
        if (sleeping != null) {
            sleeping.signalled = true;
            LockSupport.unpark(sleeping.thread);
            return true;
        }
        if (alive >= max) {
            return false;
        }
        alive++;
        Worker worker = new Worker();
        worker.signalled = true;
        worker.thread = threads.start("scrape", worker);
        return true;
    }

    private @Nullable TargetWatch take() {
        for (Map.Entry<Lane, Queue> each : queues.entrySet()) {
            Queue queue = each.getValue();
            TargetWatch watch = mayTake(each.getKey(), queue) ? queue.waiting.poll() : null;
            if (watch != null) {
                queue.busy++;
                if (each.getKey() == Lane.NEW) {
                    admission.letIn(System.nanoTime());
                }
                return watch;
            }
        }
        return null;
    }

    private boolean mayTake(Lane lane, Queue queue) {
        return switch (lane) {
            case QUICK -> true;
            case SLOW -> hasRoom(queue) && !isNewOverdue();
            case NEW -> hasRoom(queue) && admission.isOpen(System.nanoTime());
            case FAILING -> hasRoom(queue);
        };
    }

    private boolean hasRoom(Queue queue) {
        return queue.busy < queue.max && hasRoomBesidesQuick();
    }

    /** Where there are few workers, slow targets that always wait would keep new ones out for ever. */
    private boolean isNewOverdue() {
        Queue fresh = of(Lane.NEW);
        return !fresh.waiting.isEmpty() && hasRoom(fresh) && admission.isOverdue(System.nanoTime());
    }

    private boolean hasRoomBesidesQuick() {
        return of(Lane.NEW).busy + of(Lane.SLOW).busy + of(Lane.FAILING).busy < maxBesidesQuick;
    }

    private int maxOf(Lane lane) {
        return switch (lane) {
            case QUICK -> max;
            case NEW, SLOW -> Math.max(1, max / 2);
            case FAILING -> Math.max(1, max / 8);
        };
    }

    private Queue of(Lane lane) {
        Queue queue = queues.get(lane);
        if (queue == null) {
            throw new IllegalStateException("Each lane has a queue");
        }
        return queue;
    }

    /** The targets of one lane that wait, and how many of it are being scraped. */
    private static final class Queue {
        private final Deque<TargetWatch> waiting = new ArrayDeque<>();
        private final int max;
        private int busy;

        Queue(int max) {
            this.max = max;
        }

        int startable() {
            return Math.max(0, Math.min(waiting.size(), max - busy));
        }
    }

    /** Takes what waits until there is nothing, sleeps, and ends when nobody wakes it for long. */
    private final class Worker implements Runnable {
        private volatile @Nullable Thread thread;
        private boolean signalled;

        @Override
        public void run() {
            TargetWatch watch = next();
            while (watch != null) {
                Lane lane = watch.lane();
                try {
                    watch.scrape();
                } finally {
                    synchronized (lock) {
                        of(lane).busy--;
                        if (lane != Lane.NEW) {
                            admission.ended(watch.wasLate());
                        }
                        after.accept(watch);
                    }
                }
                watch = next();
            }
        }

        private @Nullable TargetWatch next() {
            long sleptFrom = System.nanoTime();
            while (true) {
                synchronized (lock) {
                    noteWaking();
                    TargetWatch watch = stopped ? null : take();
                    if (watch != null) {
                        idle.remove(this);
                        return watch;
                    }
                    boolean surplus = System.nanoTime() - sleptFrom >= IDLE_NANOS && alive > 1;
                    if (stopped || surplus) {
                        idle.remove(this);
                        alive--;
                        return null;
                    }
                    if (!idle.contains(this)) {
                        idle.addLast(this);
                    }
                }
                Thread.interrupted(); // Left by a scrape that was broken off; it would keep this thread from sleeping.
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }

        private void noteWaking() {
            if (signalled) {
                signalled = false;
                woken--;
            }
        }
    }
}
