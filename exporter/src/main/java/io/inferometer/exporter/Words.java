package io.inferometer.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers as people read them, with the unit that a field's name says. */
final class Words {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Words() {}

    /** A value of the common words: ratios in percent, seconds and bytes scaled, a distribution in one line. */
    static String common(String path, JsonNode value) {
        boolean ratio = path.endsWith("kv_usage") || path.endsWith("hit_rate");
        return ratio && value.isNumber() ? percent(value.doubleValue()) : own(path, value);
    }

    /** A value of an engine's own words: rounded, seconds and bytes scaled, a distribution in one line. */
    static String own(String path, JsonNode value) {
        if (isDistribution(value)) {
            return distribution(path, value);
        }
        if (value.isArray()) {
            return list(value);
        }
        if (value.isObject()) {
            return pairs(path, value);
        }
        return value.isNumber() ? number(path, value) : value.asText();
    }

    /** The mean of a distribution, for narrow columns; anything else as {@link #common} says it. */
    static String brief(String path, JsonNode value) {
        if (!isDistribution(value)) {
            return common(path, value);
        }
        JsonNode mean = value.path("mean");
        return mean.isNumber()
                ? "mean " + number(path, mean)
                : "count " + value.path("count").asText("?");
    }

    static boolean isDistribution(JsonNode value) {
        return value.isObject() && value.path("kind").isTextual();
    }

    static String percent(double ratio) {
        return rounded(100 * ratio) + " %";
    }

    /** Three digits or more, with an exponent only where the number would be all zeros. */
    static String rounded(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return String.valueOf((long) value);
        }
        if (size >= 1e15 || size < 1e-4) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        int decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 6;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
    }

    private static String distribution(String path, JsonNode value) {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("count", "mean", "p50", "p90", "p99")) {
            JsonNode part = value.path(name);
            if (part.isNumber()) {
                parts.add(name + " " + number(name.equals("count") ? "" : path, part));
            }
        }
        return parts.isEmpty() ? value.path("kind").asText() : String.join(", ", parts);
    }

    private static String list(JsonNode values) {
        List<String> items = new ArrayList<>();
        for (JsonNode item : values) {
            items.add(item.isObject() ? item.path("name").asText(item.toString()) : item.asText());
        }
        return items.isEmpty() ? "none" : String.join(", ", items);
    }

    private static String pairs(String path, JsonNode values) {
        List<String> items = new ArrayList<>();
        values.properties().forEach(item -> items.add(item.getKey() + " " + own(path, item.getValue())));
        return String.join(", ", items);
    }

    private static String number(String path, JsonNode value) {
        if (path.endsWith("_seconds") && !path.endsWith("_tokens_seconds")) { // llama.cpp writes tokens per second so.
            return seconds(value.doubleValue());
        }
        if (path.endsWith("_bytes")) {
            return bytes(value.doubleValue());
        }
        return value.isIntegralNumber() ? value.asText() : rounded(value.doubleValue());
    }

    private static String seconds(double seconds) {
        double size = Math.abs(seconds);
        if (size >= 1 || size == 0) {
            return rounded(seconds) + " s";
        }
        return size >= 1e-3 ? rounded(seconds * 1e3) + " ms" : rounded(seconds * 1e6) + " µs";
    }

    private static String bytes(double bytes) {
        int unit = 0;
        double scaled = bytes;
        while (Math.abs(scaled) >= 1024 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return rounded(scaled) + " " + BYTE_UNITS[unit];
    }
}
