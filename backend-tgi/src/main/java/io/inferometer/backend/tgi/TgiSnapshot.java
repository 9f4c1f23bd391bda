package io.inferometer.backend.tgi;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Lazy;
import io.inferometer.spi.Page;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What TGI reported in one scrape, in its own words.
 *
 * <p>Immutable, value-equal and safe to share. What TGI did not report is null (an empty map where the type is one), never
 * zero; a family is missing until its first event, all of them on a server that has served nothing. Counts and
 * distributions run from the server's start. Durations are in seconds although the engine's names do not say so. Groups
 * are never null; of a target that is read often, they are read off the page when somebody first asks for one.
 *
 * <p>Requests in flight are {@link Request#queueSize()} plus {@link Generation#batchCurrentSize()}, but for those in
 * their prefill, which are in neither.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"common", "request_metrics", "generation_metrics", "batch_metrics", "speculation_metrics", "info"})
public final class TgiSnapshot implements EngineSnapshot {
    private final CommonView common;
    private final Lazy<Words> words;
    private final @Nullable TgiInfo info;

    TgiSnapshot(CommonView common, Lazy<Words> words, @Nullable TgiInfo info) {
        this.common = common;
        this.words = words;
        this.info = info;
    }

    /** TGI's own words: all groups that its page fills. */
    record Words(Request request, Generation generation, Batch batch, Speculation speculation) {
        static Words of(Page page) {
            return new Words(Request.of(page), Generation.of(page), Batch.of(page), Speculation.of(page));
        }
    }

    @Override
    @JsonProperty("common")
    @JsonUnwrapped
    public CommonView common() {
        return common;
    }

    /** Requests, their outcomes and durations. */
    @JsonProperty("request_metrics")
    public Request request() {
        return words.get().request();
    }

    /** Tokens and the running batch. */
    @JsonProperty("generation_metrics")
    public Generation generation() {
        return words.get().generation();
    }

    /** Calls to the model. */
    @JsonProperty("batch_metrics")
    public Batch batch() {
        return words.get().batch();
    }

    /** Speculative decoding. */
    @JsonProperty("speculation_metrics")
    public Speculation speculation() {
        return words.get().speculation();
    }

    /** The model and its limits from {@code /info}; null when that was not answered. */
    @JsonProperty("info")
    public @Nullable TgiInfo info() {
        return info;
    }

    /** The limit in {@code /info}: up to TGI 2.2, and only where one is set. */
    @Override
    public @Nullable Long maxBatchSize() {
        return info == null ? null : info.maxBatchSize();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TgiSnapshot that
                && common.equals(that.common)
                && words.equals(that.words)
                && Objects.equals(info, that.info);
    }

    @Override
    public int hashCode() {
        return Objects.hash(common, words, info);
    }

    @Override
    public String toString() {
        String groups = words.toString();
        return "TgiSnapshot[common=%s, %s, info=%s]"
                .formatted(common, groups.substring("Words[".length(), groups.length() - 1), info);
    }

    /**
     * Requests since the server started, and the queue now.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param successTotal generations that ended with a full answer ({@code tgi_request_success}): n of a completions
     *     call with n prompts, one of a chat call
     * @param failureTotal all that ended otherwise: the sum of {@code tgi_request_failure} over {@code err}, aborted ones
     *     ({@code dropped}) included. Some refusals are counted nowhere (a {@code best_of} over the limit, a chat on a
     *     model without template); one failing call to the model counts each request of its batch
     * @param failureByErr the same by {@code err}: {@code overloaded} (429), {@code validation} (422), {@code template},
     *     {@code generation}, {@code dropped} (the client left; counted when the request leaves the queue),
     *     {@code incomplete}
     * @param requestCount entries into the server's handlers ({@code tgi_request_count}), not client requests: a chat
     *     call counts 2, a completions call with n prompts n + 1, one with tools up to 3. Less successes and failures it
     *     is not what is in flight
     * @param queueSize requests waiting now ({@code tgi_queue_size}); aborted ones too, until their turn comes
     * @param meanTimePerTokenSeconds inference time by generated tokens of each successful request, in seconds
     *     ({@code tgi_request_mean_time_per_token_duration}); prefill included, so it is above a true time per output
     *     token
     * @param validationDurationSeconds tokenising and checking, in seconds
     * @param queueDurationSeconds from queued to scheduled, in seconds
     * @param inferenceDurationSeconds from scheduled to the last token, prefill and decode, in seconds
     * @param requestDurationSeconds validation, queue and inference of successful requests, in seconds
     *     ({@code tgi_request_duration})
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Request(
            @JsonProperty("success_total") @Nullable Long successTotal,
            @JsonProperty("failure_total") @Nullable Long failureTotal,
            @JsonProperty("failure_by_err") Map<String, Long> failureByErr,
            @JsonProperty("request_count") @Nullable Long requestCount,
            @JsonProperty("queue_size") @Nullable Long queueSize,

            @JsonProperty("mean_time_per_token_seconds") @Nullable
            Distribution meanTimePerTokenSeconds,

            @JsonProperty("validation_duration_seconds") @Nullable
            Distribution validationDurationSeconds,

            @JsonProperty("queue_duration_seconds") @Nullable
            Distribution queueDurationSeconds,

            @JsonProperty("inference_duration_seconds") @Nullable
            Distribution inferenceDurationSeconds,

            @JsonProperty("request_duration_seconds") @Nullable
            Distribution requestDurationSeconds) {
        /**
         * Copies the map.
         *
         * @param successTotal generations that ended with a full answer
         * @param failureTotal all that ended otherwise
         * @param failureByErr the same by the engine's word
         * @param requestCount entries into the server's handlers
         * @param queueSize requests waiting now
         * @param meanTimePerTokenSeconds inference time by generated tokens, in seconds
         * @param validationDurationSeconds tokenising and checking, in seconds
         * @param queueDurationSeconds from queued to scheduled, in seconds
         * @param inferenceDurationSeconds from scheduled to the last token, in seconds
         * @param requestDurationSeconds validation, queue and inference, in seconds
         */
        public Request {
            failureByErr = sorted(failureByErr);
        }

