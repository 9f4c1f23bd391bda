package io.inferometer.parser;

/**
 * The fast path: reads the sample lines that every mode agrees about, and leaves all others alone.
 *
 * <pre>
 * line  = name [ "{" label { "," label } [ "," ] "}" ] " " value [ " " milliseconds ] newline
 * label = labelname "=" '"' text without backslash '"'
 * </pre>
 *
 * <p>One blank where a blank is written above and none elsewhere, no name twice, valid UTF-8. Lines of one family
 * differ from the line before them in one label and the value, so the key of that line is remembered: what is equal to
 * it, eight bytes at a time, from the left and behind the label that differs, needs no second look.
 *
 * <p>Every loop here ends at a newline at the latest, so the bytes must end with one, and {@link PageBuffer#SLACK} more must
 * be readable. One thread.
 */
final class PlainLines {
    static final int NOT_PLAIN = -1;

    /** What a byte may be part of. */
    private static final byte LABEL_NAME = 1;

    private static final byte METRIC_NAME = 2;
    private static final byte[] CLASSES = classes();

    private static final long QUOTES = Bytes.eightTimes('"');
    private static final long BACKSLASHES = Bytes.eightTimes('\\');
    private static final long NEWLINES = Bytes.eightTimes('\n');

    /** {@code __name__}, which no label may be called. */
    private static final long NAME_LABEL = 0x5F5F656D616E5F5FL;

    /** Longer keys are not taken along when the buffer moves. */
    private static final int KEPT_KEY_MAX = 4096;

    private static final int ANOTHER = -1;

    private final Sample sample;
    private final LabelSpans labels;
    private final int lineBytesMax;
    private final int labelsMax;
    private final PlainValue value;
    private final LineRun run;

    /** The line before: where it stands, and the length of its key, up to and including the blank before the value. */
    private byte[] keyBytes = {};

    private int keyStart;
    private int keyLength;
    private int nameLength;
    private boolean ascii;

    /** Whether the last two keys begin with the same name, if there were two. */
    private boolean sameName;

    private byte[] keptKey = {};

    /**
     * A name that was found good and that the next line is likely to begin with; its length is 0 if there is none, and {@link
     * #ANOTHER} if the next line is likely to have another name than the last.
     */
    private int announcedStart;

    private int announcedLength;

    PlainLines(Sample sample, ParserOptions options) {
        this.sample = sample;
        labels = sample.labels;
        lineBytesMax = options.lineBytesMax();
        labelsMax = options.labelsMax();
        value = new PlainValue(options.format() == PageFormat.TEXT);
        run = new LineRun(sample, value, lineBytesMax);
    }

    /** Forgets the line before: the labels in the view are no longer its. */
    void forget() {
        keyLength = 0;
        labels.varyingCount = 0;
    }

    /** A comment right before the next line names its family, in the same array. */
    void announce(int nameStart, int length) {
        announcedStart = nameStart;
        announcedLength = length;
    }

    /** A comment stood right before the next line, and was not looked at for the family that it names: likely another one. */
    void announceAnother() {
        announcedLength = ANOTHER;
    }

    /** How long the key of the line read last is, the blank before its value included. */
    int keyLength() {
        return keyLength;
    }

    /** Lets go of the page. */
    void release() {
        forget();
        keyBytes = keptKey;
    }

    /** Takes the key along, since its array will be written to. */
    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    void bytesWillMove() {
        announcedLength = 0;
        if (keyLength == 0 || keyBytes == keptKey) {
            return;
        }
        if (keyLength > KEPT_KEY_MAX) {
            forget();
            return;
        }
        if (keptKey.length < keyLength + Bytes.EIGHT) {
            keptKey = new byte[2 * keyLength + Bytes.EIGHT];
        }
        System.arraycopy(keyBytes, keyStart, keptKey, 0, keyLength);
        keyBytes = keptKey;
        keyStart = 0;
    }

    /** Whether the next lines in {@code bytes} may differ from the last one as that did from the line before it. */
    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    boolean mayBeInRun(byte[] bytes) {
        return labels.varyingCount > 0 && keyBytes == bytes;
    }

    /** Reads and shows such lines; see {@link LineRun#read}. */
    int readRun(byte[] bytes, int from, int limit, long lines, SampleHandler handler) {
        int next = run.read(bytes, from, limit, lines, handler);
        keyStart = run.keyStart();
        keyLength = run.keyLength();
        return next;
    }

    /** How many lines the last run had. */
    long runLines() {
        return run.lines();
    }

