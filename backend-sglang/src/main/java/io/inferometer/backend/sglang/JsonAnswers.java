package io.inferometer.backend.sglang;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inferometer.backend.sglang.SglangSnapshot.RankLoad;
import io.inferometer.backend.sglang.SglangSnapshot.ServerInfo;
import io.inferometer.snapshot.AbsentFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code /v1/loads} and {@code /server_info}, as streams: of the second's 100 kB a few fields are wanted.
 *
 * <p>What is not the expected type is taken as not reported; what is not JSON, or was cut, is an {@link IOException}.
 */
final class JsonAnswers {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The answer of {@code /v1/loads}. */
    record Loads(List<RankLoad> ranks, @Nullable String version) {}

    /** The answer of {@code /server_info}. */
    record Info(ServerInfo info, @Nullable String version) {}

    private JsonAnswers() {}

    static Loads loads(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            requireObject(parser);
            List<RankLoad> ranks = new ArrayList<>();
            String version = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("loads") && value == JsonToken.START_ARRAY) {
                    readRanks(parser, ranks);
                } else if (name.equals("version") && value == JsonToken.VALUE_STRING) {
                    version = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            return new Loads(List.copyOf(ranks), version);
        }
    }

    static Info serverInfo(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            requireObject(parser);
            Fields fields = Fields.read(parser);
            return new Info(
                    new ServerInfo(
                            fields.text("model_path"),
                            fields.text("served_model_name"),
                            fields.count("context_length"),
                            fields.count("max_total_num_tokens"),
                            fields.count("max_running_requests"),
                            fields.count("tp_size"),
                            fields.count("pp_size"),
                            fields.count("dp_size"),
                            fields.text("disaggregation_mode")),
                    fields.text("version"));
        }
    }

    private static void requireObject(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("Expected a JSON object; found " + parser.currentToken() + ".");
        }
    }

    private static void readRanks(JsonParser parser, List<RankLoad> ranks) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                RankLoad rank = rankLoad(Fields.read(parser));
                if (!AbsentFilter.isAbsent(rank)) {
                    ranks.add(rank);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private static RankLoad rankLoad(Fields fields) {
        return new RankLoad(
                fields.count("dp_rank"),
                fields.count("num_running_reqs"),
                fields.count("num_waiting_reqs"),
                fields.count("num_waiting_uncached_tokens"),
                fields.count("num_used_tokens"),
                fields.count("num_total_tokens"),
                fields.count("max_total_num_tokens"),
                fields.count("max_running_requests"),
                fields.number("token_usage"),
                fields.number("gen_throughput"),
                fields.queues);
    }

    /** The scalars of one object, and the counts of the object {@code queues} in it. */
    private static final class Fields {
        private final Map<String, Object> scalars = new HashMap<>();
        private final Map<String, Long> queues = new LinkedHashMap<>();

        /** Reads the object that the parser has just entered, to its end. */
        static Fields read(JsonParser parser) throws IOException {
            Fields fields = new Fields();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("queues") && value == JsonToken.START_OBJECT) {
                    fields.readQueues(parser);
                } else {
                    fields.note(name, parser);
                }
            }
            return fields;
        }

        private void readQueues(JsonParser parser) throws IOException {
            Fields nested = read(parser);
            for (String name : nested.scalars.keySet().stream().sorted().toList()) {
                Long count = nested.count(name);
                if (count != null) {
                    queues.put(name, count);
                }
            }
        }

        private void note(String name, JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            if (token.isNumeric()) {
                scalars.put(name, parser.getDoubleValue());
            } else if (token == JsonToken.VALUE_STRING) {
                scalars.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }

        @Nullable
        Long count(String name) {
            Double number = number(name);
            return number == null || number < 0 || number > 1e15 ? null : (Long) Math.round(number);
        }

        @Nullable
        Double number(String name) {
            return scalars.get(name) instanceof Double number && Double.isFinite(number) ? number : null;
        }

        @Nullable
        String text(String name) {
            return scalars.get(name) instanceof String text && !text.isEmpty() ? text : null;
        }
    }
}
