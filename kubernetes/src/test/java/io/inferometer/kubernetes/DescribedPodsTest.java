package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.inferometer.Collectors;
import io.inferometer.SaturationCollectors;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.testkit.FakeEngine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of pods that a server keeps, with their owners and nodes. */
class DescribedPodsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String VLLM = "vllm/vllm-openai:v0.11.0";
    private static final String LWS_API = "leaderworkerset.x-k8s.io/v1";

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
    void takesTheLeaderOfALeaderWorkerSetForItsReplica() {
        createLeadersStatefulSet();
        cluster.create(owned(groupMember("deepseek-1", "0"), "apps/v1", "StatefulSet", "deepseek")
                .editMetadata()
                .addToLabels("leaderworkerset.sigs.k8s.io/group-index", "1")
                .endMetadata());
        cluster.create(groupMember("deepseek-1-1", "1"));

        List<PodDescription> pods = read();

        assertThat(pods).extracting(PodDescription::name).containsExactly("deepseek-1", "deepseek-1-1");
        PodDescription leader = pods.get(0);
        assertThat(leader.owner()).isEqualTo(new PodOwner(LWS_API, "LeaderWorkerSet", "deepseek", "lws-uid"));
        assertThat(leader.variant()).isEqualTo("deepseek");
        assertThat(leader.replicaIndex()).isEqualTo(1);
        assertThat(leader.ports()).containsExactly(8000);
        PodDescription worker = pods.get(1);
        assertThat(worker.owner()).isEqualTo(new PodOwner(LWS_API, "LeaderWorkerSet", "deepseek", null));
        assertThat(worker.variant()).isEqualTo("deepseek");
    }

    @Test
    void namesTheLeaderWorkerSetByItsLabelWhereTheStatefulSetMayNotBeSeen() {
        createLeadersStatefulSet();
        cluster.api.refuse("get", "statefulsets");
        cluster.create(owned(groupMember("deepseek-0", "0"), "apps/v1", "StatefulSet", "deepseek"));

        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            assertThat(pods.pods().get(0).owner())
                    .isEqualTo(new PodOwner(LWS_API, "LeaderWorkerSet", "deepseek", null));
            assertThat(pods.problems()).hasSize(1);
            assertThat(pods.problems().get(0))
                    .startsWith(
                            "Kubernetes at http://127.0.0.1:%d/ does not let 'system:serviceaccount:chat:scaler' get statefulsets in namespace 'chat' (403)."
                                    .formatted(cluster.relay.port()))
                    .endsWith("Until then the LeaderWorkerSet's name is taken from the pod's label.");
        }
    }

    @Test
    void takesTheVariantFromALabelBeforeTheOwner() {
        cluster.create(owned(Cluster.pod("labelled-0", VLLM, 8000), "apps/v1", "StatefulSet", "labelled")
                .editMetadata()
                .addToLabels("llm-d.ai/variant", "h100-tp2")
                .endMetadata());
        cluster.create(owned(Cluster.pod("owned-7", VLLM, 8000), "apps/v1", "StatefulSet", "owned"));
        cluster.create(Cluster.pod("single", VLLM, 8000));

        List<PodDescription> pods = read();

        assertThat(pods).extracting(PodDescription::variant).containsExactly("h100-tp2", "owned", null);
        assertThat(pods).extracting(PodDescription::replicaIndex).containsExactly(0, 7, null);
    }

    @Test
    void takesTheAcceleratorFromTheNodeBeforeWhatIsAskedFor() {
        cluster.direct
                .nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("node-1")
                        .addToLabels("amd.com/gpu.product-name", "AMD_Instinct_MI300X")
                        .addToLabels("failure-domain.beta.kubernetes.io/zone", "us-1b")
                        .endMetadata()
                        .build())
                .create();
        cluster.create(asking(Cluster.pod("a", VLLM, 8000), "amd.com/gpu", "8"));
        cluster.create(asking(Cluster.pod("b", VLLM, 8000), "google.com/tpu", "4")
                .editSpec()
                .withNodeName("unknown")
                .endSpec());
        cluster.create(asking(Cluster.pod("c", VLLM, 8000), "nvidia.com/gpu", "1")
                .editSpec()
                .withNodeName("unknown")
                .addToNodeSelector("cloud.google.com/gke-accelerator", "nvidia-l4")
                .endSpec());
        cluster.create(asking(Cluster.pod("d", VLLM, 8000), "memory", "64Gi")
                .editSpec()
                .withNodeName("unknown")
                .endSpec());

        List<PodDescription> pods = read();

        assertThat(pods)
                .extracting(PodDescription::accelerator)
                .containsExactly("AMD_Instinct_MI300X", "google.com/tpu", "nvidia-l4", null);
        assertThat(pods).extracting(PodDescription::acceleratorCount).containsExactly(8L, 4L, 1L, null);
        assertThat(pods).extracting(PodDescription::node).containsExactly("node-1", "unknown", "unknown", "unknown");
        assertThat(pods).extracting(PodDescription::zone).containsExactly("us-1b", null, null, null);
    }

    @Test
    void makesTargetsOfAnnotationsAndLabels() {
        cluster.create(Cluster.pod("annotated", VLLM, 8000)
                .editMetadata()
                .addToAnnotations("prometheus.io/path", "engine/metrics")
                .addToAnnotations("prometheus.io/port", "9400")
                .addToAnnotations("prometheus.io/scheme", "https")
                .endMetadata());
        cluster.create(Cluster.pod("left-alone", VLLM, 8000)
                .editMetadata()
                .addToAnnotations("prometheus.io/scrape", "false")
                .endMetadata());
        cluster.create(Cluster.pod("relabelled", VLLM, 8000)
                .editMetadata()
                .addToLabels("inferometer.io/engine", "TGI")
                .addToLabels("inferometer.io/model", "llama-3")
                .endMetadata());
        cluster.create(Cluster.pod("unsaid", "registry.local/models/server:1", 8000));

        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            List<MonitoredTarget> targets = pods.targets();
            assertThat(targets).extracting(MonitoredTarget::name).containsExactly("annotated", "relabelled", "unsaid");
            assertThat(targets)
                    .extracting(MonitoredTarget::engine)
                    .containsExactly("vllm", "tgi", MonitoredTarget.AUTO);
            assertThat(targets.get(0).target().printable()).hasToString("https://127.0.0.1:9400/engine/metrics");
            assertThat(targets.get(1).label("model")).isEqualTo("llama-3");
            assertThat(targets.get(1).label("namespace")).isEqualTo("chat");
            assertThat(targets.get(0).label("rank")).as("one port is no rank").isNull();
            assertThat(pods.problems()).isEmpty();
        }
    }

    @Test
    void findsOutTheEngineOfAnImageThatTellsNothing() throws Exception {
        try (FakeEngine engine = FakeEngine.start("sglang");
                EngineMonitor monitor =
                        Collectors.monitor(MonitorOptions.DEFAULTS.withInterval(Duration.ofMillis(100)));
                KubernetesDiscovery pods = discovery(PodSelector.labels(null, "app=llama"))) {
            cluster.create(Cluster.pod(
                    "unsaid",
                    "registry.local/models/server:1",
                    URI.create(engine.url()).getPort()));
            pods.feed(monitor).start();
            monitor.start();
            await().atMost(SOON)
                    .until(() -> !replicas(monitor, pods, engine.model()).isEmpty());

            ReplicaMetrics replica = replicas(monitor, pods, engine.model()).get(0);
            assertThat(replica.replicaId()).isEqualTo("unsaid");
            assertThat(replica.engine()).isEqualTo("sglang");
        }
    }

    @Test
    void looksInAllNamespaces() {
        cluster.create(Cluster.pod("same", VLLM, 8000));
        cluster.create(Cluster.pod("same", VLLM, 8001)
                .editMetadata()
                .withNamespace("other")
                .endMetadata());
        try (KubernetesDiscovery pods = discovery(
                        PodSelector.labels(null, "app=llama").inAllNamespaces())
                .start()) {
            assertThat(pods.targets()).extracting(MonitoredTarget::name).containsExactly("chat/same", "other/same");
        }
    }

    @Test
    void tellsOfAPodWhosePortNobodyKnows() {
        cluster.create(Cluster.pod("a", "registry.local/models/server:1", 8000)
                .editSpec()
                .editFirstContainer()
                .withPorts()
                .addNewPort()
                .withName("grpc")
                .withContainerPort(9000)
                .endPort()
                .addNewPort()
                .withContainerPort(9001)
                .endPort()
                .endContainer()
                .endSpec());
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            assertThat(pods.targets()).isEmpty();
            assertThat(pods.pods()).hasSize(1);
            assertThat(pods.problems())
                    .containsExactly(
                            "Pod 'a' in namespace 'chat' does not tell where its metrics are; found the ports grpc=9000, 9001. Name the port one of [metrics, http-metrics, http, api, openai, server], or annotate the pod with prometheus.io/port.");
        }
    }

    @Test
    void saysThatALabelNamesNoEngineAndGoesByTheImage() {
        cluster.create(Cluster.pod("a", VLLM, 8000)
                .editMetadata()
                .addToLabels("engine", "triton")
                .endMetadata());
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            assertThat(pods.targets()).extracting(MonitoredTarget::engine).containsExactly("vllm");
            assertThat(pods.problems()).hasSize(1);
            assertThat(pods.problems().get(0))
                    .startsWith("Pod 'a' is labelled with the engine 'triton', which no backend");
        }
    }

    private static List<ReplicaMetrics> replicas(EngineMonitor monitor, KubernetesDiscovery pods, String model) {
        return SaturationCollectors.direct(monitor)
                .withEnricher(pods.enricher())
                .fetch(model);
    }

    private void createLeadersStatefulSet() {
        cluster.direct
                .apps()
                .statefulSets()
                .inNamespace(Cluster.NAMESPACE)
                .resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("deepseek")
                        .addNewOwnerReference()
                        .withApiVersion(LWS_API)
                        .withKind("LeaderWorkerSet")
                        .withName("deepseek")
                        .withUid("lws-uid")
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
    }

    private static PodBuilder groupMember(String name, String workerIndex) {
        return Cluster.pod(name, VLLM, 8000)
                .editMetadata()
                .addToLabels("leaderworkerset.sigs.k8s.io/name", "deepseek")
                .addToLabels("leaderworkerset.sigs.k8s.io/worker-index", workerIndex)
                .endMetadata();
    }

    private static PodBuilder owned(PodBuilder pod, String apiVersion, String kind, String name) {
        return pod.editMetadata()
                .addNewOwnerReference()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withName(name)
                .withUid(name + "-uid")
                .withController(true)
                .endOwnerReference()
                .endMetadata();
    }

    private static PodBuilder asking(PodBuilder pod, String resource, String amount) {
        return pod.editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests(resource, new Quantity(amount))
                .addToLimits(resource, new Quantity(amount))
                .endResources()
                .endContainer()
                .endSpec();
    }

    private List<PodDescription> read() {
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            return pods.pods();
        }
    }

    private KubernetesDiscovery discovery(PodSelector selector) {
        return KubernetesDiscovery.of(cluster.client, selector, DiscoveryOptions.DEFAULTS.withStartTimeout(SOON));
    }
}
