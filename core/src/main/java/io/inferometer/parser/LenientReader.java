package io.inferometer.parser;

/**
 * Reads one line at a time and forgives what cannot change data.
 *
 * <pre>
 * sample    = [name] [ "{" { "," } { label { "," } } "}" ] value [timestamp] [exemplar]
 * name      = ( letter | "_" | ":" ) { letter | digit | "_" | ":" }
 * label     = ( labelname | quoted ) "=" quoted  |  quoted            a quoted word alone is the metric's name
 * timestamp = whole milliseconds, or in OpenMetrics seconds with a fraction
 * exemplar  = "#" "{" labels "}" value [seconds]
 * </pre>
 *
 * <p>Blanks and tabs may stand between any two tokens, a carriage return before the newline, a byte order mark before
 * the first line. Comments that say nothing understandable say nothing.
 */
final class LenientReader extends LineReader {
    private final boolean openMetrics;
    private final TimestampReader timestamps = new TimestampReader();
    private int lineEnd;
    private int tokenStart;
    private int tokenEnd;

    LenientReader(Sample sample, Metadata metadata, ParserOptions options) {
        super(sample, metadata, options);
        openMetrics = options.format() == PageFormat.OPENMETRICS;
    }

    @Override
    Outcome read(byte[] page, int from, int text, int limit, boolean last) {
        bytes = page;
        at = text;
        lineEnd = Bytes.newlineIn(page, from, limit);
        if (lineEnd - from > lineBytesMax) {
            return Outcome.TOO_LONG;
        }
        end = lineEnd > text && page[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        skipBlanks();
        if (at == end) {
            return Outcome.NOTHING;
        }
        if (peek() == '#') {
            return readComment() ? Outcome.NOTHING : Outcome.FAULT;
        }
        sample.beginLine(bytes, at);
        return readSample() ? Outcome.SAMPLE : Outcome.FAULT;
    }

    @Override
    int next() {
        return lineEnd + 1;
    }

    @Override
    boolean nextDependsOnThis() {
        return openMetrics && metadata.eofSeen();
    }

    @Override
    String endInWords() {
        return "the end of the line";
    }

    private boolean readSample() {
        return isBeforeEof()
                && isUtf8(at)
                && readName()
                && readLabels()
                && readValue()
                && readTimestamp()
                && readExemplar()
                && isAtEnd();
    }

    private boolean isBeforeEof() {
        return !nextDependsOnThis() || fault(at, end, "nothing after # EOF");
    }

    private boolean isUtf8(int from) {
        int invalid = Utf8.firstInvalid(bytes, from, end);
        return invalid == end || fault(invalid, "valid UTF-8");
    }

    private boolean readName() {
        int from = at;
        if (!passMetricName()) {
            return peek() == '{' || fault(at, "a metric name");
        }
        sample.name(bytes, from, at);
        return isBlank() || peek() == '{' || fault(at, at == end ? "a value" : "a blank or '{' after the metric name");
    }

    private boolean readLabels() {
        skipBlanks();
        if (!take('{')) {
            return true;
        }
        skipBlanksAndCommas();
        while (!take('}')) {
            if (!readLabel()) {
                return false;
            }
            skipBlanksAndCommas();
        }
        return sample.hasName() || fault(at - 1, "a metric name");
    }

    private boolean readLabel() {
        boolean quoted = peek() == '"';
        if (!(quoted ? readQuoted() : readLabelName())) {
            return false;
        }
        int nameStart = tokenStart;
        int nameEnd = tokenEnd;
        skipBlanks();
        if (take('=')) {
            skipBlanks();
            return readQuoted() && addLabel(nameStart, nameEnd, tokenStart, tokenEnd);
        }
        if (!quoted) {
            return fault(at, "'=' after the label name");
        }
        return sample.hasName() ? fault(nameStart, nameEnd, "one metric name") : takeName(nameStart, nameEnd);
    }

    private boolean readLabelName() {
        tokenStart = at;
        boolean passed = passLabelName();
        tokenEnd = at;
        return passed || fault(at, "a label name, ',' or '}'");
    }

    /** Leaves the text between the quotes in the token; a newline cannot be in it, since it ends the line. */
    private boolean readQuoted() {
        if (!take('"')) {
            return fault(at, "'\"'");
        }
        tokenStart = at;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        if (at >= end) {
            return fault(end, "'\"' at the end of the text");
        }
        tokenEnd = at++;
        return true;
    }

    private boolean readValue() {
        readToken();
        sample.keyEnd = tokenStart;
        if (!numbers.readLeniently(bytes, tokenStart, tokenEnd)) {
            return fault(tokenStart, tokenEnd, "a decimal number within the range of a double");
        }
        sample.value = numbers.value();
        return true;
    }

    private boolean readTimestamp() {
        skipBlanks();
        if (at == end || peek() == '#') {
            return true;
        }
        readToken();
        boolean read = openMetrics
                ? timestamps.readSeconds(bytes, tokenStart, tokenEnd)
                : timestamps.readMillis(bytes, tokenStart, tokenEnd);
        if (!read || !timestamps.withinRange()) {
            return fault(tokenStart, tokenEnd, openMetrics ? "a timestamp in seconds" : "a timestamp in milliseconds");
        }
        sample.hasTimestamp = true;
        sample.timestampMs = timestamps.millis();
        return true;
    }

    private boolean readExemplar() {
        skipBlanks();
        if (!take('#')) {
            return true;
        }
        skipBlanks();
        sample.hasExemplar = true;
        return (take('{') || fault(at, "'{' of an exemplar"))
                && readExemplarLabels()
                && readExemplarValue()
                && readExemplarTimestamp();
    }

    private boolean readExemplarLabels() {
        skipBlanksAndCommas();
        while (!take('}')) {
            if (!readExemplarLabel()) {
                return false;
            }
            skipBlanksAndCommas();
        }
        return true;
    }

    private boolean readExemplarLabel() {
        if (!(peek() == '"' ? readQuoted() : readLabelName())) {
            return false;
        }
        int nameStart = tokenStart;
        int nameEnd = tokenEnd;
        skipBlanks();
        if (!take('=')) {
            return fault(at, "'=' after the label name");
        }
        skipBlanks();
        return readQuoted() && addExemplarLabel(nameStart, nameEnd, tokenStart, tokenEnd);
    }

    private boolean readExemplarValue() {
        readToken();
        if (!numbers.readLeniently(bytes, tokenStart, tokenEnd)) {
            return fault(tokenStart, tokenEnd, "the exemplar's value");
        }
        sample.exemplarValue = numbers.value();
        return true;
    }

    private boolean readExemplarTimestamp() {
        skipBlanks();
        if (at == end) {
            return true;
        }
        readToken();
        if (!timestamps.readSeconds(bytes, tokenStart, tokenEnd) || !timestamps.withinRange()) {
            return fault(tokenStart, tokenEnd, "the exemplar's timestamp in seconds");
        }
        sample.hasExemplarTimestamp = true;
        sample.exemplarTimestampMs = timestamps.millis();
        return true;
    }

    private boolean isAtEnd() {
        skipBlanks();
        return at == end || fault(at, "the end of the line");
    }

    /** A comment is data only if it is understood; the one fault it can have is a help text that is no text. */
    private boolean readComment() {
        take('#');
        if (!isBlank()) {
            return true;
        }
        readToken();
        if (tokenIs("EOF")) {
            skipBlanks();
            if (at == end) {
                metadata.eof();
            }
            return true;
        }
        return readMetadata(tokenIs("HELP"), tokenIs("TYPE"), tokenIs("UNIT"));
    }

    private boolean readMetadata(boolean help, boolean type, boolean unit) {
        if (!(help || type || unit)) {
            return true;
        }
        skipBlanks();
        if (help && !isUtf8(at)) {
            return false;
        }
        if (!readFamilyName()) {
            return true;
        }
        int nameStart = tokenStart;
        int nameEnd = tokenEnd;
        skipBlanks();
        if (help) {
            metadata.help(bytes, nameStart, nameEnd, at, end, openMetrics);
            return true;
        }
        readToken();
        skipBlanks();
        if (at == end && type) {
            readType(nameStart, nameEnd);
        } else if (at == end && tokenStart < tokenEnd) {
            metadata.unit(bytes, nameStart, nameEnd, tokenStart, tokenEnd);
        }
        return true;
    }

    private boolean readFamilyName() {
        if (peek() == '"') {
            return readQuoted() && tokenStart < tokenEnd && Utf8.isValid(bytes, tokenStart, tokenEnd);
        }
        tokenStart = at;
        boolean passed = passMetricName();
        tokenEnd = at;
        return passed && (isBlank() || at == end);
    }

    private void readType(int nameStart, int nameEnd) {
        MetricType type = TypeWords.anyCase(bytes, tokenStart, tokenEnd);
        if (type != null) {
            metadata.type(bytes, nameStart, nameEnd, type);
        }
    }

    private void readToken() {
        skipBlanks();
        tokenStart = at;
        while (at < end && !isBlank()) {
            at++;
        }
        tokenEnd = at;
    }

    private boolean tokenIs(String word) {
        return Bytes.equal(bytes, tokenStart, tokenEnd, word);
    }

    private int peek() {
        return at < end ? bytes[at] : -1;
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private boolean isBlank() {
        return at < end && (bytes[at] == ' ' || bytes[at] == '\t');
    }

    private void skipBlanks() {
        while (isBlank()) {
            at++;
        }
    }

    private void skipBlanksAndCommas() {
        while (isBlank() || peek() == ',') {
            at++;
        }
    }
}
