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

/**
 * One fetch of one model: first asks which engines serve it and how old their samples are, then the groups of values of
 * those engines, all at once.
 *
 * <p>For one fetch; nothing here waits.
 */
final class ModelFetch {
    private static final Map<String, ReplicaValue> BY_WORD = byWord();

    private final Map<String, EngineQueries> sources;
    private final QuerySettings settings;
    private final Map<String, String> custom;
    private final ModelSelection selection;
    private final Function<String, CompletableFuture<PrometheusResult>> ask;
    private final Instant now;
    private final Map<EngineQueries, Map<Map<String, String>, SeenReplica>> seen = new LinkedHashMap<>();
    private final Set<String> recorded = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();

    ModelFetch(
            Map<String, EngineBackend<?>> backends,
            QuerySettings settings,
            Map<String, String> custom,
            ModelSelection selection,
            Function<String, CompletableFuture<PrometheusResult>> ask,
            Instant now) {
        this.sources = sources(backends, settings, selection);
        this.settings = settings;
        this.custom = custom;
        this.selection = selection;
        this.ask = ask;
        this.now = now;
    }

    CompletableFuture<SeenModel> start() {
        List<CompletableFuture<PrometheusResult>> answers =
                freshness().stream().map(ask).toList();
        return all(answers)
                .thenCompose(unused ->
                        askTheRest(answers.stream().map(CompletableFuture::join).toList()));
    }

    private static CompletableFuture<?> all(List<? extends CompletableFuture<?>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    private static Map<String, EngineQueries> sources(
            Map<String, EngineBackend<?>> backends, QuerySettings settings, ModelSelection selection) {
        Map<String, EngineQueries> sources = new LinkedHashMap<>();
        for (EngineBackend<?> backend : backends.values()) {
            EngineQueries.of(backend, settings, selection).forEach(queries -> sources.put(queries.source(), queries));
        }
        return sources;
    }

    /** All engines' in one query, where that is not too long: who has the model is not known before. */
    private List<String> freshness() {
        List<String> parts = new ArrayList<>();
        Set<String> marks = new HashSet<>();
        for (EngineQueries queries : sources.values()) {
            parts.addAll(queries.of(QueryGroup.FRESHNESS));
            String recordedValues = queries.recorded();
            if (recordedValues != null && marks.add(queries.backend().name() + queries.recordedMark())) {
                parts.add(recordedValues);
            }
        }
        if (parts.isEmpty()) {
            throw new IllegalStateException(
                    "No backend on the class path has families that a Prometheus server could hold. Add one, such as 'inferometer-backend-vllm'.");
        }
        return Promql.queries(parts);
    }

    private CompletableFuture<SeenModel> askTheRest(List<PrometheusResult> fresh) {
        for (PrometheusResult answer : fresh) {
            warnings.addAll(answer.warnings());
            answer.series().forEach(this::note);
        }
        keepTheLatest();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        List<Runnable> readers = new ArrayList<>();
        seen.forEach((source, replicas) -> ask(source, replicas, asked, readers));
        if (!seen.isEmpty()) {
            custom.forEach((name, template) -> ask(name, template, asked, readers));
        }
        return all(asked).thenApply(unused -> {
            readers.forEach(Runnable::run);
            return result();
        });
    }

    private void note(PrometheusSeries series) {
        EngineQueries source = sources.get(series.labels().getOrDefault(EngineQueries.ENGINE, ""));
        Double at = series.value();
        String mark = series.label(EngineQueries.VALUE);
        if (source != null && mark != null) {
            recorded.add(source.backend().name() + mark);
        } else if (source != null && at != null && series.label("instance") != null) {
            Map<String, String> key = TargetKey.of(series.labels(), settings.targetLabels());
            Instant sampledAt = Instant.ofEpochMilli(Math.round(at * 1000));
            seen.computeIfAbsent(source, unused -> new LinkedHashMap<>())
                    .put(key, new SeenReplica(source.backend().name(), key, sampledAt));
        }
    }

    /** A target that was upgraded has series in two spellings for a while; it is one replica, by those that go on. */
    private void keepTheLatest() {
        Map<String, Map<Map<String, String>, Instant>> latest = new HashMap<>();
        seen.forEach((source, replicas) ->
                replicas.forEach((key, replica) -> latest.computeIfAbsent(replica.engine, unused -> new HashMap<>())
                        .merge(key, replica.sampledAt, (a, b) -> a.isBefore(b) ? b : a)));
        for (EngineQueries source : sources.values()) {
            Map<Map<String, String>, SeenReplica> replicas = seen.getOrDefault(source, Map.of());
            Map<Map<String, String>, Instant> ofEngine =
                    latest.getOrDefault(source.backend().name(), Map.of());
            replicas.entrySet().removeIf(one -> !ofEngine.remove(one.getKey(), one.getValue().sampledAt));
        }
        seen.values().removeIf(Map::isEmpty);
    }

    private void ask(
            EngineQueries queries,
            Map<Map<String, String>, SeenReplica> replicas,
            List<CompletableFuture<?>> asked,
            List<Runnable> readers) {
        for (QueryGroup group : QueryGroup.values()) {
            for (String query : texts(group, queries)) {
                CompletableFuture<PrometheusResult> answer = ask.apply(query);
                asked.add(answer);
                readers.add(() -> read(group, queries.backend(), replicas, answer.join()));
            }
        }
    }

    private List<String> texts(QueryGroup group, EngineQueries queries) {
        if (group == QueryGroup.FRESHNESS) {
            return List.of();
        }
        boolean isRecorded = recorded.contains(queries.backend().name() + queries.recordedMark());
        return isRecorded && !group.fields().isEmpty() ? queries.recordedOf(group) : queries.of(group);
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
