package io.inferometer.fleet;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a monitor saw.
 *
 * <p>Immutable and safe to share.
 *
 * @param kind what happened
 * @param view the target as of that moment
 * @param before the state before; null unless the state changed
 */
public record MonitorEvent(
        Kind kind, TargetView view, @Nullable TargetState before) {
    /** What happened. */
    public enum Kind {
        /** A scrape ended well. */
        SNAPSHOT,
        /** A scrape failed. */
        FAILURE,
        /** The state changed. */
        STATE_CHANGE
    }
}
