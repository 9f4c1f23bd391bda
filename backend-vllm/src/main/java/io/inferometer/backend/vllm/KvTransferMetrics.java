package io.inferometer.backend.vllm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.Distribution;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * KV connectors, each present only where the engine runs with it. Counts since the engine started.
 *
 * <p>Immutable and safe to share. A connector is a plug-in: families that are not here are in the raw samples.
 *
 * @param nixl transfers between prefill and decode engines over NIXL
 * @param offload offloading to CPU memory
 * @param tiering offloading to several tiers
 * @param mooncake the Mooncake store
 * @param hf3fs the HF3FS file system
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
public record KvTransferMetrics(
        @JsonProperty("nixl") Nixl nixl,
        @JsonProperty("offload") Offload offload,
        @JsonProperty("tiering") Tiering tiering,
        @JsonProperty("mooncake") Mooncake mooncake,
        @JsonProperty("hf3fs") Hf3fs hf3fs) {

    /**
     * NIXL transfers.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param transferTimeSeconds time of a transfer, in seconds, from {@code vllm:nixl_xfer_time_seconds}
     * @param postTimeSeconds time to post it, in seconds, from {@code vllm:nixl_post_time_seconds}
     * @param bytesTransferred bytes per transfer, from {@code vllm:nixl_bytes_transferred}
     * @param descriptors descriptors per transfer, from {@code vllm:nixl_num_descriptors}
     * @param failedTransfersTotal from {@code vllm:nixl_num_failed_transfers_total}
     * @param failedNotificationsTotal from {@code vllm:nixl_num_failed_notifications_total}
     * @param expiredRequestsTotal requests whose KV nobody fetched, counted by the prefill engine, from
     *     {@code vllm:nixl_num_kv_expired_reqs_total}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Nixl(
            @JsonProperty("transfer_time_seconds") @Nullable Distribution transferTimeSeconds,
            @JsonProperty("post_time_seconds") @Nullable Distribution postTimeSeconds,
            @JsonProperty("bytes_transferred") @Nullable Distribution bytesTransferred,
            @JsonProperty("descriptors") @Nullable Distribution descriptors,

            @JsonProperty("failed_transfers_total") @Nullable
            Long failedTransfersTotal,

            @JsonProperty("failed_notifications_total") @Nullable
            Long failedNotificationsTotal,

            @JsonProperty("expired_requests_total") @Nullable
            Long expiredRequestsTotal) {}

    /**
     * Offloading to CPU memory.
     *
     * <p>Immutable and safe to share; null is not reported. A load is CPU to GPU, a store GPU to CPU. Since 0.24 these are
     * families of their own; before, {@code vllm:kv_offload_total_bytes_total} and its sisters told them apart by
     * {@code transfer_type}. A page with both shows the same traffic twice: the new ones are read, never the sum.
     *
     * @param loadBytesTotal bytes loaded, from {@code vllm:kv_offload_load_bytes_total}
     * @param storeBytesTotal bytes stored, from {@code vllm:kv_offload_store_bytes_total}
     * @param loadSecondsTotal seconds of loading, from {@code vllm:kv_offload_load_time_total}
     * @param storeSecondsTotal seconds of storing, from {@code vllm:kv_offload_store_time_total}
     * @param loadSizeBytes bytes per load, from {@code vllm:kv_offload_load_size}
     * @param storeSizeBytes bytes per store, from {@code vllm:kv_offload_store_size}
     * @param allocationFailuresTotal from {@code vllm:kv_offload_allocation_failure_total}
     * @param storesSkippedTotal from {@code vllm:kv_offload_stores_skipped_total}; only with a store threshold of 2 or more
     * @param syncLookupSeconds from {@code vllm:kv_offload_lookup_sync_delay_seconds}
     * @param asyncLookupSeconds from {@code vllm:kv_offload_lookup_async_delay_seconds}
     * @param cpuPinnedUsage share of the CPU cache that transfers hold pinned, 0..1, not how full it is, from
     *     {@code vllm:kv_offload_cpu_cache_usage_perc}
     * @param cpuWriteUsage the part pinned by writes, 0..1
     * @param cpuReadUsage the part pinned by reads, 0..1
     * @param cpuAllocationBlocks blocks per allocation, from {@code vllm:kv_offload_cpu_allocation_size}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Offload(
            @JsonProperty("load_bytes_total") @Nullable Long loadBytesTotal,
            @JsonProperty("store_bytes_total") @Nullable Long storeBytesTotal,
            @JsonProperty("load_seconds_total") @Nullable Double loadSecondsTotal,
            @JsonProperty("store_seconds_total") @Nullable Double storeSecondsTotal,
            @JsonProperty("load_size_bytes") @Nullable Distribution loadSizeBytes,
            @JsonProperty("store_size_bytes") @Nullable Distribution storeSizeBytes,

            @JsonProperty("allocation_failures_total") @Nullable
            Long allocationFailuresTotal,

            @JsonProperty("stores_skipped_total") @Nullable Long storesSkippedTotal,
            @JsonProperty("sync_lookup_seconds") @Nullable Distribution syncLookupSeconds,
            @JsonProperty("async_lookup_seconds") @Nullable Distribution asyncLookupSeconds,
            @JsonProperty("cpu_pinned_usage") @Nullable Double cpuPinnedUsage,
            @JsonProperty("cpu_write_usage") @Nullable Double cpuWriteUsage,
            @JsonProperty("cpu_read_usage") @Nullable Double cpuReadUsage,
            @JsonProperty("cpu_allocation_blocks") @Nullable Distribution cpuAllocationBlocks) {}

    /**
     * Offloading to several tiers, by tier ({@code 0:primary}, {@code 1:…}), from
     * {@code vllm:kv_offload_tiering_…}.
     *
     * <p>Immutable and safe to share; null and empty are not reported.
     *
     * @param syncLookupSeconds time of a lookup that waits, in seconds
     * @param asyncLookupSeconds time of a lookup that does not, in seconds
     * @param readBytesTotal bytes read
     * @param readSecondsTotal seconds of reading
     * @param writeBytesTotal bytes written
     * @param writeSecondsTotal seconds of writing
     * @param blockQueriesTotal blocks looked up
     * @param blockHitsTotal blocks found
     * @param promotionJobFailuresTotal failed promotions
     * @param cascadeJobFailuresTotal failed cascades
     * @param promotionAllocationFailuresTotal promotions for which there was no room
     * @param primaryWriteUsage share of the primary tier pinned by writes, 0..1
     * @param primaryReadUsage share of the primary tier pinned by reads, 0..1
     * @param activePromotionJobs promotions under way
     * @param activeCascadeJobs cascades under way
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Tiering(
            @JsonProperty("sync_lookup_seconds") Map<String, Distribution> syncLookupSeconds,
            @JsonProperty("async_lookup_seconds") Map<String, Distribution> asyncLookupSeconds,
            @JsonProperty("read_bytes_total") Map<String, Long> readBytesTotal,
            @JsonProperty("read_seconds_total") Map<String, Double> readSecondsTotal,
            @JsonProperty("write_bytes_total") Map<String, Long> writeBytesTotal,
            @JsonProperty("write_seconds_total") Map<String, Double> writeSecondsTotal,
            @JsonProperty("block_queries_total") Map<String, Long> blockQueriesTotal,
            @JsonProperty("block_hits_total") Map<String, Long> blockHitsTotal,
            @JsonProperty("promotion_job_failures_total") Map<String, Long> promotionJobFailuresTotal,
            @JsonProperty("cascade_job_failures_total") Map<String, Long> cascadeJobFailuresTotal,

            @JsonProperty("promotion_allocation_failures_total") @Nullable
            Long promotionAllocationFailuresTotal,

            @JsonProperty("primary_write_usage") @Nullable Double primaryWriteUsage,
            @JsonProperty("primary_read_usage") @Nullable Double primaryReadUsage,
            @JsonProperty("active_promotion_jobs") @Nullable Long activePromotionJobs,
            @JsonProperty("active_cascade_jobs") @Nullable Long activeCascadeJobs) {
        /**
         * Copies the maps.
         *
         * @param syncLookupSeconds time of a lookup that waits
         * @param asyncLookupSeconds time of a lookup that does not
         * @param readBytesTotal bytes read
         * @param readSecondsTotal seconds of reading
         * @param writeBytesTotal bytes written
         * @param writeSecondsTotal seconds of writing
         * @param blockQueriesTotal blocks looked up
         * @param blockHitsTotal blocks found
         * @param promotionJobFailuresTotal failed promotions
         * @param cascadeJobFailuresTotal failed cascades
         * @param promotionAllocationFailuresTotal promotions for which there was no room
         * @param primaryWriteUsage share of the primary tier pinned by writes
         * @param primaryReadUsage share of the primary tier pinned by reads
         * @param activePromotionJobs promotions under way
         * @param activeCascadeJobs cascades under way
         */
        public Tiering {
            syncLookupSeconds = Copies.of(syncLookupSeconds);
            asyncLookupSeconds = Copies.of(asyncLookupSeconds);
            readBytesTotal = Copies.of(readBytesTotal);
            readSecondsTotal = Copies.of(readSecondsTotal);
            writeBytesTotal = Copies.of(writeBytesTotal);
            writeSecondsTotal = Copies.of(writeSecondsTotal);
            blockQueriesTotal = Copies.of(blockQueriesTotal);
            blockHitsTotal = Copies.of(blockHitsTotal);
            promotionJobFailuresTotal = Copies.of(promotionJobFailuresTotal);
            cascadeJobFailuresTotal = Copies.of(cascadeJobFailuresTotal);
        }
    }

    /**
     * The Mooncake store, by operation, from {@code vllm:mooncake_store_…}.
     *
     * <p>Immutable and safe to share; empty is not reported.
     *
     * @param operationSeconds time of an operation, in seconds
     * @param operationsTotal operations, whatever their status
     * @param keysTotal keys handled
     * @param bytesTotal bytes moved
     * @param failedKeysTotal keys that failed
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Mooncake(
            @JsonProperty("operation_seconds") Map<String, Distribution> operationSeconds,
            @JsonProperty("operations_total") Map<String, Long> operationsTotal,
            @JsonProperty("keys_total") Map<String, Long> keysTotal,
            @JsonProperty("bytes_total") Map<String, Long> bytesTotal,
            @JsonProperty("failed_keys_total") Map<String, Long> failedKeysTotal) {
        /**
         * Copies the maps.
         *
         * @param operationSeconds time of an operation
         * @param operationsTotal operations
         * @param keysTotal keys handled
         * @param bytesTotal bytes moved
         * @param failedKeysTotal keys that failed
         */
        public Mooncake {
            operationSeconds = Copies.of(operationSeconds);
            operationsTotal = Copies.of(operationsTotal);
            keysTotal = Copies.of(keysTotal);
            bytesTotal = Copies.of(bytesTotal);
            failedKeysTotal = Copies.of(failedKeysTotal);
        }
    }

    /**
     * The HF3FS file system.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param saveSeconds time of a save, in seconds, from {@code vllm:hf3fs_save_duration_seconds}
     * @param loadSeconds time of a load, in seconds, from {@code vllm:hf3fs_load_duration_seconds}
     * @param failedSavesTotal from {@code vllm:hf3fs_num_failed_save_total}
     * @param failedLoadsTotal from {@code vllm:hf3fs_num_failed_load_total}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Hf3fs(
            @JsonProperty("save_seconds") @Nullable Distribution saveSeconds,
            @JsonProperty("load_seconds") @Nullable Distribution loadSeconds,
            @JsonProperty("failed_saves_total") @Nullable Long failedSavesTotal,
            @JsonProperty("failed_loads_total") @Nullable Long failedLoadsTotal) {}
}
