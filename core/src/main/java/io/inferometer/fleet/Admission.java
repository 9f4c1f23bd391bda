package io.inferometer.fleet;

/**
 * Whether a target that was never asked may be asked: not while this machine is late with those that were.
 *
 * <p>A Java machine that has just begun reads a page many times slower than one that has run for a while. Whoever asked all
 * targets at once then would have old pages of all of them. What counts is how many of the last scrapes began late or took long
 * to be read; how long engines take to answer keeps nobody out. Where the machine never keeps up, a new target is let in now and
 * then all the same. Guarded by its owner.
 */
final class Admission {
    private static final double LATE_SHARE_MAX = 0.125;
    private static final double WEIGHT = 1 / 16.0;
    private static final long PATIENCE_NANOS = 250_000_000;

    private double lateShare;
    private long lastAt;
    private boolean hadOne;

    /** Whether another target may be asked for the first time now. */
    boolean isOpen(long now) {
        return lateShare <= LATE_SHARE_MAX || isOverdue(now);
    }

    /** Whether none was let in for so long that one must be, whatever else waits. */
    boolean isOverdue(long now) {
        return sinceLast(now) >= PATIENCE_NANOS;
    }

    /** How long ago the last one was let in; the longest time there is when none ever was. */
    long sinceLast(long now) {
        return hadOne ? now - lastAt : Long.MAX_VALUE;
    }

    void letIn(long now) {
        lastAt = now;
        hadOne = true;
    }

    /** A target that was asked before was asked again. */
    void ended(boolean late) {
        lateShare += WEIGHT * ((late ? 1 : 0) - lateShare);
    }
}
