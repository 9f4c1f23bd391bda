package io.inferometer.backend.llamacpp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inferometer.snapshot.AbsentFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /slots} says: what the server does now. Unlike the page's token counter, which moves when a request ends,
 * this is live.
 *
 * <p>Immutable and safe to share; null is not reported. Sums are null when one of their parts is.
 *
 * @param total requests that can be served at once
 * @param busy slots that serve one now
 * @param contextTokens room in all slots, in tokens; too much where slots share one cache ({@code --kv-unified})
 * @param usedTokens tokens in the busy slots, prompts and answers so far. Idle slots keep the numbers of their last
 *     request, and count nothing
 * @param kvUsageEstimate {@code usedTokens / contextTokens}, an estimate of the KV cache in use, 0..1
 * @param decodedTokens tokens generated so far for the requests now in the slots, in tokens
 * @param each the slots in the server's order
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
public record LlamaCppSlots(
        @JsonProperty("total") @Nullable Long total,
        @JsonProperty("busy") @Nullable Long busy,
        @JsonProperty("context_tokens") @Nullable Long contextTokens,
        @JsonProperty("used_tokens") @Nullable Long usedTokens,
        @JsonProperty("kv_usage_estimate") @Nullable Double kvUsageEstimate,
        @JsonProperty("decoded_tokens") @Nullable Long decodedTokens,
        @JsonProperty("each") List<Slot> each) {
    /** A longer list is not of this world, and taken for unreadable. */
    static final int SLOTS_MAX = 4096;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Copies the list.
     *
     * @param total requests that can be served at once
     * @param busy slots that serve one now
     * @param contextTokens room in all slots, in tokens
     * @param usedTokens tokens in the busy slots
     * @param kvUsageEstimate an estimate of the KV cache in use, 0..1
     * @param decodedTokens tokens generated so far for the requests now in the slots
     * @param each the slots in the server's order
     */
    public LlamaCppSlots {
        each = List.copyOf(each);
    }

    /**
     * One slot.
     *
     * <p>Immutable and safe to share; null is not reported. Of an idle slot the token counts are those of its last
     * request, and missing when it never had one.
     *
     * @param id its number
     * @param contextLength the longest context it can hold, in tokens
     * @param processing whether it serves a request now
     * @param promptTokens tokens of the request, which grow with the answer
     * @param promptTokensProcessed tokens of the prompt processed so far
     * @param promptTokensCached tokens of the prompt found in the cache
     * @param decodedTokens tokens generated so far
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Slot(
            @JsonProperty("id") @Nullable Long id,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @JsonProperty("processing") @Nullable Boolean processing,
            @JsonProperty("prompt_tokens") @Nullable Long promptTokens,

            @JsonProperty("prompt_tokens_processed") @Nullable
            Long promptTokensProcessed,

            @JsonProperty("prompt_tokens_cached") @Nullable Long promptTokensCached,
            @JsonProperty("decoded_tokens") @Nullable Long decodedTokens) {}

    /** Reads an answer; null when there is none, or when it is no JSON list of objects. */
    static @Nullable LlamaCppSlots read(byte @Nullable [] answer) {
        if (answer == null) {
            return null;
        }
        try (JsonParser json = JSON.createParser(answer)) {
            List<Slot> slots = slotsOf(json);
            return slots == null ? null : of(slots);
        } catch (IOException e) {
            return null; // A scrape does without it.
        }
    }

    private static @Nullable List<Slot> slotsOf(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            return null;
        }
        List<Slot> slots = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            if (slots.size() == SLOTS_MAX) {
                return null;
            }
            slots.add(new Draft().read(json));
        }
        return json.currentToken() == JsonToken.END_ARRAY ? slots : null;
    }

    private static LlamaCppSlots of(List<Slot> slots) {
        Long context = sum(slots, Slot::contextLength);
        boolean known = slots.stream().allMatch(slot -> slot.processing() != null);
        List<Slot> busy = slots.stream()
                .filter(slot -> Boolean.TRUE.equals(slot.processing()))
                .toList();
        Long used = known ? sum(busy, Slot::promptTokens) : null;
        return new LlamaCppSlots(
                (long) slots.size(),
                known ? (Long) (long) busy.size() : null,
                context,
                used,
                used != null && context != null && context > 0 ? (Double) Math.min(1.0, (double) used / context) : null,
                known ? sum(busy, Slot::decodedTokens) : null,
                slots);
    }

    private static @Nullable Long sum(List<Slot> slots, Function<Slot, @Nullable Long> part) {
        long sum = 0;
        for (Slot slot : slots) {
            Long value = part.apply(slot);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return sum;
    }

    private static final class Draft {
        private @Nullable Long id;
        private @Nullable Long contextLength;
        private @Nullable Boolean processing;
        private @Nullable Long promptTokens;
        private @Nullable Long promptTokensProcessed;
        private @Nullable Long promptTokensCached;
        private @Nullable Long decodedTokens;

        Slot read(JsonParser json) throws IOException {
            JsonFields.readObject(json, this::readField);
            return new Slot(
                    id,
                    contextLength,
                    processing,
                    promptTokens,
                    promptTokensProcessed,
                    promptTokensCached,
                    decodedTokens);
        }

        private void readField(String name, JsonParser json) throws IOException {
            switch (name) {
                case "id" -> id = JsonFields.count(json);
                case "n_ctx" -> contextLength = JsonFields.count(json);
                case "is_processing" -> processing = JsonFields.flag(json);
                case "n_prompt_tokens" -> promptTokens = JsonFields.count(json);
                case "n_prompt_tokens_processed" -> promptTokensProcessed = JsonFields.count(json);
                case "n_prompt_tokens_cache" -> promptTokensCached = JsonFields.count(json);
                case "next_token" -> readNextToken(json);
                default -> {}
            }
        }

        /** An object, or a list of one. */
        private void readNextToken(JsonParser json) throws IOException {
            if (json.currentToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    JsonFields.readObject(json, this::readDecoded);
                }
            } else {
                JsonFields.readObject(json, this::readDecoded);
            }
        }

        private void readDecoded(String name, JsonParser json) throws IOException {
            if (name.equals("n_decoded")) {
                decodedTokens = JsonFields.count(json);
            }
        }
    }
}
