package io.inferometer.parser;

/**
 * Reads OpenMetrics 1.0 by its grammar, to the blank, and hands what it read to {@link StrictFamily}, which knows the
 * rules that no grammar can say.
 *
 * <pre>
 * page     = { metadata | sample } "# EOF" [ newline ]
 * metadata = "# HELP " name " " text  |  "# TYPE " name " " type  |  "# UNIT " name " " [ unit ]
 * sample   = name [ labels ] " " number [ " " seconds ] [ " # " labels " " number [ " " seconds ] ]
 * labels   = "{" [ label { "," label } ] "}"
 * label    = labelname "=" quoted
 * </pre>
 *
 * <p>A newline ends every line and stands nowhere else. Names in quotes came after 1.0, so there are none.
 */
final class StrictReader extends LineReader {
    private static final int EXEMPLAR_CHARACTERS_MAX = 128;

    private final TimestampReader timestamps = new TimestampReader();
    private final StrictFamily family = new StrictFamily(this);

    /** Where the parts of the sample at hand stand, for who complains about them. */
    int nameStart;

    int nameEnd;
    int valueStart;
    int valueEnd;
    int stampStart;
    int stampEnd;
    int exemplarStart;
    int exemplarValueStart;
    int exemplarValueEnd;

    /** The number of the line at hand, from 1. */
    long line;

    private int lineEnd;
    private boolean hasNewline;
    private int tokenStart;

    StrictReader(Sample sample, Metadata metadata, ParserOptions options) {
        super(sample, metadata, options);
    }

    @Override
    void beginPage() {
        line = 0;
        family.beginPage();
    }

    @Override
    void release() {
        super.release();
        family.release();
    }

    @Override
    Outcome read(byte[] page, int from, int text, int limit, boolean last) {
        bytes = page;
        at = from;
        lineEnd = Bytes.newlineIn(page, from, limit);
        hasNewline = lineEnd < limit;
        end = lineEnd;
        line++;
        if (lineEnd - from > lineBytesMax) {
            return Outcome.TOO_LONG;
        }
        sample.beginLine(page, from);
        if (!(isBeforeEof() && isUtf8() && isLine())) {
            return Outcome.FAULT;
        }
        return sample.hasName() ? Outcome.SAMPLE : Outcome.NOTHING;
    }

    @Override
    int next() {
        return lineEnd + 1;
    }

    @Override
    String endInWords() {
        return hasNewline ? "the end of the line" : "the end of the page";
    }

    private boolean isBeforeEof() {
        return !metadata.eofSeen() || fault(at, Math.max(end, at + 1), "nothing after # EOF");
    }

    private boolean isUtf8() {
        int invalid = Utf8.firstInvalid(bytes, at, end);
        return invalid == end || fault(invalid, "valid UTF-8");
    }

    private boolean isLine() {
        if (peek() == '#') {
            return readComment();
        }
        return readSample() && isEnded() && family.takeSample(sample);
    }

    private boolean isEnded() {
        return (at == end || fault(at, "the end of the line"))
                && (hasNewline || fault(at, "a newline at the end of the line"));
    }

    private boolean readSample() {
        nameStart = at;
        if (!passMetricName()) {
            return fault(at, "a metric name or '#'");
        }
        nameEnd = at;
        sample.name(bytes, nameStart, nameEnd);
        return (peek() != '{' || readLabels()) && readValue() && readTimestamp() && readExemplar();
    }

    private boolean readLabels() {
        at++;
        boolean read = peek() == '}' || readLabel();
        while (read && peek() == ',') {
            at++;
            read = readLabel();
        }
        return read && (take('}') || fault(at, "',' or '}'"));
    }

    private boolean readLabel() {
        int from = at;
        if (!passLabelName()) {
            return fault(at, peek() == '"' ? "a label name without quotes" : "a label name");
        }
        int to = at;
        return readLabelValue() && addLabel(from, to, tokenStart, at - 1);
    }

    /** Passes over the equals sign and the quoted text, and leaves the start of the text in the token. */
    private boolean readLabelValue() {
        if (!take('=')) {
            return fault(at, "'='");
        }
        if (!take('"')) {
            return fault(at, "'\"' before the label value");
        }
        tokenStart = at;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        at = Math.min(at, end);
        return take('"') || fault(at, "'\"' at the end of the text");
    }

    private boolean readValue() {
        if (!readWord("a blank and a value")) {
            return false;
        }
        valueStart = tokenStart;
        valueEnd = at;
        sample.keyEnd = tokenStart;
        if (!numbers.read(bytes, tokenStart, at)) {
            return fault(tokenStart, at, "a decimal number within the range of a double");
        }
        sample.value = numbers.value();
        return true;
    }

    /** Passes over a blank and the word behind it, and leaves the start of the word in the token. */
    private boolean readWord(String whatWasExpected) {
        if (!take(' ')) {
            return fault(at, whatWasExpected);
        }
        tokenStart = at;
        while (at < end && bytes[at] != ' ') {
            at++;
        }
        return at > tokenStart || fault(at, whatWasExpected);
    }

    private boolean readTimestamp() {
        stampStart = at;
        stampEnd = at;
        if (peek() != ' ' || (at + 1 < end && bytes[at + 1] == '#')) {
            return true;
        }
        if (!readSeconds("a timestamp in seconds")) {
            return false;
        }
        stampStart = tokenStart;
        stampEnd = at;
        sample.stamp(
                true, timestamps.millis()); // The nearest long, if none can hold it: the page is good all the same.
        return true;
    }