    /** Reads the line at {@code from} into the view; returns where the next one starts, or {@link #NOT_PLAIN}. */
    int read(byte[] bytes, int from) {
        boolean similar = keyLength > 0;
        int valueAt = similar ? readNextKey(bytes, from) : readKey(bytes, from);
        int end = valueAt < 0 ? NOT_PLAIN : value.read(bytes, valueAt);
        if (end < 0 || end - from > lineBytesMax) {
            forget();
            return NOT_PLAIN;
        }
        remember(bytes, from, valueAt);
        sample.plain(bytes, from, nameLength, !similar, sameName);
        sample.take(value);
        return end + 1;
    }

    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    private void remember(byte[] bytes, int from, int valueAt) {
        if (keyBytes != bytes) { // A store of a reference costs more than the look.
            keyBytes = bytes;
        }
        keyStart = from;
        keyLength = valueAt - from;
        labels.moveTo(bytes, from);
        if (labels.varyingCount > 0) {
            run.learn(keyStart, keyLength);
        }
    }

    private int readNextKey(byte[] bytes, int from) {
        return announcedLength == 0 ? readSimilarKey(bytes, from) : readAnnouncedKey(bytes, from);
    }

    /** Reads a key that begins like the last one, as far as that helps; returns where the value starts. */
    private int readSimilarKey(byte[] bytes, int from) {
        int equal = Bytes.mismatch(bytes, from, keyBytes, keyStart, keyLength);
        sameName = equal > nameLength;
        if (equal == keyLength) {
            return from + keyLength;
        }
        if (sameName) {
            return readSimilarLabels(bytes, from, equal);
        }
        int nameEnd = equal == 0 ? metricNameEnd(bytes, from) : wordEnd(bytes, from + equal);
        sameName = equal == nameLength && nameEnd == from + equal;
        return readOtherName(bytes, from, nameEnd);
    }

    /** Reads a key behind a comment that names its family. */
    private int readAnnouncedKey(byte[] bytes, int from) {
        int length = announcedLength;
        announcedLength = 0;
        if (length == ANOTHER) {
            return readAnyName(bytes, from, metricNameEnd(bytes, from));
        }
        if (!Bytes.same(bytes, from, bytes, announcedStart, length)) {
            return readSimilarKey(bytes, from);
        }
        int familyEnd = from + length;
        return readAnyName(bytes, from, bytes[familyEnd] == ' ' ? familyEnd : wordEnd(bytes, familyEnd));
    }

    /** A name that is good, perhaps the same. */
    private int readAnyName(byte[] bytes, int from, int nameEnd) {
        sameName = nameEnd - from == nameLength && Bytes.same(bytes, from, keyBytes, keyStart, nameLength);
        return readOtherName(bytes, from, nameEnd);
    }

    /** Another name, which is good; its labels may well be those of the line before. */
    private int readOtherName(byte[] bytes, int from, int nameEnd) {
        if (nameEnd < 0) {
            return NOT_PLAIN;
        }
        if (bytes[nameEnd] == ' ') {
            return readKey(bytes, from, nameEnd);
        }
        int rest = keyLength - nameLength;
        int same = Bytes.mismatch(bytes, nameEnd, keyBytes, keyStart + nameLength, rest);
        if (same == 0) {
            return readKey(bytes, from, nameEnd);
        }
        int shift = nameEnd - from - nameLength;
        labels.shift(0, shift);
        // From here on the line before is thought to have had a name as long as this one.
        keyStart -= shift;
        keyLength += shift;
        nameLength += shift;
        return same == rest ? from + keyLength : readSimilarLabels(bytes, from, nameLength + same);
    }

    /** Reads a key whose first {@code equal} bytes, its name among them, are those of the last one. */
    private int readSimilarLabels(byte[] bytes, int from, int equal) {
        int[] spans = labels.spans;
        int last = labels.count * LabelSpans.INTS;
        int same = equal;
        for (int label = 0; label < last; label += LabelSpans.INTS) {
            if (same > spans[label + LabelSpans.VALUE_END]) {
                continue;
            }
            if (same < spans[label + LabelSpans.VALUE_START]) {
                return readOtherLabels(bytes, from, label, same);
            }
            same = readOtherValue(bytes, from, label, same);
            if (same < 0 || same == keyLength) {
                return same < 0 ? NOT_PLAIN : from + keyLength;
            }
        }
        return readKey(bytes, from);
    }

    /** Reads other labels than those of the line before, from {@code label} on. */
    private int readOtherLabels(byte[] bytes, int from, int label, int same) {
        labels.count = label / LabelSpans.INTS;
        labels.varyingCount = 0;
        labels.moveTo(bytes, from);
        int start = labels.spans[label];
        return same < start ? readMoreLabels(bytes, from + same) : readLabels(bytes, from + start);
    }

    /** Reads a label's value that is another one; returns how many bytes are equal then, the value taken for equal. */
    private int readOtherValue(byte[] bytes, int from, int label, int equal) {
        int[] spans = labels.spans;
        int valueStart = from + spans[label + LabelSpans.VALUE_START];
        int valueEnd = valueEnd(bytes, ascii ? from + equal : valueStart, valueStart);
        if (valueEnd < 0) {
            return NOT_PLAIN;
        }
        int shift = valueEnd - from - spans[label + LabelSpans.VALUE_END];
        labels.shift(label + LabelSpans.VALUE_END, shift);
        labels.varies(label);
        // From here on the line before is thought to have had a value as long as this one.
        keyStart -= shift;
        keyLength += shift;
        int end = valueEnd - from;
        return end + Bytes.mismatch(bytes, valueEnd, keyBytes, keyStart + end, keyLength - end);
    }

