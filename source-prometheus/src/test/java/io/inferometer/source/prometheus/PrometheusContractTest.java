package io.inferometer.source.prometheus;

/** The contract over Prometheus. */
class PrometheusContractTest extends ServerContract {
    PrometheusContractTest() {
        super(MetricsServer.Kind.PROMETHEUS);
    }
}
