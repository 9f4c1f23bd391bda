package io.inferometer.exporter;

import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorListener;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches targets until each was read so many times; where targets come and go, until there was time for so many. Safe to
 * share; owns its monitor until it is closed.
 */
final class WatchLoop implements AutoCloseable {
    /** As many rounds as there is time for. */
    static final int ENDLESS = -1;

    private final EngineMonitor monitor;
    private final Map<String, Integer> left = new HashMap<>();
    private final @Nullable Pods pods;
    private final long begin = System.nanoTime();
    private final long nanosMax;

    WatchLoop(Watching watching, MonitorOptions options, int rounds, Consumer<Reading> listener) {
        watching.targets().forEach(target -> left.put(target.name(), rounds));
        pods = watching.pods();
        nanosMax = rounds == ENDLESS
                ? Long.MAX_VALUE
                : rounds * watching.interval().toNanos();
        monitor = new EngineMonitor(watching.call()::collector, options);
        try {
            monitor.add(watching.targets().toArray(MonitoredTarget[]::new));
            feed(watching.call());
        } catch (IllegalArgumentException e) {
            monitor.close();
            throw Failure.usage(e);
        } catch (Failure e) {
            monitor.close();
            throw e;
        }
        monitor.addListener(pods == null ? new Rounds(listener) : new Each(listener));
        monitor.start();
    }

    private void feed(CallOptions call) {
        if (pods != null) {
            call.collector(CallOptions.AUTO); // Says what is wrong with the other options before anything is asked.
            pods.feed(monitor);
            pods.start();
        }
    }

    /** Whether every target has had all its rounds. */
    boolean isFinished() {
        if (pods != null) {
            return System.nanoTime() - begin >= nanosMax;
        }
        synchronized (left) {
            return left.isEmpty();
        }
    }

    /** Waits until each target was asked once. */
    void awaitFirst(Duration most) throws InterruptedException {
        monitor.awaitScrapes(1, most);
    }

    /** What is known of all targets now, those that had all their rounds not among them. */
    List<Reading> readings() {
        return monitor.targets().stream().map(Reading::of).toList();
    }

    @Override
    public void close() {
        monitor.close();
    }

    /** Tells each reading. */
    private record Each(Consumer<Reading> listener) implements MonitorListener {
        @Override
        public void onSnapshot(TargetView view) {
            listener.accept(Reading.of(view));
        }

        @Override
        public void onFailure(TargetView view) {
            listener.accept(Reading.of(view));
        }
    }

    /** Tells each reading, and takes a target out after its last round. */
    private final class Rounds implements MonitorListener {
        private final Consumer<Reading> listener;

        Rounds(Consumer<Reading> listener) {
            this.listener = listener;
        }

        @Override
        public void onSnapshot(TargetView view) {
            tell(view);
        }

        @Override
        public void onFailure(TargetView view) {
            tell(view);
        }

        private void tell(TargetView view) {
            boolean over = isLastRound(view.name());
            if (over) {
                monitor.remove(view.name());
            }
            if (isLeft(view.name())) {
                listener.accept(Reading.of(view));
            }
            if (over) {
                finish(view.name());
            }
        }

        private boolean isLeft(String name) {
            synchronized (left) {
                return left.containsKey(name);
            }
        }

        private boolean isLastRound(String name) {
            synchronized (left) {
                Integer rounds = left.get(name);
                if (rounds == null || rounds == ENDLESS) {
                    return false;
                }
                left.put(name, rounds - 1);
                return rounds == 1;
            }
        }

        private void finish(String name) {
            synchronized (left) {
                left.remove(name);
            }
        }
    }
}
