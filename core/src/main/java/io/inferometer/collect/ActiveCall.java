package io.inferometer.collect;

import org.jspecify.annotations.Nullable;

/** The HTTP call that a scrape is waiting for, so that another thread can cancel it. Safe to share. */
final class ActiveCall {
    private @Nullable Runnable breakOff;
    private boolean cancelled;

    /** Says how the call that begins now is broken off. */
    synchronized void is(Runnable cancel) {
        breakOff = cancel;
        if (cancelled) {
            cancel.run();
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void cancel() {
        cancelled = true;
        if (breakOff != null) {
            breakOff.run();
        }
    }
}
