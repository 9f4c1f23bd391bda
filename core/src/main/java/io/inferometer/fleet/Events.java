package io.inferometer.fleet;

/** Where a target tells what happened. */
interface Events {
    /** Whether anybody listens; when nobody does, no event need be made. */
    boolean areHeard();

    /** Queues an event for all who listen; never waits. */
    void publish(MonitorEvent event);
}
