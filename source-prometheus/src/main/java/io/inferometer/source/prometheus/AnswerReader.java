package io.inferometer.source.prometheus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inferometer.source.prometheus.PrometheusException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of an answer, token by token. For one thread and one answer. */
final class AnswerReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final int seriesMax;
    private final List<PrometheusSeries> series = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> infos = new ArrayList<>();
    private String status = "";
    private String type = "";
    private String errorType = "";
    private String error = "";

    AnswerReader(int seriesMax) {
        this.seriesMax = seriesMax;
    }

    void read(InputStream body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("The answer does not begin with {.");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "status" -> status = text(json);
                    case "errorType" -> errorType = text(json);
                    case "error" -> error = text(json);
                    case "warnings" -> texts(json, warnings);
                    case "infos" -> texts(json, infos);
                    case "data" -> data(json);
                    default -> json.skipChildren();
                }
            }
        }
    }

    boolean succeeded() {
        return status.equals("success");
    }

    boolean isAnswer() {
        return !status.isEmpty();
    }

    String errorType() {
        return errorType;
    }

    String error() {
        return error;
    }

    PrometheusResult result(long bytes, @Nullable Instant serverTime) {
        return new PrometheusResult(type, series, warnings, infos, bytes, serverTime);
    }

    private void data(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("resultType")) {
                type = text(json);
            } else if (name.equals("result")) {
                result(json);
            } else {
                json.skipChildren();
            }
        }
    }

    /** A list of series, or of a scalar its time and value. */
    private void result(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        JsonToken first = json.nextToken();
        if (first != null && first.isNumeric()) {
            double time = json.getDoubleValue();
            json.nextToken();
            double value = number(text(json));
            series.add(new PrometheusSeries(Map.of(), List.of(new PrometheusSeries.Point(time, value))));
            json.nextToken();
            return;
        }
        while (json.currentToken() == JsonToken.START_OBJECT) {
            if (series.size() >= seriesMax) {
                throw new TooManySeriesException();
            }
            series.add(oneSeries(json));
            json.nextToken();
        }
    }

    private static PrometheusSeries oneSeries(JsonParser json) throws IOException {
        Map<String, String> labels = new LinkedHashMap<>();
        List<PrometheusSeries.Point> points = new ArrayList<>(1);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "metric" -> {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String label = json.currentName();
                        json.nextToken();
                        labels.put(label, text(json));
                    }
                }
                case "value" -> points.add(point(json));
                case "values" -> {
                    while (json.nextToken() == JsonToken.START_ARRAY) {
                        points.add(point(json));
                    }
                }
                default -> json.skipChildren();
            }
        }
        return new PrometheusSeries(labels, points);
    }

    private static PrometheusSeries.Point point(JsonParser json) throws IOException {
        json.nextToken();
        double time = json.getValueAsDouble();
        json.nextToken();
        double value = number(text(json));
        json.nextToken();
        return new PrometheusSeries.Point(time, value);
    }

    private static double number(String text) throws IOException {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> parsed(text);
        };
    }

    private static double parsed(String text) throws IOException {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IOException("A value is no number.", e);
        }
    }

    private static String text(JsonParser json) throws IOException {
        String text = json.getValueAsString();
        return text == null ? "" : text;
    }

    private static void texts(JsonParser json, List<String> into) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
            into.add(text(json));
        }
    }

    /** More series than were allowed. */
    @SuppressWarnings("serial") // Thrown and caught here.
    static final class TooManySeriesException extends IOException {
        Kind kind() {
            return Kind.TOO_LARGE;
        }
    }
}
