package io.inferometer.backend.sglang;

import io.inferometer.backend.sglang.SglangSnapshot.CacheMetrics;
import io.inferometer.backend.sglang.SglangSnapshot.DataParallel;
import io.inferometer.backend.sglang.SglangSnapshot.Disaggregation;
import io.inferometer.backend.sglang.SglangSnapshot.Encoder;
import io.inferometer.backend.sglang.SglangSnapshot.Grammar;
import io.inferometer.backend.sglang.SglangSnapshot.HiCache;
import io.inferometer.backend.sglang.SglangSnapshot.Http;
import io.inferometer.backend.sglang.SglangSnapshot.HybridPools;
import io.inferometer.backend.sglang.SglangSnapshot.KvPool;
import io.inferometer.backend.sglang.SglangSnapshot.LoraPool;
import io.inferometer.backend.sglang.SglangSnapshot.MemoryUsage;
import io.inferometer.backend.sglang.SglangSnapshot.Queues;
import io.inferometer.backend.sglang.SglangSnapshot.RequestMetrics;
import io.inferometer.backend.sglang.SglangSnapshot.Retraction;
import io.inferometer.backend.sglang.SglangSnapshot.Routing;
import io.inferometer.backend.sglang.SglangSnapshot.Scheduler;
import io.inferometer.backend.sglang.SglangSnapshot.Speculation;
import io.inferometer.backend.sglang.SglangSnapshot.StageLatency;
import io.inferometer.backend.sglang.SglangSnapshot.Startup;
import io.inferometer.backend.sglang.SglangSnapshot.SystemMetrics;
import io.inferometer.backend.sglang.SglangSnapshot.Tokens;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.spi.Metric;
import io.inferometer.spi.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads SGLang's own groups off one page that holds leading ranks only. */
final class OwnGroups {
    private static final double BYTES_PER_GIB = 1L << 30;

    private final Page page;

    OwnGroups(Page page) {
        this.page = page;
    }

    SglangSnapshot.Words words(CommonView common) {
        return new SglangSnapshot.Words(
                request(),
                cache(common),
                system(),
                queues(),
                retraction(),
                kvPool(),
                hybridPools(),
                hiCache(),
                tokens(),
                stageLatency(),
                speculation(),
                loraPool(),
                memory(),
                disaggregation(),
                grammar(),
                scheduler(),
                dataParallel(),
                routing(),
                http(),
                startup(),
                encoder());
    }

    private RequestMetrics request() {
        return new RequestMetrics(
                succeeded(),
                read(SglangTable.NUM_ABORTED),
                read(SglangTable.END_TO_END),
                read(SglangTable.TIME_TO_FIRST_TOKEN),
                read(SglangTable.TIME_PER_OUTPUT_TOKEN),
                read(SglangTable.PROMPT_SIZE),
                read(SglangTable.GENERATION_SIZE),
                read(SglangTable.NUM_REQUESTS),
                read(SglangTable.NUM_STRUCTURED_OUTPUT));
    }

    /** The counter of aborted requests appears with the first of them: until then there are none to subtract. */
    private @Nullable Long succeeded() {
        Long ended = read(SglangTable.NUM_REQUESTS);
        Long aborted = read(SglangTable.NUM_ABORTED);
        boolean abortsUnknown = page.wasCut() || SglangTable.NUM_ABORTED.source(page) != null;
        if (ended == null || (aborted == null && abortsUnknown)) {
            return null;
        }
        long rest = ended - (aborted == null ? 0 : aborted);
        return rest < 0 ? null : (Long) rest;
    }

    private CacheMetrics cache(CommonView common) {
        return new CacheMetrics(
                common.metrics().cache().hitRate(),
                cacheMemoryBytes(),
                read(SglangTable.LITERAL_RADIX_CACHE_SIZE),
                common.metrics().tokens().cachedPrompt(),
                counts(SglangTable.CACHED_TOKENS_BY_SOURCE));
    }

    private @Nullable Long cacheMemoryBytes() {
        Long literal = read(SglangTable.LITERAL_CACHE_MEMORY_BYTES);
        Double gib = read(SglangTable.KV_CACHE_GB);
        if (literal != null || gib == null || gib < 0) {
            return literal;
        }
        return Math.round(gib * BYTES_PER_GIB);
    }

    private SystemMetrics system() {
        return new SystemMetrics(
                read(SglangTable.NUM_RUNNING),
                read(SglangTable.NUM_QUEUED),
                read(SglangTable.LITERAL_BATCH_SIZE),
                read(SglangTable.GEN_THROUGHPUT),
                read(SglangTable.UTILIZATION),
                read(SglangTable.FORWARD_OCCUPANCY),
                read(SglangTable.NEW_TOKEN_RATIO),
                read(SglangTable.USES_GRAPH),
                read(SglangTable.DECODE_SEQUENCE_TOKENS),
                read(SglangTable.MAX_RUNNING),
                read(SglangTable.MAX_RUNNING_UNDER_SLO),
                read(SglangTable.MAX_PREFILL_TOKENS),
                read(SglangTable.CONTEXT_LENGTH),
                read(SglangTable.IDLE_SECONDS),
                read(SglangTable.SCHEDULER_CPU_SECONDS),
                numbers(SglangTable.PROCESS_CPU_SECONDS));
    }

