package io.inferometer.exporter;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.kubernetes.DiscoveryOptions;
import io.inferometer.kubernetes.KubernetesAccessException;
import io.inferometer.kubernetes.KubernetesDiscovery;
import io.inferometer.kubernetes.PodSelector;
import io.inferometer.saturation.ReplicaEnricher;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a cluster that is watched. Safe to share. Nothing else here names a class of Kubernetes, so that commands that
 * do without load none.
 */
final class Pods implements AutoCloseable {
    private static final int RETRIES = 1; // The watch tries on by itself; more would hide what is wrong.

    private final KubernetesClient client;
    private final KubernetesDiscovery discovery;

    private Pods(KubernetesClient client, KubernetesDiscovery discovery) {
        this.client = client;
        this.discovery = discovery;
    }

    static Pods open(PodOptions wanted, @Nullable String namespace, @Nullable Duration timeout) {
        PodSelector selector = selector(wanted, namespace);
        DiscoveryOptions options =
                timeout == null ? DiscoveryOptions.DEFAULTS : DiscoveryOptions.DEFAULTS.withStartTimeout(timeout);
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config(wanted.context)).build();
        return new Pods(client, KubernetesDiscovery.of(client, selector, options));
    }

    /** Begins, once there is somebody to tell of what is found. */
    void start() {
        try {
            discovery.start();
        } catch (KubernetesAccessException e) {
            String where = " Here: the kubeconfig named by KUBECONFIG, else ~/.kube/config, and --context NAME.";
            throw Failure.failed(e.getMessage() + (e.status() == 403 ? "" : where), e);
        }
    }

    /** Keeps the targets of a monitor up to date. */
    void feed(EngineMonitor monitor) {
        discovery.feed(monitor);
    }

    ReplicaEnricher enricher() {
        return discovery.enricher();
    }

    /** Says that there are no pods where nothing else explains it; problems are in the log already. */
    void complainOfNone(Console console) {
        if (discovery.pods().isEmpty() && discovery.problems().isEmpty()) {
            console.complain(
                    "No pods were found. Look with kubectl get pods, and choose by --namespace, --service or --selector.");
        }
    }

    @Override
    public void close() {
        discovery.close();
        client.close();
    }

    private static PodSelector selector(PodOptions wanted, @Nullable String namespace) {
        try {
            return new PodSelector(namespace, wanted.everywhere, wanted.service, wanted.selector);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private static Config config(@Nullable String context) {
        Config config = Config.autoConfigure(context);
        if (context != null) {
            List<String> found =
                    config.getContexts().stream().map(NamedContext::getName).toList();
            if (!found.contains(context)) {
                throw Failure.usage(
                        "The kubeconfig has no context '%s'; found %s. Name one of them: kubectl config get-contexts."
                                .formatted(context, found));
            }
        }
        config.setRequestRetryBackoffLimit(RETRIES);
        return config;
    }
}
