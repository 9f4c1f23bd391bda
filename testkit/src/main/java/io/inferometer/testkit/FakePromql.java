package io.inferometer.testkit;

import io.inferometer.testkit.PrometheusFake.FakeSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one query of the kind that our source sends: selectors, {@code last_over_time}, {@code max_over_time}, {@code rate}, {@code
 * timestamp}, {@code label_replace} that sets a label, aggregations, {@code or}, {@code and on}, {@code /}.
 *
 * <p>For one query and one thread.
 */
final class FakePromql {
    static final String NAME = "__name__";

    private static final Duration LOOKBACK = Duration.ofMinutes(5);
    private static final Set<String> AGGREGATIONS = Set.of("sum", "max", "avg", "count", "group");

    /** A series of an answer. */
    record Point(Map<String, String> labels, double value) {}

    /** A series with the samples of a range. */
    private record Range(Map<String, String> labels, List<FakeSample> samples) {}

    private final String text;
    private final Map<Map<String, String>, List<FakeSample>> data;
    private final Instant now;
    private int at;

    FakePromql(String text, Map<Map<String, String>, List<FakeSample>> data, Instant now) {
        this.text = text;
        this.data = data;
        this.now = now;
    }

    /**
     * The answer.
     *
     * @throws IllegalArgumentException when the query has what this cannot evaluate; says where
     */
    List<Point> vector() {
        List<Point> answer = alternatives();
        skipBlanks();
        if (at < text.length()) {
            throw unknown("the end of the query");
        }
        return answer;
    }

    private List<Point> alternatives() {
        List<Point> left = conjunction();
        while (takesWord("or")) {
            List<Point> both = new ArrayList<>(left);
            Set<Map<String, String>> there = new HashSet<>();
            left.forEach(point -> there.add(unnamed(point.labels())));
            for (Point point : conjunction()) {
                if (!there.contains(unnamed(point.labels()))) {
                    both.add(point);
                }
            }
            left = both;
        }
        return left;
    }

    private List<Point> conjunction() {
        List<Point> left = quotient();
        while (takesWord("and")) {
            expectWord("on");
            List<String> labels = names();
            Set<Map<String, String>> there = new HashSet<>();
            quotient().forEach(point -> there.add(only(point.labels(), labels)));
            left = left.stream()
                    .filter(point -> there.contains(only(point.labels(), labels)))
                    .toList();
        }
        return left;
    }

    private List<Point> quotient() {
        List<Point> left = primary();
        while (takes("/")) {
            Map<Map<String, String>, Double> divisors = new LinkedHashMap<>();
            primary().forEach(point -> divisors.put(unnamed(point.labels()), point.value()));
            List<Point> quotients = new ArrayList<>();
            for (Point point : left) {
                Map<String, String> labels = unnamed(point.labels());
                Double divisor = divisors.get(labels);
                if (divisor != null) {
                    quotients.add(new Point(labels, point.value() / divisor));
                }
            }
            left = quotients;
        }
        return left;
    }

    private List<Point> primary() {
        if (takes("(")) {
            List<Point> inner = alternatives();
            expect(")");
            return inner;
        }
        int start = at;
        String word = word();
        if (AGGREGATIONS.contains(word)) {
            return aggregation(word);
        }
        switch (word) {
            case "max_over_time", "last_over_time", "rate" -> {
                return overTime(word);
            }
            case "timestamp" -> {
                expect("(");
                List<Point> times = latest(selected(word()), true, now);
                expect(")");
                return times;
            }
            case "label_replace" -> {
                return marked();
            }
            default -> {
                skipBlanks();
                if (at < text.length() && text.charAt(at) == '(') {
                    at = start;
                    throw unknown("a function that it knows");
                }
                return latest(selected(word), false, now);
            }
        }
    }

    private List<Point> aggregation(String operator) {
        boolean without = takesWord("without");
        if (!without) {
            expectWord("by");
        }
        List<String> labels = names();
        expect("(");
        List<Point> inner = alternatives();
        expect(")");
        Map<Map<String, String>, List<Double>> groups = new LinkedHashMap<>();
        for (Point point : inner) {
            Map<String, String> key = without ? unnamed(point.labels()) : only(point.labels(), labels);
            if (without) {
                key.keySet().removeAll(labels);
            }
            groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(point.value());
        }
        List<Point> answer = new ArrayList<>();
        groups.forEach((key, values) -> answer.add(new Point(key, reduced(operator, values))));
        return answer;
    }