    private Queues queues() {
        return new Queues(
                read(SglangTable.GRAMMAR_QUEUE),
                read(SglangTable.PREFILL_BOOTSTRAP_QUEUE),
                read(SglangTable.PREFILL_INFLIGHT_QUEUE),
                read(SglangTable.DECODE_PREALLOC_QUEUE),
                read(SglangTable.DECODE_TRANSFER_QUEUE),
                read(SglangTable.DECODE_HOST_RECEIVE_QUEUE),
                read(SglangTable.DECODE_DEFERRED_RELEASE),
                read(SglangTable.RUNNING_OFFLINE),
                read(SglangTable.LAST_BATCH_QUEUE_SECONDS));
    }

    private Retraction retraction() {
        return new Retraction(
                read(SglangTable.RETRACTED_TOTAL),
                read(SglangTable.RETRACTED_INPUT_TOKENS),
                read(SglangTable.RETRACTED_OUTPUT_TOKENS),
                read(SglangTable.RETRACTED_NOW),
                read(SglangTable.PAUSED),
                read(SglangTable.RETRACTIONS_PER_REQUEST));
    }

    private KvPool kvPool() {
        Long used = read(SglangTable.KV_USED);
        return new KvPool(
                used == null ? read(SglangTable.USED_TOKENS) : used,
                read(SglangTable.KV_AVAILABLE),
                read(SglangTable.KV_EVICTABLE),
                read(SglangTable.MAX_TOTAL_TOKENS),
                read(SglangTable.FULL_TOKEN_USAGE),
                read(SglangTable.TOKEN_USAGE),
                read(SglangTable.PAGE_SIZE),
                read(SglangTable.NUM_PAGES),
                read(SglangTable.STREAMING_SESSIONS),
                read(SglangTable.STREAMING_SESSION_TOKENS),
                read(SglangTable.PENDING_PREALLOC_USAGE));
    }

    private HybridPools hybridPools() {
        return new HybridPools(
                read(SglangTable.SWA_USED),
                read(SglangTable.SWA_AVAILABLE),
                read(SglangTable.SWA_EVICTABLE),
                read(SglangTable.MAX_TOTAL_TOKENS_SWA),
                read(SglangTable.SWA_TOKEN_USAGE),
                read(SglangTable.MAMBA_USED),
                read(SglangTable.MAMBA_AVAILABLE),
                read(SglangTable.MAMBA_EVICTABLE),
                read(SglangTable.MAMBA_USAGE));
    }

    private HiCache hiCache() {
        return new HiCache(
                read(SglangTable.EVICTED_TOKENS),
                read(SglangTable.EVICTION_SECONDS),
                read(SglangTable.HOST_USED_TOKENS),
                read(SglangTable.HOST_TOTAL_TOKENS),
                read(SglangTable.LOAD_BACK_TOKENS),
                read(SglangTable.LOAD_BACK_BYTES),
                read(SglangTable.LOAD_BACK_SECONDS),
                read(SglangTable.HOST_BACKUP_TOKENS),
                read(SglangTable.HOST_BACKUP_BYTES),
                read(SglangTable.HOST_BACKUP_SECONDS),
                counts(SglangTable.DROPPED_TOKENS),
                read(SglangTable.STORAGE_PREFETCHED_TOKENS),
                read(SglangTable.STORAGE_BACKUP_TOKENS),
                read(SglangTable.STORAGE_PREFETCH_BANDWIDTH),
                read(SglangTable.STORAGE_BACKUP_BANDWIDTH));
    }

    private Tokens tokens() {
        return new Tokens(
                read(SglangTable.PROMPT_TOKENS),
                read(SglangTable.GENERATION_TOKENS),
                counts(SglangTable.REALTIME_TOKENS),
                counts(SglangTable.PREFILL_EFFECTIVE_TOKENS),
                read(SglangTable.UNCACHED_PROMPT_SIZE));
    }

    private StageLatency stageLatency() {
        return new StageLatency(
                read(SglangTable.INTER_TOKEN), read(SglangTable.QUEUE_TIME), distributions(SglangTable.STAGE_LATENCY));
    }

    private Speculation speculation() {
        return new Speculation(
                read(SglangTable.SPEC_VERIFY_CALLS),
                read(SglangTable.SPEC_ACCEPT_LENGTH),
                read(SglangTable.SPEC_ACCEPT_RATE),
                read(SglangTable.SPEC_NUM_STEPS),
                read(SglangTable.SPEC_NUM_DRAFT_TOKENS),
                read(SglangTable.SPEC_CAP_LENGTH),
                read(SglangTable.SPEC_BLOCK_ACCEPT_LENGTH));
    }

    private LoraPool loraPool() {
        return new LoraPool(
                read(SglangTable.LORA_SLOTS_USED),
                read(SglangTable.LORA_SLOTS_TOTAL),
                read(SglangTable.LORA_UTILIZATION));
    }

