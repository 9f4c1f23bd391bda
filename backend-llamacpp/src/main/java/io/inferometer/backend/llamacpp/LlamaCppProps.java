package io.inferometer.backend.llamacpp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /props} says: the model and how it is run.
 *
 * <p>Immutable and safe to share; null is not reported.
 *
 * @param modelAlias the name that clients use ({@code --alias})
 * @param modelPath the model's file
 * @param contextLength the longest context of one slot, in tokens ({@code default_generation_settings.n_ctx})
 * @param totalSlots requests served at once
 * @param buildInfo the build, such as {@code "b10434-7e4c0a9"}; home-made builds may call themselves {@code b1}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LlamaCppProps(
        @JsonProperty("model_alias") @Nullable String modelAlias,
        @JsonProperty("model_path") @Nullable String modelPath,
        @JsonProperty("context_length") @Nullable Long contextLength,
        @JsonProperty("total_slots") @Nullable Long totalSlots,
        @JsonProperty("build_info") @Nullable String buildInfo) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads an answer; null when there is none, or when it is no JSON object. */
    static @Nullable LlamaCppProps read(byte @Nullable [] answer) {
        if (answer == null) {
            return null;
        }
        try (JsonParser json = JSON.createParser(answer)) {
            return json.nextToken() == JsonToken.START_OBJECT ? new Draft().read(json) : null;
        } catch (IOException e) {
            return null; // A scrape does without it.
        }
    }

    /** The last part of {@link #modelPath()}, whichever slash divides it; null when there is none. */
    @Nullable
    String modelFile() {
        if (modelPath == null) {
            return null;
        }
        String file = modelPath.substring(Math.max(modelPath.lastIndexOf('/'), modelPath.lastIndexOf('\\')) + 1);
        return file.isEmpty() ? null : file;
    }

    private static final class Draft {
        private @Nullable String modelAlias;
        private @Nullable String modelPath;
        private @Nullable Long contextLength;
        private @Nullable Long totalSlots;
        private @Nullable String buildInfo;

        LlamaCppProps read(JsonParser json) throws IOException {
            JsonFields.readObject(json, this::readField);
            return new LlamaCppProps(modelAlias, modelPath, contextLength, totalSlots, buildInfo);
        }

        private void readField(String name, JsonParser json) throws IOException {
            switch (name) {
                case "model_alias" -> modelAlias = JsonFields.text(json);
                case "model_path" -> modelPath = JsonFields.text(json);
                case "total_slots" -> totalSlots = JsonFields.count(json);
                case "build_info" -> buildInfo = JsonFields.text(json);
                case "default_generation_settings" -> JsonFields.readObject(json, this::readSetting);
                default -> {}
            }
        }

        private void readSetting(String name, JsonParser json) throws IOException {
            if (name.equals("n_ctx")) {
                contextLength = JsonFields.count(json);
            }
        }
    }
}
