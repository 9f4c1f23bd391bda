package io.inferometer.kubernetes;

import java.time.Duration;
import java.util.List;

/**
 * How pods are read. The lists are in order of preference.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy.
 *
 * @param portNames names of container ports that serve metrics; {@code http} also means {@code http-0}, {@code http-1}, …
 * @param engineLabels labels, else annotations, whose value names the engine
 * @param modelLabels labels, else annotations, whose value names the model; an annotation may hold a slash
 * @param variantLabels labels, else annotations, whose value names the variant
 * @param acceleratorLabels labels of a pod, then of its node, whose value names the accelerator
 * @param startTimeout how long {@code start()} waits for the first list of pods
 * @param lookupAge how long what was said of a node or an owner is believed; refused look-ups are tried again after it
 */
public record DiscoveryOptions(
        List<String> portNames,
        List<String> engineLabels,
        List<String> modelLabels,
        List<String> variantLabels,
        List<String> acceleratorLabels,
        Duration startTimeout,
        Duration lookupAge) {
    /** The labels and port names in common use; ten seconds to start, look-ups believed for five minutes. */
    public static final DiscoveryOptions DEFAULTS = new DiscoveryOptions(
            List.of("metrics", "http-metrics", "http", "api", "openai", "server"),
            List.of("inferometer.io/engine", "inference.networking.k8s.io/engine-type", "engine"),
            List.of("inferometer.io/model", "llm-d.ai/model", "model"),
            List.of("inferometer.io/variant", "llm-d.ai/variant", "variant"),
            List.of(
                    "inferometer.io/accelerator",
                    "nvidia.com/gpu.product",
                    "amd.com/gpu.product-name",
                    "gpu.intel.com/product",
                    "cloud.google.com/gke-accelerator",
                    "cloud.google.com/gke-tpu-accelerator",
                    "karpenter.k8s.aws/instance-gpu-name",
                    "karpenter.k8s.aws/instance-accelerator-name",
                    "eks.amazonaws.com/instance-gpu-name",
                    "k8s.amazonaws.com/accelerator",
                    "gpu.nvidia.com/model",
                    "kubernetes.azure.com/accelerator"),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5));

    /**
     * Checks the durations and copies the lists.
     *
     * @param portNames names of container ports
     * @param engineLabels labels that name the engine
     * @param modelLabels labels that name the model
     * @param variantLabels labels that name the variant
     * @param acceleratorLabels labels that name the accelerator
     * @param startTimeout how long to wait for the first list
     * @param lookupAge how long a look-up is believed
     * @throws IllegalArgumentException when a duration is not more than zero
     */
    public DiscoveryOptions {
        portNames = List.copyOf(portNames);
        engineLabels = List.copyOf(engineLabels);
        modelLabels = List.copyOf(modelLabels);
        variantLabels = List.copyOf(variantLabels);
        acceleratorLabels = List.copyOf(acceleratorLabels);
        requirePositive("startTimeout", startTimeout);
        requirePositive("lookupAge", lookupAge);
    }

    /** A copy with other names of ports. */
    public DiscoveryOptions withPortNames(String... names) {
        return new DiscoveryOptions(
                List.of(names), engineLabels, modelLabels, variantLabels, acceleratorLabels, startTimeout, lookupAge);
    }

    /** A copy with other labels for the engine. */
    public DiscoveryOptions withEngineLabels(String... names) {
        return new DiscoveryOptions(
                portNames, List.of(names), modelLabels, variantLabels, acceleratorLabels, startTimeout, lookupAge);
    }

    /** A copy with other labels for the model. */
    public DiscoveryOptions withModelLabels(String... names) {
        return new DiscoveryOptions(
                portNames, engineLabels, List.of(names), variantLabels, acceleratorLabels, startTimeout, lookupAge);
    }

    /** A copy with other labels for the variant. */
    public DiscoveryOptions withVariantLabels(String... names) {
        return new DiscoveryOptions(
                portNames, engineLabels, modelLabels, List.of(names), acceleratorLabels, startTimeout, lookupAge);
    }

    /** A copy with other labels for the accelerator. */
    public DiscoveryOptions withAcceleratorLabels(String... names) {
        return new DiscoveryOptions(
                portNames, engineLabels, modelLabels, variantLabels, List.of(names), startTimeout, lookupAge);
    }

    /** A copy that waits so long for the first list of pods. */
    public DiscoveryOptions withStartTimeout(Duration value) {
        return new DiscoveryOptions(
                portNames, engineLabels, modelLabels, variantLabels, acceleratorLabels, value, lookupAge);
    }

    /** A copy that believes look-ups for so long. */
    public DiscoveryOptions withLookupAge(Duration value) {
        return new DiscoveryOptions(
                portNames, engineLabels, modelLabels, variantLabels, acceleratorLabels, startTimeout, value);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "%s must be more than zero; found %s. Use Duration.ofSeconds(10), say.".formatted(name, value));
        }
    }
}
