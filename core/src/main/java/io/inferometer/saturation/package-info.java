/**
 * How full the replicas of a model are, how old that knowledge is, and what to do about it.
 *
 * <p>A {@link io.inferometer.saturation.SaturationCollector} gives a {@link io.inferometer.saturation.ReplicaMetrics} for
 * each replica; {@link io.inferometer.saturation.SaturationAnalyzer} gives advice, {@link
 * io.inferometer.saturation.SloEvaluator} and {@link io.inferometer.saturation.BottleneckDetector} judge one engine. What
 * is unknown is null, and unknown is never taken for idle.
 */
@NullMarked
package io.inferometer.saturation;

import org.jspecify.annotations.NullMarked;
