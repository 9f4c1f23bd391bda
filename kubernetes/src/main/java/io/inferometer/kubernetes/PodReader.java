package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a pod says of itself, its node and its owner into a {@link PodDescription}. For one thread. */
final class PodReader {
    private static final String PATH = "prometheus.io/path";
    private static final String SCHEME = "prometheus.io/scheme";
    private static final String SCRAPE = "prometheus.io/scrape";
    private static final String WORKER_INDEX = "leaderworkerset.sigs.k8s.io/worker-index";
    private static final List<String> INDEXES =
            List.of("leaderworkerset.sigs.k8s.io/group-index", "apps.kubernetes.io/pod-index");
    private static final List<String> ZONES =
            List.of("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone");
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    private static final Pattern ORDINAL = Pattern.compile("-([0-9]{1,9})$");

    private final DiscoveryOptions options;
    private final Lookups lookups;
    private final Owners owners;
    private final Engines engines;
    private final Map<String, String> complaints;

    PodReader(DiscoveryOptions options, Lookups lookups, Engines engines, Map<String, String> complaints) {
        this.options = options;
        this.lookups = lookups;
        this.owners = new Owners(lookups);
        this.engines = engines;
        this.complaints = complaints;
    }

    /** Null for a pod that has ended, or is to be left alone. */
    @Nullable
    PodDescription read(Pod pod, List<IntOrString> serviceTargets) {
        if (pod.getSpec() == null || hasEnded(pod) || isToBeLeftAlone(pod)) {
            return null;
        }
        Container container = engineContainer(pod);
        ContainerArguments arguments = container == null ? null : ContainerArguments.of(container);
        String engine = engine(pod, container);
        Node node = pod.getSpec().getNodeName() == null
                ? null
                : lookups.node(pod.getSpec().getNodeName());
        Accelerators.Request request = Accelerators.requestedBy(pod);
        PodOwner owner = owners.of(pod);
        return new PodDescription(
                pod.getMetadata().getName(),
                pod.getMetadata().getNamespace(),
                String.valueOf(pod.getMetadata().getUid()),
                ip(pod),
                Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
                pod.getSpec().getNodeName(),
                node == null ? null : PodTexts.first(node, ZONES),
                accelerator(pod, node, request),
                request == null ? null : (Long) request.count(),
                owner,
                variant(pod, owner),
                replicaIndex(pod, owner),
                isReady(pod),
                engine,
                model(pod, engine, arguments),
                arguments == null ? null : BatchSize.of(engine, arguments),
                ports(pod, container, engine, serviceTargets),
                path(pod),
                scheme(pod));
    }

    /** The container that runs the engine: by its image or command, else the only one, else the first. */
    private static @Nullable Container engineContainer(Pod pod) {
        List<Container> containers = pod.getSpec().getContainers();
        return containers.stream()
                .filter(container -> EngineGuess.of(container) != null)
                .findFirst()
                .orElse(containers.isEmpty() ? null : containers.get(0));
    }

    private @Nullable String engine(Pod pod, @Nullable Container container) {
        String label = PodTexts.first(pod, options.engineLabels());
        if (label != null) {
            String name = label.toLowerCase(Locale.ROOT);
            if (engines.isKnown(name)) {
                return engines.isAuto(name) ? null : name;
            }
            complain(pod, "engine", engines.unknown(pod.getMetadata().getName(), label));
        }
        String guess = container == null ? null : EngineGuess.of(container);
        if (guess != null && !engines.isKnown(guess)) {
            complain(pod, "engine", engines.missing(pod.getMetadata().getName(), guess));
            return null;
        }
        return guess;
    }

    private @Nullable String model(Pod pod, @Nullable String engine, @Nullable ContainerArguments arguments) {
        String label = PodTexts.first(pod, options.modelLabels());
        return label != null || arguments == null ? label : ModelName.of(engine, arguments);
    }

    private @Nullable String variant(Pod pod, @Nullable PodOwner owner) {
        String label = PodTexts.first(pod, options.variantLabels());
        return label != null || owner == null ? label : owner.name();
    }

    private @Nullable String accelerator(Pod pod, @Nullable Node node, Accelerators.@Nullable Request request) {
        String ofPod = PodTexts.first(pod, options.acceleratorLabels());
        if (ofPod != null) {
            return ofPod;
        }
        String ofNode = node == null ? null : PodTexts.first(node, options.acceleratorLabels());
        String known = ofNode == null ? selected(pod) : ofNode;
        return known != null || request == null ? known : request.resource();
    }

    /** A pod that selects its node by such a label says the same without a right to look at nodes. */
    private @Nullable String selected(Pod pod) {
        Map<String, String> selector = pod.getSpec().getNodeSelector();
        return selector == null
                ? null
                : options.acceleratorLabels().stream()
                        .map(selector::get)
                        .filter(value -> value != null && !value.isBlank())
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable Integer replicaIndex(Pod pod, @Nullable PodOwner owner) {
        String label = PodTexts.first(pod, INDEXES);
        if (label != null && label.matches("[0-9]{1,9}")) {
            return Integer.valueOf(label);
        }
        Matcher ordinal = ORDINAL.matcher(pod.getMetadata().getName());
        boolean numbers = owner != null && owner.kind().equals("StatefulSet");
        return numbers && ordinal.find() ? Integer.valueOf(ordinal.group(1)) : null;
    }

    private List<Integer> ports(
            Pod pod, @Nullable Container container, @Nullable String engine, List<IntOrString> serviceTargets) {
        PodPorts ports = new PodPorts(pod, options, serviceTargets);
        try {
            List<Integer> found = ports.find(isWorker(pod) ? null : container, isWorker(pod) ? null : engine);
            if (found.isEmpty() && !isWorker(pod)) {
                complain(
                        pod,
                        "port",
                        "Pod '%s' in namespace '%s' does not tell where its metrics are; found the ports %s. Name the port one of %s, or annotate the pod with %s."
                                .formatted(
                                        pod.getMetadata().getName(),
                                        pod.getMetadata().getNamespace(),
                                        ports.declared(),
                                        options.portNames(),
                                        PodPorts.ANNOTATION));
            }
            return found;
        } catch (IllegalArgumentException e) {
            complain(
                    pod,
                    "port",
                    "Pod '%s' in namespace '%s': %s"
                            .formatted(
                                    pod.getMetadata().getName(),
                                    pod.getMetadata().getNamespace(),
                                    e.getMessage()));
            return List.of();
        }
    }

    /** Of a group that serves one replica together, only the leader answers. */
    private static boolean isWorker(Pod pod) {
        String index = PodTexts.labels(pod).get(WORKER_INDEX);
        return index != null && !index.equals("0");
    }

    private static @Nullable String path(Pod pod) {
        String path = PodTexts.annotations(pod).get(PATH);
        return path == null || path.isBlank() ? null : path.strip();
    }

    private static String scheme(Pod pod) {
        return "https".equalsIgnoreCase(PodTexts.annotations(pod).get(SCHEME)) ? "https" : "http";
    }

    private static @Nullable String ip(Pod pod) {
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return ip == null || ip.isBlank() ? null : ip.toLowerCase(Locale.ROOT);
    }

    private static boolean hasEnded(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return phase != null && ENDED.contains(phase);
    }

    private static boolean isToBeLeftAlone(Pod pod) {
        return "false".equalsIgnoreCase(PodTexts.annotations(pod).get(SCRAPE));
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private void complain(Pod pod, String what, String message) {
        complaints.put(
                "pod/" + pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName() + "/" + what,
                message);
    }
}
