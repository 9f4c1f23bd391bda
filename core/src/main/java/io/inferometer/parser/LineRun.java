package io.inferometer.parser;

/**
 * The fastest path: lines that differ from the one before in nothing but their value and the values of some labels, as
 * the buckets of a histogram do. One comparison settles what stands before, between and behind those labels, and the
 * places of the labels are moved only if somebody asks for one.
 *
 * <p>{@link PlainLines} reads the first lines of a run and learns from them which labels vary; the loop over the others
 * is here, with what it needs in local variables, which is worth a third of the time of a page of buckets. The same
 * conditions hold for the bytes. One thread.
 */
final class LineRun {
    private static final int NOT_PLAIN = PlainLines.NOT_PLAIN;

    private final Sample sample;
    private final LabelSpans labels;
    private final PlainValue value;
    private final int lineBytesMax;

    /** The lengths of what stands before, between and behind the values that vary. */
    private final int[] fixed = new int[LabelSpans.VARYING_MAX + 1];

    /** Where the varying values of the line at hand end, until it is known to belong to the run. */
    private final int[] ends = new int[LabelSpans.VARYING_MAX];

    /** The last line: where it starts, and the length of its key. */
    private int keyStart;

    private int keyLength;
    private long lines;

    LineRun(Sample sample, PlainValue value, int lineBytesMax) {
        this.sample = sample;
        labels = sample.labels;
        this.value = value;
        this.lineBytesMax = lineBytesMax;
    }

    /** Takes the line whose labels are in the view for the pattern of those that follow. */
    void learn(int start, int length) {
        keyStart = start;
        keyLength = length;
        int behind = 0;
        for (int i = 0; i < labels.varyingCount; i++) {
            int place = labels.varying[i];
            fixed[i] = labels.spans[place - LabelSpans.VALUE_END + LabelSpans.VALUE_START] - behind;
            behind = labels.spans[place];
            labels.ends[i] = behind;
        }
        fixed[labels.varyingCount] = length - behind;
    }

    /** Where the last line starts. */
    int keyStart() {
        return keyStart;
    }

    /** The length of the last line's key. */
    int keyLength() {
        return keyLength;
    }

    /** How many lines the last run had. */
    long lines() {
        return lines;
    }

    /**
     * Reads and shows the lines from {@code from} on, as long as they belong to the run; the line before must stand in
     * the same array.
     *
     * @param linesBefore how many lines of the page were read
     * @return where the first other line starts
     */
    int read(byte[] bytes, int from, int limit, long linesBefore, SampleHandler handler) {
        sample.likeTheLast();
        int next = labels.varyingCount == 1
                ? readWithOneVarying(bytes, from, limit, linesBefore, handler)
                : readWithSomeVarying(bytes, from, limit, linesBefore, handler);
        labels.settle();
        return next;
    }

    private int readWithOneVarying(byte[] bytes, int from, int limit, long linesBefore, SampleHandler handler) {
        int head = fixed[0];
        int tail = fixed[1];
        int nameLength = sample.nameLength();
        int key = keyStart;
        int oldEnd = key + labels.ends[0];
        long line = linesBefore;
        int at = from;
        while (at < limit && Bytes.same(bytes, at, bytes, key, head)) {
            int labelEnd = plainValueEnd(bytes, at + head);
            if (labelEnd < 0 || !Bytes.same(bytes, labelEnd, bytes, oldEnd, tail)) {
                break;
            }
            int end = value.read(bytes, labelEnd + tail);
            if (end < 0 || end - at > lineBytesMax) {
                break;
            }
            key = at;
            oldEnd = labelEnd;
            at = end + 1;
            labels.moveOneLoosely(key, oldEnd - key);
            sample.showPlain(key, nameLength, value, ++line);
            handler.onSample(sample);
        }
        keyStart = key;
        keyLength = oldEnd - key + tail;
        lines = line - linesBefore;
        return at;
    }

    private int readWithSomeVarying(byte[] bytes, int from, int limit, long linesBefore, SampleHandler handler) {
        int nameLength = sample.nameLength();
        long line = linesBefore;
        int at = from;
        while (at < limit) {
            int keyEnd = keyEnd(bytes, at);
            int end = keyEnd < 0 ? NOT_PLAIN : value.read(bytes, keyEnd);
            if (end < 0 || end - at > lineBytesMax) {
                break;
            }
            keyStart = at;
            keyLength = keyEnd - at;
            at = end + 1;
            labels.moveLoosely(keyStart, ends);
            sample.showPlain(keyStart, nameLength, value, ++line);
            handler.onSample(sample);
        }
        lines = line - linesBefore;
        return at;
    }

    /** Where the key of a line ends that belongs to the run, or {@link PlainLines#NOT_PLAIN}. */
    private int keyEnd(byte[] bytes, int from) {
        int at = from;
        int old = keyStart;
        int varying = labels.varyingCount;
        for (int i = 0; i < varying; i++) {
            if (!Bytes.same(bytes, at, bytes, old, fixed[i])) {
                return NOT_PLAIN;
            }
            at = plainValueEnd(bytes, at + fixed[i]);
            if (at < 0) {
                return NOT_PLAIN;
            }
            ends[i] = at - from;
            old = keyStart + labels.ends[i];
        }
        int length = fixed[varying];
        return Bytes.same(bytes, at, bytes, old, length) ? at + length : NOT_PLAIN;
    }

    /** Where the quote stands that ends a value without anything out of the ordinary. */
    private static int plainValueEnd(byte[] bytes, int from) {
        int at = from;
        long marks = Bytes.otherThanValueBytes(Bytes.eightAt(bytes, at));
        while (marks == 0) {
            at += Bytes.EIGHT;
            marks = Bytes.otherThanValueBytes(Bytes.eightAt(bytes, at));
        }
        int end = at + Bytes.firstOf(marks);
        return bytes[end] == '"' ? end : NOT_PLAIN;
    }
}
