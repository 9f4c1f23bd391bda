/**
 * Which pods serve a model, and what they run on.
 *
 * <p>{@link io.inferometer.kubernetes.KubernetesDiscovery} watches pods and keeps the targets of an {@link
 * io.inferometer.fleet.EngineMonitor} up to date; its {@code enricher()} tells replicas of any source their variant,
 * accelerator, zone and readiness; {@link io.inferometer.kubernetes.UnavailableEvents} posts Warning events where metrics
 * are unavailable.
 */
@NullMarked
package io.inferometer.kubernetes;

import org.jspecify.annotations.NullMarked;
