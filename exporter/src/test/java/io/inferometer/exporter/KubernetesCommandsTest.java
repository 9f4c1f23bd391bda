package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.PrometheusFake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with --kubernetes, which sign in by a kubeconfig as users do. */
class KubernetesCommandsTest {
    private static final String KUBECONFIG = "kubeconfig"; // Where the client looks before it asks the environment.

    @TempDir
    private Path folder;

    private KubernetesMockServer server;
    private KubernetesClient client;

    @BeforeEach
    void startTheCluster() throws IOException {
        Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), responses, new KubernetesMixedDispatcher(responses), false);
        server.init();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(url())
                        .withNamespace("chat")
                        .build())
                .build();
        writeKubeconfig(url());
    }

    @AfterEach
    void stopTheCluster() {
        System.clearProperty(KUBECONFIG);
        client.close();
        try {
            server.destroy();
        } catch (IllegalStateException e) {
            // Not stopped within ten seconds, on a machine with much else to do; nobody asks it any more.
        }
    }

    @Test
    void saturationFindsThePodsOfAService() throws IOException {
        try (FakeEngine engine = FakeEngine.start("vllm").withSlots(2);
                FakeEngine other = FakeEngine.start("vllm").withSlots(2)) {
            engine.submit(9); // Two run, seven wait.
            create(pod("llama-0", port(engine), "llama"));
            create(pod("other-0", port(other), "other"));
            createService("llama");

            Shell.Result result = run(
                    "saturation",
                    "--kubernetes",
                    "--service",
                    "llama",
                    "--model",
                    engine.model(),
                    "--for",
                    "2s",
                    "--json");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            JsonNode replicas = new ObjectMapper().readTree(result.out()).get("replicas");
            assertThat(replicas).hasSize(1);
            JsonNode replica = replicas.get(0);
            assertThat(replica.get("replica_id").asText()).isEqualTo("llama-0");
            assertThat(replica.get("namespace").asText()).isEqualTo("chat");
            assertThat(replica.get("variant").asText()).isEqualTo("h100");
            assertThat(replica.get("ready").asBoolean()).isTrue();
            assertThat(replica.get("queue_depth").asLong()).isEqualTo(7);
        }
    }

    @Test
    void saturationDescribesTheReplicasOfAPrometheusServer() throws IOException {
        create(pod("llama-0", 8000, "llama"));
        try (PrometheusFake prometheus = PrometheusFake.start()) {
            prometheus.inject(
                    "vllm:num_requests_running",
                    3,
                    Map.of("instance", "127.0.0.1:8000", "job", "pods", "model_name", "m"),
                    Instant.now().minusSeconds(1));

            Shell.Result result =
                    run("saturation", "--prometheus", prometheus.url(), "--kubernetes", "--model", "m", "--json");

            assertThat(result.err()).isEmpty();
            JsonNode replica =
                    new ObjectMapper().readTree(result.out()).get("replicas").get(0);
            assertThat(replica.get("replica_id").asText()).isEqualTo("llama-0");
            assertThat(replica.get("variant").asText()).isEqualTo("h100");
            assertThat(replica.get("running").asLong()).isEqualTo(3);
        }
    }

    @Test
    void watchShowsThePodsWithALabel() throws IOException {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            create(pod("llama-0", port(engine), "llama"));
            create(pod("other-0", 1, "other"));

            Shell.Result result = run(
                    "watch",
                    "--kubernetes",
                    "-l",
                    "app=llama",
                    "-n",
                    "chat",
                    "--interval",
                    "500ms",
                    "--count",
                    "12",
                    "--json");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.outLines()).hasSize(12);
            JsonNode targets =
                    new ObjectMapper().readTree(result.outLines().get(11)).get("targets");
            assertThat(targets).hasSize(1);
            assertThat(targets.get(0).get("name").asText()).isEqualTo("llama-0");
            assertThat(targets.get(0).get("engine").asText()).isEqualTo("tgi");
            assertThat(targets.get(0).get("state").asText()).isEqualTo("UP");
        }
    }

    @Test
    void saysThatThereAreNoPods() {
        Shell.Result result =
                run("saturation", "--kubernetes", "--namespace", "empty", "--model", "m", "--for", "100ms");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("No replica of m.\n");
        assertThat(result.err())
                .isEqualTo(
                        "No pods were found. Look with kubectl get pods, and choose by --namespace, --service or --selector.\n");
    }

    @Test
    void namesTheRightThatIsMissing() {
        server.expect()
                .get()
                .withPath("/api/v1/namespaces/chat/pods?resourceVersion=0")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withStatus("Failure")
                                .withCode(403)
                                .withMessage("pods is forbidden: User \"ada\" cannot list resource \"pods\"")
                                .build())
                .always();

        assertThat(run("saturation", "--kubernetes", "--model", "m"))
                .isEqualTo(new Shell.Result(
                        1,
                        "",
                        ("Kubernetes at %s does not let 'ada' list pods in namespace 'chat' (403). Add the rule"
                                        + " {apiGroups: [\"\"], resources: [pods], verbs: [list]} to its Role in namespace"
                                        + " 'chat'; docs/kubernetes.md has a manifest of all that is needed.\n")
                                .formatted(url())));
    }

    @Test
    void saysThatNoClusterAnswersAndWhereItsAddressCameFrom() throws IOException {
        writeKubeconfig("http://127.0.0.1:1/");

        Shell.Result result = Shell.run("watch", "--kubernetes", "--count", "1", "--timeout", "3s");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("Could not list pods in namespace 'chat' at Kubernetes http://127.0.0.1:1/: ")
                .contains("refused")
                .endsWith(
                        " Check that this is the cluster meant and that it answers: kubectl get --raw /readyz. Here: the"
                                + " kubeconfig named by KUBECONFIG, else ~/.kube/config, and --context NAME.\n");
    }

    /** With time for a machine that has much else to do. */
    private static Shell.Result run(String... words) {
        List<String> patient = new ArrayList<>(List.of(words));
        patient.addAll(List.of("--timeout", "60s"));
        return Shell.run(patient.toArray(String[]::new));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getPort() + "/";
    }

    private void writeKubeconfig(String url) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: ada, namespace: chat}}]
                clusters: [{name: test, cluster: {server: "%s"}}]
                users: [{name: ada, user: {token: secret}}]
                """.formatted(url));
        System.setProperty(KUBECONFIG, file.toString());
    }

    private void create(Pod pod) {
        client.pods().inNamespace("chat").resource(pod).create();
    }

    private void createService(String name) {
        client.services()
                .inNamespace("chat")
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", name))
                        .endSpec()
                        .build())
                .create();
    }

    private static Pod pod(String name, int port, String app) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("chat")
                .withLabels(Map.of("app", app, "variant", "h100"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("engine")
                .withImage("registry.local/server:1")
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
                .endStatus()
                .build();
    }

    private static int port(FakeEngine engine) {
        return URI.create(engine.url()).getPort();
    }
}
