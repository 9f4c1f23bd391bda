package io.inferometer.backend.ollama;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads Ollama's JSON, token by token and within bounds.
 *
 * <p>What is not JSON, or not the expected answer, is an IOException that says where. A field that is unknown is skipped;
 * one whose value is of another kind than expected, negative or too large is as good as absent: it must not cost the
 * models beside it. Of a field that stands twice the last counts.
 */
final class OllamaJson {
    static final int MODELS_MAX = 2_000;
    static final int LIST_MAX = 100;
    static final int DEPTH_MAX = 64;
    static final int TEXT_MAX = 1 << 16;

    private static final int NUMBER_DIGITS_MAX = 100;

    /** Go's zero time, which stands for none. */
    private static final Instant NO_TIME = Instant.parse("0001-01-01T00:00:00Z");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(TEXT_MAX)
                    .maxNameLength(TEXT_MAX)
                    .maxNumberLength(NUMBER_DIGITS_MAX)
                    .build())
            .build();

    /** Takes one field; the parser stands on its value. */
    @FunctionalInterface
    private interface FieldReader {
        void read(String name, JsonParser json) throws IOException;
    }

    /** Reads the answer that is an object. */
    @FunctionalInterface
    private interface AnswerReader<T> {
        T read(JsonParser json) throws IOException;
    }

    private OllamaJson() {}

    /** The entries of {@code {"models": […]}}; {@code null} in place of the list is an empty one. */
    static List<ModelEntry> models(byte[] answer) throws IOException {
        return read(answer, json -> {
            List<ModelEntry> found = new ArrayList<>();
            boolean[] seen = {false};
            eachField(json, (field, value) -> {
                if (field.equals("models")) {
                    seen[0] = isList(value);
                    found.clear();
                    readModels(value, found);
                }
            });
            if (!seen[0]) {
                throw new IOException("the object has no list 'models'");
            }
            return found;
        });
    }

    /** The version of {@code {"version": "0.33.0"}}; null when it says none. */
    static @Nullable String version(byte[] answer) throws IOException {
        AtomicReference<@Nullable String> version = new AtomicReference<>();
        read(answer, json -> {
            eachField(json, (field, value) -> {
                if (field.equals("version")) {
                    version.set(text(value));
                }
            });
            return version;
        });
        return version.get();
    }

    /** Whether this is an object with a list of models, as far as its beginning shows. */
    static boolean beginsLikeModels(byte[] answer) {
        try (JsonParser json = FACTORY.createParser(answer)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean models = json.currentName().equals("models");
                json.nextToken();
                if (models) {
                    return isList(json);
                }
                json.skipChildren();
            }
            return false;
        } catch (IOException e) {
            return false; // Not JSON, so not Ollama.
        }
    }

    private static <T extends @Nullable Object> T read(byte[] answer, AnswerReader<T> reader) throws IOException {
        try (JsonParser json = FACTORY.createParser(answer)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object, found " + found(json));
            }
            T result = reader.read(json);
            if (json.nextToken() != null) {
                throw new IOException("expected the end after the JSON object, found " + found(json));
            }
            return result;
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "line %d, column %d: %s"
                            .formatted(
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getLineNr(),
                                    e.getLocation() == null
                                            ? 0
                                            : e.getLocation().getColumnNr(),
                                    e.getOriginalMessage()),
                    e);
        }
    }

    private static String found(JsonParser json) {
        JsonToken token = json.currentToken();
        return token == null ? "nothing" : token.toString();
    }

    private static boolean isList(JsonParser json) {
        return json.hasToken(JsonToken.START_ARRAY) || json.hasToken(JsonToken.VALUE_NULL);
    }

    private static void readModels(JsonParser json, List<ModelEntry> into) throws IOException {
        if (!json.hasToken(JsonToken.START_ARRAY)) {
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (into.size() == MODELS_MAX) {
                throw new IOException("more than " + MODELS_MAX + " models");
            }
            if (json.hasToken(JsonToken.START_OBJECT)) {
                ModelEntry entry = new ModelEntry();
                eachField(json, (field, value) -> readField(entry, field, value));
                into.add(entry);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readField(ModelEntry entry, String field, JsonParser json) throws IOException {
        switch (field) {
            case "name" -> entry.name = text(json);
            case "model" -> entry.model = text(json);
            case "digest" -> entry.digest = text(json);
            case "size" -> entry.size = whole(json);
            case "size_vram" -> entry.sizeVram = whole(json);
            case "context_length" -> entry.contextLength = moreThanZero(json);
            case "expires_at" -> entry.expiresAt = time(json);
            case "modified_at" -> entry.modifiedAt = time(json);
            case "remote_model" -> entry.remoteModel = text(json);
            case "remote_host" -> entry.remoteHost = text(json);
            case "capabilities" -> entry.capabilities = texts(json);
            case "details" -> {
                if (json.hasToken(JsonToken.START_OBJECT)) {
                    eachField(json, (detail, value) -> readDetail(entry, detail, value));
                }
            }
            default -> {}
        }
    }

    private static void readDetail(ModelEntry entry, String field, JsonParser json) throws IOException {
        switch (field) {
            case "format" -> entry.format = text(json);
            case "family" -> entry.family = text(json);
            case "families" -> entry.families = texts(json);
            case "parameter_size" -> entry.parameterSize = text(json);
            case "quantization_level" -> entry.quantization = text(json);
            case "context_length" -> entry.longestContext = moreThanZero(json);
            case "embedding_length" -> entry.embeddingLength = moreThanZero(json);
            default -> {}
        }
    }

    /** Shows each field of the object at hand, and skips what the reader left of its value. */
    private static void eachField(JsonParser json, FieldReader reader) throws IOException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            reader.read(name, json);
            json.skipChildren();
        }
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            return null;
        }
        String text = json.getText().strip();
        return text.isEmpty() ? null : text;
    }

    private static List<String> texts(JsonParser json) throws IOException {
        if (!json.hasToken(JsonToken.START_ARRAY)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String text = text(json);
            if (text != null && texts.size() < LIST_MAX) {
                texts.add(text);
            }
            json.skipChildren();
        }
        return texts;
    }

    private static @Nullable Long whole(JsonParser json) throws IOException {
        boolean fits =
                json.hasToken(JsonToken.VALUE_NUMBER_INT) && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        return fits && json.getLongValue() >= 0 ? (Long) json.getLongValue() : null;
    }

    /** A length of 0 is Go's word for one that is not known. */
    private static @Nullable Long moreThanZero(JsonParser json) throws IOException {
        Long number = whole(json);
        return number == null || number == 0 ? null : number;
    }

    /** RFC 3339 with any offset and any number of fraction digits up to nine. */
    private static @Nullable Instant time(JsonParser json) throws IOException {
        String text = text(json);
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.equals(NO_TIME) ? null : time;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