        static Request of(Page page) {
            return new Request(
                    TgiTable.SUCCESS.read(page),
                    TgiTable.FAILURE.read(page),
                    orEmpty(TgiTable.FAILURE_BY_ERR.read(page)),
                    TgiTable.REQUEST_COUNT.read(page),
                    TgiTable.QUEUE_SIZE.read(page),
                    TgiTable.MEAN_TIME_PER_TOKEN.read(page),
                    TgiTable.VALIDATION_DURATION.read(page),
                    TgiTable.QUEUE_DURATION.read(page),
                    TgiTable.INFERENCE_DURATION.read(page),
                    TgiTable.REQUEST_DURATION.read(page));
        }
    }

    /**
     * Tokens per request, and the running batch.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param inputLength prompt tokens per request ({@code tgi_request_input_length}), noted at validation: of aborted
     *     and failed requests too, once per candidate of {@code best_of}, and again when a request is queued anew
     * @param generatedTokens tokens per successful request ({@code tgi_request_generated_tokens}), noted at its end
     * @param generatedTokensTotal tokens of all successful requests: {@code tgi_request_generated_tokens_total} where a
     *     page has it (no TGI prints it), else the sum of {@code generatedTokens}
     * @param maxNewTokens the limit asked for, in tokens per request; clipped at 1024, and beyond that noted once per
     *     block of 1024
     * @param batchCurrentSize requests in the running batch now; 0 when idle, null before the first prefill has ended
     * @param batchCurrentMaxTokens the most tokens that the running batch may come to, in tokens; not a limit of the
     *     server
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Generation(
            @JsonProperty("input_length") @Nullable Distribution inputLength,
            @JsonProperty("generated_tokens") @Nullable Distribution generatedTokens,

            @JsonProperty("generated_tokens_total") @Nullable
            Long generatedTokensTotal,

            @JsonProperty("max_new_tokens") @Nullable Distribution maxNewTokens,
            @JsonProperty("batch_current_size") @Nullable Long batchCurrentSize,

            @JsonProperty("batch_current_max_tokens") @Nullable
            Long batchCurrentMaxTokens) {
        static Generation of(Page page) {
            Long literal = TgiTable.GENERATED_TOKENS_LITERAL.read(page);
            return new Generation(
                    TgiTable.INPUT_LENGTH.read(page),
                    TgiTable.GENERATED_TOKENS.read(page),
                    literal != null ? literal : TgiTable.GENERATED_TOKENS_SUM.read(page),
                    TgiTable.MAX_NEW_TOKENS.read(page),
                    TgiTable.BATCH_CURRENT_SIZE.read(page),
                    TgiTable.BATCH_CURRENT_MAX_TOKENS.read(page));
        }
    }

    /**
     * Calls to the model since the server started, by {@code method}: {@code prefill} or {@code decode}.
     *
     * <p>Immutable and safe to share; an empty map or null is not reported. Absent with backends other than TGI's own
     * (TensorRT-LLM, llama.cpp, Neuron). All durations are per batch and call, in seconds, never per request.
     *
     * @param inferenceCount calls begun; less successes and failures, the calls under way
     * @param inferenceSuccess calls that ended well
     * @param inferenceFailure calls that failed
     * @param inferenceDurationSeconds whole calls; those of {@code prefill} come closest to a prefill time
     * @param forwardDurationSeconds the model's forward pass
     * @param decodeDurationSeconds turning token ids into text, which is not the decode phase
     * @param filterDurationSeconds taking finished requests out, and sending tokens
     * @param concatDurationSeconds joining a new batch to the running one
     * @param concatCount how often, by {@code reason}: {@code backpressure}, {@code wait_exceeded}, {@code chunking}
     * @param nextSize requests in each new batch taken from the queue
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Batch(
            @JsonProperty("inference_count") Map<String, Long> inferenceCount,
            @JsonProperty("inference_success") Map<String, Long> inferenceSuccess,
            @JsonProperty("inference_failure") Map<String, Long> inferenceFailure,

            @JsonProperty("inference_duration_seconds") Map<String, Distribution> inferenceDurationSeconds,

            @JsonProperty("forward_duration_seconds") Map<String, Distribution> forwardDurationSeconds,

            @JsonProperty("decode_duration_seconds") Map<String, Distribution> decodeDurationSeconds,

            @JsonProperty("filter_duration_seconds") Map<String, Distribution> filterDurationSeconds,

            @JsonProperty("concat_duration_seconds") @Nullable
            Distribution concatDurationSeconds,

            @JsonProperty("concat_count") Map<String, Long> concatCount,
            @JsonProperty("next_size") @Nullable Distribution nextSize) {
        /**
         * Copies the maps.
         *
         * @param inferenceCount calls begun
         * @param inferenceSuccess calls that ended well
         * @param inferenceFailure calls that failed
         * @param inferenceDurationSeconds whole calls, in seconds
         * @param forwardDurationSeconds the forward pass, in seconds
         * @param decodeDurationSeconds turning token ids into text, in seconds
         * @param filterDurationSeconds taking finished requests out, in seconds
         * @param concatDurationSeconds joining batches, in seconds
         * @param concatCount how often, by reason
         * @param nextSize requests in each new batch
         */
        public Batch {
            inferenceCount = sorted(inferenceCount);
            inferenceSuccess = sorted(inferenceSuccess);
            inferenceFailure = sorted(inferenceFailure);
            inferenceDurationSeconds = sorted(inferenceDurationSeconds);
            forwardDurationSeconds = sorted(forwardDurationSeconds);
            decodeDurationSeconds = sorted(decodeDurationSeconds);
            filterDurationSeconds = sorted(filterDurationSeconds);
            concatCount = sorted(concatCount);
        }

        static Batch of(Page page) {
            return new Batch(
                    orEmpty(TgiTable.INFERENCE_COUNT.read(page)),
                    orEmpty(TgiTable.INFERENCE_SUCCESS.read(page)),
                    orEmpty(TgiTable.INFERENCE_FAILURE.read(page)),
                    orEmpty(TgiTable.BATCH_INFERENCE_DURATION.read(page)),
                    orEmpty(TgiTable.BATCH_FORWARD_DURATION.read(page)),
                    orEmpty(TgiTable.BATCH_DECODE_DURATION.read(page)),
                    orEmpty(TgiTable.BATCH_FILTER_DURATION.read(page)),
                    TgiTable.BATCH_CONCAT_DURATION.read(page),
                    orEmpty(TgiTable.BATCH_CONCAT.read(page)),
                    TgiTable.BATCH_NEXT_SIZE.read(page));
        }
    }

    /**
     * Speculative decoding since the server started.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param skippedTokens tokens of each step and request but its first, that is, accepted drafted tokens
     *     ({@code tgi_request_skipped_tokens}); all 0 without speculation. A summary, with quantiles of the last minute
     *     at most, except from 1.3 to 2.2
     * @param meanTokensPerStep 1 + mean of {@code skippedTokens}: tokens that one step gives a request, 1 or more
     * @param tokensLive count + sum of {@code skippedTokens}: all tokens made so far, in tokens. It moves with each step,
     *     where {@link Generation#generatedTokensTotal()} moves at the end of a request, and holds those of running,
     *     aborted and failed requests and of losers of {@code best_of}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Speculation(
            @JsonProperty("skipped_tokens") @Nullable Distribution skippedTokens,
            @JsonProperty("mean_tokens_per_step") @Nullable Double meanTokensPerStep,
            @JsonProperty("tokens_live") @Nullable Long tokensLive) {
        static Speculation of(Page page) {
            Distribution skipped = TgiTable.SKIPPED_TOKENS.read(page);
            Double mean = skipped == null ? null : skipped.mean();
            Long steps = skipped == null ? null : skipped.count();
            Long sum = TgiTable.SKIPPED_TOKENS_SUM.read(page);
            return new Speculation(
                    skipped,
                    mean == null ? null : (Double) (1 + mean),
                    steps == null || sum == null ? null : (Long) Math.round((double) steps + sum));
        }
    }

    private static <V> Map<String, V> sorted(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }

    private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : map;
    }
}
