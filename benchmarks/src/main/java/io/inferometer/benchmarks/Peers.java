package io.inferometer.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.skywalking.oap.server.library.util.prometheus.parser.TextParser;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.Summary;
import org.hawkular.agent.prometheus.walkers.PrometheusMetricsWalker;

/** Parsers of others, in Java. */
final class Peers {
    private Peers() {}

    static Work hawkular(Turns pages) {
        return () -> {
            Counting counting = new Counting();
            new TextPrometheusMetricsProcessor(new ByteArrayInputStream(pages.next()), counting).walk();
            return counting.metrics;
        };
    }

    static Work skyWalking(Turns pages) {
        return () -> families(new TextParser(new ByteArrayInputStream(pages.next())));
    }

    private static int families(TextParser parser) throws IOException {
        int metrics = 0;
        var family = parser.parse(0);
        while (family != null) {
            metrics += family.getMetrics().size();
            family = parser.parse(0);
        }
        return metrics;
    }

    /** Counts what it is shown. */
    private static final class Counting implements PrometheusMetricsWalker {
        private int metrics;

        @Override
        public void walkStart() {}

        @Override
        public void walkFinish(int familiesProcessed, int metricsProcessed) {}

        @Override
        public void walkMetricFamily(MetricFamily family, int index) {}

        @Override
        public void walkCounterMetric(MetricFamily family, Counter counter, int index) {
            metrics++;
        }

        @Override
        public void walkGaugeMetric(MetricFamily family, Gauge gauge, int index) {
            metrics++;
        }

        @Override
        public void walkSummaryMetric(MetricFamily family, Summary summary, int index) {
            metrics++;
        }

        @Override
        public void walkHistogramMetric(MetricFamily family, Histogram histogram, int index) {
            metrics++;
        }
    }
}
