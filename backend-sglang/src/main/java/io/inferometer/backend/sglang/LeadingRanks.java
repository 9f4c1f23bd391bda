package io.inferometer.backend.sglang;

import io.inferometer.snapshot.Labels;
import io.inferometer.spi.Family;
import io.inferometer.spi.Metric;
import io.inferometer.spi.Page;
import io.inferometer.spi.Series;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves on a page, of each data-parallel rank, only the first tensor-parallel rank of the first pipeline stage: the
 * others repeat the same requests.
 *
 * <p>The first is {@code tp_rank="0"}, but with data-parallel attention the ranks of one server are dealt out, and rank
 * 3 of 8 reports as {@code dp_rank="3",tp_rank="3"}: there it is the lowest that the data-parallel rank has.
 */
final class LeadingRanks {
    private static final Set<String> REPLICA = Set.of("dp_rank", "worker_addr", "source", "ReplicaId");

    private final Map<Labels, Integer> lowest = new HashMap<>();
    private boolean othersSeen;

    private LeadingRanks() {}

    static Page of(Page page) {
        LeadingRanks ranks = page.fromLabels(LeadingRanks.class, LeadingRanks::on);
        return ranks.othersSeen ? page.where(ranks, ranks::leads) : page;
    }

    private static LeadingRanks on(Page page) {
        LeadingRanks ranks = new LeadingRanks();
        for (Metric<?> metric : SglangTable.table().metrics()) {
            for (String name : metric.families()) {
                ranks.note(page.family(name));
            }
        }
        return ranks;
    }

    private void note(@Nullable Family family) {
        if (family == null) {
            return;
        }
        for (Series series : family.series()) {
            Labels labels = series.labels();
            int rank = rankIn(labels);
            othersSeen |= rank != 0 || !isFirstStage(labels);
            if (labels.get("tp_rank") != null && labels.get("dp_rank") != null) {
                lowest.merge(labels.filter(REPLICA::contains), rank, Math::min);
            }
        }
    }

    private boolean leads(Labels labels) {
        if (!isFirstStage(labels)) {
            return false;
        }
        int rank = rankIn(labels);
        return rank == 0 || rank == lowest.getOrDefault(labels.filter(REPLICA::contains), 0);
    }

    private static boolean isFirstStage(Labels labels) {
        String stage = labels.get("pp_rank");
        return stage == null || stage.isEmpty() || stage.equals("0");
    }

    /** The tensor-parallel rank; 0 of a series without one, and beyond all ranks where it is no number. */
    private static int rankIn(Labels labels) {
        String rank = labels.get("tp_rank");
        if (rank == null || rank.isEmpty()) {
            return 0;
        }
        try {
            return Integer.parseInt(rank);
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }
}