    private MemoryUsage memory() {
        return new MemoryUsage(
                read(SglangTable.WEIGHT_GB),
                read(SglangTable.KV_CACHE_GB),
                numbers(SglangTable.GRAPH_GB),
                read(SglangTable.AVAILABLE_AT_STARTUP_GB));
    }

    private Disaggregation disaggregation() {
        return new Disaggregation(
                read(SglangTable.BOOTSTRAP_FAILED),
                read(SglangTable.TRANSFER_FAILED),
                read(SglangTable.PREFILL_RETRIES),
                read(SglangTable.SESSION_RECOVERIES),
                read(SglangTable.TRANSFER_SPEED),
                read(SglangTable.TRANSFER_LATENCY),
                read(SglangTable.TRANSFER_BOOTSTRAP),
                read(SglangTable.TRANSFER_ALLOC),
                read(SglangTable.TRANSFER_TOTAL));
    }

    private Grammar grammar() {
        return new Grammar(
                read(SglangTable.GRAMMAR_REQUESTS),
                read(SglangTable.GRAMMAR_CACHE_HITS),
                read(SglangTable.GRAMMAR_ABORTED),
                read(SglangTable.GRAMMAR_TIMEOUTS),
                read(SglangTable.GRAMMAR_COMPILATION));
    }

    private Scheduler scheduler() {
        return new Scheduler(
                counts(SglangTable.GRAPH_PASSES),
                numbers(SglangTable.FORWARD_SECONDS),
                numbers(SglangTable.STAGE_SECONDS),
                read(SglangTable.ESTIMATED_FLOPS),
                read(SglangTable.ESTIMATED_READ_BYTES),
                read(SglangTable.ESTIMATED_WRITE_BYTES),
                distributions(SglangTable.EXPERT_BALANCEDNESS));
    }

    private DataParallel dataParallel() {
        return new DataParallel(
                counts(SglangTable.DP_TOKENS),
                numbers(SglangTable.DP_FORWARD_SECONDS),
                counts(SglangTable.DP_ATTENTION_TOKENS),
                counts(SglangTable.DP_ATTENTION_STEPS),
                read(SglangTable.DP_IMBALANCE),
                read(SglangTable.DP_SYNC_WAIT),
                read(SglangTable.DELAYER_WAIT),
                counts(SglangTable.DELAYER_OUTCOMES));
    }

    private Routing routing() {
        return new Routing(
                read(SglangTable.ROUTING_KEYS_ACTIVE),
                read(SglangTable.RUNNING_ROUTING_KEYS),
                counts(SglangTable.ROUTING_KEYS_BY_RUNNING),
                counts(SglangTable.ROUTING_KEYS_BY_ALL));
    }

    private Http http() {
        return new Http(
                read(SglangTable.HTTP_REQUESTS),
                read(SglangTable.HTTP_ACTIVE),
                counts(SglangTable.HTTP_RESPONSES),
                read(SglangTable.GET_LOADS_SECONDS));
    }

    private Startup startup() {
        return new Startup(
                numbers(SglangTable.STARTUP_SECONDS),
                numbers(SglangTable.STARTUP_GRAPH_SECONDS),
                numbers(SglangTable.STARTUP_BREAKDOWN),
                read(SglangTable.OLD_STARTUP_SECONDS),
                read(SglangTable.OLD_LOAD_WEIGHTS_SECONDS));
    }

    private Encoder encoder() {
        return new Encoder(
                read(SglangTable.ENCODER_RECEIVED),
                counts(SglangTable.ENCODER_REQUESTS),
                read(SglangTable.ENCODER_PENDING),
                read(SglangTable.ENCODER_CACHE_ENTRIES),
                read(SglangTable.ENCODER_CACHE_MB),
                read(SglangTable.ENCODER_CACHE_HIT_TOKENS),
                read(SglangTable.ENCODER_CACHE_TOKENS),
                read(SglangTable.ENCODER_CACHE_EVICTIONS),
                distributions(SglangTable.ENCODER_END_TO_END),
                distributions(SglangTable.ENCODER_QUEUE),
                distributions(SglangTable.ENCODER_PREPROCESS),
                distributions(SglangTable.ENCODER_FORWARD),
                distributions(SglangTable.ENCODER_TRANSFER));
    }

    private <T> @Nullable T read(Metric<T> metric) {
        return metric.read(page);
    }

    private Map<String, Long> counts(Metric<Map<String, Long>> metric) {
        Map<String, Long> counts = metric.read(page);
        return counts == null ? Map.of() : counts;
    }

    private Map<String, Distribution> distributions(Metric<Map<String, Distribution>> metric) {
        Map<String, Distribution> distributions = metric.read(page);
        return distributions == null ? Map.of() : distributions;
    }

    private Map<String, Double> numbers(Metric<Map<String, Double>> metric) {
        Map<String, Double> finite = new LinkedHashMap<>();
        Map<String, Double> all = metric.read(page);
        if (all != null) {
            all.forEach((key, value) -> {
                if (Double.isFinite(value)) {
                    finite.put(key, value);
                }
            });
        }
        return finite;
    }
}
