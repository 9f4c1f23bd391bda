package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** An {@link ApiServer} over HTTP, and a client that reaches it through a {@link Relay}. */
final class Cluster implements AutoCloseable {
    static final String NAMESPACE = "chat";

    final ApiServer api = new ApiServer();
    final KubernetesMockServer server;
    final Relay relay;
    final KubernetesClient client; // Through the relay.
    final KubernetesClient direct;

    Cluster() throws Exception {
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), api, false);
        server.init();
        relay = new Relay(server.getPort());
        direct = client(server.getPort());
        client = client(relay.port());
    }

    static KubernetesClient client(int port) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port + "/")
                .withNamespace(NAMESPACE)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(50)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    Pod create(PodBuilder pod) {
        Pod made = pod.build();
        return direct.pods()
                .inNamespace(made.getMetadata().getNamespace())
                .resource(made)
                .create();
    }

    void createService(String name, Map<String, String> selector) {
        direct.services()
                .inNamespace(NAMESPACE)
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(selector)
                        .addNewPort()
                        .withPort(80)
                        .withNewTargetPort("serve")
                        .endPort()
                        .endSpec()
                        .build())
                .create();
    }

    /** A ready pod at 127.0.0.1 with one container of an engine, which serves at one port. */
    static PodBuilder pod(String name, String image, int port) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withUid(UUID.randomUUID().toString())
                .withLabels(new HashMap<>(Map.of("app", "llama")))
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .addNewContainer()
                .withName("engine")
                .withImage(image)
                .addNewPort()
                .withName("http")
                .withContainerPort(port)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus();
    }

    @Override
    public void close() throws Exception {
        client.close();
        direct.close();
        relay.close();
        try {
            server.destroy();
        } catch (IllegalStateException e) {
            // Not stopped within ten seconds, on a machine with much else to do; nobody asks it any more.
        }
    }
}
