package io.inferometer.saturation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Replicas as a test writes them: {@code "a 0.50 1 small@2; b ? 0"} are the replica a of the variant small, which costs 2,
 * with usage 0.50 and one waiting request, and b of unknown usage. A {@code ~} at the end makes the values two minutes old, a
 * {@code -} the replica not ready.
 */
final class Replicas {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private Replicas() {}

    static List<ReplicaMetrics> of(String text) {
        List<ReplicaMetrics> replicas = new ArrayList<>();
        for (String one : text.split(";", -1)) {
            if (!one.isBlank()) {
                replicas.add(read(one.strip()));
            }
        }
        return replicas;
    }

    private static ReplicaMetrics read(String text) {
        String[] words = text.split("\\s+", -1);
        Duration age = text.endsWith("~") ? Duration.ofMinutes(2) : Duration.ofSeconds(1);
        ReplicaMetrics.Builder replica = ReplicaMetrics.builder(words[0])
                .model("m")
                .ready(!text.endsWith("-"))
                .collected(NOW.minus(age), NOW, FreshnessThresholds.DEFAULTS);
        if (!words[1].equals("?")) {
            replica.kvCacheUsage(Double.valueOf(words[1]));
        }
        if (!words[2].equals("?")) {
            replica.queueDepth(Long.valueOf(words[2]));
        }
        if (words.length > 3 && words[3].length() > 1) {
            String[] variant = words[3].split("@", -1);
            replica.variant(variant[0]).cost(variant.length > 1 ? Double.valueOf(variant[1]) : null);
        }
        return replica.build();
    }
}
