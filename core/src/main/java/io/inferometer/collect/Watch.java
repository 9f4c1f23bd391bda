package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The handle of one target: one scrape at a time, each by the same reader. */
final class Watch implements WatchedTarget {
    /** Reads one target again and again. For one thread at a time. */
    interface Reader {
        EngineSnapshot read(Set<MetricGroup> groups, Tools tools, ActiveCall active);

        /** What is kept between two scrapes, in bytes, pages not counted. */
        long retainedBytes();
    }

    /** What a reader reads with. */
    record Tools(OkHttpClient client, Keepsake kept) {}

    /** Nothing is read any more. */
    private static final ActiveCall CLOSED = new ActiveCall();

    private final Target target;
    private final Set<MetricGroup> usual;
    private final Reader reader;
    private final Tools tools;
    private final AtomicReference<@Nullable ActiveCall> active = new AtomicReference<>();
    private volatile long retained;
    private volatile boolean closed;

    Watch(Target target, Set<MetricGroup> usual, Reader reader, OkHttpClient client) {
        this.target = target;
        this.usual = usual;
        this.reader = reader;
        tools = new Tools(client, new Keepsake(System::nanoTime));
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public EngineSnapshot collect() {
        return read(usual);
    }

    @Override
    public EngineSnapshot collect(Set<MetricGroup> groups) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("No group was named; call collect() to read everything.");
        }
        return read(MetricGroup.copyOf(groups));
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
        return retained;
    }

    @Override
    public long bytesRead() {
        return tools.kept().bytesRead();
    }

    @Override
    public long parseNanos() {
        return tools.kept().parseNanos();
    }

    @Override
    public @Nullable Long answeredNanos() {
        return tools.kept().answeredNanos();
    }

    @Override
    public void close() {
        closed = true;
        cancel();
        tools.client().connectionPool().evictAll();
        if (active.compareAndSet(null, CLOSED)) {
            letGo();
        }
    }

    private void letGo() {
        tools.kept().forget();
        tools.client().connectionPool().evictAll();
        retained = 0;
    }

    private EngineSnapshot read(Set<MetricGroup> groups) {
        if (closed) {
            throw new IllegalStateException("The watch of " + target + " is closed; make a new one with watch(...).");
        }
        ActiveCall call = new ActiveCall();
        if (!active.compareAndSet(null, call)) {
            throw new IllegalStateException(
                    "A scrape of " + target + " is running; wait for its end, or make a watch for each thread.");
        }
        try {
            return reader.read(groups, tools, call);
        } finally {
            retained = reader.retainedBytes() + tools.kept().retainedBytes();
            active.set(null);
            if (closed && active.compareAndSet(null, CLOSED)) {
                letGo();
            }
        }
    }
}
