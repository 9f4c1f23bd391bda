package io.inferometer.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong now, by where; logged once, when it changes. Thread-safe. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesDiscovery.class);

    private final Map<String, String> byPlace = new ConcurrentSkipListMap<>();

    void set(String place, String message) {
        if (!message.equals(byPlace.put(place, message))) {
            LOG.warn("{}", message);
        }
    }

    void clear(String place) {
        if (byPlace.remove(place) != null) {
            LOG.info("Over: {}", place);
        }
    }

    /** Keeps of those below a prefix the ones given, and sets them. */
    void replaceAll(String prefix, Map<String, String> now) {
        byPlace.keySet().removeIf(place -> place.startsWith(prefix) && !now.containsKey(place));
        now.forEach(this::set);
    }

    List<String> list() {
        return List.copyOf(byPlace.values());
    }
}
