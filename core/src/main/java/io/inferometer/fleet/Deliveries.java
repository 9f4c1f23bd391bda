package io.inferometer.fleet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All who listen to a monitor.
 *
 * <p>Safe to share. Without an executor of the caller's, each has a thread while it has something to hear.
 */
final class Deliveries implements Events {
    private static final long IDLE_SECONDS = 10;

    private final List<Delivery> all = new CopyOnWriteArrayList<>();
    private final Counters counters;
    private final int queueMax;
    private final @Nullable Executor callers;
    private final ThreadPoolExecutor own;
    private volatile boolean onOtherThreads;
    private boolean ended;

    Deliveries(MonitorOptions options, Threads threads, Counters counters) {
        this.counters = counters;
        this.queueMax = options.listenerQueueMax();
        this.callers = options.executor();
        this.own = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // One for each listener at most.
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                threads.factory("listener"));
    }

    /** From now on nobody is called on the thread that publishes. */
    void start() {
        onOtherThreads = true;
    }

    @Override
    public boolean areHeard() {
        return !all.isEmpty();
    }

    @Override
    public void publish(MonitorEvent event) {
        for (Delivery delivery : all) {
            delivery.offer(event);
        }
    }

    ListenerHandle add(MonitorListener listener) {
        Delivery delivery =
                new Delivery(event -> tell(listener, event), queueMax, this::execute, counters, all::remove);
        if (!register(delivery)) {
            throw new IllegalStateException("The monitor is closed; make a new one.");
        }
        return delivery;
    }

    void add(Flow.Subscriber<? super MonitorEvent> subscriber) {
        FlowReceiver receiver = new FlowReceiver(subscriber);
        Delivery delivery = new Delivery(receiver, queueMax, this::execute, counters, all::remove);
        receiver.subscribe(delivery);
        if (!register(delivery)) {
            delivery.end();
        }
    }

    /** Lets all hear what waits for them, until a moment of {@link System#nanoTime()}. */
    void end(long deadline) throws InterruptedException {
        List<Delivery> last;
        synchronized (this) {
            ended = true;
            last = List.copyOf(all);
        }
        last.forEach(Delivery::end);
        try {
            for (Delivery delivery : last) {
                delivery.awaitEnd(deadline);
            }
        } finally {
            last.forEach(Delivery::close);
            own.shutdownNow(); // Interrupts a listener that did not come to its end in time.
        }
    }

    private synchronized boolean register(Delivery delivery) {
        return !ended && all.add(delivery);
    }

    private void execute(Runnable work) {
        if (!onOtherThreads) {
            work.run();
        } else if (callers != null) {
            callers.execute(work);
        } else {
            own.execute(work);
        }
    }

    private static void tell(MonitorListener listener, MonitorEvent event) {
        switch (event.kind()) {
            case SNAPSHOT -> listener.onSnapshot(event.view());
            case FAILURE -> listener.onFailure(event.view());
            case STATE_CHANGE -> {
                TargetState before = event.before();
                listener.onStateChange(event.view(), before == null ? TargetState.UNKNOWN : before);
            }
        }
    }
}
