package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inferometer.fleet.MonitoredTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rights that are missing, and servers that are. */
class AccessTest {
    private static final Duration SOON = Duration.ofSeconds(60);

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
    void namesTheRightToListPods() {
        cluster.api.refuse("list", "pods");
        assertRefused(PodSelector.namespace("chat"), 403, """
                Kubernetes at http://127.0.0.1:%d/ does not let 'system:serviceaccount:chat:scaler' list pods in namespace \
                'chat' (403). Add the rule {apiGroups: [""], resources: [pods], verbs: [list]} to its Role in namespace \
                'chat'; docs/kubernetes.md has a manifest of all that is needed.""");
    }

    @Test
    void namesTheRightToListTheServicesAtAll() {
        cluster.api.refuse("list", "services");
        assertRefused(PodSelector.service("chat", "llama"), 403, """
                Kubernetes at http://127.0.0.1:%d/ does not let 'system:serviceaccount:chat:scaler' list services in namespace \
                'chat' (403). Add the rule {apiGroups: [""], resources: [services], verbs: [list]} to its Role in namespace \
                'chat'; docs/kubernetes.md has a manifest of all that is needed.""");
    }

    @Test
    void namesTheRightInTheWholeCluster() {
        cluster.api.refuse("list", "pods");
        assertRefused(PodSelector.labels(null, "app=llama").inAllNamespaces(), 403, """
                Kubernetes at http://127.0.0.1:%d/ does not let 'system:serviceaccount:chat:scaler' list pods of the cluster \
                (403). Add the rule {apiGroups: [""], resources: [pods], verbs: [list]} to its ClusterRole; \
                docs/kubernetes.md has a manifest of all that is needed.""");
    }

    /** The answer to a watch that is not opened has no text of the server's, so nobody knows as whom it was asked. */
    @Test
    void namesTheRightToWatch() {
        cluster.api.refuse("watch", "pods");
        assertRefused(PodSelector.namespace("chat"), 403, """
                Kubernetes at http://127.0.0.1:%d/ does not let this client watch pods in namespace \
                'chat' (403). Add the rule {apiGroups: [""], resources: [pods], verbs: [watch]} to its Role in namespace \
                'chat'; docs/kubernetes.md has a manifest of all that is needed.""");
    }

    @Test
    void saysThatTheServerKnowsNobody() {
        cluster.api.forgetUsers();
        assertRefused(PodSelector.namespace("chat"), 401, """
                Kubernetes at http://127.0.0.1:%d/ does not know who asks to list pods in namespace 'chat' (401). Check the \
                kubeconfig's user or the service account's token: kubectl auth whoami.""");
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (KubernetesClient client = Cluster.client(port);
                KubernetesDiscovery pods = KubernetesDiscovery.of(
                        client,
                        PodSelector.namespace("chat"),
                        DiscoveryOptions.DEFAULTS.withStartTimeout(Duration.ofSeconds(3)))) {
            assertThatThrownBy(pods::start)
                    .isInstanceOf(KubernetesAccessException.class)
                    .hasMessageStartingWith(
                            "Could not list pods in namespace 'chat' at Kubernetes http://127.0.0.1:%d/: ", port)
                    .hasMessageContaining("refused")
                    .hasMessageEndingWith(
                            "Check that this is the cluster meant and that it answers: kubectl get --raw /readyz.")
                    .satisfies(error -> assertThat(((KubernetesAccessException) error).status())
                            .isZero());
        }
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        Access access = new Access("https://kubernetes.default.svc/", "list", "", "pods", null);
        assertThat(access.failed(new IOException("failed", new UnknownHostException("kubernetes.default.svc"))))
                .hasMessage(
                        "Could not list pods of the cluster at Kubernetes https://kubernetes.default.svc/: unknown host kubernetes.default.svc. Check that this is the cluster meant and that it answers: kubectl get --raw /readyz.");
    }

    @Test
    void goesOnWhereARightIsLostAndGivenBack() throws Exception {
        cluster.create(Cluster.pod("a", "vllm/vllm-openai", 8000));
        try (KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start()) {
            cluster.create(Cluster.pod("b", "vllm/vllm-openai", 8000)); // Told of by the watch, which then is open.
            await().atMost(SOON).until(() -> pods.targets().size() == 2);
            cluster.relay.down();
            cluster.api.refuse("list", "pods");
            cluster.api.forgetHistory();
            cluster.relay.up();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(pods.problems())
                            .anySatisfy(
                                    problem -> assertThat(problem).contains("list pods in namespace 'chat' (403)")));
            assertThat(pods.targets()).extracting(MonitoredTarget::name).containsExactly("a", "b");

            cluster.create(Cluster.pod("c", "vllm/vllm-openai", 8000));
            cluster.api.allow("list", "pods");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(pods.targets())
                            .extracting(MonitoredTarget::name)
                            .containsExactly("a", "b", "c"));
            await().atMost(SOON).untilAsserted(() -> assertThat(pods.problems()).isEmpty());
        }
    }

    @Test
    void isClosedForGood() {
        KubernetesDiscovery pods = discovery(PodSelector.namespace(null)).start();
        assertThat(threads()).contains("inferometer-kubernetes");
        pods.start();
        pods.close();
        pods.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).doesNotContain("inferometer-kubernetes"));
        assertThatThrownBy(pods::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This discovery is closed; make a new one.");
    }

    @Test
    void saysThatAServiceSelectsNothing() {
        cluster.createService("llama", Map.of());
        try (KubernetesDiscovery pods =
                discovery(PodSelector.service(null, "llama")).start()) {
            assertThat(pods.problems())
                    .containsExactly(
                            "The Service 'llama' in namespace 'chat' selects no pods: it has no selector. Use a label selector instead.");
        }
    }

    private void assertRefused(PodSelector selector, int status, String message) {
        try (KubernetesDiscovery pods = discovery(selector)) {
            assertThatThrownBy(pods::start)
                    .isInstanceOf(KubernetesAccessException.class)
                    .hasMessage(message, cluster.relay.port())
                    .satisfies(error -> assertThat(((KubernetesAccessException) error).status())
                            .isEqualTo(status));
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private KubernetesDiscovery discovery(PodSelector selector) {
        return KubernetesDiscovery.of(cluster.client, selector, DiscoveryOptions.DEFAULTS.withStartTimeout(SOON));
    }
}
