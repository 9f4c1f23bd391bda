package io.inferometer.backend.vllm;

import io.inferometer.backend.vllm.KvTransferMetrics.Hf3fs;
import io.inferometer.backend.vllm.KvTransferMetrics.Mooncake;
import io.inferometer.backend.vllm.KvTransferMetrics.Nixl;
import io.inferometer.backend.vllm.KvTransferMetrics.Offload;
import io.inferometer.backend.vllm.KvTransferMetrics.Tiering;
import io.inferometer.snapshot.CommonView;
import io.inferometer.spi.CommonReader;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.PartialPage;
import io.inferometer.spi.ReplicaFormula;
import io.inferometer.spi.ReplicaTable;
import io.inferometer.spi.ReplicaValue;
import io.inferometer.spi.Scrape;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Teaches the collector vLLM's dialect: V0 and V1, one or many data-parallel ranks, through Ray, OpenMetrics and the Rust
 * front end too.
 *
 * <p>Stateless and safe to share. The version is known only when the extra {@code version} was asked for: no family of
 * vLLM's page tells it.
 */
public final class VllmBackend implements EngineBackend<VllmSnapshot> {
    private static final String PREFIX = "vllm_";
    private static final String VERSION = "version";
    private static final String RANK_LABEL = "engine";
    private static final PartialPage PARTIAL_PAGE = new PartialPage("/metrics/", "name[]");
    private static final List<Endpoint> ENDPOINTS =
            List.of(Endpoint.METRICS, Endpoint.json(VERSION, "/version", Endpoint.Need.ON_REQUEST));

    /** The old prefix counters are of blocks or of tokens, so they tell a rate only, as the direct view has it. */
    private static final ReplicaTable REPLICA = ReplicaTable.of(VllmTable.TABLE)
            .withModelLabels(VllmRules.MODEL_LABELS)
            .with(
                    ReplicaValue.PREFIX_HIT_RATE,
                    ReplicaFormula.firstOf(
                            new ReplicaFormula.Ratio(
                                    ReplicaFormula.of(VllmTable.PREFIX_HITS),
                                    ReplicaFormula.of(VllmTable.PREFIX_QUERIES)),
                            new ReplicaFormula.SinceStart(new ReplicaFormula.Ratio(
                                    ReplicaFormula.of(VllmTable.GPU_PREFIX_HITS),
                                    ReplicaFormula.of(VllmTable.GPU_PREFIX_QUERIES))),
                            ReplicaFormula.of(VllmTable.GPU_PREFIX_HIT_RATE)))
            .withDescribedBy(VllmTable.CACHE_CONFIG, VllmTable.LORA, VllmTable.SLEEP_STATE);

    /** For {@link java.util.ServiceLoader}, and for users who name the type. */
    public VllmBackend() {}

    @Override
    public String name() {
        return "vllm";
    }

    @Override
    public String title() {
        return "vLLM";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("vllm-openai");
    }

    @Override
    public String versions() {
        return "0.2.3 (V0) to 0.32 (V1)";
    }

    @Override
    public MetricTable table() {
        return VllmTable.TABLE;
    }

    @Override
    public ReplicaTable replicaTable() {
        return REPLICA;
    }

    @Override
    public List<Endpoint> endpoints() {
        return ENDPOINTS;
    }

    /** The trailing slash leads to another handler than {@code /metrics}, which ignores its query. */
    @Override
    public PartialPage partialPage() {
        return PARTIAL_PAGE;
    }

    @Override
    public boolean recognizes(Page page) {
        return page.hasNamesWith(PREFIX);
    }

    @Override
    public String remedyForMissingFamilies() {
        return "A vLLM server that runs with --disable-log-stats answers without its own families; "
                + "start it without that flag.";
    }

    @Override
    public VllmSnapshot read(Scrape scrape) {
        Page page = scrape.page();
        if (page == null) {
            throw new IllegalArgumentException("vLLM is read from its metrics page; this scrape has none.");
        }
        String version = VersionAnswer.read(scrape.answer(VERSION));
        CommonReader reader = new CommonReader(
                VllmTable.TABLE, PREFIX, VllmRules.MODEL_LABELS, RANK_LABEL, new VllmRules(page, version));
        CommonView common =
                reader.read(scrape, version, (whole, draft) -> LoraMetrics.fill(whole, scrape.collectedAt(), draft));
        return new VllmSnapshot(common, page.readLater(() -> words(page, scrape.collectedAt())));
    }

