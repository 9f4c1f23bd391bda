package io.inferometer.source.prometheus;

import io.inferometer.spi.EngineBackend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries that a {@link PrometheusSaturationCollector} sends, to look at and to try.
 *
 * <p>Stateless and safe to share.
 */
public final class PrometheusQueries {
    /**
     * One query.
     *
     * @param group which values it asks for
     * @param purpose what it is for
     * @param text in PromQL
     */
    public record Query(QueryGroup group, String purpose, String text) {}

    private PrometheusQueries() {}

    /**
     * The queries for one model of one engine; none for an engine that tells a Prometheus server nothing. Of other spellings and
     * labels than the usual ones only the query that looks for them is given.
     *
     * @param backend the engine
     * @param settings windows and labels
     * @param model the model
     * @param namespace the namespace, or null
     * @return in the order in which they are sent
     */
    public static List<Query> of(
            EngineBackend<?> backend, QuerySettings settings, String model, @Nullable String namespace) {
        List<Query> all = new ArrayList<>();
        for (EngineQueries queries : EngineQueries.of(backend, settings, new ModelSelection(model, namespace))) {
            for (QueryGroup group : QueryGroup.values()) {
                if (queries.isUsual() || group == QueryGroup.FRESHNESS) {
                    String purpose = group.purpose() + remark(queries, settings, model);
                    queries.of(group).forEach(text -> all.add(new Query(group, purpose, text)));
                }
            }
        }
        return all;
    }

    /** What a user must know of an engine whose series do not say which model they are of, or not in the usual way. */
    private static String remark(EngineQueries queries, QuerySettings settings, String model) {
        if (!queries.isUsual()) {
            return "; for series spelled like '%s' with the model's name in '%s'. Replicas that it finds are asked for like the usual ones, in that spelling"
                    .formatted(queries.example(), queries.modelLabel());
        }
        if (queries.namesModels()) {
            return "";
        }
        return settings.mapping().containsKey(model)
                ? "; the engine's series do not name the model, so the targets of the mapping count"
                : "; the engine's series do not name the model, so it cannot be told from others unless its targets have the label '%s'"
                        .formatted(settings.modelLabel());
    }
}
