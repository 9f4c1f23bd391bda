package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.SnapshotSource;
import io.inferometer.spi.CommonField;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the load of one snapshot into the rest of an earlier one. */
final class Merge {
    /** What a scrape of the load alone asks for, absent or not in its answer. */
    static final Set<CommonField> LOAD = EnumSet.of(
            CommonField.REQUESTS_RUNNING,
            CommonField.REQUESTS_WAITING,
            CommonField.REQUESTS_SWAPPED,
            CommonField.BATCH_SIZE,
            CommonField.MAX_BATCH_TOKENS,
            CommonField.ASLEEP,
            CommonField.KV_USAGE,
            CommonField.MAX_LORA,
            CommonField.RUNNING_ADAPTERS,
            CommonField.WAITING_ADAPTERS);

    private Merge() {}

    static EngineMetrics metrics(EngineSnapshot whole, EngineSnapshot load) {
        EngineMetrics told = load.metrics();
        return tellsNothingElse(load)
                ? metrics(whole.metrics(), completed(whole.metrics(), told))
                : metrics(whole.metrics(), told);
    }

    /** Whether a field of the load was not asked for in an answer, so that the whole page's still counts. */
    static boolean leavesOut(EngineSnapshot load, CommonField field) {
        return tellsNothingElse(load)
                && switch (field) {
                    case REQUESTS_RUNNING -> load.metrics().load().requestsRunning() == null;
                    case REQUESTS_WAITING -> load.metrics().load().requestsWaiting() == null;
                    case KV_USAGE -> load.metrics().cache().kvUsage() == null;
                    default -> true;
                };
    }

    /** The parts that the later snapshot names; where it names none, those of the earlier one with an unknown load. */
    static Map<String, EngineMetrics> parts(Map<String, EngineMetrics> whole, Map<String, EngineMetrics> load) {
        Map<String, EngineMetrics> merged = new LinkedHashMap<>();
        load.forEach((name, part) -> {
            EngineMetrics rest = whole.get(name);
            merged.put(name, rest == null ? part : metrics(rest, part));
        });
        whole.forEach((name, part) -> merged.computeIfAbsent(name, unused -> metrics(part, Nothing.METRICS)));
        return merged;
    }

    /** An endpoint of the load's own knows but a few numbers; what it never tells is not absent. */
    private static boolean tellsNothingElse(EngineSnapshot load) {
        return load.header().source() == SnapshotSource.LOAD_ENDPOINT;
    }

    private static EngineMetrics completed(EngineMetrics whole, EngineMetrics load) {
        EngineMetrics.Load now = load.load();
        EngineMetrics.Load before = whole.load();
        return new EngineMetrics(
                new EngineMetrics.Load(
                        firstKnown(now.requestsRunning(), before.requestsRunning()),
                        firstKnown(now.requestsWaiting(), before.requestsWaiting()),
                        before.requestsSwapped(),
                        before.batchSize(),
                        before.maxBatchTokens(),
                        before.asleep()),
                load.requests(),
                load.tokens(),
                load.latency(),
                load.size(),
                load.cache().kvUsage() == null ? whole.cache() : load.cache(),
                load.speculation(),
                whole.adapters(),
                load.memory(),
                load.models(),
                load.events());
    }

    private static EngineMetrics metrics(EngineMetrics whole, EngineMetrics load) {
        return new EngineMetrics(
                load.load(),
                whole.requests(),
                whole.tokens(),
                whole.latency(),
                whole.size(),
                cache(whole.cache(), load.cache()),
                whole.speculation(),
                load.adapters(),
                whole.memory(),
                load.models().isEmpty() ? whole.models() : load.models(),
                whole.events());
    }

    /** Usage is the load's; what says how big the cache is came with the whole page, and does not change in between. */
    private static EngineMetrics.Cache cache(EngineMetrics.Cache whole, EngineMetrics.Cache load) {
        return new EngineMetrics.Cache(
                load.kvUsage(),
                whole.kvBlocks(),
                whole.kvBlockSize(),
                firstKnown(whole.kvCapacityTokens(), load.kvCapacityTokens()),
                whole.prefixHits(),
                whole.prefixQueries(),
                whole.hitRate());
    }

    private static @Nullable Long firstKnown(@Nullable Long first, @Nullable Long second) {
        return first == null ? second : first;
    }
}