    private int readKey(byte[] bytes, int from) {
        return readKey(bytes, from, metricNameEnd(bytes, from));
    }

    private int readKey(byte[] bytes, int from, int nameEnd) {
        ascii = true;
        labels.begin(bytes, from);
        if (nameEnd < 0) {
            return NOT_PLAIN;
        }
        nameLength = nameEnd - from;
        if (bytes[nameEnd] == '{') {
            return readLabels(bytes, nameEnd + 1);
        }
        return bytes[nameEnd] == ' ' ? nameEnd + 1 : NOT_PLAIN;
    }

    /** Whether a metric name can begin with {@code b}. */
    static boolean startsName(byte b) {
        return CLASSES[b & 0xFF] != 0 && !isDigit(b);
    }

    /** Where the metric name that starts at {@code from} ends, or {@link #NOT_PLAIN} if none does. */
    static int metricNameEnd(byte[] bytes, int from) {
        return startsName(bytes[from]) ? wordEnd(bytes, from + 1) : NOT_PLAIN;
    }

    /** Where the letters, digits, underscores and colons from {@code from} on end. */
    private static int wordEnd(byte[] bytes, int from) {
        int at = from;
        long others = Bytes.otherThanNameBytes(Bytes.eightAt(bytes, at));
        while (others == 0) {
            at += Bytes.EIGHT;
            others = Bytes.otherThanNameBytes(Bytes.eightAt(bytes, at));
        }
        return at + Bytes.firstOf(others);
    }

    /** Reads labels from the one at {@code at} on; returns where the value starts. */
    private int readLabels(byte[] bytes, int at) {
        while (bytes[at] != '}') {
            int nameEnd = labelNameEnd(bytes, at);
            if (nameEnd < 0) {
                return NOT_PLAIN;
            }
            int valueEnd = valueEnd(bytes, nameEnd + 2, nameEnd + 2);
            if (valueEnd < 0 || labels.count == labelsMax || labels.hasPlainName(at, nameEnd)) {
                return NOT_PLAIN;
            }
            labels.add(at, nameEnd, nameEnd + 2, valueEnd);
            at = valueEnd + 1;
            if (bytes[at] == ',') {
                at++;
            } else if (bytes[at] != '}') {
                return NOT_PLAIN;
            }
        }
        return bytes[at + 1] == ' ' ? at + 2 : NOT_PLAIN;
    }

    /** Reads what stands behind a label's closing quote. */
    private int readMoreLabels(byte[] bytes, int at) {
        if (bytes[at] == ',') {
            return readLabels(bytes, at + 1);
        }
        return bytes[at] == '}' && bytes[at + 1] == ' ' ? at + 2 : NOT_PLAIN;
    }

    /** Where a label name ends that is followed by {@code ="}, or {@link #NOT_PLAIN}. */
    private static int labelNameEnd(byte[] bytes, int from) {
        if (isDigit(bytes[from])) {
            return NOT_PLAIN;
        }
        int at = from;
        while (CLASSES[bytes[at] & 0xFF] == LABEL_NAME) {
            at++;
        }
        boolean reserved = at - from == 8 && Bytes.eightAt(bytes, from) == NAME_LABEL;
        return at > from && bytes[at] == '=' && bytes[at + 1] == '"' && !reserved ? at : NOT_PLAIN;
    }

    /** Where the quote stands that ends a text which is good up to {@code from} and starts at {@code start}. */
    private int valueEnd(byte[] bytes, int from, int start) {
        long seen = 0;
        for (int at = from; ; at += Bytes.EIGHT) {
            long eight = Bytes.eightAt(bytes, at);
            long marks = Bytes.zerosIn(eight ^ QUOTES)
                    | Bytes.zerosIn(eight ^ BACKSLASHES)
                    | Bytes.zerosIn(eight ^ NEWLINES);
            seen |= eight & Bytes.HIGH_BITS;
            if (marks != 0) {
                int end = at + Bytes.firstOf(marks);
                return bytes[end] == '"' && (seen == 0 || isUtf8(bytes, start, end)) ? end : NOT_PLAIN;
            }
        }
    }

    private boolean isUtf8(byte[] bytes, int from, int to) {
        ascii = false;
        return Utf8.isValid(bytes, from, to);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (char c = '0'; c <= 'z'; c++) {
            boolean word = Character.isLetterOrDigit(c) || c == '_';
            classes[c] = word ? LABEL_NAME : c == ':' ? METRIC_NAME : 0;
        }
        return classes;
    }
}
