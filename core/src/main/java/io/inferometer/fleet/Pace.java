package io.inferometer.fleet;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a monitor's options and a target's own wishes come to, in nanoseconds. Immutable. */
record Pace(
        long interval,
        long whole,
        long stale,
        long down,
        long backoffMax,
        long window,
        long ratesOver,
        Duration timeout) {
    private static final long STALE_MIN = Duration.ofSeconds(1).toNanos();
    private static final long DOWN_MIN = Duration.ofSeconds(5).toNanos();

    static Pace of(MonitoredTarget target, MonitorOptions options) {
        long interval = nanos(target.interval(), options.interval());
        return new Pace(
                interval,
                nanos(target.wholeInterval(), options.wholeInterval()),
                nanos(options.staleAfter(), Duration.ofNanos(Math.max(STALE_MIN, 3 * interval))),
                nanos(options.downAfter(), Duration.ofNanos(Math.max(DOWN_MIN, 10 * interval))),
                Math.max(interval, options.backoffMax().toNanos()),
                options.window().toNanos(),
                options.ratesOver().toNanos(),
                target.timeout() == null ? options.timeout() : target.timeout());
    }

    /** Whether there is but one pace, that of whole pages. */
    boolean wholeOnly() {
        return whole <= interval;
    }

    /** How long to wait after so many failures in a row, one at least, before jitter. */
    long backoff(int failures) {
        int doublings = Math.min(failures - 1, 40);
        return interval > backoffMax >> doublings ? backoffMax : interval << doublings;
    }

    private static long nanos(@Nullable Duration own, Duration otherwise) {
        return (own == null ? otherwise : own).toNanos();
    }
}
