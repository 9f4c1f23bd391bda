package io.inferometer.backend.llamacpp;

import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Metric;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.ReplicaFormula;
import io.inferometer.spi.ReplicaTable;
import io.inferometer.spi.ReplicaValue;
import java.util.List;
import java.util.Map;

/**
 * What llama.cpp's families mean. Build numbers are never asked for (a build may call itself 1): a row reads what is
 * there. {@code n_tokens_max} and {@code n_busy_slots_per_decode} are gauges, whatever their TYPE line says.
 */
final class LlamaCppTable {
    private static final MetricTable.Builder T = MetricTable.builder();

    static final Metric<Long> REQUESTS_PROCESSING = T.gauge("llamacpp:requests_processing")
            .fills(CommonField.REQUESTS_RUNNING)
            .count();
    static final Metric<Long> REQUESTS_DEFERRED = T.gauge("llamacpp:requests_deferred")
            .fills(CommonField.REQUESTS_WAITING)
            .count();

    static final Metric<Long> PROMPT_TOKENS =
            T.counter("llamacpp:prompt_tokens_total").count();
    static final Metric<Long> CACHED_TOKENS = T.counter("llamacpp:prompt_tokens_cached_total")
            .fills(CommonField.CACHED_PROMPT_TOKENS)
            .count();
    static final Metric<Long> PREFIX_HITS = T.counter("llamacpp:prompt_tokens_cached_total")
            .fills(CommonField.PREFIX_HITS)
            .count();
    static final Metric<Long> TOKENS_PREDICTED = T.counter("llamacpp:tokens_predicted_total")
            .fills(CommonField.GENERATED_TOKENS)
            .count();
    static final Metric<Long> TOKENS_MAX =
            T.gauge("llamacpp:n_tokens_max", "llamacpp:n_past_max").maxCount();

    static final Metric<Double> PROMPT_SECONDS =
            T.counter("llamacpp:prompt_seconds_total").sum();
    static final Metric<Double> PREDICTED_SECONDS =
            T.counter("llamacpp:tokens_predicted_seconds_total").sum();
    static final Metric<Double> PROMPT_TOKENS_PER_SECOND =
            T.gauge("llamacpp:prompt_tokens_seconds").sum();
    static final Metric<Double> PREDICTED_TOKENS_PER_SECOND =
            T.gauge("llamacpp:predicted_tokens_seconds").sum();
    static final Metric<Long> DECODE_CALLS =
            T.counter("llamacpp:n_decode_total").count();
    static final Metric<Double> BUSY_SLOTS_PER_DECODE =
            T.gauge("llamacpp:n_busy_slots_per_decode").max();

    static final Metric<Double> KV_CACHE_USAGE =
            T.gauge("llamacpp:kv_cache_usage_ratio").fills(CommonField.KV_USAGE).max();
    static final Metric<Long> KV_CACHE_TOKENS =
            T.gauge("llamacpp:kv_cache_tokens").count();

    static final Metric<Long> DRAFTS = T.counter("llamacpp:spec_decode_num_drafts_total")
            .fills(CommonField.DRAFTS)
            .count();
    static final Metric<Long> DRAFT_TOKENS = T.counter("llamacpp:spec_decode_num_draft_tokens_total")
            .fills(CommonField.DRAFT_TOKENS)
            .count();
    static final Metric<Long> ACCEPTED_TOKENS = T.counter("llamacpp:spec_decode_num_accepted_tokens_total")
            .fills(CommonField.ACCEPTED_TOKENS)
            .count();
    static final Metric<Map<String, Long>> ACCEPTED_BY_POSITION =
            T.counter("llamacpp:spec_decode_num_accepted_tokens_per_pos_total").countBy("position");

    private static final String PROMPT_AND_CACHED =
            "llamacpp:prompt_tokens_total + llamacpp:prompt_tokens_cached_total";

    static final MetricTable TABLE = T.special(CommonField.PROMPT_TOKENS, PROMPT_AND_CACHED)
            .special(CommonField.PREFIX_QUERIES, PROMPT_AND_CACHED)
            .special(CommonField.HIT_RATE, "llamacpp:prompt_tokens_cached_total / prefix queries")
            .special(CommonField.MODELS, "query parameter model, or /props model_alias, model_path")
            .alsoReads(MetricGroup.TOKENS, "llamacpp:prompt_tokens_total", "llamacpp:prompt_tokens_cached_total")
            .alsoReads(MetricGroup.CACHE, "llamacpp:prompt_tokens_total", "llamacpp:prompt_tokens_cached_total")
            .build();

    /** What it processed and what it found in its cache are counted apart. */
    static final ReplicaTable REPLICA = ReplicaTable.of(TABLE)
            .with(
                    ReplicaValue.PREFIX_HIT_RATE,
                    new ReplicaFormula.Ratio(
                            ReplicaFormula.of(PREFIX_HITS),
                            new ReplicaFormula.Sum(
                                    ReplicaFormula.of(PROMPT_TOKENS), List.of(ReplicaFormula.of(PREFIX_HITS)))));

    private LlamaCppTable() {}
}
