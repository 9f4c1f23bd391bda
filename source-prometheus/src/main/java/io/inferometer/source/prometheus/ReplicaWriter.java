package io.inferometer.source.prometheus;

import io.inferometer.saturation.FreshnessThresholds;
import io.inferometer.saturation.LoraAdapters;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.ReplicaValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes replicas of what the answers say, with their ages now. For one thread. */
final class ReplicaWriter {
    private static final Set<String> FIELDS = Set.of("instance", "namespace", "variant", "accelerator", "zone", "cost");

    private final SeenModel seen;
    private final ModelSelection selection;
    private final FreshnessThresholds freshness;
    private final Instant now;
    private final @Nullable Duration skew;
    private final Map<String, Integer> targetsOfPod = new HashMap<>();

    ReplicaWriter(
            SeenModel seen,
            ModelSelection selection,
            FreshnessThresholds freshness,
            Instant now,
            @Nullable Duration skew) {
        this.seen = seen;
        this.selection = selection;
        this.freshness = freshness;
        this.now = now;
        this.skew = skew;
        for (SeenReplica replica : seen.replicas()) {
            String pod = replica.label("pod");
            if (pod != null) {
                targetsOfPod.merge(pod, 1, Integer::sum);
            }
        }
    }

    List<ReplicaMetrics> replicas() {
        return seen.replicas().stream().map(this::write).toList();
    }

    private ReplicaMetrics write(SeenReplica of) {
        ReplicaMetrics.Builder replica = ReplicaMetrics.builder(idOf(of))
                .model(selection.model())
                .namespace(of.label("namespace"))
                .engine(of.engine)
                .variant(of.label("variant"))
                .accelerator(of.label("accelerator"))
                .zone(of.label("zone"))
                .instance(of.label("instance"))
                .labels(otherLabels(of))
                .custom(of.custom)
                .collected(of.sampledAt, now, freshness);
        writeValues(of, replica);
        describe(of, replica);
        readCost(of, replica);
        noteSkew(replica);
        return replica.build();
    }

    private static void writeValues(SeenReplica of, ReplicaMetrics.Builder replica) {
        replica.kvCacheUsage(of.values.get(ReplicaValue.KV_USAGE))
                .queueDepth(of.count(ReplicaValue.QUEUE_DEPTH))
                .running(of.count(ReplicaValue.RUNNING))
                .kvCapacityTokens(of.count(ReplicaValue.KV_CAPACITY))
                .requestsPerSecond(of.values.get(ReplicaValue.REQUESTS))
                .generatedTokensPerSecond(of.values.get(ReplicaValue.GENERATED_TOKENS))
                .averagePromptTokens(of.values.get(ReplicaValue.PROMPT_SIZE))
                .averageGeneratedTokens(of.values.get(ReplicaValue.GENERATED_SIZE))
                .timeToFirstTokenSeconds(of.values.get(ReplicaValue.TIME_TO_FIRST_TOKEN))
                .interTokenSeconds(of.values.get(ReplicaValue.INTER_TOKEN))
                .prefixHitRate(hitRate(of));
    }

    /** Less than 0 is how an old vLLM says that its prefix cache is off. */
    private static @Nullable Double hitRate(SeenReplica of) {
        Double rate = of.values.get(ReplicaValue.PREFIX_HIT_RATE);
        return rate == null || rate < 0 ? null : rate;
    }

    private static void describe(SeenReplica of, ReplicaMetrics.Builder replica) {
        EngineSnapshot described = of.description;
        boolean asleep = false;
        if (described != null) {
            EngineMetrics metrics = described.metrics();
            asleep = Boolean.TRUE.equals(metrics.load().asleep());
            if (!of.values.containsKey(ReplicaValue.KV_CAPACITY)) {
                replica.kvCapacityTokens(metrics.cache().kvCapacityTokens());
            }
            replica.maxBatchSize(described.maxBatchSize()).loraAdapters(adapters(metrics.adapters()));
        }
        Boolean up = of.up;
        replica.ready(up == null ? null : (Boolean) (up && !asleep));
    }

    private static @Nullable LoraAdapters adapters(EngineMetrics.Adapters told) {
        boolean any = told.maxLora() != null || told.runningAdapters() != null || told.waitingAdapters() != null;
        return any ? new LoraAdapters(told.maxLora(), told.runningAdapters(), told.waitingAdapters()) : null;
    }

    private static void readCost(SeenReplica of, ReplicaMetrics.Builder replica) {
        String text = of.label("cost");
        if (text == null) {
            return;
        }
        try {
            replica.cost(Double.valueOf(text.strip()));
        } catch (NumberFormatException e) {
            replica.note("cost of %s is left out: the label says '%s', which is no number."
                    .formatted(of.label("instance"), text));
        }
    }

    private void noteSkew(ReplicaMetrics.Builder replica) {
        if (skew != null) {
            replica.note("age may be wrong by %s s: this machine's clock and the server's are that far apart."
                    .formatted(skew.abs().toSeconds()));
        }
        seen.warnings().forEach(warning -> replica.note("The server warns: " + warning));
    }

    private String idOf(SeenReplica of) {
        String pod = of.label("pod");
        String instance = of.labels.getOrDefault("instance", "");
        if (pod == null) {
            return instance;
        }
        int colon = instance.lastIndexOf(':');
        boolean several = targetsOfPod.getOrDefault(pod, 1) > 1 && colon >= 0;
        return several ? pod + instance.substring(colon) : pod;
    }

    private static Map<String, String> otherLabels(SeenReplica of) {
        Map<String, String> others = new LinkedHashMap<>(of.labels);
        others.keySet().removeAll(FIELDS);
        return others;
    }
}
