package io.inferometer.kubernetes;

import io.inferometer.collect.Target;
import io.inferometer.fleet.MonitoredTarget;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a target of each port of each pod. A target stays the same object while its pod and its address do, whatever else
 * becomes known of them, so that a monitor keeps what it learned. For one thread.
 */
final class PodTargets {
    /** What makes another target. */
    private record Key(
            String uid,
            String name,
            String url,
            @Nullable String engine,
            @Nullable String model) {}

    private final Map<String, String> complaints;
    private Map<Key, MonitoredTarget> earlier = new HashMap<>();

    PodTargets(Map<String, String> complaints) {
        this.complaints = complaints;
    }

    List<MonitoredTarget> of(List<PodDescription> pods, boolean withNamespace) {
        Map<Key, MonitoredTarget> now = new LinkedHashMap<>();
        for (PodDescription pod : pods) {
            for (int rank = 0; rank < pod.ports().size(); rank++) {
                add(pod, rank, withNamespace, now);
            }
        }
        earlier = now;
        return List.copyOf(now.values());
    }

    private void add(PodDescription pod, int rank, boolean withNamespace, Map<Key, MonitoredTarget> now) {
        int port = pod.ports().get(rank);
        String address = pod.address(port);
        if (address == null) {
            return;
        }
        boolean several = pod.ports().size() > 1;
        String name = (withNamespace ? pod.key() : pod.name()) + (several ? ":" + port : "");
        Key key = new Key(pod.uid(), name, pod.scheme() + "://" + address + path(pod), pod.engine(), pod.model());
        try {
            MonitoredTarget target = earlier.get(key);
            now.put(key, target == null ? target(key, pod, several ? rank : null) : target);
        } catch (IllegalArgumentException e) {
            complaints.put("pod/" + pod.key() + "/url", "Pod '%s': %s".formatted(pod.key(), e.getMessage()));
        }
    }

    private static MonitoredTarget target(Key key, PodDescription pod, @Nullable Integer rank) {
        String engine = key.engine() == null ? MonitoredTarget.AUTO : key.engine();
        return MonitoredTarget.of(engine, Target.of(key.url()))
                .withName(key.name())
                .withLabels(labels(pod, rank));
    }

    private static Map<String, String> labels(PodDescription pod, @Nullable Integer rank) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("namespace", pod.namespace());
        labels.put("pod", pod.name());
        put(labels, "model", pod.model());
        put(labels, "variant", pod.variant());
        put(labels, "accelerator", pod.accelerator());
        put(labels, "zone", pod.zone());
        put(labels, "node", pod.node());
        put(labels, "rank", rank);
        return labels;
    }

    static void put(Map<String, String> labels, String name, @Nullable Object value) {
        if (value != null) {
            labels.put(name, value.toString());
        }
    }

    /** The usual page is the engine's own, which may have more than one; any other path is the page itself or a prefix. */
    private static String path(PodDescription pod) {
        String path = pod.path();
        if (path == null || path.equals("/metrics") || path.equals("/")) {
            return "";
        }
        return path.startsWith("/") ? path : "/" + path;
    }
}
