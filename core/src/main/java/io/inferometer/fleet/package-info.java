/**
 * Many targets on a schedule: the latest value of each with its age, its state, rates and a short window, without a
 * Prometheus server. {@link io.inferometer.fleet.EngineMonitor} is where it begins.
 */
@NullMarked
package io.inferometer.fleet;

import org.jspecify.annotations.NullMarked;
