package io.inferometer.examples;

import io.inferometer.Collectors;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One scrape, and what the common words say. */
final class FirstLine {
    private FirstLine() {}

    static EngineSnapshot read(String url) {
        // region first-line
        EngineSnapshot now = Collectors.forEngine("tgi").collect(url);
        // endregion
        return now;
    }

    /** All that the common words below hold, in their order. */
    static List<@Nullable Object> words(EngineSnapshot now) {
        // region common-words
        Long waiting = now.metrics().load().requestsWaiting(); // null: the engine does not say
        Double kvUsage = now.metrics().cache().kvUsage(); // 0..1, of several ranks the fullest
        Distribution latency = now.metrics().latency().endToEnd();
        Double p99 = latency == null ? null : latency.quantile(0.99); // seconds
        Map<String, EngineMetrics> ranks = now.byRank(); // the same words for each data-parallel rank
        Provenance source = now.provenance().get("cache.kv_usage"); // its family, and what a rule did with it
        // endregion
        List<@Nullable Object> words = new ArrayList<>();
        words.add(waiting);
        words.add(kvUsage);
        words.add(p99);
        words.add(ranks.size());
        words.add(source == null ? null : source.family());
        return words;
    }
}
