package io.inferometer.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener's queue: bounded, in order, emptied by one thread at a time.
 *
 * <p>Safe to share. When it is full, the oldest snapshot or failure makes room, since a newer one says more; a change of state
 * only when nothing else is there.
 */
final class Delivery implements ListenerHandle {
    private static final Logger LOG = LoggerFactory.getLogger(EngineMonitor.class);

    /** Who hears the events. */
    interface Receiver {
        /** Hears an event; what it throws is counted. */
        void receive(MonitorEvent event);

        /** Whether it takes an event now; when not, the delivery is woken once it does. */
        default boolean isReady() {
            return true;
        }

        /** No event comes any more. */
        default void ended() {}
    }

    private final Receiver receiver;
    private final Executor executor;
    private final Counters counters;
    private final Consumer<Delivery> onClose;
    private final int max;
    private final Deque<MonitorEvent> queue = new ArrayDeque<>();
    private boolean draining;
    private boolean ending;
    private boolean ended;
    private volatile boolean closed;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    Delivery(Receiver receiver, int max, Executor executor, Counters counters, Consumer<Delivery> onClose) {
        this.receiver = receiver;
        this.max = max;
        this.executor = executor;
        this.counters = counters;
        this.onClose = onClose;
    }

    void offer(MonitorEvent event) {
        synchronized (this) {
            if (closed || ending) {
                return;
            }
            if (queue.size() >= max) {
                makeRoom();
            }
            queue.addLast(event);
        }
        wake();
    }

    /** Looks again whether there is something to deliver. */
    void wake() {
        synchronized (this) {
            if (draining || !hasWork()) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                draining = false; // The caller's executor was shut down; the queue stays bounded.
                notifyAll();
            }
        }
    }

    /** Takes no more events; those that wait are still delivered, unless the receiver wants none. */
    void end() {
        synchronized (this) {
            ending = true;
            if (!receiver.isReady()) {
                dropped.addAndGet(queue.size());
                counters.listenerDrops.add(queue.size());
                queue.clear();
            }
        }
        wake();
    }

    /** Waits until all was delivered after {@link #end}, or until a moment of {@link System#nanoTime()}. */
    synchronized void awaitEnd(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        while (!ended && !closed && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = deadline - System.nanoTime();
        }
    }

    @Override
    public long delivered() {
        return delivered.get();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public long errors() {
        return errors.get();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            queue.clear();
            notifyAll();
        }
        onClose.accept(this);
    }

    private boolean hasWork() { // The lock is held.
        if (closed || ended) {
            return false;
        }
        return queue.isEmpty() ? ending : receiver.isReady();
    }

    private void drain() {
        while (true) {
            MonitorEvent event;
            synchronized (this) {
                if (!hasWork()) {
                    draining = false;
                    return;
                }
                event = queue.pollFirst();
                ended = event == null;
            }
            if (event == null) {
                hand(receiver::ended);
                synchronized (this) {
                    notifyAll();
                }
                onClose.accept(this);
                return;
            }
            deliver(event);
        }
    }

    private void deliver(MonitorEvent event) {
        counters.listenerEvents.increment();
        hand(() -> receiver.receive(event));
        delivered.incrementAndGet();
    }

    private void hand(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            if (errors.getAndIncrement() == 0) {
                LOG.warn("A listener of the monitor threw; it goes on. Further ones are counted, not logged.", e);
            }
            counters.listenerErrors.increment();
        }
    }

    private void makeRoom() {
        dropped.incrementAndGet();
        counters.listenerDrops.increment();
        for (Iterator<MonitorEvent> all = queue.iterator(); all.hasNext(); ) {
            if (all.next().kind() != MonitorEvent.Kind.STATE_CHANGE) {
                all.remove();
                return;
            }
        }
        queue.removeFirst();
    }
}
