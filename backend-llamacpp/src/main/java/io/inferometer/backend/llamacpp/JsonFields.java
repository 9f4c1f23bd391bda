package io.inferometer.backend.llamacpp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the fields of JSON objects; what has another type than expected is taken for missing. */
final class JsonFields {
    /** No count of tokens, slots or requests is greater, and 4096 of them still make a sum. */
    private static final long COUNT_MAX = 1_000_000_000_000_000L;

    /** Told of each field of an object; the parser stands on its value. */
    @FunctionalInterface
    interface FieldReader {
        void read(String name, JsonParser json) throws IOException;
    }

    private JsonFields() {}

    /** Reads the object on whose beginning the parser stands, up to its end; anything else is stepped over. */
    static void readObject(JsonParser json, FieldReader reader) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            reader.read(name, json);
            json.skipChildren(); // What the reader left.
        }
    }

    static @Nullable String text(JsonParser json) throws IOException {
        String text = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
        return text.isEmpty() ? null : text;
    }

    static @Nullable Long count(JsonParser json) throws IOException {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long value = whole ? json.getLongValue() : -1;
        return value >= 0 && value <= COUNT_MAX ? (Long) value : null;
    }

    static @Nullable Boolean flag(JsonParser json) {
        return switch (json.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }
}
