package io.inferometer.parser;

import java.util.Arrays;

/**
 * Takes or refuses OpenMetrics as Prometheus 3 does: the syntax to the blank, few of the semantic rules.
 *
 * <p>Exactly one blank stands between two words and none inside braces, every comment is HELP, TYPE, UNIT or EOF, and
 * behind {@code # EOF} stands nothing.
 */
final class PrometheusOpenMetricsReader extends PrometheusReader {
    /** The word of the comment just before this record, behind which a NUL means something; 0 if there is none. */
    private char comment;

    /** The same of the record before. */
    private char commentBefore;

    PrometheusOpenMetricsReader(Sample sample, Metadata metadata, ParserOptions options) {
        super(sample, metadata, options);
    }

    @Override
    void beginPage() {
        comment = 0;
    }

    @Override
    boolean nextDependsOnThis() {
        return comment != 0;
    }

    @Override
    boolean readRecord() {
        commentBefore = comment;
        comment = 0;
        if (commentBefore == 'E') {
            return passNuls() || fault(at, "nothing after # EOF");
        }
        if (commentBefore == 'H') {
            passNuls();
        }
        return switch (peek()) {
            case -1 -> fault(at, "# EOF");
            case '#' -> readComment();
            case '{' -> readLabels() && readRest();
            default -> readBareName() && (peek() != '{' || readLabels()) && readRest();
        };
    }

    @Override
    void recordStarved() {
        comment = commentBefore;
    }

    private boolean readBareName() {
        int from = at;
        if (!passMetricName()) {
            return fault(at, "a metric name, '{' or '#'");
        }
        sample.name(bytes, from, at);
        return true;
    }

    private boolean readLabels() {
        advance();
        while (peek() != '}') {
            if (!readLabel()) {
                return false;
            }
        }
        return closeBrace();
    }

    private boolean readLabel() {
        if (!readName(true)) {
            return false;
        }
        if (peek() == '}' || take(',')) {
            return takeTokenAsName();
        }
        return (take('=') || fault(at, "'='")) && readValueOfLabel() && passComma();
    }

    private boolean readValueOfLabel() {
        nulsPass = peek() == '"';
        boolean read = readLabelValue(false);
        nulsPass = false;
        return read;
    }

    private boolean passComma() {
        return take(',') || peek() == '}' || fault(at, "',' or '}'");
    }

    private boolean readRest() {
        return readValue() && readTimestamp() && readExemplar() && (take('\n') || fault(at, "the end of the line"));
    }

    private boolean readValue() {
        int from = readWord();
        return (at > from || fault(at, "a blank and a value")) && takeValue(from);
    }

    /** Passes over a blank and what follows up to the next one; returns where that starts. */
    private int readWord() {
        if (!take(' ')) {
            return at;
        }
        int from = at;
        while (peek() > 0 && peek() != ' ' && peek() != '\n') {
            advance();
        }
        return from;
    }

    private boolean readTimestamp() {
        if (peek() != ' ' || isExemplarNext()) {
            return true;
        }
        int from = readWord();
        if (!timestamps.readSeconds(bytes, from, at)) {
            return fault(from, at, "a timestamp in seconds");
        }
        // One that no long can hold is taken, as Prometheus takes it: the page is good, the time is the nearest.
        sample.hasTimestamp = true;
        sample.timestampMs = timestamps.millis();
        return true;
    }

    private boolean isExemplarNext() {
        return at + 2 < end && bytes[at] == ' ' && bytes[at + 1] == '#' && bytes[at + 2] == ' ';
    }

    private boolean readExemplar() {
        if (!isExemplarNext()) {
            return true;
        }
        at += 3;
        sample.hasExemplar = true;
        return (take('{') || fault(at, "'{' of an exemplar"))
                && readExemplarLabels()
                && readExemplarValue()
                && readExemplarTimestamp();
    }

    private boolean readExemplarLabels() {
        while (peek() != '}') {
            if (!(readName(false) && (take('=') || fault(at, "'='")) && readExemplarLabelValue() && passComma())) {
                return false;
            }
        }
        advance();
        return true;
    }

