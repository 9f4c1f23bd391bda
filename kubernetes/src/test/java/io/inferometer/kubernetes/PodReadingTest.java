package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReadingTest {
    private final Map<String, String> complaints = new HashMap<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    vllm/vllm-openai:v0.11.0                              | vllm
                    registry.local:5000/mirror/vllm-openai@sha256:0123    | vllm
                    ghcr.io/huggingface/text-generation-inference:3.3     | tgi
                    lmsysorg/sglang:latest                                | sglang
                    ghcr.io/ggml-org/llama.cpp:server-cuda                | llamacpp
                    ollama/ollama:0.12                                    | ollama
                    mirror.local/tgi:2                                    | tgi
                    nginx:1.29                                            | -
                    """)
    void knowsAnEngineByItsImage(String image, @Nullable String engine) {
        assertThat(EngineGuess.ofImage(image)).isEqualTo(engine);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
                    vllm serve m --max-num-seqs 64                             | 64
                    vllm serve m --max-num-seqs=64 --max-num-seqs=32           | 32
                    vllm serve m --max_num_seqs 16                             | 16
                    sglang --max-running-requests=8                            | 8
                    vllm serve m --max-num-seqs                                | -
                    vllm serve m --max-num-seqs many                           | -
                    vllm serve m --max-num-seqs=-1                             | -
                    vllm serve m --max-num-seqs 0                              | -
                    vllm serve m --max-num-seqs=$(SEQS)                        | 128
                    vllm serve m                                               | -
                    """)
    void readsTheBatchSizeOfArguments(String line, @Nullable Long size) {
        ContainerArguments arguments = ContainerArguments.of(new ContainerBuilder()
                .withCommand(line.split(" ", -1)[0])
                .withArgs(List.of(line.split(" ", -1)).subList(1, line.split(" ", -1).length))
                .addNewEnv()
                .withName("SEQS")
                .withValue("128")
                .endEnv()
                .build());
        assertThat(BatchSize.of(null, arguments)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    exec vllm serve m --max-num-seqs 64;                       | 64
                    vllm serve "a b" --max-num-seqs='24' && true               | 24
                    export X=1\\nvllm serve m \\\\\\n --max-num-seqs ${SEQS} & wait| 128
                    # --max-num-seqs 1\\nvllm serve m --max-num-seqs 2          | 2
                    """)
    void readsTheBatchSizeOfAShellsScript(String script, long size) {
        ContainerArguments arguments = ContainerArguments.of(new ContainerBuilder()
                .withCommand("/bin/bash", "-lc")
                .withArgs(script.replace("\\n", "\n"))
                .addNewEnv()
                .withName("SEQS")
                .withValue("128")
                .endEnv()
                .build());
        assertThat(BatchSize.of("vllm", arguments)).isEqualTo(size);
    }

    @Test
    void takesTheAnnotatedPortsBeforeTheNamed() {
        Pod pod = Cluster.pod("p", "vllm/vllm-openai", 8000)
                .editMetadata()
                .addToAnnotations("prometheus.io/port", "http, 9001")
                .endMetadata()
                .build();
        assertThat(ports(pod, List.of())).containsExactly(8000, 9001);
    }

    @Test
    void takesNumberedNamesAsRanks() {
        Pod pod = Cluster.pod("p", "vllm/vllm-openai", 8000)
                .editSpec()
                .editFirstContainer()
                .withPorts()
                .addNewPort()
                .withName("http-1")
                .withContainerPort(8001)
                .endPort()
                .addNewPort()
                .withName("http-0")
                .withContainerPort(8000)
                .endPort()
                .addNewPort()
                .withName("grpc")
                .withContainerPort(9000)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        assertThat(ports(pod, List.of())).containsExactly(8000, 8001);
    }

    @Test
    void takesTheServicesTargetThenTheOptionThenTheUsualPort() {
        PodBuilder bare = Cluster.pod("p", "vllm/vllm-openai", 1)
                .editSpec()
                .editFirstContainer()
                .withPorts()
                .endContainer()
                .endSpec();
        assertThat(ports(bare.build(), List.of(new IntOrString(8100)))).containsExactly(8100);
        assertThat(ports(bare.build(), List.of())).containsExactly(8000);
        bare.editSpec()
                .editFirstContainer()
                .withArgs("--port", "8200")
                .endContainer()
                .endSpec();
        assertThat(ports(bare.build(), List.of())).containsExactly(8200);
    }

    @Test
    void saysWhatIsWrongWithAnAnnotation() {
        Pod pod = Cluster.pod("p", "vllm/vllm-openai", 8000)
                .editMetadata()
                .addToAnnotations("prometheus.io/port", "99999")
                .endMetadata()
                .build();
        assertThat(ports(pod, List.of())).isEmpty();
        assertThat(complaints.values())
                .containsExactly(
                        "Pod 'p' in namespace 'chat': The annotation prometheus.io/port is '99999', but '99999' is neither a port (1..65535) nor the name of a container port; found the ports http=8000. Write a number, a name, or several with commas.");
    }

    @Test
    void numbersTheReplicasOfStatefulAndLeaderWorkerSets() {
        PodBuilder stateful = Cluster.pod("llama-3", "vllm/vllm-openai", 8000)
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("StatefulSet")
                .withName("llama")
                .withUid("u")
                .withController(true)
                .endOwnerReference()
                .endMetadata();
        PodDescription read = read(stateful.build(), List.of());
        assertThat(read.replicaIndex()).isEqualTo(3);
        assertThat(read.variant()).isEqualTo("llama");
        stateful.editMetadata()
                .addToLabels("apps.kubernetes.io/pod-index", "4")
                .addToLabels("inferometer.io/variant", "h100")
                .endMetadata();
        assertThat(read(stateful.build(), List.of()).replicaIndex()).isEqualTo(4);
        assertThat(read(stateful.build(), List.of()).variant()).isEqualTo("h100");
    }

    @Test
    void joinsReplicasByPodLabelElseByAddress() {
        PodIndex index = new PodIndex(List.of(
                read(Cluster.pod("a", "vllm/vllm-openai", 8000).build(), List.of()),
                read(Cluster.pod("b", "vllm/vllm-openai", 8001).build(), List.of())));
        ReplicaReport report = report(
                ReplicaMetrics.builder("127.0.0.1:8001")
                        .instance("127.0.0.1:8001")
                        .build(),
                ReplicaMetrics.builder("127.0.0.1:9090")
                        .instance("127.0.0.1:9090")
                        .labels(Map.of("pod", "a"))
                        .build(),
                ReplicaMetrics.builder("127.0.0.1:7000")
                        .instance("127.0.0.1:7000")
                        .build(),
                ReplicaMetrics.builder("127.0.0.1:8000")
                        .instance("127.0.0.1:8000")
                        .labels(Map.of("pod", "gone"))
                        .build());
        List<ReplicaMetrics> replicas =
                new PodEnricher(() -> index).enrich(report).replicas();
        assertThat(replicas).extracting(ReplicaMetrics::replicaId).containsExactly("b", "a", "127.0.0.1:7000", "gone");
        assertThat(replicas).extracting(ReplicaMetrics::ready).containsExactly(true, true, null, null);
    }

    @Test
    void takesAPodThatIsNotReadyForNotReady() {
        PodIndex index = new PodIndex(List.of(read(
                Cluster.pod("a", "vllm/vllm-openai", 8000)
                        .editMetadata()
                        .withDeletionTimestamp("2026-01-01T00:00:00Z")
                        .endMetadata()
                        .build(),
                List.of())));
        ReplicaReport report = report(ReplicaMetrics.builder("x")
                .instance("127.0.0.1:8000")
                .ready(true)
                .build());
        assertThat(new PodEnricher(() -> index).enrich(report).replicas().get(0).ready())
                .isFalse();
    }

    private static ReplicaReport report(ReplicaMetrics... replicas) {
        return new ReplicaReport("m", null, Instant.EPOCH, List.of(replicas), List.of(), replicas.length);
    }

    private List<Integer> ports(Pod pod, List<IntOrString> serviceTargets) {
        return read(pod, serviceTargets).ports();
    }

    private PodDescription read(Pod pod, List<IntOrString> serviceTargets) {
        Pod nowhere =
                new PodBuilder(pod).editSpec().withNodeName(null).endSpec().build();
        Lookups none = null; // A pod without a node and above a StatefulSet has nothing to look up.
        return new PodReader(DiscoveryOptions.DEFAULTS, none, new Engines(), complaints).read(nowhere, serviceTargets);
    }
}
