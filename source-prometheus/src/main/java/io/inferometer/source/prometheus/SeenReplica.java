package io.inferometer.source.prometheus;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.ReplicaValue;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the answers say of one replica. Filled by one thread, then never changed. */
final class SeenReplica {
    final String engine;
    final Map<String, String> labels;
    final Instant sampledAt;
    final Map<ReplicaValue, Double> values = new EnumMap<>(ReplicaValue.class);
    final Map<String, Double> custom = new LinkedHashMap<>();

    @Nullable
    EngineSnapshot description;

    @Nullable
    Boolean up;

    SeenReplica(String engine, Map<String, String> labels, Instant sampledAt) {
        this.engine = engine;
        this.labels = labels;
        this.sampledAt = sampledAt;
    }

    @Nullable
    String label(String name) {
        String value = labels.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    @Nullable
    Long count(ReplicaValue value) {
        Double number = values.get(value);
        return number == null ? null : (Long) Math.round(number);
    }
}
