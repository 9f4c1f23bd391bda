package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fabric8's server in CRUD mode, which keeps what is created, with two things that it lacks and real ones have: rights that are
 * missing, and a history that ends.
 */
final class ApiServer extends KubernetesMixedDispatcher {
    private static final Pattern PATH =
            Pattern.compile("/(?:api|apis/([^/]+))/v1(?:/namespaces/[^/]+)?/([a-z]+)(/[^/?]+)?.*");
    private static final String USER = "system:serviceaccount:chat:scaler";

    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    /** What was listed since the history was forgotten. */
    private final Set<String> listed = ConcurrentHashMap.newKeySet();

    private volatile boolean historyLost;
    private volatile boolean anonymous;

    ApiServer() {
        super(new HashMap<>());
    }

    /** From now on nobody may do this. */
    void refuse(String verb, String resource) {
        refused.add(verb + " " + resource);
    }

    void allow(String verb, String resource) {
        refused.remove(verb + " " + resource);
    }

    /** From now on it knows nobody. */
    void forgetUsers() {
        anonymous = true;
    }

    /** Who watches from an earlier version has to list anew, as after some minutes without a connection. */
    void forgetHistory() {
        listed.clear();
        historyLost = true;
    }

    /** How often a thing was asked for, such as {@code "watch pods"}, whatever the answer was. */
    int asked(String verb, String resource) {
        return asked.getOrDefault(verb + " " + resource, 0);
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        Matcher path = PATH.matcher(request.getPath());
        if (!path.matches()) {
            return super.dispatch(request);
        }
        String verb = verb(request, path.group(3) != null);
        String group = path.group(1) == null ? "" : path.group(1);
        String resource = path.group(2);
        asked.merge(verb + " " + resource, 1, Integer::sum);
        if (anonymous) {
            return answer(401, "Unauthorized", "Unauthorized");
        }
        if (refused.contains(verb + " " + resource)) {
            return answer(
                    403,
                    "Forbidden",
                    "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\""
                            .formatted(resource, USER, verb, resource, group));
        }
        if (verb.equals("list")) {
            listed.add(resource);
        } else if (verb.equals("watch") && historyLost && !listed.contains(resource)) {
            return endedHistory();
        }
        return super.dispatch(request);
    }

    private static String verb(RecordedRequest request, boolean named) {
        return switch (request.getMethod()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> request.getPath().contains("watch=true") ? "watch" : named ? "get" : "list";
        };
    }

    /** Real servers let the watch begin, and then say so in its first event. */
    private static MockResponse endedHistory() {
        Status status = status(410, "Expired", "too old resource version");
        String event = Serialization.asJson(Map.of("type", "ERROR", "object", status));
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket, Response response) {
                webSocket.send(event);
            }
        });
    }

    private static MockResponse answer(int code, String reason, String message) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(status(code, reason, message)));
    }

    private static Status status(int code, String reason, String message) {
        return new StatusBuilder()
                .withApiVersion("v1")
                .withKind("Status")
                .withStatus("Failure")
                .withCode(code)
                .withReason(reason)
                .withMessage(message)
                .build();
    }
}
