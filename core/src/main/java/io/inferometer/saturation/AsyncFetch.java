package io.inferometer.saturation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Runs a fetch elsewhere; cancelling the result interrupts the thread that it runs on. */
final class AsyncFetch {
    private AsyncFetch() {}

    static <T> CompletableFuture<T> start(Supplier<T> fetch, Executor executor) {
        CompletableFuture<T> result = new CompletableFuture<>();
        FutureTask<Void> task = new FutureTask<>(() -> complete(result, fetch), null);
        CompletableFuture<T> unused = result.whenComplete((value, failure) -> {
            if (failure instanceof CancellationException) {
                task.cancel(true);
            }
        });
        executor.execute(task);
        return result;
    }

    @SuppressWarnings("IllegalCatch")
    private static <T> void complete(CompletableFuture<T> result, Supplier<T> fetch) {
        try {
            result.complete(fetch.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
