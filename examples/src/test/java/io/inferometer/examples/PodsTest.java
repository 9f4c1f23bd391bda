package io.inferometer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.inferometer.kubernetes.KubernetesDiscovery;
import io.inferometer.kubernetes.PodSelector;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.PrometheusFake;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
class PodsTest {
    static KubernetesClient client;

    @BeforeEach
    void createTheService() {
        client.services()
                .inNamespace("chat")
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("llama")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", "llama"))
                        .endSpec()
                        .build())
                .create();
    }

    /** The server is one for all tests. */
    @AfterEach
    void deleteWhatWasCreated() {
        client.services().inNamespace("chat").withName("llama").delete();
        client.pods().inNamespace("chat").withName("llama-0").withGracePeriod(0).delete();
    }

    @Test
    void readsThePodsOfAService() throws Exception {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("llama-3")) {
            createPod(URI.create(engine.url()).getPort());

            assertThat(Pods.ofService(client))
                    .extracting(ReplicaMetrics::replicaId)
                    .containsExactly("llama-0");
        }
    }

    @Test
    void describesTheReplicasOfAServer() {
        createPod(8000);
        try (PrometheusFake server = PrometheusFake.start();
                KubernetesDiscovery pods = KubernetesDiscovery.of(client, PodSelector.service("chat", "llama"))) {
            server.inject(
                    "vllm:num_requests_running",
                    3,
                    Map.of("instance", "127.0.0.1:8000", "namespace", "chat", "job", "j", "model_name", "llama-3"),
                    Instant.now().minusSeconds(1));

            assertThat(Pods.ofServer(client, pods.start(), server.url()))
                    .extracting(ReplicaMetrics::replicaId)
                    .containsExactly("llama-0");
        }
    }

    private static void createPod(int port) {
        client.pods()
                .inNamespace("chat")
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("llama-0")
                        .withNamespace("chat")
                        .withLabels(Map.of("app", "llama"))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("engine")
                        .withImage("vllm/vllm-openai:v0.11.0")
                        .addNewPort()
                        .withName("http")
                        .withContainerPort(port)
                        .endPort()
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP("127.0.0.1")
                        .endStatus()
                        .build())
                .create();
    }
}
