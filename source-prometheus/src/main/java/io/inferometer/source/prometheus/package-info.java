/**
 * The replicas of a model, asked of Prometheus, Thanos, Mimir or VictoriaMetrics.
 *
 * <p>{@link io.inferometer.source.prometheus.PrometheusSaturationCollector} is the source; {@link
 * io.inferometer.source.prometheus.PrometheusClient} asks anything else.
 */
@NullMarked
package io.inferometer.source.prometheus;

import org.jspecify.annotations.NullMarked;
