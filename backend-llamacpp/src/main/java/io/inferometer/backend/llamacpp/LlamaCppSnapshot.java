package io.inferometer.backend.llamacpp;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.Lazy;
import io.inferometer.spi.Page;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a llama.cpp server reported in one scrape, in its own words.
 *
 * <p>Immutable, value-equal and safe to share. What it did not report is null (an empty map where the type is one), never
 * zero. Counts run from the server's start, of a router from the model's latest load. llama.cpp publishes no distribution:
 * no time to first token, no end-to-end or queue time; HTTP errors leave no trace. Numbers are printed with six significant
 * digits. Groups are never null; as long as a page is small or its target is read often, they are read off it when somebody
 * first asks for one.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({
    "common",
    "request_metrics",
    "token_metrics",
    "throughput_metrics",
    "cache_metrics",
    "speculation_metrics",
    "slots",
    "props"
})
public final class LlamaCppSnapshot implements EngineSnapshot {
    private final CommonView common;
    private final Lazy<Words> words;
    private final @Nullable LlamaCppSlots slots;
    private final @Nullable LlamaCppProps props;

    LlamaCppSnapshot(
            CommonView common, Lazy<Words> words, @Nullable LlamaCppSlots slots, @Nullable LlamaCppProps props) {
        this.common = common;
        this.words = words;
        this.slots = slots;
        this.props = props;
    }

    /** llama.cpp's own words: all groups that its page fills. */
    record Words(Request request, Token token, Throughput throughput, Cache cache, Speculation speculation) {
        static Words of(Page page) {
            return new Words(
                    Request.of(page), Token.of(page), Throughput.of(page), Cache.of(page), Speculation.of(page));
        }
    }

    @Override
    @JsonProperty("common")
    @JsonUnwrapped
    public CommonView common() {
        return common;
    }

    /** Requests now. */
    @JsonProperty("request_metrics")
    public Request request() {
        return words.get().request();
    }

    /** Tokens and the time spent on them. */
    @JsonProperty("token_metrics")
    public Token token() {
        return words.get().token();
    }

    /** Speed. */
    @JsonProperty("throughput_metrics")
    public Throughput throughput() {
        return words.get().throughput();
    }

    /** KV cache, of old builds. */
    @JsonProperty("cache_metrics")
    public Cache cache() {
        return words.get().cache();
    }

    /** Speculative decoding. */
    @JsonProperty("speculation_metrics")
    public Speculation speculation() {
        return words.get().speculation();
    }

    /** What each slot does now; null unless asked for with {@code withExtra("slots")} and answered. */
    @JsonProperty("slots")
    public @Nullable LlamaCppSlots slots() {
        return slots;
    }

    /** The model; null unless asked for with {@code withExtra("props")} and answered. */
    @JsonProperty("props")
    public @Nullable LlamaCppProps props() {
        return props;
    }

    /** The number of slots, where {@code props} was asked for. */
    @Override
    public @Nullable Long maxBatchSize() {
        return props == null ? null : props.totalSlots();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LlamaCppSnapshot that
                && common.equals(that.common)
                && words.equals(that.words)
                && Objects.equals(slots, that.slots)
                && Objects.equals(props, that.props);
    }

    @Override
    public int hashCode() {
        return Objects.hash(common, words, slots, props);
    }

    @Override
    public String toString() {
        String groups = words.toString();
        return "LlamaCppSnapshot[common=%s, %s, slots=%s, props=%s]"
                .formatted(common, groups.substring("Words[".length(), groups.length() - 1), slots, props);
    }

