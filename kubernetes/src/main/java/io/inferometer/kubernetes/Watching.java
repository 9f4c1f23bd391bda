package io.inferometer.kubernetes;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One informer: a list that a watch keeps up to date, listed and watched anew after every break. Before the first list a
 * refusal ends it; later nothing does, and what was known stays. Thread-safe.
 */
final class Watching<T> implements AutoCloseable {
    private final SharedIndexInformer<T> informer;
    private final Access access;
    private final Problems problems;
    private final BooleanSupplier keepsTrying;
    private final String place;
    private volatile boolean closed;
    private volatile @Nullable Throwable lastError;

    Watching(
            SharedIndexInformer<T> informer,
            Access access,
            Problems problems,
            BooleanSupplier keepsTrying,
            Runnable onChange) {
        this.informer = informer;
        this.access = access;
        this.problems = problems;
        this.keepsTrying = keepsTrying;
        this.place = "watch/" + access.resource();
        informer.addEventHandler(new ChangeHandler<>(onChange));
        informer.exceptionHandler(this::mayGoOn);
    }

    /** Begins; completed with the first list, or with what the server refused. */
    CompletableFuture<Void> start() {
        return informer.start().toCompletableFuture();
    }

    /** Whether there ever was a list. */
    boolean hasSynced() {
        return informer.hasSynced();
    }

    List<T> list() {
        return informer.getStore().list();
    }

    /** Takes back what was said of a break that is over. */
    void noteRecovery() {
        if (informer.isWatching()) {
            problems.clear(place);
        }
    }

    @Nullable
    Throwable lastError() {
        return lastError;
    }

    Access access() {
        return access;
    }

    @Override
    public void close() {
        closed = true;
        informer.stop();
        problems.clear(place);
    }

    private boolean mayGoOn(boolean everListed, Throwable error) {
        if (closed) {
            return false;
        }
        lastError = error;
        boolean started = keepsTrying.getAsBoolean();
        if (started) {
            problems.set(place, access.explain(error));
        } // Else whoever starts it is told.
        return everListed || started || !Access.isRefusal(error);
    }

    private record ChangeHandler<T>(Runnable onChange) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            onChange.run();
        }

        @Override
        public void onUpdate(T before, T after) {
            onChange.run();
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            onChange.run();
        }
    }
}