    private static VllmSnapshot.Words words(Page page, Instant collectedAt) {
        return new VllmSnapshot.Words(
                requests(page),
                gpu(page),
                throughput(page),
                scheduler(page),
                latency(page),
                parameters(page),
                cache(page),
                speculation(page),
                LoraMetrics.on(page, collectedAt),
                kvTransfer(page),
                compute(page),
                frontend(page),
                legacy(page));
    }

    private static VllmSnapshot.RequestMetrics requests(Page page) {
        return new VllmSnapshot.RequestMetrics(
                VllmTable.SUCCEEDED.read(page),
                failures(page),
                VllmTable.TIME_TO_FIRST_TOKEN.read(page),
                VllmTable.TIME_PER_OUTPUT_TOKEN.read(page),
                VllmTable.END_TO_END.read(page),
                VllmTable.REQUEST_PROMPT_TOKENS.read(page),
                VllmTable.REQUEST_GENERATION_TOKENS.read(page),
                VllmTable.CORRUPTED.read(page));
    }

    /** Errors and aborts; the literal family of old documents where the page counts neither. */
    private static @Nullable Long failures(Page page) {
        boolean countsErrors = VllmTable.FAILED.source(page) != null;
        boolean countsAborts = VllmTable.ABORTED.source(page) != null;
        if (!countsErrors && !countsAborts) {
            return VllmTable.FAILURE_AS_DOCUMENTED.read(page);
        }
        Long failed = countsErrors ? VllmTable.FAILED.read(page) : (Long) 0L;
        Long aborted = countsAborts ? VllmTable.ABORTED.read(page) : (Long) 0L;
        return failed == null || aborted == null ? null : (Long) (failed + aborted);
    }

    private static VllmSnapshot.GpuMetrics gpu(Page page) {
        return new VllmSnapshot.GpuMetrics(
                VllmTable.KV_USAGE.read(page),
                VllmTable.GPU_MEMORY.read(page),
                VllmTable.RUNNING.read(page),
                VllmTable.WAITING.read(page));
    }

    private static VllmSnapshot.ThroughputMetrics throughput(Page page) {
        return new VllmSnapshot.ThroughputMetrics(
                VllmTable.PROMPT_TOKENS.read(page),
                VllmTable.GENERATION_TOKENS.read(page),
                VllmTable.PREEMPTIONS.read(page),
                null,
                VllmTable.GENERATION_THROUGHPUT.read(page));
    }

    private static VllmSnapshot.SchedulerMetrics scheduler(Page page) {
        return new VllmSnapshot.SchedulerMetrics(
                Copies.of(VllmTable.WAITING_BY_REASON.read(page)),
                Copies.of(VllmTable.SLEEP_STATE.read(page)),
                Copies.of(VllmTable.ADMISSION_REJECTIONS.read(page)),
                VllmTable.PREEMPTIONS_PER_REQUEST.read(page),
                VllmTable.ITERATION_TOKENS.read(page));
    }

    private static VllmSnapshot.LatencyMetrics latency(Page page) {
        return new VllmSnapshot.LatencyMetrics(
                VllmTable.INTER_TOKEN.read(page),
                VllmTable.QUEUE.read(page),
                ServerAborts.read(VllmTable.PREFILL, page),
                VllmTable.DECODE.read(page),
                ServerAborts.read(VllmTable.INFERENCE, page));
    }

    private static VllmSnapshot.RequestParameters parameters(Page page) {
        return new VllmSnapshot.RequestParameters(
                VllmTable.MAX_TOKENS.read(page),
                VllmTable.MAX_GENERATION_TOKENS.read(page),
                VllmTable.CHOICES.read(page),
                VllmTable.BEST_OF.read(page),
                VllmTable.PREFILL_KV_COMPUTED.read(page));
    }

