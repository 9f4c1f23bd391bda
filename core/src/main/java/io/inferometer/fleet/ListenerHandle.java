package io.inferometer.fleet;

/**
 * A listener's place in a monitor.
 *
 * <p>Safe to share.
 */
public interface ListenerHandle extends AutoCloseable {
    /** Events handed to it. */
    long delivered();

    /** Events it lost because it was too slow. */
    long dropped();

    /** Exceptions it threw. */
    long errors();

    /** Ends it: no event is delivered any more, one that is being delivered may still run to its end. */
    @Override
    void close();
}
