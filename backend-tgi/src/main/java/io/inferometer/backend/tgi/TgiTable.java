package io.inferometer.backend.tgi;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Metric;
import io.inferometer.spi.MetricTable;
import java.util.Map;

/**
 * What TGI's families mean. The names never changed since 0.3; what stands behind a bare name is how older documents
 * and tidying proxies spell it.
 */
final class TgiTable {
    /** The word in {@code err} for a request that its client gave up. */
    static final String DROPPED = "dropped";

    private static final MetricTable.Builder T = MetricTable.builder();

    static final Metric<Long> SUCCESS =
            T.counter("tgi_request_success").fills(CommonField.SUCCEEDED).count();
    static final Metric<Long> FAILURE = T.counter("tgi_request_failure").count();
    static final Metric<Long> ABORTED = T.counter("tgi_request_failure")
            .only("err", DROPPED)
            .fills(CommonField.ABORTED)
            .count();
    static final Metric<Map<String, Long>> FAILURE_BY_ERR =
            T.counter("tgi_request_failure").fills(CommonField.BY_REASON).countBy("err");
    static final Metric<Long> REQUEST_COUNT = T.counter("tgi_request_count").count();
    static final Metric<Long> QUEUE_SIZE =
            T.gauge("tgi_queue_size").fills(CommonField.REQUESTS_WAITING).count();

    static final Metric<Distribution> REQUEST_DURATION = T.histogram(
                    "tgi_request_duration", "tgi_request_duration_seconds")
            .fills(CommonField.END_TO_END)
            .distribution();
    static final Metric<Distribution> VALIDATION_DURATION = T.histogram(
                    "tgi_request_validation_duration", "tgi_request_validation_duration_seconds")
            .distribution();
    static final Metric<Distribution> QUEUE_DURATION = T.histogram(
                    "tgi_request_queue_duration", "tgi_request_queue_duration_seconds")
            .fills(CommonField.QUEUE)
            .distribution();
    static final Metric<Distribution> INFERENCE_DURATION = T.histogram(
                    "tgi_request_inference_duration", "tgi_request_inference_duration_seconds")
            .fills(CommonField.INFERENCE)
            .distribution();
    static final Metric<Distribution> MEAN_TIME_PER_TOKEN = T.histogram(
                    "tgi_request_mean_time_per_token_duration", "tgi_request_mean_time_per_token_duration_seconds")
            .fills(CommonField.PER_OUTPUT_TOKEN)
            .distribution();

    static final Metric<Distribution> INPUT_LENGTH = T.histogram("tgi_request_input_length")
            .fills(CommonField.PROMPT_SIZE)
            .distribution();
    static final Metric<Long> INPUT_TOKENS = T.histogram("tgi_request_input_length")
            .fills(CommonField.PROMPT_TOKENS)
            .sumOfObservations();
    static final Metric<Distribution> GENERATED_TOKENS = T.histogram("tgi_request_generated_tokens")
            .fills(CommonField.GENERATED_SIZE)
            .distribution();
    static final Metric<Long> GENERATED_TOKENS_LITERAL = T.counter("tgi_request_generated_tokens_total")
            .fills(CommonField.GENERATED_TOKENS)
            .count();
    static final Metric<Long> GENERATED_TOKENS_SUM = T.histogram("tgi_request_generated_tokens")
            .fills(CommonField.GENERATED_TOKENS)
            .sumOfObservations();
    static final Metric<Distribution> MAX_NEW_TOKENS = T.histogram("tgi_request_max_new_tokens")
            .fills(CommonField.MAX_NEW_TOKENS)
            .distribution();

    static final Metric<Long> BATCH_CURRENT_SIZE = T.gauge("tgi_batch_current_size")
            .fills(CommonField.REQUESTS_RUNNING)
            .count();
    static final Metric<Long> BATCH_SIZE =
            T.gauge("tgi_batch_current_size").fills(CommonField.BATCH_SIZE).count();
    static final Metric<Long> BATCH_CURRENT_MAX_TOKENS = T.gauge("tgi_batch_current_max_tokens")
            .fills(CommonField.MAX_BATCH_TOKENS)
            .count();
    static final Metric<Distribution> BATCH_NEXT_SIZE =
            T.histogram("tgi_batch_next_size").distribution();

    static final Metric<Map<String, Long>> INFERENCE_COUNT =
            T.counter("tgi_batch_inference_count").countBy("method");
    static final Metric<Map<String, Long>> INFERENCE_SUCCESS =
            T.counter("tgi_batch_inference_success").countBy("method");
    static final Metric<Map<String, Long>> INFERENCE_FAILURE =
            T.counter("tgi_batch_inference_failure").countBy("method");
    static final Metric<Map<String, Distribution>> BATCH_INFERENCE_DURATION = T.histogram(
                    "tgi_batch_inference_duration", "tgi_batch_inference_duration_seconds")
            .distributionBy("method");
    static final Metric<Map<String, Distribution>> BATCH_FORWARD_DURATION = T.histogram(
                    "tgi_batch_forward_duration",
                    "tgi_batch_forward_duration_seconds",
                    "tgi_batch_inference_forward_duration")
            .distributionBy("method");
    static final Metric<Map<String, Distribution>> BATCH_DECODE_DURATION = T.histogram(
                    "tgi_batch_decode_duration", "tgi_batch_decode_duration_seconds")
            .distributionBy("method");
    static final Metric<Map<String, Distribution>> BATCH_FILTER_DURATION = T.histogram(
                    "tgi_batch_filter_duration", "tgi_batch_filter_duration_seconds")
            .distributionBy("method");
    static final Metric<Distribution> BATCH_CONCAT_DURATION = T.histogram(
                    "tgi_batch_concat_duration", "tgi_batch_concat_duration_seconds")
            .distribution();
    static final Metric<Map<String, Long>> BATCH_CONCAT =
            T.counter("tgi_batch_concat").countBy("reason");

    static final Metric<Distribution> SKIPPED_TOKENS =
            T.histogram("tgi_request_skipped_tokens").distribution();
    static final Metric<Long> SKIPPED_TOKENS_SUM = T.histogram("tgi_request_skipped_tokens")
            .fills(CommonField.ACCEPTED_TOKENS)
            .sumOfObservations();

    static final MetricTable TABLE = T.special(CommonField.FAILED, "tgi_request_failure, every err but dropped")
            .special(CommonField.MODELS, "/info model_id, max_total_tokens")
            .alsoReads(MetricGroup.REQUESTS, "tgi_request_failure")
            .build();

    private TgiTable() {}
}
