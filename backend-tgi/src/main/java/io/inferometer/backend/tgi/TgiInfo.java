package io.inferometer.backend.tgi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What TGI's {@code /info} says: the model and the limits that the server was launched with.
 *
 * <p>Immutable and safe to share; null is not reported. Versions differ in what they report, and a field of another
 * type than expected is left out.
 *
 * @param modelId the model as it was named at launch, a hub id or a path
 * @param modelSha the model's revision
 * @param modelPipelineTag the hub's word for its task, such as {@code "text-generation"}
 * @param modelDtype the weights' type, such as {@code "torch.float16"}; up to 2.2
 * @param modelDeviceType where it runs, such as {@code "cuda"}; up to 2.2
 * @param maxConcurrentRequests requests admitted at once; beyond them the server answers 429
 * @param maxBestOf the greatest {@code best_of} allowed
 * @param maxStopSequences stop sequences allowed per request
 * @param maxInputTokens the longest prompt, in tokens ({@code max_input_length} before 2.1)
 * @param maxTotalTokens the longest prompt and answer together, in tokens: the context length
 * @param maxBatchTotalTokens token budget of a batch, in tokens; up to 2.2
 * @param maxWaitingTokens tokens that a batch generates before waiting requests may join it; up to 2.2
 * @param maxBatchSize requests per batch; up to 2.2, and only where a limit is set
 * @param waitingServedRatio waiting by running requests from which a batch is paused for them; up to 2.2
 * @param validationWorkers threads that tokenise
 * @param maxClientBatchSize inputs allowed per request
 * @param router the router's name, such as {@code "text-generation-router"}
 * @param version TGI's version
 * @param sha TGI's commit
 * @param dockerLabel the image's label
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TgiInfo(
        @JsonProperty("model_id") @Nullable String modelId,
        @JsonProperty("model_sha") @Nullable String modelSha,
        @JsonProperty("model_pipeline_tag") @Nullable String modelPipelineTag,
        @JsonProperty("model_dtype") @Nullable String modelDtype,
        @JsonProperty("model_device_type") @Nullable String modelDeviceType,
        @JsonProperty("max_concurrent_requests") @Nullable Long maxConcurrentRequests,
        @JsonProperty("max_best_of") @Nullable Long maxBestOf,
        @JsonProperty("max_stop_sequences") @Nullable Long maxStopSequences,
        @JsonProperty("max_input_tokens") @Nullable Long maxInputTokens,
        @JsonProperty("max_total_tokens") @Nullable Long maxTotalTokens,
        @JsonProperty("max_batch_total_tokens") @Nullable Long maxBatchTotalTokens,
        @JsonProperty("max_waiting_tokens") @Nullable Long maxWaitingTokens,
        @JsonProperty("max_batch_size") @Nullable Long maxBatchSize,
        @JsonProperty("waiting_served_ratio") @Nullable Double waitingServedRatio,
        @JsonProperty("validation_workers") @Nullable Long validationWorkers,
        @JsonProperty("max_client_batch_size") @Nullable Long maxClientBatchSize,
        @JsonProperty("router") @Nullable String router,
        @JsonProperty("version") @Nullable String version,
        @JsonProperty("sha") @Nullable String sha,
        @JsonProperty("docker_label") @Nullable String dockerLabel) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads an answer; null when there is none, or when it is no JSON object. */
    static @Nullable TgiInfo read(byte @Nullable [] answer) {
        if (answer == null) {
            return null;
        }
        try (JsonParser json = JSON.createParser(answer)) {
            return json.nextToken() == JsonToken.START_OBJECT ? of(fieldsOf(json)) : null;
        } catch (IOException e) {
            return null; // Optional: a scrape does without it.
        }
    }

    private static TgiInfo of(Fields fields) {
        Long maxInputTokens = fields.count("max_input_tokens");
        return new TgiInfo(
                fields.text("model_id"),
                fields.text("model_sha"),
                fields.text("model_pipeline_tag"),
                fields.text("model_dtype"),
                fields.text("model_device_type"),
                fields.count("max_concurrent_requests"),
                fields.count("max_best_of"),
                fields.count("max_stop_sequences"),
                maxInputTokens != null ? maxInputTokens : fields.count("max_input_length"),
                fields.count("max_total_tokens"),
                fields.count("max_batch_total_tokens"),
                fields.count("max_waiting_tokens"),
                fields.count("max_batch_size"),
                fields.number("waiting_served_ratio"),
                fields.count("validation_workers"),
                fields.count("max_client_batch_size"),
                fields.text("router"),
                fields.text("version"),
                fields.text("sha"),
                fields.text("docker_label"));
    }

    private static Fields fieldsOf(JsonParser json) throws IOException {
        Fields fields = new Fields(new HashMap<>());
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case VALUE_STRING -> fields.values().put(name, json.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> fields.values().put(name, json.getNumberValue());
                default -> json.skipChildren();
            }
        }
        return fields;
    }

    /** The fields of the object that hold a text or a number. */
    private record Fields(Map<String, Object> values) {
        @Nullable
        String text(String name) {
            return values.get(name) instanceof String text && !text.isEmpty() ? text : null;
        }

        @Nullable
        Long count(String name) {
            Object value = values.get(name);
            Long count = value instanceof Integer small ? (Long) small.longValue() : null;
            count = value instanceof Long large ? large : count;
            return count != null && count >= 0 ? count : null;
        }

        @Nullable
        Double number(String name) {
            return values.get(name) instanceof Number number && Double.isFinite(number.doubleValue())
                    ? (Double) number.doubleValue()
                    : null;
        }
    }
}