    private static double reduced(String operator, List<Double> values) {
        return switch (operator) {
            case "sum" -> values.stream().mapToDouble(value -> value).sum();
            case "avg" -> values.stream().mapToDouble(value -> value).sum() / values.size();
            case "count" -> values.size();
            case "group" -> 1;
            default -> greatest(values);
        };
    }

    private static double greatest(List<Double> values) {
        double greatest = Double.NaN;
        for (double value : values) {
            if (Double.isNaN(greatest) || value > greatest) {
                greatest = value;
            }
        }
        return greatest;
    }

    private List<Point> overTime(String function) {
        expect("(");
        List<Point> answer = new ArrayList<>();
        for (Range range : range()) {
            Double value = over(function, range.samples());
            if (value != null) {
                boolean keepsName = function.equals("last_over_time");
                answer.add(new Point(keepsName ? range.labels() : unnamed(range.labels()), value));
            }
        }
        expect(")");
        return answer;
    }

    private static @Nullable Double over(String function, List<FakeSample> samples) {
        if (samples.isEmpty()) {
            return null;
        }
        FakeSample last = samples.get(samples.size() - 1);
        return switch (function) {
            case "last_over_time" -> (Double) last.value();
            case "rate" -> rate(samples);
            default -> (Double) greatest(samples.stream().map(FakeSample::value).toList());
        };
    }

    private static @Nullable Double rate(List<FakeSample> samples) {
        FakeSample first = samples.get(0);
        FakeSample last = samples.get(samples.size() - 1);
        if (samples.size() < 2) {
            return null;
        }
        double growth = 0;
        double before = first.value();
        for (FakeSample sample : samples.subList(1, samples.size())) {
            growth += sample.value() < before ? sample.value() : sample.value() - before; // It began again.
            before = sample.value();
        }
        return growth / (last.seconds() - first.seconds());
    }

    /** {@code x{…}[5m]}, or {@code timestamp(x{…})[6m:15s]}. */
    private List<Range> range() {
        String word = word();
        boolean times = word.equals("timestamp");
        if (times) {
            expect("(");
        }
        Predicate<Map<String, String>> selected = selected(times ? word() : word);
        if (times) {
            expect(")");
        }
        expect("[");
        Duration window = duration();
        Duration step = takes(":") ? duration() : null;
        expect("]");
        if (times != (step != null)) {
            throw unknown("a range of a selector, or a subquery of timestamp()");
        }
        return step == null ? samplesOf(selected, window) : timesOf(selected, window, step);
    }

    private List<Range> samplesOf(Predicate<Map<String, String>> selected, Duration window) {
        List<Range> ranges = new ArrayList<>();
        data.forEach((labels, samples) -> {
            if (selected.test(labels)) {
                ranges.add(new Range(
                        labels,
                        samples.stream()
                                .filter(sample -> sample.isWithin(now, window))
                                .toList()));
            }
        });
        return ranges;
    }

    /** Steps are multiples of their length since 1970, as Prometheus aligns them. */
    private List<Range> timesOf(Predicate<Map<String, String>> selected, Duration window, Duration step) {
        Map<Map<String, String>, List<FakeSample>> times = new LinkedHashMap<>();
        long millis = step.toMillis();
        long first = now.minus(window).toEpochMilli() / millis * millis + millis;
        for (long moment = first; moment <= now.toEpochMilli(); moment += millis) {
            Instant instant = Instant.ofEpochMilli(moment);
            for (Point point : latest(selected, true, instant)) {
                times.computeIfAbsent(point.labels(), unused -> new ArrayList<>())
                        .add(new FakeSample(instant, point.value()));
            }
        }
        List<Range> ranges = new ArrayList<>();
        times.forEach((labels, samples) -> ranges.add(new Range(labels, samples)));
        return ranges;
    }

    private List<Point> latest(Predicate<Map<String, String>> selected, boolean time, Instant moment) {
        List<Point> answer = new ArrayList<>();
        data.forEach((labels, samples) -> {
            if (selected.test(labels)) {
                samples.stream()
                        .filter(sample -> sample.isWithin(moment, LOOKBACK))
                        .reduce((before, after) -> after)
                        .ifPresent(sample -> answer.add(
                                time
                                        ? new Point(unnamed(labels), sample.seconds())
                                        : new Point(labels, sample.value())));
            }
        });
        return answer;
    }

