package io.inferometer.backend.vllm;

import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Family;
import io.inferometer.spi.Page;
import io.inferometer.spi.SnapshotDraft;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How big the KV cache is, from the configurations of all ranks.
 *
 * <p>With data parallel vLLM 0.32 prints the sum of all ranks' blocks on each rank's series, and the tokens of each rank
 * alone. Other pages print the blocks of each rank. Which of the two a page does follows from its numbers: blocks are a
 * sum where every rank's tokens times the number of ranks are the tokens of its blocks.
 *
 * <p>Immutable and safe to share. Made from a whole page, it reads that page's parts too.
 */
final class KvCacheSize {
    private final int ranks;
    private final boolean blocksAreSums;

    private KvCacheSize(int ranks, boolean blocksAreSums) {
        this.ranks = ranks;
        this.blocksAreSums = blocksAreSums;
    }

    static KvCacheSize of(Page whole) {
        return whole.fromLabels(KvCacheSize.class, KvCacheSize::read);
    }

    private static KvCacheSize read(Page whole) {
        List<CacheConfig> configs = CacheConfig.on(whole);
        int ranks = configs.size();
        return new KvCacheSize(ranks, ranks > 1 && configs.stream().allMatch(config -> holdsSum(config, ranks)));
    }

    void fill(Page page, SnapshotDraft draft) {
        Family family = page.family(CacheConfig.FAMILY);
        List<CacheConfig> configs = CacheConfig.on(page);
        if (family == null) {
            return;
        }
        Provenance source = new Provenance(family.name(), family.series().size(), null);
        fillBlocks(configs, draft, source);
        fillBlockSize(configs, draft, source);
        fillTokens(configs, draft, source);
    }

    private void fillBlocks(List<CacheConfig> configs, SnapshotDraft draft, Provenance source) {
        if (!blocksAreSums) {
            draft.count(CommonField.KV_BLOCKS, sum(configs, CacheConfig::numGpuBlocks), source);
            return;
        }
        Long blocks = configs.get(0).numGpuBlocks();
        boolean part = configs.size() < ranks;
        draft.count(
                CommonField.KV_BLOCKS,
                part && blocks != null ? (Long) (blocks / ranks * configs.size()) : blocks,
                source.withNote("each rank's series holds the sum of " + ranks + " ranks"));
    }

    private static void fillBlockSize(List<CacheConfig> configs, SnapshotDraft draft, Provenance source) {
        Long size = null;
        for (CacheConfig config : configs) {
            Long own = config.blockSize();
            if (own != null && size != null && !own.equals(size)) {
                draft.leaveAbsent(CommonField.KV_BLOCK_SIZE, source.withNote("ranks differ"));
                return;
            }
            size = own == null ? size : own;
        }
        draft.count(CommonField.KV_BLOCK_SIZE, size, source);
    }

    private static void fillTokens(List<CacheConfig> configs, SnapshotDraft draft, Provenance source) {
        Long tokens = sum(configs, CacheConfig::kvCacheSizeTokens);
        if (tokens != null) {
            draft.count(CommonField.KV_CAPACITY_TOKENS, tokens, source);
            return;
        }
        draft.count(
                CommonField.KV_CAPACITY_TOKENS,
                sum(configs, CacheConfig::blockTokens),
                source.withNote("num_gpu_blocks * block_size"));
    }

    private static boolean holdsSum(CacheConfig config, int ranks) {
        Long own = config.kvCacheSizeTokens();
        Long inBlocks = config.blockTokens();
        return own != null && inBlocks != null && own > 0 && inBlocks % own == 0 && inBlocks / own == ranks;
    }

    /** The sum over all ranks; null when a rank does not say, since the others alone are not the engine's. */
    private static @Nullable Long sum(List<CacheConfig> configs, Function<CacheConfig, @Nullable Long> part) {
        double sum = 0; // The draft refuses what no count can be.
        for (CacheConfig config : configs) {
            Long here = part.apply(config);
            if (here == null) {
                return null;
            }
            sum += here;
        }
        return sum > Long.MAX_VALUE ? null : (Long) Math.round(sum);
    }
}
