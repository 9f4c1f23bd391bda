package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.source.prometheus.PrometheusOptions;
import io.inferometer.source.prometheus.PrometheusSaturationCollector;
import io.inferometer.source.prometheus.PrometheusSettings;
import io.inferometer.source.prometheus.RetryPolicy;
import io.inferometer.testkit.PrometheusFake;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas that a Prometheus server tells of, and pods that Kubernetes knows. */
class PrometheusReplicasTest {
    private static final String RUNNING = "vllm:num_requests_running";
    private static final String VLLM = "vllm/vllm-openai:v0.11.0";

    private Cluster cluster;

    @BeforeEach
    void startTheCluster() throws Exception {
        cluster = new Cluster();
    }

    @AfterEach
    void stopTheCluster() throws Exception {
        cluster.close();
    }

    @Test
    void areJoinedByTheirPodLabelElseByTheirAddress() {
        cluster.create(Cluster.pod("labelled", VLLM, 8000)
                .editMetadata()
                .addToLabels("variant", "h100")
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withCommand("/bin/sh", "-c")
                .withArgs("exec vllm serve m --max-num-seqs 48")
                .endContainer()
                .endSpec()
                .editStatus()
                .withPodIP("10.0.0.1")
                .endStatus());
        cluster.create(Cluster.pod("addressed", VLLM, 8000)
                .editMetadata()
                .addToLabels("variant", "l4")
                .endMetadata()
                .editStatus()
                .withPodIP("10.0.0.2")
                .editFirstCondition()
                .withStatus("False")
                .endCondition()
                .endStatus());
        cluster.create(Cluster.pod("ranked", VLLM, 8000)
                .editMetadata()
                .addToAnnotations("prometheus.io/port", "8000,8001")
                .endMetadata()
                .editStatus()
                .withPodIP("10.0.0.3")
                .endStatus());
        try (PrometheusFake server = PrometheusFake.start();
                KubernetesDiscovery pods = discovery().start();
                PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(server.url())) {
            Instant scraped = Instant.now().minusSeconds(1);
            // As a server that scrapes through a proxy tells it: the instance is no pod's.
            server.inject(RUNNING, 1, series("proxy:9090", Map.of("namespace", "chat", "pod", "labelled")), scraped);
            server.inject(RUNNING, 2, series("10.0.0.2:8000", Map.of()), scraped);
            server.inject(RUNNING, 3, series("10.0.0.3:8000", Map.of()), scraped);
            server.inject(RUNNING, 4, series("10.0.0.3:8001", Map.of()), scraped);
            server.inject(RUNNING, 5, series("10.0.0.9:8000", Map.of()), scraped);

            SaturationCollector described = collector.withEnricher(pods.enricher());
            Map<String, ReplicaMetrics> replicas = described.fetch("m").stream()
                    .collect(Collectors.toMap(ReplicaMetrics::replicaId, replica -> replica));

            assertThat(replicas.keySet())
                    .containsExactlyInAnyOrder("labelled", "addressed", "ranked:8000", "ranked:8001", "10.0.0.9:8000");
            ReplicaMetrics labelled = replicas.get("labelled");
            assertThat(labelled.running()).isEqualTo(1);
            assertThat(labelled.variant()).isEqualTo("h100");
            assertThat(labelled.maxBatchSize()).isEqualTo(48);
            assertThat(labelled.ready()).isTrue();
            ReplicaMetrics addressed = replicas.get("addressed");
            assertThat(addressed.running()).isEqualTo(2);
            assertThat(addressed.variant()).isEqualTo("l4");
            assertThat(addressed.maxBatchSize()).isNull();
            assertThat(addressed.ready()).isFalse();
            assertThat(replicas.get("ranked:8000").running()).isEqualTo(3);
            assertThat(replicas.get("ranked:8001").running()).isEqualTo(4);
            assertThat(replicas.get("10.0.0.9:8000").variant()).isNull();
        }
    }

    @Test
    void anEventTellsTheOwnersThatTheServerIsGone() {
        cluster.create(owned("m-0", "serves-m", "m"));
        cluster.create(owned("n-0", "serves-n", "n"));
        PrometheusFake server = PrometheusFake.start();
        PrometheusOptions options = PrometheusOptions.of(server.url()).withTimeout(Duration.ofSeconds(10));
        server.close();
        try (KubernetesDiscovery pods = discovery().start()) {
            UnavailableEvents events = UnavailableEvents.onOwners(cluster.client, pods);
            try (PrometheusSaturationCollector collector = PrometheusSaturationCollector.of(
                    options, PrometheusSettings.DEFAULTS.withListener(events).withRetry(RetryPolicy.NONE))) {
                assertThatThrownBy(() -> collector.fetch("m")).isInstanceOf(SourceUnavailableException.class);
            }
            events.close();
        }
        List<Event> found = cluster.direct
                .v1()
                .events()
                .inNamespace(Cluster.NAMESPACE)
                .list()
                .getItems();
        assertThat(found).hasSize(1);
        Event event = found.get(0);
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("MetricsUnavailable");
        assertThat(event.getInvolvedObject().getKind()).isEqualTo("StatefulSet");
        assertThat(event.getInvolvedObject().getName()).isEqualTo("serves-m");
        assertThat(event.getMessage()).startsWith("Model m: ").contains("127.0.0.1");
    }

    private static PodBuilder owned(String name, String owner, String model) {
        return Cluster.pod(name, VLLM, 8000)
                .editMetadata()
                .addToLabels("model", model)
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("StatefulSet")
                .withName(owner)
                .withUid(owner + "-uid")
                .withController(true)
                .endOwnerReference()
                .endMetadata();
    }

    private static Map<String, String> series(String instance, Map<String, String> more) {
        Map<String, String> labels = new HashMap<>(more);
        labels.put("instance", instance);
        labels.put("job", "pods");
        labels.put("model_name", "m");
        return labels;
    }

    private KubernetesDiscovery discovery() {
        return KubernetesDiscovery.of(
                cluster.client,
                PodSelector.namespace(null),
                DiscoveryOptions.DEFAULTS.withStartTimeout(Duration.ofSeconds(60)));
    }
}