    private boolean readExemplarValue() {
        int from = readWord();
        if (at == from || !numbers.read(bytes, from, at)) {
            return fault(from, Math.max(at, from + 1), "a blank and the exemplar's value");
        }
        sample.exemplarValue = numbers.value();
        return true;
    }

    private boolean readExemplarTimestamp() {
        if (peek() != ' ') {
            return true;
        }
        int from = readWord();
        if (!timestamps.readSeconds(bytes, from, at)) {
            return fault(from, Math.max(at, from + 1), "the exemplar's timestamp in seconds");
        }
        sample.hasExemplarTimestamp = true;
        sample.exemplarTimestampMs = timestamps.millis();
        return true;
    }

    private boolean readComment() {
        advance();
        if (!take(' ')) {
            return fault(at, "a blank after '#'");
        }
        nulsPass = true;
        int from = at;
        return switch (peek()) {
            case 'E' -> (takeWord("EOF") || faultyWord(from)) && endPage();
            case 'H' -> (takeWord("HELP ") || faultyWord(from)) && readMetadata('H');
            case 'T' -> (takeWord("TYPE ") || faultyWord(from)) && readMetadata('T');
            case 'U' -> (takeWord("UNIT ") || faultyWord(from)) && readMetadata('U');
            default -> faultyWord(from);
        };
    }

    private boolean faultyWord(int from) {
        return fault(from, at + 1, "HELP, TYPE, UNIT or EOF");
    }

    private boolean endPage() {
        nulsPass = false;
        take('\n');
        metadata.eof();
        comment = 'E';
        return true;
    }

    /** Passes over NULs; says whether the bytes at hand end there. */
    private boolean passNuls() {
        while (at < end && bytes[at] == 0) {
            at++;
        }
        return at == end;
    }

    private boolean readMetadata(char word) {
        nulsPass = false;
        int nameStart = at;
        if (!(peek() == '"' ? passQuoted(true) : passMetricName() || fault(at, "a metric name"))) {
            return false;
        }
        int nameEnd = at;
        nulsPass = true;
        if (!take(' ')) {
            return fault(at, "a blank after the metric name");
        }
        advanceToNewline();
        nulsPass = false;
        if (!take('\n')) {
            return fault(at, "the end of the line");
        }
        comment = word;
        boolean quoted = bytes[nameStart] == '"' && bytes[nameEnd - 1] == '"';
        int from = quoted ? nameStart + 1 : nameStart;
        int to = quoted ? nameEnd - 1 : nameEnd;
        return switch (word) {
            case 'H' -> takeHelp(from, to, nameEnd + 1);
            case 'T' -> takeType(from, to, nameEnd + 1);
            default -> takeUnit(from, to, nameEnd + 1);
        };
    }

    private boolean takeHelp(int nameFrom, int nameTo, int from) {
        metadata.help(bytes, nameFrom, nameTo, from, at - 1, true);
        return isUtf8(from, at - 1);
    }

    private boolean takeType(int nameFrom, int nameTo, int from) {
        MetricType type = TypeWords.ofOpenMetrics(bytes, from, at - 1);
        if (type == null) {
            return fault(from, at - 1, "a metric type");
        }
        metadata.type(bytes, nameFrom, nameTo, type);
        return true;
    }

    private boolean takeUnit(int nameFrom, int nameTo, int from) {
        if (from < at - 1 && !isSuffix(from, at - 1, nameFrom, nameTo)) {
            return fault(from, at - 1, "a unit that the metric name ends with");
        }
        metadata.unit(bytes, nameFrom, nameTo, from, at - 1);
        return true;
    }

    private boolean isSuffix(int from, int to, int nameFrom, int nameTo) {
        int divider = nameTo - (to - from) - 1;
        return divider >= nameFrom
                && bytes[divider] == '_'
                && Arrays.equals(bytes, from, to, bytes, divider + 1, nameTo);
    }
}
