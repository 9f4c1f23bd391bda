package io.inferometer.examples;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.kubernetes.KubernetesDiscovery;
import io.inferometer.kubernetes.PodSelector;
import io.inferometer.kubernetes.UnavailableEvents;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.source.prometheus.PrometheusOptions;
import io.inferometer.source.prometheus.PrometheusSaturationCollector;
import io.inferometer.source.prometheus.PrometheusSettings;
import java.time.Duration;
import java.util.List;

/** The pods of a Service as a fleet, and a Prometheus server's replicas described by Kubernetes. */
final class Pods {
    private Pods() {}

    static List<ReplicaMetrics> ofService(KubernetesClient client) throws InterruptedException {
        // region pods
        try (EngineMonitor monitor = Collectors.monitor();
                KubernetesDiscovery pods = KubernetesDiscovery.of(client, PodSelector.service("chat", "llama"))) {
            pods.feed(monitor).start(); // Names the right that is missing, if one is.
            monitor.start();
            monitor.awaitScrapes(2, Duration.ofSeconds(10)); // A rate needs two.
            SaturationCollector fleet = SaturationCollectors.direct(monitor).withEnricher(pods.enricher());
            return fleet.fetch("llama-3", "chat");
        }
        // endregion
    }

    static List<ReplicaMetrics> ofServer(KubernetesClient client, KubernetesDiscovery pods, String url) {
        // region events
        UnavailableEvents events = UnavailableEvents.onOwners(client, pods);
        try (events;
                PrometheusSaturationCollector server = PrometheusSaturationCollector.of(
                        PrometheusOptions.of(url), PrometheusSettings.DEFAULTS.withListener(events))) {
            return server.withEnricher(pods.enricher()).fetch("llama-3", "chat");
        }
        // endregion
    }
}
