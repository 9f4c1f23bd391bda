package io.inferometer.fleet;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Hands events to a subscriber as it asks for them, by the rules of {@link Flow}. Safe to share. */
final class FlowReceiver implements Delivery.Receiver, Flow.Subscription {
    private final Flow.Subscriber<? super MonitorEvent> subscriber;
    private final AtomicLong wanted = new AtomicLong();
    private volatile @Nullable Delivery delivery;
    private volatile @Nullable IllegalArgumentException broken;

    FlowReceiver(Flow.Subscriber<? super MonitorEvent> subscriber) {
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
    }

    void subscribe(Delivery own) {
        delivery = own;
        subscriber.onSubscribe(this);
    }

    @Override
    public boolean isReady() {
        return wanted.get() > 0 && broken == null;
    }

    @Override
    public void receive(MonitorEvent event) {
        wanted.updateAndGet(count -> count == Long.MAX_VALUE ? count : count - 1);
        try {
            subscriber.onNext(event);
        } catch (RuntimeException | Error e) {
            cancel(); // A subscriber that throws has broken its rules and hears no more.
            throw e;
        }
    }

    @Override
    public void ended() {
        IllegalArgumentException reason = broken;
        if (reason == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(reason);
        }
    }

    @Override
    public void request(long count) {
        Delivery own = delivery;
        if (own == null) {
            return;
        }
        if (count <= 0) {
            broken = new IllegalArgumentException("request(n) needs n of 1 or more; found " + count + ". See Flow.");
            own.end(); // It hears so in its turn: never while another thread is calling it.
            return;
        }
        wanted.updateAndGet(before -> before + count < 0 ? Long.MAX_VALUE : before + count);
        own.wake();
    }

    @Override
    public void cancel() {
        Delivery own = delivery;
        if (own != null) {
            own.close();
        }
    }
}
