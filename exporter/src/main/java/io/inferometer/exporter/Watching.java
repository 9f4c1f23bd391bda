package io.inferometer.exporter;

import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is watched, and how.
 *
 * @param call how engines are asked
 * @param targets whom
 * @param pods where more targets come and go, or null
 * @param interval how often
 * @param order in which order they are shown
 */
record Watching(
        CallOptions call,
        List<MonitoredTarget> targets,
        @Nullable Pods pods,
        Duration interval,
        WatchOrder order) {
    /** Starts to watch. */
    WatchLoop loop(int rounds, Consumer<Reading> listener) {
        MonitorOptions options = MonitorOptions.DEFAULTS.withInterval(interval).withWholeInterval(interval);
        return new WatchLoop(
                this, call.timeout == null ? options : options.withTimeout(call.timeout), rounds, listener);
    }
}
