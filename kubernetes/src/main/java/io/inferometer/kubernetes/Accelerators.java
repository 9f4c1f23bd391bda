package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod computes on, by what it asks for. */
final class Accelerators {
    /** Extended resources of device plugins: those named so, and those whose names begin so. */
    private static final List<String> RESOURCES = List.of(
            "nvidia.com/",
            "amd.com/gpu",
            "google.com/tpu",
            "gpu.intel.com/",
            "habana.ai/",
            "intel.com/gpu",
            "aws.amazon.com/neuron",
            "huawei.com/ascend",
            "huawei.com/Ascend",
            "cambricon.com/",
            "furiosa.ai/",
            "rebellions.ai/",
            "qualcomm.com/qaic",
            "tenstorrent.com/");

    /**
     * Devices that a pod asks for.
     *
     * @param resource the resource's name, such as {@code nvidia.com/gpu}
     * @param count how many of it, over all containers; 1 or more
     */
    record Request(String resource, long count) {}

    private Accelerators() {}

    /** Null when the pod asks for none. */
    static @Nullable Request requestedBy(Pod pod) {
        Map<String, Long> counts = new TreeMap<>();
        for (Container container : pod.getSpec().getContainers()) {
            if (container.getResources() != null) {
                amounts(container).forEach((name, count) -> counts.merge(name, count, Long::sum));
            }
        }
        return counts.entrySet().stream()
                .map(entry -> new Request(entry.getKey(), entry.getValue()))
                .findFirst()
                .orElse(null);
    }

    /** Of an extended resource, requests and limits are equal where both are given. */
    private static Map<String, Long> amounts(Container container) {
        Map<String, Long> amounts = new TreeMap<>();
        Stream.of(container.getResources().getLimits(), container.getResources().getRequests())
                .filter(quantities -> quantities != null)
                .flatMap(quantities -> quantities.entrySet().stream())
                .filter(entry -> isAccelerator(entry.getKey()))
                .forEach(entry -> count(entry.getValue(), amounts, entry.getKey()));
        return amounts;
    }

    private static void count(@Nullable Quantity quantity, Map<String, Long> amounts, String name) {
        if (quantity == null) {
            return;
        }
        try {
            BigDecimal amount = quantity.getNumericalAmount();
            if (amount.signum() > 0) {
                amounts.put(name, amount.longValue());
            }
        } catch (IllegalArgumentException e) {
            // A quantity that is none; the API server lets no such thing pass.
        }
    }

    private static boolean isAccelerator(String resource) {
        return RESOURCES.stream().anyMatch(resource::startsWith);
    }
}
