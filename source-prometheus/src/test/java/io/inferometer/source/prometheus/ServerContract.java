package io.inferometer.source.prometheus;

import io.inferometer.saturation.SaturationCollector;
import io.inferometer.testkit.SaturationCollectorContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same contract as that of the direct source, over a real server that reads the engines once a second. */
@Tag("servers")
@Execution(ExecutionMode.CONCURRENT) // Nearly all of it is waiting: a server needs five seconds to find its targets.
abstract class ServerContract extends SaturationCollectorContract {
    static final QuerySettings QUERIES = QuerySettings.DEFAULTS.withScrapeInterval(Duration.ofSeconds(1));

    private final MetricsServer.Kind kind;

    ServerContract(MetricsServer.Kind kind) {
        this.kind = kind;
    }

    @Override
    protected Source over(List<Member> members) {
        List<MetricsServer.Scraped> engines = new ArrayList<>();
        for (Member member : members) {
            Map<String, String> labels = new HashMap<>(member.labels());
            labels.put("pod", member.name());
            engines.add(new MetricsServer.Scraped(member.engine(), labels));
        }
        return new ServerSource(MetricsServer.start(kind, engines));
    }

    @Override
    protected Source unavailable() {
        return new NoSource(
                PrometheusSaturationCollector.of(PrometheusOptions.of("http://127.0.0.1:" + closedPort()), settings()),
                () -> {});
    }

    @Override
    protected Source hanging() {
        try {
            ServerSocket silent = new ServerSocket(0); // Takes connections and never answers.
            return new NoSource(
                    PrometheusSaturationCollector.of(
                            PrometheusOptions.of("http://127.0.0.1:" + silent.getLocalPort()), settings()),
                    silent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PrometheusSettings settings() {
        return PrometheusSettings.DEFAULTS.withCache(CacheOptions.NONE).withQueries(QUERIES);
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class ServerSource implements Source {
        private final MetricsServer server;
        private final PrometheusSaturationCollector collector;

        ServerSource(MetricsServer server) {
            this.server = server;
            this.collector = PrometheusSaturationCollector.of(PrometheusOptions.of(server.url()), settings());
        }

        @Override
        public SaturationCollector collector() {
            return collector;
        }

        @Override
        public void read() {
            server.awaitScrapes();
        }

        @Override
        public void pass(Duration time) {
            MetricsServer.sleep(time);
        }

        @Override
        public void close() {
            collector.close();
            server.close();
        }
    }

    private static final class NoSource implements Source {
        private final PrometheusSaturationCollector collector;
        private final AutoCloseable server;

        NoSource(PrometheusSaturationCollector collector, AutoCloseable server) {
            this.collector = collector;
            this.server = server;
        }

        @Override
        public SaturationCollector collector() {
            return collector;
        }

        @Override
        public void read() {
            throw new UnsupportedOperationException("It never answers.");
        }

        @Override
        public void pass(Duration time) {
            throw new UnsupportedOperationException("It never answers.");
        }

        @Override
        public void close() {
            collector.close();
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
