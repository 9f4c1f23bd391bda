package io.inferometer.parser;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a page the slow and obvious way, by patterns and Strings, and writes down the same as a {@link Recording}: so that
 * two parsers that have nothing in common can be held against each other.
 *
 * <p>A page is a String of bytes here, each a char from 0 to 255; texts become UTF-8 when they are written down.
 */
abstract class ReferenceParser {
    static final Pattern BLANKS = Pattern.compile("[ \t]*");
    static final Pattern METRIC_NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern INFINITY = Pattern.compile("(?i)[+-]?inf(inity)?");
    /** What a sample's name may have behind its family's, and in families of which types. */
    private static final Map<String, Set<MetricType>> TEXT_SUFFIXES = Map.of(
            "_bucket", Set.of(MetricType.HISTOGRAM),
            "_sum", Set.of(MetricType.HISTOGRAM, MetricType.SUMMARY),
            "_count", Set.of(MetricType.HISTOGRAM, MetricType.SUMMARY));

    private static final Map<String, Set<MetricType>> OPENMETRICS_SUFFIXES = Map.of(
            "_total", Set.of(MetricType.COUNTER),
            "_bucket", Set.of(MetricType.HISTOGRAM, MetricType.GAUGEHISTOGRAM),
            "_sum", Set.of(MetricType.HISTOGRAM, MetricType.SUMMARY),
            "_count", Set.of(MetricType.HISTOGRAM, MetricType.SUMMARY),
            "_created", Set.of(MetricType.COUNTER, MetricType.HISTOGRAM, MetricType.SUMMARY),
            "_gsum", Set.of(MetricType.GAUGEHISTOGRAM),
            "_gcount", Set.of(MetricType.GAUGEHISTOGRAM),
            "_info", Set.of(MetricType.INFO));

    /** A label, as it is written. */
    record Label(String name, String value) {}

    /** Something here is not as it must be. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fault() {
            super(null, null, false, false);
        }
    }

    final boolean openMetrics;
    final List<String> events = new ArrayList<>();
    private final Map<String, MetricType> types = new HashMap<>();
    private String lastName;
    int samples;

    /** What is read, and where. */
    String text = "";

    int at;

    /** What was taken last. */
    String token = "";

    // The sample at hand.
    String name;
    List<Label> labels = new ArrayList<>();
    double value;
    Long millis;
    String exemplar = "";

    ReferenceParser(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    static String text(byte[] page) {
        return new String(page, StandardCharsets.ISO_8859_1);
    }

    final boolean atEnd() {
        return at == text.length();
    }

    final boolean startsWith(String wanted) {
        return text.startsWith(wanted, at);
    }

    final boolean take(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        token = matcher.group();
        at = matcher.end();
        return true;
    }

    final boolean take(String wanted) {
        if (!startsWith(wanted)) {
            return false;
        }
        at += wanted.length();
        return true;
    }

    final void require(boolean good) {
        if (!good) {
            throw new Fault();
        }
    }

    final void beginSample() {
        name = null;
        labels = new ArrayList<>();
        millis = null;
        exemplar = "";
    }

    /** A name in quotes; it may hold escapes. */
    final void takeName(String written) {
        require(name == null && !written.isEmpty());
        name = unescaped(written, true);
    }

    final void addLabel(String labelName, String labelValue) {
        String plain = unescaped(labelName, true);
        require(!plain.isEmpty() && !labelName.equals("__name__"));
        require(labels.stream().noneMatch(label -> unescaped(label.name(), true).equals(plain)));
        labels.add(new Label(labelName, labelValue));
    }

    final void show(int line) {
        StringBuilder event = new StringBuilder().append(line).append(": ").append(utf8(name));
        for (int i = 0; i < labels.size(); i++) {
            event.append(i == 0 ? "{" : ",")
                    .append(utf8(unescaped(labels.get(i).name(), true)))
                    .append("=\"")
                    .append(utf8(unescaped(labels.get(i).value(), true)))
                    .append(i == labels.size() - 1 ? "\"}" : "\"");
        }
        event.append(' ').append(value).append(millis == null ? "" : " @" + millis);
        event.append(' ').append(typeOf(name).word()).append(name.equals(lastName) ? " same" : "");
        events.add(event.append(exemplar).toString());
        lastName = name;
        samples++;
    }

    final void type(String family, MetricType type) {
        String plain = unescaped(family, true);
        types.put(plain, type);
        events.add("TYPE " + utf8(plain) + " " + type);
    }

    final void help(String family, String help) {
        events.add("HELP " + utf8(unescaped(family, true)) + " " + utf8(unescaped(help, openMetrics)));
    }

    final void unit(String family, String unit) {
        events.add("UNIT " + utf8(unescaped(family, true)) + " " + utf8(unit));
    }

    private MetricType typeOf(String sample) {
        if (types.containsKey(sample)) {
            return types.get(sample);
        }
        int suffixAt = sample.lastIndexOf('_');
        if (suffixAt > 0) {
            MetricType type = types.get(sample.substring(0, suffixAt));
            Map<String, Set<MetricType>> suffixes = openMetrics ? OPENMETRICS_SUFFIXES : TEXT_SUFFIXES;
            if (type != null
                    && suffixes.getOrDefault(sample.substring(suffixAt), Set.of())
                            .contains(type)) {
                return type;
            }
        }
        return MetricType.UNKNOWN;
    }

    final String exemplarLabels(List<Label> list) {
        StringBuilder written = new StringBuilder(" #");
        for (Label label : list) {
            written.append(' ').append(utf8(unescaped(label.name(), true))).append('=');
            written.append(utf8(unescaped(label.value(), true)));
        }
        return written.toString();
    }

    static String unescaped(String written, boolean quotes) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char next = written.charAt(i) == '\\' && i + 1 < written.length() ? written.charAt(i + 1) : 0;
            if (next == '\\' || next == 'n' || (next == '"' && quotes)) {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(written.charAt(i));
            }
        }
        return plain.toString();
    }

    static String utf8(String bytes) {
        return isAscii(bytes) ? bytes : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static boolean isUtf8(String bytes) {
        if (isAscii(bytes)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isAscii(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The number that {@code written} is. */
    final double number(String written) {
        if (written.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        if (INFINITY.matcher(written).matches()) {
            return written.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        require(DECIMAL.matcher(written).matches());
        double number = Double.parseDouble(written);
        require(Double.isFinite(number));
        return number;
    }

    /** Milliseconds of a time in seconds, rounded down. */
    final BigInteger millisOf(String written) {
        double seconds = number(written);
        require(Double.isFinite(seconds));
        if (Math.abs(seconds) < 1e-9) {
            return BigInteger.valueOf(seconds < 0 ? -1 : 0);
        }
        BigDecimal exact = Math.abs(seconds) >= 1e16
                ? new BigDecimal(Math.min(Math.max(seconds, -1e300), 1e300) * 1000)
                : new BigDecimal(written).movePointRight(3);
        return exact.setScale(0, RoundingMode.FLOOR).toBigInteger();
    }

    static boolean isLong(BigInteger number) {
        return number.bitLength() < Long.SIZE;
    }
}