    private static VllmSnapshot.CacheMetrics cache(Page page) {
        return new VllmSnapshot.CacheMetrics(
                CacheConfig.on(page),
                new VllmSnapshot.PrefixCache(
                        VllmTable.PREFIX_HITS.read(page),
                        VllmTable.PREFIX_QUERIES.read(page),
                        VllmTable.GPU_PREFIX_HITS.read(page),
                        VllmTable.GPU_PREFIX_QUERIES.read(page)),
                new VllmSnapshot.HitsAndQueries(
                        VllmTable.EXTERNAL_HITS.read(page), VllmTable.EXTERNAL_QUERIES.read(page)),
                new VllmSnapshot.HitsAndQueries(
                        VllmTable.MULTIMODAL_HITS.read(page), VllmTable.MULTIMODAL_QUERIES.read(page)),
                Copies.of(VllmTable.PROMPT_TOKENS_BY_SOURCE.read(page)),
                VllmTable.PROMPT_TOKENS_CACHED.read(page),
                Copies.of(VllmTable.CACHED_TOKENS_BY_TIER.read(page)),
                VllmTable.PROMPT_TOKENS_RECOMPUTED.read(page),
                new VllmSnapshot.Residency(
                        VllmTable.BLOCK_LIFETIME.read(page),
                        VllmTable.BLOCK_IDLE.read(page),
                        VllmTable.BLOCK_REUSE_GAP.read(page)));
    }

    private static VllmSnapshot.SpeculationMetrics speculation(Page page) {
        return new VllmSnapshot.SpeculationMetrics(
                VllmTable.DRAFTS.read(page),
                VllmTable.DRAFT_TOKENS.read(page),
                VllmTable.ACCEPTED_TOKENS.read(page),
                inOrderOfPosition(VllmTable.ACCEPTED_PER_POSITION.read(page)),
                VllmTable.DENOISING_STEPS.read(page),
                VllmTable.CANVAS_POSITIONS.read(page),
                VllmTable.COMMITTED_TOKENS.read(page));
    }

    /** Positions are decimal numbers without leading zeros: the shorter comes first, so "2" before "10". */
    private static Map<String, Long> inOrderOfPosition(@Nullable Map<String, Long> byPosition) {
        Map<String, Long> ordered = new LinkedHashMap<>();
        Copies.of(byPosition).entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Long>>comparingInt(
                                entry -> entry.getKey().length())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }

    private static KvTransferMetrics kvTransfer(Page page) {
        return new KvTransferMetrics(nixl(page), offload(page), tiering(page), mooncake(page), hf3fs(page));
    }

    private static Nixl nixl(Page page) {
        return new Nixl(
                VllmTable.NIXL_TRANSFER_TIME.read(page),
                VllmTable.NIXL_POST_TIME.read(page),
                VllmTable.NIXL_BYTES.read(page),
                VllmTable.NIXL_DESCRIPTORS.read(page),
                VllmTable.NIXL_FAILED_TRANSFERS.read(page),
                VllmTable.NIXL_FAILED_NOTIFICATIONS.read(page),
                VllmTable.NIXL_EXPIRED_REQUESTS.read(page));
    }

    private static Offload offload(Page page) {
        Map<String, Long> oldBytes = Copies.of(VllmTable.OFFLOAD_OLD_BYTES.read(page));
        Map<String, Double> oldTime = Copies.of(VllmTable.OFFLOAD_OLD_TIME.read(page));
        var oldSize = Copies.of(VllmTable.OFFLOAD_OLD_SIZE.read(page));
        return new Offload(
                firstOf(VllmTable.OFFLOAD_LOAD_BYTES.read(page), oldBytes.get("CPU_to_GPU")),
                firstOf(VllmTable.OFFLOAD_STORE_BYTES.read(page), oldBytes.get("GPU_to_CPU")),
                firstOf(VllmTable.OFFLOAD_LOAD_TIME.read(page), oldTime.get("CPU_to_GPU")),
                firstOf(VllmTable.OFFLOAD_STORE_TIME.read(page), oldTime.get("GPU_to_CPU")),
                firstOf(VllmTable.OFFLOAD_LOAD_SIZE.read(page), oldSize.get("CPU_to_GPU")),
                firstOf(VllmTable.OFFLOAD_STORE_SIZE.read(page), oldSize.get("GPU_to_CPU")),
                VllmTable.OFFLOAD_ALLOCATION_FAILURES.read(page),
                VllmTable.OFFLOAD_STORES_SKIPPED.read(page),
                VllmTable.OFFLOAD_SYNC_LOOKUP.read(page),
                VllmTable.OFFLOAD_ASYNC_LOOKUP.read(page),
                VllmTable.OFFLOAD_CPU_PINNED.read(page),
                VllmTable.OFFLOAD_CPU_WRITE.read(page),
                VllmTable.OFFLOAD_CPU_READ.read(page),
                VllmTable.OFFLOAD_ALLOCATION_SIZE.read(page));
    }

