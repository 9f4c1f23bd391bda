package io.inferometer.saturation;

import io.inferometer.fleet.GaugeWindow;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.ScrapeFailure;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.fleet.TargetWindow;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what a monitor knows of one target into one replica for each of its models. For one thread and one view. */
final class ReplicaReader {
    static final String MODEL = "model";
    static final String NAMESPACE = "namespace";
    private static final String VARIANT = "variant";
    private static final String ACCELERATOR = "accelerator";
    private static final String ZONE = "zone";
    private static final String COST = "cost";
    private static final Set<String> KNOWN_LABELS = Set.of(MODEL, NAMESPACE, VARIANT, ACCELERATOR, ZONE, COST);

    /** The fields whose absence a rule may explain, and what they are called here. */
    private static final Map<CommonField, String> EXPLAINED = new TreeMap<>(Map.of(
            CommonField.KV_USAGE, "kv_cache_usage",
            CommonField.REQUESTS_WAITING, "queue_depth",
            CommonField.REQUESTS_RUNNING, "running",
            CommonField.KV_CAPACITY_TOKENS, "kv_capacity_tokens",
            CommonField.HIT_RATE, "prefix_hit_rate"));

    /** The distributions of a window whose mean may be missing for a reason. */
    private static final Map<CommonField, String> EXPLAINED_MEANS = new TreeMap<>(Map.of(
            CommonField.TIME_TO_FIRST_TOKEN, "time_to_first_token_seconds",
            CommonField.INTER_TOKEN, "inter_token_seconds",
            CommonField.PROMPT_SIZE, "average_prompt_tokens",
            CommonField.GENERATED_SIZE, "average_generated_tokens"));

    private final TargetView view;
    private final MonitoredTarget target;
    private final FreshnessThresholds freshness;

    ReplicaReader(TargetView view, FreshnessThresholds freshness) {
        this.view = view;
        this.target = view.target();
        this.freshness = freshness;
    }

    /** The target's name. */
    String name() {
        return target.name();
    }

    /** Whether it ever answered. */
    boolean answered() {
        return view.metrics() != null;
    }

    /** Whether a target that never answered may serve the model: its label does not name another one. */
    boolean mayServe(String model) {
        String label = target.label(MODEL);
        return label == null || label.equals(model);
    }

    /** The names of the models that it serves: the page's, else the label's, else those that the engine gives elsewhere. */
    List<String> models() {
        EngineMetrics metrics = view.metrics();
        if (metrics == null) {
            return List.of();
        }
        if (!view.byModel().isEmpty()) {
            return List.copyOf(view.byModel().keySet());
        }
        List<String> named = metrics.models().stream()
                .filter(model -> !Boolean.FALSE.equals(model.loaded()))
                .map(ModelInfo::name)
                .distinct()
                .toList();
        String label = target.label(MODEL);
        return label == null || (pageNamesModels() && !named.isEmpty()) ? named : List.of(label);
    }

    ReplicaMetrics read(String model) {
        EngineMetrics part = view.byModel().get(model);
        EngineMetrics whole = view.metrics();
        EngineMetrics metrics = part == null ? whole : part;
        ReplicaMetrics.Builder replica = ReplicaMetrics.builder(target.name()).model(model);
        describe(replica);
        if (metrics != null) {
            TargetWindow window =
                    part == null ? view.window() : view.windowByModel().get(model);
            fillNow(replica, metrics);
            fillPeaks(replica, metrics, window);
            if (window != null) {
                fillRates(replica, window);
                noteMeans(replica, window);
            }
            fillHitRate(replica, metrics, window);
            noteAbsent(replica, metrics);
        }
        return replica.build();
    }

    /** A target that never answered, and why. */
    Unreachable unreachable(boolean monitorRuns) {
        ScrapeFailure failure = view.lastFailure();
        if (failure != null) {
            return new Unreachable(target.name(), failure.message());
        }
        return new Unreachable(
                target.name(),
                monitorRuns
                        ? "It has not answered yet. Wait a little longer, with withDeadline(...)."
                        : "It was not asked yet. Call start() on the monitor.");
    }

    private void describe(ReplicaMetrics.Builder replica) {
        EngineSnapshot latest = view.latest();
        replica.instance(target.target().hostAndPort())
                .engine(latest == null ? null : latest.engine())
                .namespace(target.label(NAMESPACE))
                .variant(target.label(VARIANT))
                .accelerator(target.label(ACCELERATOR))
                .zone(target.label(ZONE))
                .labels(otherLabels());
        readCost(replica);
        Duration age = view.ageOf(MetricGroup.LOAD) == null ? view.age() : view.ageOf(MetricGroup.LOAD);
        replica.aged(age == null ? null : view.readAt().minus(age), age, freshness);
        EngineSnapshot page = view.whole();
        replica.maxBatchSize(page == null ? null : page.maxBatchSize());
    }

