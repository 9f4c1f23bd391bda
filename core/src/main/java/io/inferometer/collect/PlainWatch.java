package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the whole page each time. */
final class PlainWatch implements WatchedTarget {
    private final Target target;
    private final Function<ActiveCall, ? extends EngineSnapshot> scrape;
    private final AtomicReference<@Nullable ActiveCall> active = new AtomicReference<>();
    private volatile boolean closed;

    PlainWatch(Target target, Function<ActiveCall, ? extends EngineSnapshot> scrape) {
        this.target = target;
        this.scrape = scrape;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public EngineSnapshot collect() {
        if (closed) {
            throw new IllegalStateException("The watch of " + target + " is closed; make a new one with watch(...).");
        }
        ActiveCall call = new ActiveCall();
        if (!active.compareAndSet(null, call)) {
            throw new IllegalStateException(
                    "A scrape of " + target + " is running; wait for its end, or make a watch for each thread.");
        }
        try {
            return scrape.apply(call);
        } finally {
            active.set(null);
        }
    }

    @Override
    public EngineSnapshot collect(Set<MetricGroup> groups) {
        Objects.requireNonNull(groups, "groups");
        return collect();
    }

    @Override
    public void cancel() {
        ActiveCall call = active.get();
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    public long retainedBytes() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
        cancel();
    }
}
