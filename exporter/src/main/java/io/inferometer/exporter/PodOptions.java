package io.inferometer.exporter;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pods of a Kubernetes cluster are meant: the options of every command that finds its targets there. */
final class PodOptions {
    @Option(
            names = "--kubernetes",
            description =
                    "Take the pods of a Kubernetes cluster for targets, as they come and go. Signs in as kubectl does:"
                            + " by a kubeconfig, or inside a cluster by its service account.")
    boolean wanted;

    @Option(names = "--service", paramLabel = "NAME", description = "With --kubernetes: the pods of this Service.")
    @Nullable
    String service;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "With --kubernetes: the pods with these labels, such as app=llama,tier!=test.")
    @Nullable
    String selector;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "With --kubernetes: look in all namespaces.")
    boolean everywhere;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "With --kubernetes: this context of the kubeconfig instead of its current one.")
    @Nullable
    String context;

    /** Throws when an option was given that has no meaning without the others. */
    void check() {
        if (!wanted && (service != null || selector != null || everywhere || context != null)) {
            throw Failure.usage("--service, --selector, --all-namespaces and --context need --kubernetes.");
        }
    }

    /** Watches the cluster; {@code namespace} is where, or null for that of the context. */
    Pods open(@Nullable String namespace, @Nullable Duration timeout) {
        try {
            return Pods.open(this, namespace, timeout);
        } catch (NoClassDefFoundError e) {
            throw Failure.failed(
                    "The client of Kubernetes is not on the class path. Start the program by ./inferometer, or add app/kubernetes/*.",
                    e);
        }
    }
}
