package io.inferometer.parser;

/**
 * Takes or refuses the text format as Prometheus 3 does.
 *
 * <p>Worth knowing, since it surprises: a newline may stand inside quotes; labels need no comma between them; a
 * timestamp has no sign; a NUL where a line could begin ends the page; only the first byte behind a family's name
 * divides it from its type, whatever that byte is. One difference is ours: blanks before a name are no part of it.
 */
final class PrometheusTextReader extends PrometheusReader {
    PrometheusTextReader(Sample sample, Metadata metadata, ParserOptions options) {
        super(sample, metadata, options);
    }

    @Override
    boolean readRecord() {
        skipBlanks();
        return switch (peek()) {
            case -1, 0 -> pageEnds();
            case '\n' -> take('\n');
            case '#' -> readComment();
            case '{' -> readLabels() && readRest();
            default -> readBareName() && (peek() != '{' || readLabels()) && readRest();
        };
    }

    private boolean readBareName() {
        int from = at;
        if (!passMetricName()) {
            return fault(at, "a metric name, '{' or '#'");
        }
        sample.name(bytes, from, at);
        skipBlanks();
        return true;
    }

    private boolean readLabels() {
        advance();
        skipBlanks();
        while (peek() != '}') {
            if (!readLabel()) {
                return false;
            }
        }
        boolean closed = closeBrace();
        skipBlanks();
        return closed;
    }

    private boolean readLabel() {
        if (!readName(true)) {
            return false;
        }
        skipBlanks();
        if (peek() == '}') {
            return takeTokenAsName();
        }
        if (take(',')) {
            skipBlanks();
            return takeTokenAsName();
        }
        return (take('=') || fault(at, "'='")) && readValueOfLabel() && passComma();
    }

    private boolean readValueOfLabel() {
        nulsPass = true;
        skipBlanks();
        boolean read = readLabelValue(true);
        nulsPass = false;
        return read;
    }

    private boolean passComma() {
        skipBlanks();
        if (take(',')) {
            skipBlanks();
        }
        return true;
    }

    private boolean readRest() {
        return readValue() && readTimestamp() && (take('\n') || fault(at, "the end of the line"));
    }

    private boolean readValue() {
        int from = at;
        while (peek() > 0 && !isBlank(peek()) && peek() != '\n' && peek() != '{') {
            advance();
        }
        return (at > from || fault(at, "a value")) && takeValue(from);
    }

    private boolean readTimestamp() {
        skipBlanks();
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            advance();
        }
        if (at == from) {
            return true;
        }
        if (!timestamps.readMillis(bytes, from, at) || !timestamps.withinRange()) {
            return fault(from, at, "a timestamp in milliseconds");
        }
        sample.hasTimestamp = true;
        sample.timestampMs = timestamps.millis();
        skipBlanks();
        return true;
    }

    private boolean readComment() {
        advance();
        if (!isBlank(peek())) {
            return passComment();
        }
        skipBlanks();
        if (peek() == 0) {
            return pageEnds();
        }
        nulsPass = true;
        boolean help = peek() == 'H';
        if (takeWord(help ? "HELP" : "TYPE") && isBlank(peek())) {
            skipBlanks();
            nulsPass = false;
            return readMetadata(help);
        }
        advanceToNewline();
        nulsPass = false;
        return take('\n');
    }

    private boolean passComment() {
        while (peek() > 0 && peek() != '\n') {
            advance();
        }
        return take('\n') || pageEnds();
    }

    private boolean readMetadata(boolean help) {
        int nameStart = at;
        if (!(peek() == '"' ? passQuoted(true) : passMetricName() || fault(at, "a metric name"))) {
            return false;
        }
        int nameEnd = at;
        if (peek() == 0) {
            return fault(at, "the end of the line");
        }
        nulsPass = true;
        advanceToNewline();
        nulsPass = false;
        boolean quoted = bytes[nameStart] == '"' && bytes[nameEnd - 1] == '"';
        int from = quoted ? nameStart + 1 : nameStart;
        int to = quoted ? nameEnd - 1 : nameEnd;
        return (help ? takeHelp(from, to, nameEnd) : takeType(from, to, nameEnd)) && take('\n');
    }

    private boolean takeHelp(int nameFrom, int nameTo, int nameEnd) {
        int from = Math.min(nameEnd + 1, at);
        if (!isUtf8(from, at)) {
            return false;
        }
        metadata.help(bytes, nameFrom, nameTo, isAllBlank(nameEnd, at) ? at : from, at, false);
        return true;
    }

    /** Whether a text is nothing but blanks, in which state the lexer passes over NULs too. */
    private boolean isAllBlank(int from, int to) {
        int text = from;
        while (text < to && (isBlank(bytes[text]) || bytes[text] == 0)) {
            text++;
        }
        return text == to;
    }

    private boolean takeType(int nameFrom, int nameTo, int nameEnd) {
        int from = Math.min(nameEnd + 1, at);
        MetricType type = TypeWords.ofText(bytes, from, at);
        if (type == null) {
            return fault(from, at, "counter, gauge, histogram, summary or untyped");
        }
        metadata.type(bytes, nameFrom, nameTo, type);
        return true;
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            advance();
        }
    }
}
