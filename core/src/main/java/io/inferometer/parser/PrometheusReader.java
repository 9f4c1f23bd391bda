package io.inferometer.parser;

/**
 * What the two readers of prometheus mode share: the tokens of Prometheus' own lexers, oddities included, because a
 * verdict that is nearly the same is of no use.
 *
 * <p>A record ends where its last token ends, not at the next newline, since a newline may stand in a quoted text. NUL
 * ends a token like the end of the page does, except in three states of the lexer, where it is passed over behind any
 * other byte: {@link #nulsPass}.
 */
abstract class PrometheusReader extends LineReader {
    final TimestampReader timestamps = new TimestampReader();

    /** Whether the lexer is in a state in which it steps over NUL. */
    boolean nulsPass;

    /** Whether something was asked of the bytes behind the end, though more may arrive. */
    private boolean starved;

    private boolean pageEnded;

    private int tokenStart;
    private int tokenEnd;

    PrometheusReader(Sample sample, Metadata metadata, ParserOptions options) {
        super(sample, metadata, options);
    }

    @Override
    final Outcome read(byte[] page, int from, int text, int limit, boolean last) {
        if (Bytes.newlineIn(page, from, limit) - from > lineBytesMax) {
            return Outcome.TOO_LONG;
        }
        bytes = page;
        at = text;
        end = limit;
        nulsPass = false;
        starved = false;
        pageEnded = false;
        sample.beginLine(page, from);
        boolean read = readRecord();
        if (starved && !last) {
            recordStarved();
            return Outcome.STARVED;
        }
        if (!read) {
            return Outcome.FAULT;
        }
        return pageEnded ? Outcome.END : sample.hasName() ? Outcome.SAMPLE : Outcome.NOTHING;
    }

    @Override
    final int next() {
        return at;
    }

    @Override
    final String endInWords() {
        return "the end of the page";
    }

    /** Reads a comment, an empty line or a sample; false if it found a fault. */
    abstract boolean readRecord();

    /** What was read just now will be read once more from its start, and nothing may be left of this. */
    void recordStarved() {}

    /** The byte here, -1 behind the end. */
    final int peek() {
        if (at < end) {
            return bytes[at] & 0xFF;
        }
        starved = true;
        return -1;
    }

    final void advance() {
        at++;
        while (nulsPass && peek() == 0) {
            at++;
        }
    }

    final boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        advance();
        return true;
    }

    final boolean pageEnds() {
        pageEnded = true;
        return true;
    }

    /** Steps behind the brace here, before which a metric name must have stood. */
    final boolean closeBrace() {
        advance();
        return sample.hasName() || fault(at - 1, "a metric name");
    }

    final void advanceToNewline() {
        while (peek() != '\n' && at < end) {
            advance();
        }
    }

    final boolean takeWord(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!take(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Passes over a quoted text, quotes included. */
    final boolean passQuoted(boolean newlines) {
        advance();
        while (peek() != '"') {
            if (peek() == '\\') {
                advance();
                newlines &= peek() != '\n';
            }
            if (peek() <= 0 || (peek() == '\n' && !newlines)) {
                return fault(at, "'\"' at the end of the text");
            }
            advance();
        }
        advance();
        return true;
    }

    /** Reads a name inside braces into the token; it may be quoted. */
    final boolean readName(boolean newlines) {
        tokenStart = at;
        boolean read = peek() == '"' ? passQuoted(newlines) : passLabelName() || fault(at, "a label name or '}'");
        tokenEnd = at;
        return read;
    }

    /**
     * Takes the token as the metric's name. It should be quoted; one that is not loses its first and last letter, in
     * Prometheus as here.
     */
    final boolean takeTokenAsName() {
        if (sample.hasName()) {
            return fault(tokenStart, tokenEnd, "one metric name");
        }
        return isUtf8(tokenStart + 1, tokenEnd - 1) && takeName(tokenStart + 1, tokenEnd - 1);
    }

    /** Reads a label's value, up to and including its closing quote, and adds the label called like the token. */
    final boolean readLabelValue(boolean newlines) {
        boolean quoted = bytes[tokenStart] == '"';
        int nameStart = quoted ? tokenStart + 1 : tokenStart;
        int nameEnd = quoted ? tokenEnd - 1 : tokenEnd;
        return readQuotedValue(newlines)
                && isUtf8(nameStart, nameEnd)
                && addLabel(nameStart, nameEnd, tokenStart + 1, tokenEnd - 1);
    }

    /** The exemplar's twin of {@link #readLabelValue}; its names are not checked, since a server only drops it. */
    final boolean readExemplarLabelValue() {
        boolean quoted = bytes[tokenStart] == '"';
        int nameStart = quoted ? tokenStart + 1 : tokenStart;
        int nameEnd = quoted ? tokenEnd - 1 : tokenEnd;
        return readQuotedValue(false) && addExemplarLabel(nameStart, nameEnd, tokenStart + 1, tokenEnd - 1);
    }

    private boolean readQuotedValue(boolean newlines) {
        if (peek() != '"') {
            return fault(at, "'\"' before the label value");
        }
        tokenStart = at;
        boolean read = passQuoted(newlines);
        tokenEnd = at;
        return read && isUtf8(tokenStart, tokenEnd);
    }

    final boolean isUtf8(int from, int to) {
        int invalid = from < to ? Utf8.firstInvalid(bytes, from, to) : to;
        return invalid == to || fault(invalid, "valid UTF-8");
    }

    /** Notes the number between {@code from} and here as the sample's value. */
    final boolean takeValue(int from) {
        sample.keyEnd = from;
        if (!numbers.read(bytes, from, at)) {
            return fault(from, at, "a decimal number within the range of a double");
        }
        sample.value = numbers.value();
        return true;
    }

    static boolean isBlank(int b) {
        return b == ' ' || b == '\t';
    }
}
