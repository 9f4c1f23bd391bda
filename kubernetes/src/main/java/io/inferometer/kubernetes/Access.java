package io.inferometer.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is asked of the API server, and how to say that it failed. Immutable.
 *
 * @param server the API server's URL
 * @param verb such as {@code "list"}
 * @param group the API group, empty for the core
 * @param resource such as {@code "pods"}
 * @param namespace where, null for the cluster
 */
record Access(
        String server,
        String verb,
        String group,
        String resource,
        @Nullable String namespace) {
    /** What the server says of who asked, and for what. */
    private static final Pattern CANNOT = Pattern.compile("cannot (\\w+) resource");

    private static final Pattern USER = Pattern.compile("User \"([^\"]{1,200})\"");

    static Access of(KubernetesClient client, String verb, String group, String resource, @Nullable String namespace) {
        return new Access(client.getConfiguration().getMasterUrl(), verb, group, resource, namespace);
    }

    /** The failure with its remedy. */
    KubernetesAccessException failed(Throwable error) {
        KubernetesClientException answer = answerIn(error);
        return new KubernetesAccessException(explain(error), answer == null ? 0 : answer.getCode(), error);
    }

    /** What failed and what to do. */
    String explain(Throwable error) {
        KubernetesClientException answer = answerIn(error);
        Access asked = answer != null && isOfWatch(answer) ? withVerb("watch") : this;
        return asked.message(answer == null ? 0 : answer.getCode(), reason(error, answer));
    }

    /** Whether asking again is of no use until somebody changes something. */
    static boolean isRefusal(Throwable error) {
        KubernetesClientException answer = answerIn(error);
        return answer != null && (answer.getCode() == 401 || answer.getCode() == 403);
    }

    static boolean isMissing(Throwable error) {
        KubernetesClientException answer = answerIn(error);
        return answer != null && answer.getCode() == 404;
    }

    private String message(int status, String reason) {
        String asked = verbIn(reason) + " " + resource + where();
        if (status == 403) {
            return "Kubernetes at %s does not let %s %s (403). Add the rule {apiGroups: [\"%s\"], resources: [%s], verbs: [%s]} to its %s; docs/kubernetes.md has a manifest of all that is needed."
                    .formatted(
                            server,
                            who(reason),
                            asked,
                            group,
                            resource,
                            verbIn(reason),
                            namespace == null ? "ClusterRole" : "Role in namespace '" + namespace + "'");
        }
        if (status == 401) {
            return "Kubernetes at %s does not know who asks to %s (401). Check the kubeconfig's user or the service account's token: kubectl auth whoami."
                    .formatted(server, asked);
        }
        return "Could not %s at Kubernetes %s: %s. Check that this is the cluster meant and that it answers: kubectl get --raw /readyz."
                .formatted(asked, server, reason);
    }

    private Access withVerb(String other) {
        return new Access(server, other, group, resource, namespace);
    }

    /** The client writes the URL that it asked for into its message. */
    private static boolean isOfWatch(KubernetesClientException answer) {
        return String.valueOf(answer.getMessage()).contains("watch=true");
    }

    private String where() {
        return namespace == null ? " of the cluster" : " in namespace '" + namespace + "'";
    }

    /** An informer lists and watches by itself; only the server's own words tell which of both it refused. */
    private String verbIn(String reason) {
        Matcher matcher = CANNOT.matcher(reason);
        return matcher.find() ? matcher.group(1) : verb;
    }

    private static String who(String reason) {
        Matcher matcher = USER.matcher(reason);
        return matcher.find() ? "'" + matcher.group(1) + "'" : "this client";
    }

    private static String reason(Throwable error, @Nullable KubernetesClientException answer) {
        if (answer != null && answer.getStatus() != null && answer.getStatus().getMessage() != null) {
            return answer.getStatus().getMessage();
        }
        Throwable deepest = error;
        for (int depth = 0; deepest.getCause() != null && depth < 20; depth++) {
            deepest = deepest.getCause();
        }
        String text = deepest.getMessage();
        if (deepest instanceof UnknownHostException) {
            return "unknown host " + text;
        }
        return text == null || text.isBlank() ? deepest.getClass().getSimpleName() : text;
    }

    private static @Nullable KubernetesClientException answerIn(Throwable error) {
        Throwable next = error;
        for (int depth = 0; next != null && depth < 20; depth++) {
            if (next instanceof KubernetesClientException answer && answer.getCode() > 0) {
                return answer;
            }
            next = next.getCause();
        }
        return null;
    }
}
