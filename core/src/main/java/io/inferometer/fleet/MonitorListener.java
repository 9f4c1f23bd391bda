package io.inferometer.fleet;

/**
 * Hears what a monitor sees.
 *
 * <p>One event at a time, in order, on a thread of the listener's own. One that is slow delays nobody but itself: when its
 * queue is full, its oldest snapshots are dropped and counted. What it throws is logged and counted.
 */
public interface MonitorListener {
    /** A scrape ended well; the view is as of that moment. */
    default void onSnapshot(TargetView view) {}

    /** A scrape failed; the view says why. */
    default void onFailure(TargetView view) {}

    /** The state changed; the view has the new one. */
    default void onStateChange(TargetView view, TargetState before) {}
}
