package io.inferometer.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * Which pods to look at: those of a Service, those with certain labels, or all of a namespace.
 *
 * <p>Immutable and safe to share.
 *
 * @param namespace where; null for the namespace of the client's own configuration
 * @param allNamespaces whether all namespaces count; then {@code namespace} is null
 * @param service the name of the Service whose pods are meant, or null
 * @param labels a label selector as {@code kubectl -l} takes it ({@code app=llama,tier!=test}), or null
 */
public record PodSelector(
        @Nullable String namespace,
        boolean allNamespaces,
        @Nullable String service,
        @Nullable String labels) {
    /**
     * Checks that the parts go together.
     *
     * @param namespace where, or null
     * @param allNamespaces whether all namespaces count
     * @param service a Service's name, or null
     * @param labels a label selector, or null
     * @throws IllegalArgumentException when a text is blank, or two parts contradict each other
     */
    public PodSelector {
        requireText("namespace", namespace);
        requireText("service", service);
        requireText("label selector", labels);
        if (service != null && labels != null) {
            throw new IllegalArgumentException(
                    "Both the Service '%s' and the label selector '%s' were given. Give one of them: a Service has a selector of its own."
                            .formatted(service, labels));
        }
        if (allNamespaces && (namespace != null || service != null)) {
            throw new IllegalArgumentException(
                    "All namespaces were asked for together with '%s'. A Service or a namespace is in one place; use labels(...) for all."
                            .formatted(service == null ? namespace : service));
        }
    }

    /**
     * The pods that a Service selects, as its selector changes.
     *
     * @param namespace where, null for the client's own
     * @param name the Service's name
     * @return the selector
     */
    public static PodSelector service(@Nullable String namespace, String name) {
        return new PodSelector(namespace, false, name, null);
    }

    /**
     * The pods with certain labels.
     *
     * @param namespace where, null for the client's own
     * @param selector such as {@code "app=llama,tier!=test"}
     * @return the selector
     */
    public static PodSelector labels(@Nullable String namespace, String selector) {
        return new PodSelector(namespace, false, null, selector);
    }

    /** All pods of a namespace, null for the client's own. Pods of no known port are told of as problems. */
    public static PodSelector namespace(@Nullable String namespace) {
        return new PodSelector(namespace, false, null, null);
    }

    /** A copy that looks in all namespaces, which needs a ClusterRole. */
    public PodSelector inAllNamespaces() {
        return new PodSelector(null, true, service, labels);
    }

    private static void requireText(String what, @Nullable String text) {
        if (text != null && text.isBlank()) {
            throw new IllegalArgumentException("The %s is blank. Name one, or leave it out with null.".formatted(what));
        }
    }
}
