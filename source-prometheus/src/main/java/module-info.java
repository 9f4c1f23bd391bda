/** The replicas of a model, asked of Prometheus, Thanos, Mimir or VictoriaMetrics. */
module io.inferometer.source.prometheus {
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.core;
    requires com.github.benmanes.caffeine;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.retry;
    requires org.slf4j;
    requires static jsr305;

    exports io.inferometer.source.prometheus;

    provides io.inferometer.saturation.SaturationCollectorFactory with
            io.inferometer.source.prometheus.PrometheusSaturationFactory;
}
