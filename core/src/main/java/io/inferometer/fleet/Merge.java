package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
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

    static EngineMetrics metrics(EngineMetrics whole, EngineMetrics load) {
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
