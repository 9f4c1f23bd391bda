package io.inferometer.fleet;

import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.Limits;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.collect.Tls;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.collect.WatchedTarget;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.net.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Engines that answer what a test tells them to, without a network. Safe to share. */
final class FakeFleet {
    /** The clock of the monitor and of the engines. */
    public final FakeClock clock = new FakeClock();

    private final Map<String, Supplier<Told>> answers = new ConcurrentHashMap<>();
    private final Map<String, List<String>> asked = new ConcurrentHashMap<>();
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    private volatile Runnable cancelled = () -> {};

    /** A monitor of these engines, driven by {@code runDue()}. */
    public EngineMonitor monitor(MonitorOptions options) {
        return new EngineMonitor(this::collector, options.withClock(clock));
    }

    /** A monitor of these engines in real time, to be started and closed. */
    public EngineMonitor live(MonitorOptions options) {
        return new EngineMonitor(this::collector, options);
    }

    /** What an instance answers from now on; a supplier that throws is a failing engine, one that moves the clock a slow one. */
    public void answer(String instance, Supplier<Told> answer) {
        answers.put(instance, answer);
    }

    /** What happens when the monitor breaks a scrape off. */
    public void whenCancelled(Runnable action) {
        cancelled = action;
    }

    /** What was asked of an instance, such as {@code "whole@0"} and {@code "load@50"} in milliseconds since the start. */
    public List<String> asked(String instance) {
        return asked.computeIfAbsent(instance, unused -> Collections.synchronizedList(new ArrayList<>()));
    }

    /** The instances whose watch was closed. */
    public List<String> closed() {
        return closed;
    }

    /** Lets a monitor run for a while, waking only when something is due. */
    public void run(EngineMonitor monitor, Duration time) {
        Duration end = clock.elapsed().plus(time);
        while (true) {
            Duration wait = monitor.runDue();
            if (clock.elapsed().plus(wait).compareTo(end) > 0) {
                Duration rest = end.minus(clock.elapsed());
                if (!rest.isNegative()) {
                    clock.advance(rest);
                }
                return;
            }
            clock.advance(wait);
        }
    }

    private MetricsCollector collector(String engine) {
        if (engine.equals("unheard-of")) {
            throw new UnknownEngineException("No backend named 'unheard-of'.");
        }
        return new FakeCollector(engine, null);
    }

    private final class FakeWatch implements WatchedTarget {
        private final Target target;
        private final String instance;

        FakeWatch(Target target, String instance) {
            this.target = target;
            this.instance = instance;
        }

        @Override
        public Target target() {
            return target;
        }

        @Override
        public EngineSnapshot collect() {
            asked(instance).add("whole@" + clock.elapsed().toMillis());
            return answer().whole(instance, clock.now());
        }

        @Override
        public EngineSnapshot collect(Set<MetricGroup> groups) {
            if (!groups.equals(Set.of(MetricGroup.LOAD))) {
                throw new AssertionError("asked for " + groups);
            }
            asked(instance).add("load@" + clock.elapsed().toMillis());
            return answer().loadOnly(instance, clock.now());
        }

        @Override
        public void cancel() {
            cancelled.run();
            asked(instance).add("cancel@" + clock.elapsed().toMillis());
        }

        @Override
        public long retainedBytes() {
            return 0;
        }

        @Override
        public long bytesRead() {
            return 1000L * asked(instance).size();
        }

        @Override
        public long parseNanos() {
            return 30_000L * asked(instance).size();
        }

        @Override
        public void close() {
            cancelled.run();
            closed.add(instance);
        }

        private Told answer() {
            return answers.getOrDefault(instance, Told::nothing).get();
        }
    }

    private final class FakeCollector implements MetricsCollector {
        private final String engine;
        private final @Nullable String instance;

        FakeCollector(String engine, @Nullable String instance) {
            this.engine = engine;
            this.instance = instance;
        }

        @Override
        public String engine() {
            return engine;
        }

        @Override
        public WatchedTarget watch(Target target) {
            return new FakeWatch(target, instance == null ? target.hostAndPort() : instance);
        }

        @Override
        public MetricsCollector withInstanceId(String instanceId) {
            return new FakeCollector(engine, instanceId);
        }

        @Override
        public MetricsCollector withTimeout(Duration timeout) {
            return this;
        }

        @Override
        public EngineSnapshot collect(Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<EngineSnapshot> collectAll(Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CollectionResult tryCollect(Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<EngineSnapshot> collectAsync(Target target, Executor executor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MetricsCollector withHeader(String name, String value) {
            return this;
        }

        @Override
        public MetricsCollector withBearerToken(Supplier<String> token) {
            return this;
        }

        @Override
        public MetricsCollector withClient(OkHttpClient client) {
            return this;
        }

        @Override
        public MetricsCollector withLimits(Limits limits) {
            return this;
        }

        @Override
        public MetricsCollector withRawMetrics(boolean raw) {
            return this;
        }

        @Override
        public MetricsCollector withGzip(boolean gzip) {
            return this;
        }

        @Override
        public MetricsCollector withExtra(String... names) {
            return this;
        }

        @Override
        public MetricsCollector withoutOptional() {
            return this;
        }

        @Override
        public MetricsCollector withGroups(MetricGroup first, MetricGroup... more) {
            return this;
        }

        @Override
        public MetricsCollector withFilteredPages(boolean allowed) {
            return this;
        }

        @Override
        public MetricsCollector withUserAgent(String userAgent) {
            return this;
        }

        @Override
        public MetricsCollector withTls(Tls tls) {
            return this;
        }

        @Override
        public MetricsCollector withProxy(Proxy proxy) {
            return this;
        }
    }
}
