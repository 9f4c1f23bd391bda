package io.inferometer.source.prometheus;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.ReplicaValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One fetch of one model: first asks which engines serve it and how old their samples are, then the groups of values of
 * those engines, all at once.
 *
 * <p>For one fetch; nothing here waits.
 */
final class ModelFetch {
    private static final Map<String, ReplicaValue> BY_WORD = byWord();

    private final Map<String, EngineBackend<?>> backends;
    private final QuerySettings settings;
    private final Map<String, String> custom;
    private final ModelSelection selection;
    private final Function<String, CompletableFuture<PrometheusResult>> ask;
    private final Instant now;
    private final Map<String, Map<Map<String, String>, SeenReplica>> seen = new LinkedHashMap<>();
    private final Set<String> recorded = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    ModelFetch(
            Map<String, EngineBackend<?>> backends,
            QuerySettings settings,
            Map<String, String> custom,
            ModelSelection selection,
            Function<String, CompletableFuture<PrometheusResult>> ask,
            Instant now) {
        this.backends = backends;
        this.settings = settings;
        this.custom = custom;
        this.selection = selection;
        this.ask = ask;
        this.now = now;
    }

    CompletableFuture<SeenModel> start() {
        return ask.apply(freshness(backends, settings, selection)).thenCompose(this::askTheRest);
    }

    /** All engines' in one query: who has the model is not known before. */
    static String freshness(Map<String, EngineBackend<?>> backends, QuerySettings settings, ModelSelection selection) {
        List<String> parts = new ArrayList<>();
        for (EngineBackend<?> backend : backends.values()) {
            EngineQueries queries = new EngineQueries(backend, settings, selection);
            String query = queries.of(QueryGroup.FRESHNESS);
            if (query != null) {
                parts.add(query);
            }
            String recorded = queries.recorded();
            if (recorded != null) {
                parts.add(recorded);
            }
        }
        if (parts.isEmpty()) {
            throw new IllegalStateException(
                    "No backend on the class path has families that a Prometheus server could hold. Add one, such as 'inferometer-backend-vllm'.");
        }
        return Promql.or(parts);
    }

    private CompletableFuture<SeenModel> askTheRest(PrometheusResult fresh) {
        warnings.addAll(fresh.warnings());
        for (PrometheusSeries series : fresh.series()) {
            note(series);
        }
        List<CompletableFuture<?>> asked = new ArrayList<>();
        List<Runnable> readers = new ArrayList<>();
        seen.forEach((engine, replicas) -> {
            EngineBackend<?> backend = backends.get(engine);
            if (backend != null) {
                ask(backend, replicas, asked, readers);
            }
        });
        if (!seen.isEmpty()) {
            custom.forEach((name, template) -> ask(name, template, asked, readers));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(unused -> {
            readers.forEach(Runnable::run);
            return result();
        });
    }

    private void note(PrometheusSeries series) {
        String engine = series.label(EngineQueries.ENGINE);
        Double at = series.value();
        if (engine != null && RecordingRules.RECORDED.equals(series.label(EngineQueries.VALUE))) {
            recorded.add(engine);
        } else if (engine != null && at != null && series.label("instance") != null) {
            Map<String, String> key = TargetKey.of(series.labels(), settings.targetLabels());
            seen.computeIfAbsent(engine, unused -> new LinkedHashMap<>())
                    .put(key, new SeenReplica(engine, key, Instant.ofEpochMilli(Math.round(at * 1000))));
        }
    }

    private void ask(
            EngineBackend<?> backend,
            Map<Map<String, String>, SeenReplica> replicas,
            List<CompletableFuture<?>> asked,
            List<Runnable> readers) {
        EngineQueries queries = new EngineQueries(backend, settings, selection);
        for (QueryGroup group : QueryGroup.values()) {
            String query = text(group, queries, recorded.contains(backend.name()));
            if (query != null) {
                CompletableFuture<PrometheusResult> answer = ask.apply(query);
                asked.add(answer);
                readers.add(() -> read(group, backend, replicas, answer.join()));
            }
        }
    }

    private static @Nullable String text(QueryGroup group, EngineQueries queries, boolean recorded) {
        if (group == QueryGroup.FRESHNESS) {
            return null;
        }
        return recorded && !group.fields().isEmpty() ? queries.recordedOf(group) : queries.of(group);
    }

    private void ask(String name, String template, List<CompletableFuture<?>> asked, List<Runnable> readers) {
        CompletableFuture<PrometheusResult> answer = ask.apply(CustomQueries.text(template, selection));
        asked.add(answer);
        readers.add(() -> readCustom(name, answer.join()));
    }

    private void read(
            QueryGroup group,
            EngineBackend<?> backend,
            Map<Map<String, String>, SeenReplica> replicas,
            PrometheusResult answer) {
        warnings.addAll(answer.warnings());
        if (group == QueryGroup.UP) {
            readUp(replicas, answer);
        } else if (group == QueryGroup.DESCRIPTION) {
            Map<Map<String, String>, EngineSnapshot> described =
                    DescriptionPages.read(backend, answer, settings.targetLabels(), now);
            replicas.forEach((key, replica) -> replica.description = described.get(key));
        } else {
            readValues(replicas, answer);
        }
    }

    private void readValues(Map<Map<String, String>, SeenReplica> replicas, PrometheusResult answer) {
        for (PrometheusSeries series : answer.series()) {
            SeenReplica replica = replicas.get(TargetKey.of(series.labels(), settings.targetLabels()));
            ReplicaValue which = BY_WORD.get(series.labels().getOrDefault(EngineQueries.VALUE, ""));
            Double value = series.value();
            if (replica != null && which != null && value != null) {
                replica.values.put(which, value);
            }
        }
    }

    private static void readUp(Map<Map<String, String>, SeenReplica> replicas, PrometheusResult answer) {
        Map<String, Boolean> up = new HashMap<>();
        for (PrometheusSeries series : answer.series()) {
            Double value = series.value();
            if (value != null) {
                up.put(jobAndInstance(series.labels()), value != 0);
            }
        }
        replicas.values().forEach(replica -> replica.up = up.get(jobAndInstance(replica.labels)));
    }

    private static String jobAndInstance(Map<String, String> labels) {
        return labels.getOrDefault("job", "") + "\n" + labels.getOrDefault("instance", "");
    }

    private void readCustom(String name, PrometheusResult answer) {
        warnings.addAll(answer.warnings());
        for (PrometheusSeries series : answer.series()) {
            Map<String, String> key = TargetKey.of(series.labels(), settings.targetLabels());
            Double value = series.value();
            if (value != null) {
                seen.values().stream()
                        .flatMap(replicas -> replicas.values().stream())
                        .filter(replica -> replica.labels.entrySet().containsAll(key.entrySet()))
                        .forEach(replica -> replica.custom.put(name, value));
            }
        }
    }

    private SeenModel result() {
        List<SeenReplica> all = seen.values().stream()
                .flatMap(replicas -> replicas.values().stream())
                .toList();
        return new SeenModel(now, all, warnings.stream().distinct().toList());
    }

    private static Map<String, ReplicaValue> byWord() {
        Map<String, ReplicaValue> values = new HashMap<>();
        for (ReplicaValue value : ReplicaValue.values()) {
            values.put(value.word(), value);
        }
        return values;
    }
}
