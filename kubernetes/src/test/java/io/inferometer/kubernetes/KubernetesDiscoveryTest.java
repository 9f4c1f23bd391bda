package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.testkit.FakeEngine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesDiscoveryTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final DiscoveryOptions OPTIONS = DiscoveryOptions.DEFAULTS.withStartTimeout(SOON);

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
    void readsThePodsOfAServiceAsReplicas() throws Exception {
        describeTheNode();
        describeTheDeployment();
        cluster.createService("llama", Map.of("app", "llama"));
        try (FakeEngine busy = FakeEngine.start("vllm");
                FakeEngine ranked = FakeEngine.start("vllm");
                FakeEngine second = FakeEngine.start("vllm");
                EngineMonitor monitor = monitor();
                KubernetesDiscovery pods = discovery(PodSelector.service(null, "llama"))) {
            busy.submit(9);
            cluster.create(deployed(Cluster.pod("llama-5d-a", "vllm/vllm-openai:v0.11.0", port(busy))
                    .editSpec()
                    .editFirstContainer()
                    .withArgs("--model", "m", "--max-num-seqs=64")
                    .withNewResources()
                    .addToLimits("nvidia.com/gpu", new io.fabric8.kubernetes.api.model.Quantity("2"))
                    .endResources()
                    .endContainer()
                    .endSpec()));
            cluster.create(deployed(Cluster.pod("llama-5d-b", "vllm/vllm-openai:v0.11.0", port(ranked))
                    .editMetadata()
                    .addToAnnotations("prometheus.io/port", port(ranked) + "," + port(second))
                    .endMetadata()));
            pods.feed(monitor).start();
            monitor.start();
            monitor.awaitScrapes(2, SOON);
            SaturationCollector fleet = SaturationCollectors.direct(monitor).withEnricher(pods.enricher());
            List<ReplicaMetrics> replicas = fleet.fetch(busy.model(), "chat");

            assertThat(replicas)
                    .extracting(ReplicaMetrics::replicaId)
                    .containsExactly("llama-5d-a", "llama-5d-b:" + port(ranked), "llama-5d-b:" + port(second));
            ReplicaMetrics first = replicas.get(0);
            assertThat(first.variant()).isEqualTo("llama");
            assertThat(first.accelerator()).isEqualTo("NVIDIA-H100-80GB-HBM3");
            assertThat(first.zone()).isEqualTo("eu-1a");
            assertThat(first.ready()).isTrue();
            assertThat(first.maxBatchSize()).isEqualTo(64);
            assertThat(first.labels())
                    .containsEntry("pod", "llama-5d-a")
                    .containsEntry("node", "node-1")
                    .containsEntry("accelerator_count", "2");
            assertThat(first.running()).isEqualTo(busy.ledger().running());
            assertThat(pods.problems()).isEmpty();
        }
    }

    @Test
    void followsPodsThatComeMoveAndGo() throws Exception {
        try (FakeEngine one = FakeEngine.start("tgi");
                FakeEngine two = FakeEngine.start("tgi");
                EngineMonitor monitor = monitor();
                KubernetesDiscovery pods = discovery(PodSelector.labels(null, "app=llama"))) {
            monitor.add(MonitoredTarget.of("tgi", two.url()).withName("by hand"));
            pods.feed(monitor).start();
            assertThat(pods.targets()).isEmpty();

            cluster.create(Cluster.pod("tgi-0", "ghcr.io/huggingface/text-generation-inference:3.3", port(one)));
            await().atMost(SOON).until(() -> urls(monitor).contains("http://127.0.0.1:" + port(one) + "/"));
            MonitoredTarget before = pods.targets().get(0);
            assertThat(before.engine()).isEqualTo("tgi");

            edit(
                    "tgi-0",
                    pod -> pod.editStatus()
                            .editFirstCondition()
                            .withStatus("False")
                            .endCondition()
                            .endStatus());
            await().atMost(SOON).until(() -> !pods.pods().get(0).ready());
            assertThat(pods.targets()).as("what was learned stays").containsExactly(before);

            delete("tgi-0");
            cluster.create(Cluster.pod("tgi-0", "ghcr.io/huggingface/text-generation-inference:3.3", port(two))
                    .editStatus()
                    .withPodIP("127.0.0.2")
                    .endStatus());
            await().atMost(SOON).until(() -> urls(monitor).contains("http://127.0.0.2:" + port(two) + "/"));

            edit("tgi-0", pod -> pod.editStatus().withPhase("Failed").endStatus());
            await().atMost(SOON).until(() -> pods.targets().isEmpty());
            assertThat(monitor.targets())
                    .extracting(view -> view.target().name())
                    .containsExactly("by hand");
        }
    }

    @Test
    void catchesUpAfterTheWatchBroke() throws Exception {
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null))) {
            cluster.create(Cluster.pod("a", "vllm/vllm-openai", 8000));
            pods.start();
            assertThat(names(pods)).containsExactly("a");
            awaitByWatch(pods, "b");

            cluster.relay.down();
            cluster.create(Cluster.pod("c", "vllm/vllm-openai", 8000));
            await().atMost(SOON).until(() -> cluster.relay.turnedAway() >= 2);
            assertThat(names(pods)).as("what was known stays").containsExactly("a", "b");

            cluster.relay.up();
            await().atMost(SOON).untilAsserted(() -> assertThat(names(pods)).containsExactly("a", "b", "c"));

            delete("a");
            cluster.create(Cluster.pod("d", "vllm/vllm-openai", 8000));
            await().atMost(SOON).untilAsserted(() -> assertThat(names(pods)).containsExactly("b", "c", "d"));
            assertThat(pods.problems()).isEmpty();
        }
    }

    @Test
    void noticesWhatWentWhileTheWatchWasBroken() throws Exception {
        try (EngineMonitor monitor = monitor();
                KubernetesDiscovery pods = discovery(PodSelector.labels(null, "app=llama"))) {
            cluster.create(Cluster.pod("stays", "vllm/vllm-openai", 8000));
            pods.feed(monitor).start();
            awaitByWatch(pods, "goes");

            cluster.relay.down();
            delete("goes");
            await().atMost(SOON).until(() -> cluster.relay.turnedAway() >= 2);
            assertThat(names(pods)).as("nobody told yet").containsExactly("goes", "stays");

            int lists = cluster.api.asked("list", "pods");
            cluster.api.forgetHistory();
            cluster.relay.up();
            await().atMost(SOON).untilAsserted(() -> assertThat(names(pods)).containsExactly("stays"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(monitor.targets())
                            .extracting(view -> view.target().name())
                            .containsExactly("stays"));
            assertThat(cluster.api.asked("list", "pods")).isGreaterThan(lists);
        }
    }

    @Test
    void followsTheSelectorOfAServiceThatComesLater() throws Exception {
        cluster.create(Cluster.pod("a", "vllm/vllm-openai", 8000));
        cluster.create(Cluster.pod("b", "vllm/vllm-openai", 8000)
                .editMetadata()
                .addToLabels("app", "other")
                .endMetadata());
        try (KubernetesDiscovery pods = discovery(PodSelector.service("chat", "llama"))) {
            pods.start();
            assertThat(pods.targets()).isEmpty();
            assertThat(pods.problems())
                    .containsExactly(
                            "There is no Service 'llama' in namespace 'chat', so no pods. Check its name: kubectl get services -n chat; it is taken up as soon as it is there.");

            cluster.createService("llama", Map.of("app", "llama"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(pods.targets())
                            .extracting(MonitoredTarget::name)
                            .containsExactly("a"));
            assertThat(pods.problems()).isEmpty();

            cluster.direct
                    .services()
                    .inNamespace("chat")
                    .withName("llama")
                    .edit(service -> new io.fabric8.kubernetes.api.model.ServiceBuilder(service)
                            .editSpec()
                            .withSelector(Map.of("app", "other"))
                            .endSpec()
                            .build());
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(pods.targets())
                            .extracting(MonitoredTarget::name)
                            .containsExactly("b"));
        }
    }

    @Test
    void namesTheRightThatIsMissing() throws Exception {
        cluster.api.refuse("list", "pods");
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace("chat"))) {
            assertThatThrownBy(pods::start)
                    .isInstanceOf(KubernetesAccessException.class)
                    .hasMessage(
                            "Kubernetes at http://127.0.0.1:%d/ does not let 'system:serviceaccount:chat:scaler' list pods in namespace 'chat' (403). Add the rule {apiGroups: [\"\"], resources: [pods], verbs: [list]} to its Role in namespace 'chat'; docs/kubernetes.md has a manifest of all that is needed.",
                            cluster.relay.port())
                    .satisfies(error -> assertThat(((KubernetesAccessException) error).status())
                            .isEqualTo(403));
        }
    }

    @Test
    void losesOnlyTheZoneWithoutARightToLookAtNodes() throws Exception {
        describeTheNode();
        cluster.api.refuse("get", "nodes");
        cluster.api.refuse("get", "replicasets");
        cluster.create(deployed(Cluster.pod("llama-5d-a", "vllm/vllm-openai", 8000)
                .editMetadata()
                .addToLabels("pod-template-hash", "5d")
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("amd.com/gpu", new io.fabric8.kubernetes.api.model.Quantity("4"))
                .endResources()
                .endContainer()
                .endSpec()));
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null))) {
            pods.start();
            PodDescription pod = pods.pods().get(0);
            assertThat(pod.zone()).isNull();
            assertThat(pod.accelerator()).isEqualTo("amd.com/gpu");
            assertThat(pod.acceleratorCount()).isEqualTo(4);
            assertThat(pod.owner()).isEqualTo(new PodOwner("apps/v1", "Deployment", "llama", null));
            assertThat(pods.targets()).hasSize(1);
            assertThat(pods.problems()).hasSize(2);
            assertThat(pods.problems())
                    .anySatisfy(problem -> assertThat(problem)
                            .contains(
                                    "get nodes of the cluster (403)",
                                    "{apiGroups: [\"\"], resources: [nodes], verbs: [get]} to its ClusterRole",
                                    "no zone"))
                    .anySatisfy(problem -> assertThat(problem)
                            .contains("get replicasets in namespace 'chat'", "apiGroups: [\"apps\"]"));
        }
    }

    private void describeTheNode() {
        cluster.direct
                .nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("node-1")
                        .addToLabels("topology.kubernetes.io/zone", "eu-1a")
                        .addToLabels("nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3")
                        .endMetadata()
                        .build())
                .create();
    }

    private void describeTheDeployment() {
        cluster.direct
                .apps()
                .replicaSets()
                .inNamespace(Cluster.NAMESPACE)
                .resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withName("llama-5d")
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("Deployment")
                        .withName("llama")
                        .withUid("deployment-uid")
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
    }

    private static PodBuilder deployed(PodBuilder pod) {
        return pod.editMetadata()
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName("llama-5d")
                .withUid("replicaset-uid")
                .withController(true)
                .endOwnerReference()
                .endMetadata();
    }

    private void delete(String name) {
        cluster.direct
                .pods()
                .inNamespace(Cluster.NAMESPACE)
                .withName(name)
                .withGracePeriod(0)
                .delete();
    }

    /** A pod that comes after the list is told of by the watch, which then is open and has told all that it had to. */
    private void awaitByWatch(KubernetesDiscovery pods, String name) {
        cluster.create(Cluster.pod(name, "vllm/vllm-openai", 8000));
        await().atMost(SOON).until(() -> names(pods).contains(name));
    }

    private static List<String> names(KubernetesDiscovery pods) {
        return pods.targets().stream().map(MonitoredTarget::name).toList();
    }

    private void edit(String name, java.util.function.UnaryOperator<PodBuilder> change) {
        Pod pod = cluster.direct
                .pods()
                .inNamespace(Cluster.NAMESPACE)
                .withName(name)
                .get();
        cluster.direct
                .pods()
                .inNamespace(Cluster.NAMESPACE)
                .resource(change.apply(new PodBuilder(pod)).build())
                .updateStatus();
    }

    private KubernetesDiscovery discovery(PodSelector selector) {
        return KubernetesDiscovery.of(cluster.client, selector, OPTIONS);
    }

    private static EngineMonitor monitor() {
        return Collectors.monitor(MonitorOptions.DEFAULTS.withInterval(Duration.ofMillis(100)));
    }

    private static List<String> urls(EngineMonitor monitor) {
        return monitor.targets().stream()
                .map(view -> view.target().target().printable().toString())
                .toList();
    }

    private static int port(FakeEngine engine) {
        return URI.create(engine.url()).getPort();
    }
}
