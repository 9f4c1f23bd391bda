package io.inferometer.backend.sglang;

import io.inferometer.backend.sglang.SglangSnapshot.RankLoad;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.SnapshotDraft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the load that {@code /v1/loads} tells in place of the page's: it is exact where the page's gauges lag.
 *
 * <p>A number that any rank lacks stays the page's; the two are never added.
 */
final class LiveLoad {
    private static final String PATH = "/v1/loads ";

    private final List<RankLoad> ranks;

    LiveLoad(List<RankLoad> ranks) {
        this.ranks = ranks;
    }

    List<RankLoad> ranks() {
        return ranks;
    }

    void apply(SnapshotDraft draft) {
        count(draft, CommonField.REQUESTS_RUNNING, "num_running_reqs", sum(RankLoad::numRunningReqs));
        count(draft, CommonField.REQUESTS_WAITING, "num_waiting_reqs", sum(RankLoad::numWaitingReqs));
        count(draft, CommonField.KV_CAPACITY_TOKENS, "max_total_num_tokens", sum(RankLoad::maxTotalNumTokens));
        Double usage = fullest();
        if (usage != null) {
            draft.number(CommonField.KV_USAGE, usage, from("num_used_tokens / max_total_num_tokens"));
        }
    }

    /** The same for each rank that the page has. */
    CommonView byRank(CommonView common) {
        if (ranks.isEmpty()) {
            return common;
        }
        Map<String, EngineMetrics> byRank = new LinkedHashMap<>(common.byRank());
        for (RankLoad rank : ranks) {
            byRank.computeIfPresent(String.valueOf(rank.dpRank()), (key, page) -> ofRank(page, rank));
        }
        return withRanks(common, byRank);
    }

    /** The same where there was no page: each rank that answered, unless it is the only one. */
    CommonView ofRanks(CommonView common) {
        Map<String, EngineMetrics> byRank = new TreeMap<>();
        if (ranks.size() > 1) {
            EngineMetrics nothing = new SnapshotDraft().metrics();
            for (RankLoad rank : ranks) {
                byRank.put(String.valueOf(rank.dpRank()), ofRank(nothing, rank));
            }
        }
        return withRanks(common, byRank);
    }

    private static CommonView withRanks(CommonView common, Map<String, EngineMetrics> byRank) {
        return new CommonView(
                common.header(), common.metrics(), common.byModel(), byRank, common.provenance(), common.rawMetrics());
    }

    private static EngineMetrics ofRank(EngineMetrics page, RankLoad rank) {
        EngineMetrics.Load load = page.load();
        EngineMetrics.Cache cache = page.cache();
        return new EngineMetrics(
                new EngineMetrics.Load(
                        either(rank.numRunningReqs(), load.requestsRunning()),
                        either(rank.numWaitingReqs(), load.requestsWaiting()),
                        load.requestsSwapped(),
                        load.batchSize(),
                        load.maxBatchTokens(),
                        load.asleep()),
                page.requests(),
                page.tokens(),
                page.latency(),
                page.size(),
                new EngineMetrics.Cache(
                        either(usage(rank), cache.kvUsage()),
                        cache.kvBlocks(),
                        cache.kvBlockSize(),
                        either(rank.maxTotalNumTokens(), cache.kvCapacityTokens()),
                        cache.prefixHits(),
                        cache.prefixQueries(),
                        cache.hitRate()),
                page.speculation(),
                page.adapters(),
                page.memory(),
                page.models(),
                page.events());
    }

    private void count(SnapshotDraft draft, CommonField field, String name, @Nullable Long value) {
        draft.count(field, value, from(name));
    }

    private Provenance from(String name) {
        return new Provenance(PATH + name, ranks.size(), null);
    }

    private @Nullable Long sum(Function<RankLoad, @Nullable Long> number) {
        long sum = 0;
        for (RankLoad rank : ranks) {
            Long value = number.apply(rank);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return ranks.isEmpty() ? null : (Long) sum;
    }

    private @Nullable Double fullest() {
        Double fullest = null;
        for (RankLoad rank : ranks) {
            Double usage = usage(rank);
            if (usage == null) {
                return null;
            }
            fullest = fullest == null ? usage : (Double) Math.max(fullest, usage);
        }
        return fullest;
    }

    private static @Nullable Double usage(RankLoad rank) {
        Long used = rank.numUsedTokens();
        Long all = rank.maxTotalNumTokens();
        return used == null || all == null || all == 0 || used > all ? null : (Double) ((double) used / all);
    }

    private static <T> @Nullable T either(@Nullable T live, @Nullable T page) {
        return live == null ? page : live;
    }
}
