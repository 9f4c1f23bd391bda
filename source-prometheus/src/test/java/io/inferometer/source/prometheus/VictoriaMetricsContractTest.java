package io.inferometer.source.prometheus;

/** The contract over VictoriaMetrics. */
class VictoriaMetricsContractTest extends ServerContract {
    VictoriaMetricsContractTest() {
        super(MetricsServer.Kind.VICTORIA_METRICS);
    }
}
