package io.inferometer.backend.vllm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.Labels;
import io.inferometer.spi.Family;
import io.inferometer.spi.Page;
import io.inferometer.spi.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The KV cache configuration of one rank, from the labels of {@code vllm:cache_config_info}.
 *
 * <p>Immutable and safe to share; null is not reported, or {@code None}. The labels differ from version to version; the
 * others are in the raw samples.
 *
 * @param engine the data-parallel rank; null before 0.8.3
 * @param blockSize tokens per block
 * @param numGpuBlocks blocks in GPU memory. Measured: with data parallel 2 and one page for both, vLLM 0.32 shows the sum
 *     of all ranks on each rank's series
 * @param numCpuBlocks blocks of swap space in CPU memory (V0)
 * @param kvCacheSizeTokens tokens that this rank's KV cache holds (since about 0.24)
 * @param kvCacheMaxConcurrency how many requests of the longest length fit at once (since about 0.24)
 * @param gpuMemoryUtilization the share of GPU memory that the engine may use, 0..1
 * @param cacheDtype the cache's number format, such as {@code "auto"}
 * @param enablePrefixCaching whether prefix caching is on
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
public record CacheConfig(
        @JsonProperty("engine") @Nullable String engine,
        @JsonProperty("block_size") @Nullable Long blockSize,
        @JsonProperty("num_gpu_blocks") @Nullable Long numGpuBlocks,
        @JsonProperty("num_cpu_blocks") @Nullable Long numCpuBlocks,
        @JsonProperty("kv_cache_size_tokens") @Nullable Long kvCacheSizeTokens,
        @JsonProperty("kv_cache_max_concurrency") @Nullable Double kvCacheMaxConcurrency,
        @JsonProperty("gpu_memory_utilization") @Nullable Double gpuMemoryUtilization,
        @JsonProperty("cache_dtype") @Nullable String cacheDtype,
        @JsonProperty("enable_prefix_caching") @Nullable Boolean enablePrefixCaching) {
    static final String FAMILY = "vllm:cache_config_info";

    /** The configurations on a page, one per rank; empty when it has none. */
    static List<CacheConfig> on(Page page) {
        return page.fromLabels(CacheConfig.class, CacheConfig::read);
    }

    private static List<CacheConfig> read(Page page) {
        Family family = page.family(FAMILY);
        if (family == null) {
            return List.of();
        }
        Map<Labels, CacheConfig> byRank = new LinkedHashMap<>();
        for (Series series : family.series()) {
            byRank.put(series.labels().without("pid"), of(series.labels())); // One per process until 0.11.
        }
        return byRank.values().stream()
                .filter(config -> !AbsentFilter.isAbsent(config))
                .toList();
    }

    /** Tokens that the blocks hold, or null. */
    @Nullable
    Long blockTokens() {
        if (numGpuBlocks == null || blockSize == null) {
            return null;
        }
        long high = Math.multiplyHigh(numGpuBlocks, blockSize);
        long low = numGpuBlocks * blockSize;
        return high == 0 && low >= 0 ? (Long) low : null;
    }

    /** A whole number 0 or more, or null. */
    static @Nullable Long whole(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return Long.valueOf(text);
    }

    private static CacheConfig of(Labels labels) {
        return new CacheConfig(
                labels.get("engine"),
                whole(labels.get("block_size")),
                whole(labels.get("num_gpu_blocks")),
                whole(labels.get("num_cpu_blocks")),
                whole(labels.get("kv_cache_size_tokens")),
                decimal(labels.get("kv_cache_max_concurrency")),
                decimal(labels.get("gpu_memory_utilization")),
                word(labels.get("cache_dtype")),
                truth(labels.get("enable_prefix_caching")));
    }

    private static @Nullable Double decimal(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? (Double) number : null;
        } catch (NumberFormatException e) {
            return null; // Python's None.
        }
    }

    private static @Nullable String word(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("None") ? null : text;
    }

    private static @Nullable Boolean truth(@Nullable String text) {
        if ("True".equalsIgnoreCase(text)) {
            return true;
        }
        return "False".equalsIgnoreCase(text) ? (Boolean) false : null;
    }
}
