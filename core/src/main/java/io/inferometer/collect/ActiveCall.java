package io.inferometer.collect;

import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/** The HTTP call that a scrape is waiting for, so that another thread can cancel it. Safe to share. */
final class ActiveCall {
    private @Nullable Call call;
    private boolean cancelled;

    synchronized void is(Call now) {
        call = now;
        if (cancelled) {
            now.cancel();
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel();
        }
    }
}