    private static <T> @Nullable T firstOf(@Nullable T newer, @Nullable T older) {
        return newer == null ? older : newer;
    }

    private static Tiering tiering(Page page) {
        return new Tiering(
                Copies.of(VllmTable.TIER_SYNC_LOOKUP.read(page)),
                Copies.of(VllmTable.TIER_ASYNC_LOOKUP.read(page)),
                Copies.of(VllmTable.TIER_READ_BYTES.read(page)),
                Copies.of(VllmTable.TIER_READ_TIME.read(page)),
                Copies.of(VllmTable.TIER_WRITE_BYTES.read(page)),
                Copies.of(VllmTable.TIER_WRITE_TIME.read(page)),
                Copies.of(VllmTable.TIER_BLOCK_QUERIES.read(page)),
                Copies.of(VllmTable.TIER_BLOCK_HITS.read(page)),
                Copies.of(VllmTable.TIER_PROMOTION_FAILURES.read(page)),
                Copies.of(VllmTable.TIER_CASCADE_FAILURES.read(page)),
                VllmTable.TIER_ALLOCATION_FAILURES.read(page),
                VllmTable.TIER_PRIMARY_WRITE.read(page),
                VllmTable.TIER_PRIMARY_READ.read(page),
                VllmTable.TIER_ACTIVE_PROMOTIONS.read(page),
                VllmTable.TIER_ACTIVE_CASCADES.read(page));
    }

    private static Mooncake mooncake(Page page) {
        return new Mooncake(
                Copies.of(VllmTable.MOONCAKE_TIME.read(page)),
                Copies.of(VllmTable.MOONCAKE_OPERATIONS.read(page)),
                Copies.of(VllmTable.MOONCAKE_KEYS.read(page)),
                Copies.of(VllmTable.MOONCAKE_BYTES.read(page)),
                Copies.of(VllmTable.MOONCAKE_FAILED_KEYS.read(page)));
    }

    private static Hf3fs hf3fs(Page page) {
        return new Hf3fs(
                VllmTable.HF3FS_SAVE.read(page),
                VllmTable.HF3FS_LOAD.read(page),
                VllmTable.HF3FS_FAILED_SAVES.read(page),
                VllmTable.HF3FS_FAILED_LOADS.read(page));
    }

    private static VllmSnapshot.ComputeMetrics compute(Page page) {
        return new VllmSnapshot.ComputeMetrics(
                VllmTable.FLOPS.read(page), VllmTable.READ_BYTES.read(page), VllmTable.WRITE_BYTES.read(page));
    }

    private static VllmSnapshot.FrontendMetrics frontend(Page page) {
        return new VllmSnapshot.FrontendMetrics(
                Copies.of(VllmTable.TOOL_PARSER_OUTCOMES.read(page)),
                Copies.of(VllmTable.TOOL_PARSER_REQUEST_TYPES.read(page)),
                Copies.of(VllmTable.TOOL_PARSER_MODES.read(page)),
                VllmTable.WEBSOCKETS.read(page),
                VllmTable.WEBSOCKETS_ACTIVE.read(page),
                VllmTable.WEBSOCKET_DURATION.read(page));
    }

    private static VllmSnapshot.LegacyMetrics legacy(Page page) {
        return new VllmSnapshot.LegacyMetrics(
                VllmTable.SWAPPED.read(page),
                VllmTable.CPU_CACHE_USAGE.read(page),
                VllmTable.GPU_PREFIX_HIT_RATE.read(page),
                VllmTable.CPU_PREFIX_HIT_RATE.read(page),
                VllmTable.PROMPT_THROUGHPUT.read(page),
                VllmTable.GENERATION_THROUGHPUT.read(page),
                VllmTable.FORWARD_MILLISECONDS.read(page),
                VllmTable.EXECUTE_MILLISECONDS.read(page),
                VllmTable.DRAFT_ACCEPTANCE_RATE.read(page),
                VllmTable.SPECULATION_EFFICIENCY.read(page),
                VllmTable.EMITTED_TOKENS.read(page));
    }
}