    private boolean readSeconds(String whatWasExpected) {
        return readWord(whatWasExpected)
                && (timestamps.readSeconds(bytes, tokenStart, at) || fault(tokenStart, at, whatWasExpected));
    }

    private boolean readExemplar() {
        if (peek() != ' ') {
            return true;
        }
        at++;
        exemplarStart = at;
        sample.hasExemplar = true;
        return (take('#') || fault(at, "'#' of an exemplar"))
                && (take(' ') || fault(at, "a blank after '#'"))
                && (peek() == '{' || fault(at, "'{' of an exemplar"))
                && readExemplarLabels()
                && readExemplarValue()
                && (peek() != ' ' || readExemplarTimestamp());
    }

    private boolean readExemplarLabels() {
        at++;
        boolean read = peek() == '}' || readExemplarLabel();
        while (read && peek() == ',') {
            at++;
            read = readExemplarLabel();
        }
        return read && (take('}') || fault(at, "',' or '}'")) && isShortEnough();
    }

    private boolean readExemplarLabel() {
        int from = at;
        if (!passLabelName()) {
            return fault(at, "a label name");
        }
        int to = at;
        if (sample.exemplarLabels.hasName(from, to)) {
            return fault(from, to, "each label name once");
        }
        return readLabelValue() && addExemplarLabel(from, to, tokenStart, at - 1);
    }

    private boolean isShortEnough() {
        int characters = 0;
        for (int i = 0; i < sample.exemplarLabels.count(); i++) {
            characters += sample.exemplarLabels.characters(i);
        }
        return characters <= EXEMPLAR_CHARACTERS_MAX
                || fault(
                        exemplarStart,
                        at,
                        "an exemplar whose label names and values have at most " + EXEMPLAR_CHARACTERS_MAX
                                + " characters");
    }

    private boolean readExemplarValue() {
        if (!readWord("a blank and the exemplar's value")) {
            return false;
        }
        exemplarValueStart = tokenStart;
        exemplarValueEnd = at;
        if (!numbers.read(bytes, tokenStart, at)) {
            return fault(tokenStart, at, "the exemplar's value");
        }
        sample.exemplarValue = numbers.value();
        return true;
    }

    private boolean readExemplarTimestamp() {
        if (!readSeconds("the exemplar's timestamp in seconds")) {
            return false;
        }
        sample.hasExemplarTimestamp = true;
        sample.exemplarTimestampMs = timestamps.millis();
        return true;
    }

    private boolean readComment() {
        at++;
        if (!take(' ')) {
            return fault(at, "a blank after '#'");
        }
        int from = at;
        while (at < end && bytes[at] != ' ') {
            at++;
        }
        if (Bytes.equal(bytes, from, at, "EOF")) {
            return (at == end || fault(at, "the end of the line")) && endPage(from - 2);
        }
        boolean help = Bytes.equal(bytes, from, at, "HELP");
        boolean type = Bytes.equal(bytes, from, at, "TYPE");
        if (!help && !type && !Bytes.equal(bytes, from, at, "UNIT")) {
            return fault(from, Math.max(at, from + 1), "HELP, TYPE, UNIT or EOF");
        }
        return readFamilyName() && (help ? readHelp() : type ? readType() : readUnit());
    }

    private boolean endPage(int lineStart) {
        nameStart = lineStart;
        nameEnd = end;
        if (!family.close()) {
            return false;
        }
        metadata.eof();
        return true;
    }

    /** Passes over the blanks around the name, too. */
    private boolean readFamilyName() {
        if (!take(' ')) {
            return fault(at, "a blank and a metric name");
        }
        nameStart = at;
        if (!passMetricName()) {
            return fault(at, "a metric name");
        }
        nameEnd = at;
        return take(' ') || fault(at, "a blank after the metric name");
    }

    private boolean readHelp() {
        int from = at;
        at = end;
        if (end > from && bytes[end - 1] == '\r') {
            return fault(end - 1, "a newline without a carriage return");
        }
        if (endsWithHalfAnEscape(from)) {
            return fault(end - 1, "two backslashes for one");
        }
        if (!(isEnded() && family.takeHelp())) {
            return false;
        }
        metadata.help(bytes, nameStart, nameEnd, from, end, true);
        return true;
    }

    private boolean endsWithHalfAnEscape(int from) {
        int first = end;
        while (first > from && bytes[first - 1] == '\\') {
            first--;
        }
        return (end - first) % 2 != 0;
    }

    private boolean readType() {
        int from = at;
        at = end;
        MetricType type = TypeWords.ofOpenMetrics(bytes, from, end);
        if (type == null) {
            return fault(from, Math.max(end, from + 1), "a metric type");
        }
        if (!(isEnded() && family.takeType(type, from))) {
            return false;
        }
        metadata.plainType(bytes, nameStart, nameEnd, type);
        return true;
    }

    private boolean readUnit() {
        int from = at;
        at = end;
        if (!(isEnded() && family.takeUnit(from, end))) {
            return false;
        }
        metadata.unit(bytes, nameStart, nameEnd, from, end);
        return true;
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
}