    /**
     * Requests now.
     *
     * <p>Immutable and safe to share; null is not reported. Both were exact on every sample measured.
     *
     * @param requestsProcessing busy slots
     * @param requestsDeferred requests that wait for one; a client that leaves meanwhile is not noticed, and its request
     *     still runs
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Request(
            @JsonProperty("requests_processing") @Nullable Long requestsProcessing,
            @JsonProperty("requests_deferred") @Nullable Long requestsDeferred) {
        static Request of(Page page) {
            return new Request(
                    LlamaCppTable.REQUESTS_PROCESSING.read(page), LlamaCppTable.REQUESTS_DEFERRED.read(page));
        }
    }

    /**
     * Tokens since the server started, and the time spent on them.
     *
     * <p>Immutable and safe to share; null is not reported. Tokens of aborted streams are counted.
     *
     * @param promptTokensTotal prompt tokens processed, without those found in the cache; moves at the end of a prefill
     * @param promptTokensCachedTotal prompt tokens found in the cache; moves at the start of a prefill. From b10424 on. A
     *     client's prompt tokens are the sum of both
     * @param tokensPredictedTotal tokens generated; moves when a request ends, so it stands still for seconds while slots
     *     are busy ({@link Throughput#decodeTotal()} and {@link LlamaCppSlots#decodedTokens()} do not)
     * @param promptSecondsTotal time spent on prompts, in seconds
     * @param tokensPredictedSecondsTotal time spent generating, summed over slots, in seconds; a request of one token
     *     adds a microsecond
     * @param tokensMax the longest sequence seen, prompt and answer, in tokens: a high-water mark, although its TYPE says
     *     counter ({@code n_past_max} before b6894)
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Token(
            @JsonProperty("prompt_tokens_total") @Nullable Long promptTokensTotal,

            @JsonProperty("prompt_tokens_cached_total") @Nullable
            Long promptTokensCachedTotal,

            @JsonProperty("tokens_predicted_total") @Nullable
            Long tokensPredictedTotal,

            @JsonProperty("prompt_seconds_total") @Nullable Double promptSecondsTotal,

            @JsonProperty("tokens_predicted_seconds_total") @Nullable
            Double tokensPredictedSecondsTotal,

            @JsonProperty("n_tokens_max") @Nullable Long tokensMax) {
        static Token of(Page page) {
            return new Token(
                    LlamaCppTable.PROMPT_TOKENS.read(page),
                    LlamaCppTable.CACHED_TOKENS.read(page),
                    LlamaCppTable.TOKENS_PREDICTED.read(page),
                    LlamaCppTable.PROMPT_SECONDS.read(page),
                    LlamaCppTable.PREDICTED_SECONDS.read(page),
                    LlamaCppTable.TOKENS_MAX.read(page));
        }
    }

    /**
     * Speed.
     *
     * <p>Immutable and safe to share; null is not reported. The two gauges of tokens per second are since the last reader
     * of the page, whoever that was (a HEAD counts), and 0 when no request ended meanwhile; of builds b5153 to b10423
     * they are since the server's start. Of a server with two scrapers, take rates of the counters instead.
     *
     * @param promptTokensPerSecond prompt tokens by second of prefill
     * @param predictedTokensPerSecond generated tokens by second of generation, of one slot, not of the server
     * @param decodeTotal calls that decode a batch, since the server started: moves while requests run
     * @param busySlotsPerDecode busy slots in a call, mean since the server started; null while there was no call on
     *     builds before b4733
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Throughput(
            @JsonProperty("prompt_tokens_seconds") @Nullable Double promptTokensPerSecond,

            @JsonProperty("predicted_tokens_seconds") @Nullable
            Double predictedTokensPerSecond,

            @JsonProperty("n_decode_total") @Nullable Long decodeTotal,

            @JsonProperty("n_busy_slots_per_decode") @Nullable
            Double busySlotsPerDecode) {
        static Throughput of(Page page) {
            return new Throughput(
                    LlamaCppTable.PROMPT_TOKENS_PER_SECOND.read(page),
                    LlamaCppTable.PREDICTED_TOKENS_PER_SECOND.read(page),
                    LlamaCppTable.DECODE_CALLS.read(page),
                    LlamaCppTable.BUSY_SLOTS_PER_DECODE.read(page));
        }
    }

    /**
     * The KV cache now, of builds b2259 to b5440 and of ik_llama.cpp. Later builds publish none;
     * {@link LlamaCppSlots#kvUsageEstimate()} is what is left.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param kvCacheUsageRatio share in use, 0..1
     * @param kvCacheTokens tokens in it
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Cache(
            @JsonProperty("kv_cache_usage_ratio") @Nullable Double kvCacheUsageRatio,
            @JsonProperty("kv_cache_tokens") @Nullable Long kvCacheTokens) {
        static Cache of(Page page) {
            return new Cache(LlamaCppTable.KV_CACHE_USAGE.read(page), LlamaCppTable.KV_CACHE_TOKENS.read(page));
        }
    }

    /**
     * Speculative decoding since the server started, from b10290 on; all 0 without a draft model.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param draftsTotal drafts verified
     * @param draftTokensTotal tokens drafted
     * @param acceptedTokensTotal drafted tokens that the model accepted
     * @param acceptedTokensByPosition the same by position in the draft, from 0; empty until one was accepted
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Speculation(
            @JsonProperty("num_drafts_total") @Nullable Long draftsTotal,

            @JsonProperty("num_draft_tokens_total") @Nullable
            Long draftTokensTotal,

            @JsonProperty("num_accepted_tokens_total") @Nullable
            Long acceptedTokensTotal,

            @JsonProperty("num_accepted_tokens_per_pos_total")
            Map<String, Long> acceptedTokensByPosition) {
        private static final Comparator<String> BY_POSITION =
                Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

        /**
         * Copies the map.
         *
         * @param draftsTotal drafts verified
         * @param draftTokensTotal tokens drafted
         * @param acceptedTokensTotal drafted tokens that the model accepted
         * @param acceptedTokensByPosition the same by position in the draft
         */
        public Speculation {
            Map<String, Long> sorted = new TreeMap<>(BY_POSITION);
            sorted.putAll(acceptedTokensByPosition);
            acceptedTokensByPosition = Collections.unmodifiableMap(sorted);
        }

        static Speculation of(Page page) {
            Map<String, Long> byPosition = LlamaCppTable.ACCEPTED_BY_POSITION.read(page);
            return new Speculation(
                    LlamaCppTable.DRAFTS.read(page),
                    LlamaCppTable.DRAFT_TOKENS.read(page),
                    LlamaCppTable.ACCEPTED_TOKENS.read(page),
                    byPosition == null ? Map.of() : byPosition);
        }
    }
}
