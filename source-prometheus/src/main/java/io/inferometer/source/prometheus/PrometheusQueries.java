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
     * The queries for one model of one engine; none for an engine that tells a Prometheus server nothing.
     *
     * @param backend the engine
     * @param settings windows and labels
     * @param model the model
     * @param namespace the namespace, or null
     * @return in the order in which they are sent
     */
    public static List<Query> of(
            EngineBackend<?> backend, QuerySettings settings, String model, @Nullable String namespace) {
        EngineQueries queries = new EngineQueries(backend, settings, new ModelSelection(model, namespace));
        List<Query> all = new ArrayList<>();
        for (QueryGroup group : QueryGroup.values()) {
            String text = queries.of(group);
            if (text != null) {
                all.add(new Query(group, group.purpose() + blindness(queries, settings, model), text));
            }
        }
        return all;
    }

    /** What a user must know of an engine whose series do not say which model they are of. */
    private static String blindness(EngineQueries queries, QuerySettings settings, String model) {
        if (queries.namesModels()) {
            return "";
        }
        return settings.mapping().containsKey(model)
                ? "; the engine's series do not name the model, so the targets of the mapping count"
                : "; the engine's series do not name the model, so it cannot be told from others unless its targets have the label '%s'"
                        .formatted(settings.modelLabel());
    }
}
