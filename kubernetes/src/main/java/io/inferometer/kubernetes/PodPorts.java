package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * At which ports of a pod metrics are served. Asked in this order: the annotation, the names of container ports, the
 * Service's target ports, the option {@code --port}, the only port of the engine's container, the engine's usual port.
 */
final class PodPorts {
    static final String ANNOTATION = "prometheus.io/port";
    private static final Map<String, Integer> USUAL =
            Map.of("vllm", 8000, "sglang", 30000, "tgi", 80, "llamacpp", 8080, "ollama", 11434);

    private final Pod pod;
    private final DiscoveryOptions options;
    private final List<IntOrString> serviceTargets;

    PodPorts(Pod pod, DiscoveryOptions options, List<IntOrString> serviceTargets) {
        this.pod = pod;
        this.options = options;
        this.serviceTargets = serviceTargets;
    }

    /**
     * The ports in ascending order, or in that of the annotation; empty when nothing tells.
     *
     * @throws IllegalArgumentException when the annotation names no port
     */
    List<Integer> find(@Nullable Container engineContainer, @Nullable String engine) {
        String annotation = PodTexts.annotations(pod).get(ANNOTATION);
        if (annotation != null) {
            return ofAnnotation(annotation);
        }
        Set<Integer> ports = byName();
        if (ports.isEmpty()) {
            ports = ofService();
        }
        if (ports.isEmpty() && engineContainer != null) {
            ports = ofContainer(engineContainer);
        }
        if (ports.isEmpty() && engine != null && USUAL.containsKey(engine)) {
            ports = Set.of(USUAL.get(engine));
        }
        return List.copyOf(ports);
    }

    private List<Integer> ofAnnotation(String annotation) {
        List<Integer> ports = new ArrayList<>();
        for (String part : annotation.split(",", -1)) {
            Integer port = number(part.strip());
            if (port == null) {
                port = named(part.strip());
            }
            if (port == null) {
                throw new IllegalArgumentException(
                        "The annotation %s is '%s', but '%s' is neither a port (1..65535) nor the name of a container port; found the ports %s. Write a number, a name, or several with commas."
                                .formatted(ANNOTATION, annotation, part.strip(), declared()));
            }
            if (!ports.contains(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    /** The first name that any port has; with a number behind it, the ports of several ranks. */
    private Set<Integer> byName() {
        for (String name : options.portNames()) {
            Set<Integer> ports = new TreeSet<>();
            for (ContainerPort port : tcpPorts()) {
                if (port.getName() != null && isNamed(port.getName(), name)) {
                    ports.add(port.getContainerPort());
                }
            }
            if (!ports.isEmpty()) {
                return ports;
            }
        }
        return Set.of();
    }

    private Set<Integer> ofService() {
        Set<Integer> ports = new TreeSet<>();
        for (IntOrString target : serviceTargets) {
            Integer port = target.getIntVal() != null ? target.getIntVal() : named(target.getStrVal());
            if (port != null) {
                ports.add(port);
            }
        }
        return ports;
    }

    private static Set<Integer> ofContainer(Container container) {
        Integer told = number(ContainerArguments.of(container).value("--port"));
        if (told != null) {
            return Set.of(told);
        }
        List<ContainerPort> ports =
                container.getPorts().stream().filter(PodPorts::isTcp).toList();
        return ports.size() == 1 ? Set.of(ports.get(0).getContainerPort()) : Set.of();
    }

    private @Nullable Integer named(@Nullable String name) {
        return tcpPorts().stream()
                .filter(port -> port.getName() != null && port.getName().equals(name))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(null);
    }

    private List<ContainerPort> tcpPorts() {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(PodPorts::isTcp)
                .toList();
    }

    /** All that the pod declares, for messages. */
    String declared() {
        List<String> ports = tcpPorts().stream()
                .map(port -> port.getName() == null
                        ? String.valueOf(port.getContainerPort())
                        : port.getName() + "=" + port.getContainerPort())
                .toList();
        return ports.isEmpty() ? "none" : String.join(", ", ports);
    }

    private static boolean isTcp(ContainerPort port) {
        return port.getContainerPort() != null && (port.getProtocol() == null || "TCP".equals(port.getProtocol()));
    }

    private static boolean isNamed(String port, String name) {
        return port.equals(name)
                || (port.startsWith(name + "-")
                        && port.substring(name.length() + 1).matches("[0-9]+"));
    }

    private static @Nullable Integer number(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65535 ? (Integer) port : null;
    }
}
