package io.inferometer.source.prometheus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The small words of the query language. */
final class Promql {
    private static final String SEPARATOR = " or ";
    private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

    /** VictoriaMetrics takes 16,384 of them by default. */
    private static final int QUERY_BYTES_MAX = 15_000;

    private Promql() {}

    /** A string in double quotes, in which nothing ends the string early. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append("\\x%02x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** A matcher for a label that equals a value; nothing has an empty name. */
    static String equal(String label, String value) {
        String matcher = label + "=" + quoted(value);
        return value.isEmpty() ? matcher + "," + label + "!=\"\"" : matcher;
    }

    /** A regular expression that matches one of these values. */
    static String oneOf(List<String> values) {
        return String.join(
                "|",
                values.stream()
                        .map(value -> SPECIAL.matcher(value).replaceAll("\\\\$0"))
                        .toList());
    }

    /** A duration such as {@code 1m}, in milliseconds where it must be. */
    static String duration(Duration duration) {
        long millis = Math.max(1, duration.toMillis());
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Marks an expression's series with a label. */
    static String marked(String expression, String label, String value) {
        return "label_replace(%s, \"%s\", %s, \"\", \"\")".formatted(expression, label, quoted(value));
    }

    /** The union of expressions, in as many queries as it needs to keep each short enough for a server. */
    static List<String> queries(List<String> expressions) {
        List<String> queries = new ArrayList<>();
        List<String> together = new ArrayList<>();
        int bytes = 0;
        for (String expression : expressions) {
            int more = expression.getBytes(StandardCharsets.UTF_8).length + SEPARATOR.length();
            if (!together.isEmpty() && bytes + more > QUERY_BYTES_MAX) {
                queries.add(or(together));
                together.clear();
                bytes = 0;
            }
            together.add(expression);
            bytes += more;
        }
        if (!together.isEmpty()) {
            queries.add(or(together));
        }
        return queries;
    }

    static String or(List<String> expressions) {
        return expressions.size() == 1 ? expressions.get(0) : "(" + String.join(SEPARATOR, expressions) + ")";
    }
}
