package io.inferometer.source.prometheus;

import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.ReplicaValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Writes recording rules for the values of all replicas, which a server then computes once for everybody.
 *
 * <p>Stateless and safe to share. A collector uses them by itself where it finds them for its window.
 */
public final class RecordingRules {
    static final String RECORDED = "recorded";
    private static final String PREFIX = "inferometer:";

    private RecordingRules() {}

    /**
     * A file of rules, as {@code rule_files} of a Prometheus server takes it.
     *
     * @param backends the engines
     * @param settings windows and labels
     * @param interval how often the server computes them, more than zero
     * @return YAML
     */
    public static List<String> yaml(Collection<EngineBackend<?>> backends, QuerySettings settings, Duration interval) {
        List<String> lines = new ArrayList<>();
        lines.add("# Made by 'inferometer rules'. Values of LLM replicas, each by target and model.");
        lines.add("groups:");
        for (EngineBackend<?> backend : backends) {
            if (!backend.replicaTable().isEmpty()) {
                group(backend, settings, interval, lines);
            }
        }
        return lines;
    }

    static String nameOf(ReplicaValue value) {
        return PREFIX + value.word();
    }

    private static void group(EngineBackend<?> backend, QuerySettings settings, Duration interval, List<String> lines) {
        EngineQueries queries = EngineQueries.ofAllModels(backend, settings);
        lines.add("- name: inferometer-" + backend.name());
        lines.add("  interval: " + Promql.duration(interval));
        lines.add("  rules:");
        for (QueryGroup group : QueryGroup.values()) {
            for (Map.Entry<ReplicaValue, String> rule : queries.valuesOf(group).entrySet()) {
                lines.add("  - record: " + nameOf(rule.getKey()));
                lines.add("    labels:");
                lines.add("      " + EngineQueries.ENGINE + ": " + backend.name());
                lines.add("      " + EngineQueries.WINDOW + ": " + Promql.duration(settings.window()));
                lines.add("    expr: |-");
                lines.add("      " + rule.getValue());
            }
        }
    }
}
