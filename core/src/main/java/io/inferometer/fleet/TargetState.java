package io.inferometer.fleet;

/** What a monitor thinks of a target, by how long ago the last good snapshot had arrived. */
public enum TargetState {
    /** No scrape has ended yet, neither well nor badly. */
    UNKNOWN,
    /** The last good snapshot is younger than {@link MonitorOptions#staleAfter}. */
    UP,
    /** The last good snapshot is older than that, and younger than {@link MonitorOptions#downAfter}. */
    STALE,
    /** The last good snapshot is older than {@link MonitorOptions#downAfter}, or there was none and a scrape failed. */
    DOWN
}