    private void fillNow(ReplicaMetrics.Builder replica, EngineMetrics metrics) {
        EngineMetrics.Adapters adapters = metrics.adapters();
        boolean anyAdapters =
                adapters.maxLora() != null || adapters.runningAdapters() != null || adapters.waitingAdapters() != null;
        replica.ready(view.state() == TargetState.UP && !Boolean.TRUE.equals(asleep(metrics)))
                .running(metrics.load().requestsRunning())
                .kvCapacityTokens(metrics.cache().kvCapacityTokens())
                .loraAdapters(
                        anyAdapters
                                ? new LoraAdapters(
                                        adapters.maxLora(), adapters.runningAdapters(), adapters.waitingAdapters())
                                : null);
    }

    /** The engine sleeps as a whole, though its page may say so in the part of one model only. */
    private @Nullable Boolean asleep(EngineMetrics metrics) {
        EngineMetrics whole = view.metrics();
        Boolean part = metrics.load().asleep();
        return (part == null && whole != null) ? whole.load().asleep() : part;
    }

    /** The window's peaks; once it is empty, the last values known. */
    private static void fillPeaks(
            ReplicaMetrics.Builder replica, EngineMetrics metrics, @Nullable TargetWindow window) {
        GaugeWindow usage = window == null ? null : window.kvUsage();
        GaugeWindow waiting = window == null ? null : window.waiting();
        replica.kvCacheUsage(usage == null ? metrics.cache().kvUsage() : (Double) usage.max())
                .queueDepth(waiting == null ? metrics.load().requestsWaiting() : (Long) Math.round(waiting.max()));
    }

    private static void fillRates(ReplicaMetrics.Builder replica, TargetWindow window) {
        EngineRates rates = window.rates();
        if (rates != null) {
            replica.requestsPerSecond(rates.requestsPerSecond())
                    .generatedTokensPerSecond(rates.generatedTokensPerSecond());
        }
        replica.averagePromptTokens(mean(window.size().promptTokens()))
                .averageGeneratedTokens(mean(window.size().generatedTokens()))
                .timeToFirstTokenSeconds(mean(window.latency().timeToFirstToken()))
                .interTokenSeconds(mean(window.latency().interToken()));
    }

    /** Of the window where the engine counts; an engine that reports the rate alone is taken at its word. */
    private static void fillHitRate(
            ReplicaMetrics.Builder replica, EngineMetrics metrics, @Nullable TargetWindow window) {
        boolean counts = metrics.cache().prefixQueries() != null;
        Double ofWindow = window == null ? null : window.prefixHitRate();
        replica.prefixHitRate(
                ofWindow != null || counts ? ofWindow : metrics.cache().hitRate());
    }

    private void readCost(ReplicaMetrics.Builder replica) {
        String text = target.label(COST);
        if (text == null) {
            return;
        }
        try {
            replica.cost(Double.valueOf(text.strip()));
        } catch (NumberFormatException e) {
            replica.note(
                    "cost of %s is left out: the label says '%s', which is no number.".formatted(target.name(), text));
        }
    }

    private void noteAbsent(ReplicaMetrics.Builder replica, EngineMetrics metrics) {
        EngineSnapshot latest = view.latest();
        if (latest == null) {
            return;
        }
        EXPLAINED.forEach((field, name) -> {
            Provenance source = latest.provenance().get(field.path());
            if (source != null && source.note() != null && isAbsent(field, metrics)) {
                replica.note("%s of %s was left out of the latest page: %s: %s."
                        .formatted(name, target.name(), source.family(), source.note()));
            }
        });
    }

    private void noteMeans(ReplicaMetrics.Builder replica, TargetWindow window) {
        EXPLAINED_MEANS.forEach((field, name) -> {
            String why = window.notes().get(field.path());
            if (why != null) {
                replica.note("%s of %s is left out: %s".formatted(name, target.name(), why));
            }
        });
    }

    private static boolean isAbsent(CommonField field, EngineMetrics metrics) {
        Object value = switch (field) {
            case KV_USAGE -> metrics.cache().kvUsage();
            case REQUESTS_WAITING -> metrics.load().requestsWaiting();
            case REQUESTS_RUNNING -> metrics.load().requestsRunning();
            case KV_CAPACITY_TOKENS -> metrics.cache().kvCapacityTokens();
            case HIT_RATE -> metrics.cache().hitRate();
            default -> field;
        };
        return value == null;
    }

    /** Whether the models' names stand on the page itself, rather than in another answer of the engine. */
    private boolean pageNamesModels() {
        EngineSnapshot page = view.whole() == null ? view.latest() : view.whole();
        Provenance source = page == null ? null : page.provenance().get(CommonField.MODELS.path());
        return source != null && source.family().startsWith("label ");
    }

    private Map<String, String> otherLabels() {
        Map<String, String> others = new LinkedHashMap<>(target.labels());
        others.keySet().removeAll(KNOWN_LABELS);
        return others.isEmpty() ? Map.of() : others;
    }

    private static @Nullable Double mean(@Nullable Distribution distribution) {
        return distribution == null ? null : distribution.mean();
    }
}