    /** {@code label_replace(x, "label", "text", "", "")}. */
    private List<Point> marked() {
        expect("(");
        List<Point> inner = alternatives();
        expect(",");
        String label = quoted();
        expect(",");
        String value = quoted();
        expect(",");
        String source = quoted();
        expect(",");
        String pattern = quoted();
        expect(")");
        if (!source.isEmpty() || !pattern.isEmpty()) {
            throw unknown("label_replace with an empty source and pattern");
        }
        List<Point> answer = new ArrayList<>();
        for (Point point : inner) {
            Map<String, String> labels = new TreeMap<>(point.labels());
            labels.put(label, value);
            answer.add(new Point(labels, point.value()));
        }
        return answer;
    }

    private Predicate<Map<String, String>> selected(String name) {
        List<Predicate<Map<String, String>>> wanted = new ArrayList<>();
        if (!name.isEmpty()) {
            wanted.add(labels -> name.equals(labels.get(NAME)));
        }
        if (takes("{")) {
            while (!takes("}")) {
                wanted.add(matcher());
                takes(",");
            }
        } else if (name.isEmpty()) {
            throw unknown("a series");
        }
        return labels -> wanted.stream().allMatch(one -> one.test(labels));
    }

    private Predicate<Map<String, String>> matcher() {
        String label = word();
        if (label.isEmpty()) {
            throw unknown("a label's name");
        }
        boolean regex = false;
        boolean negative = false;
        if (takes("=~")) {
            regex = true;
        } else if (takes("!~")) {
            regex = true;
            negative = true;
        } else if (takes("!=")) {
            negative = true;
        } else {
            expect("=");
        }
        String value = quoted();
        Predicate<String> matches =
                regex ? Pattern.compile(value, Pattern.DOTALL).asMatchPredicate() : value::equals;
        boolean wanted = !negative;
        return labels -> matches.test(labels.getOrDefault(label, "")) == wanted;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        expect("(");
        while (!takes(")")) {
            String name = word();
            if (name.isEmpty()) {
                throw unknown("a label's name");
            }
            names.add(name);
            takes(",");
        }
        return names;
    }

    private Duration duration() {
        Duration total = Duration.ZERO;
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            int digits = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            long number = Long.parseLong(text.substring(digits, at));
            if (takes("ms")) {
                total = total.plusMillis(number);
            } else if (takes("s")) {
                total = total.plusSeconds(number);
            } else if (takes("m")) {
                total = total.plusMinutes(number);
            } else if (takes("h")) {
                total = total.plusHours(number);
            } else {
                throw unknown("a duration such as 1m30s");
            }
        }
        if (at == start) {
            throw unknown("a duration such as 1m30s");
        }
        return total;
    }

    private String quoted() {
        expect("\"");
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            value.append(c == '\\' ? escaped() : c);
        }
        expect("\"");
        return value.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        switch (c) {
            case 'n' -> {
                return '\n';
            }
            case 'r' -> {
                return '\r';
            }
            case 't' -> {
                return '\t';
            }
            case 'x' -> {
                if (at + 2 > text.length()) {
                    throw unknown("two hexadecimal digits");
                }
                at += 2;
                return (char) Integer.parseInt(text.substring(at - 2, at), 16);
            }
            case '"', '\\' -> {
                return c;
            }
            default -> throw unknown("an escape");
        }
    }

    private String word() {
        skipBlanks();
        int start = at;
        while (at < text.length() && isWordCharacter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isWordCharacter(char c) {
        return c == '_' || c == ':' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private boolean takesWord(String wanted) {
        int start = at;
        if (word().equals(wanted)) {
            return true;
        }
        at = start;
        return false;
    }

    private void expectWord(String wanted) {
        if (!takesWord(wanted)) {
            throw unknown("'" + wanted + "'");
        }
    }

    private boolean takes(String wanted) {
        skipBlanks();
        if (text.startsWith(wanted, at)) {
            at += wanted.length();
            return true;
        }
        return false;
    }

    private void expect(String wanted) {
        if (!takes(wanted)) {
            throw unknown("'" + wanted + "'");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException unknown(String expected) {
        return new IllegalArgumentException(
                "PrometheusFake expected %s at character %d, at '%s'. It evaluates the queries of inferometer-source-prometheus only; ask a real server for others."
                        .formatted(expected, at, text.substring(at, Math.min(text.length(), at + 40))));
    }

    private static Map<String, String> unnamed(Map<String, String> labels) {
        Map<String, String> others = new TreeMap<>(labels);
        others.remove(NAME);
        return others;
    }

    private static Map<String, String> only(Map<String, String> labels, List<String> wanted) {
        Map<String, String> kept = new TreeMap<>(labels);
        kept.keySet().retainAll(wanted);
        return kept;
    }
}
