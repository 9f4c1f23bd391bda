package io.inferometer.parser;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A view of one sample's line.
 *
 * <p>Valid only during {@link SampleHandler#onSample}, on that thread: the parser shows every line of a page through
 * the same object. Whoever keeps something copies it. The methods that return a String build it anew at each call; the
 * others allocate nothing, unless escapes must be resolved to answer them.
 */
public final class Sample {
    private static final byte[] NO_BYTES = {};
    private static final LineTable NO_LINES = new LineTable();
    private static final FoundLines NO_FOUND = new FoundLines();

    /** A longer name's array is not kept from page to page. */
    private static final int KEPT_NAME_MAX = 4096;

    private final TypeTable types;
    private final boolean openMetrics;

    /** Where the labels of this line stand. Filled by the readers, as the following fields are. */
    final LabelSpans labels = new LabelSpans();

    final LabelSpans exemplarLabels = new LabelSpans();

    double value;
    boolean hasTimestamp;
    long timestampMs;
    boolean hasExemplar;
    double exemplarValue;
    boolean hasExemplarTimestamp;
    long exemplarTimestampMs;
    long line;

    /** Where the value starts, set by the readers that read by the rules of a mode. */
    int keyEnd;

    private byte[] nameBytes = NO_BYTES;
    private int nameStart;
    private int nameEnd;

    /** Whether the name above is that of the line shown last, and not of one being read. */
    private boolean nameIsShown;

    /** The name of the line shown last, once {@link #keepName} was called. */
    private byte[] previousBytes = NO_BYTES;

    private byte[] keptName = NO_BYTES;
    private int previousStart;
    private int previousEnd;
    private boolean sameName;
    private boolean sameNameIsKnown = true;

    private MetricType type = MetricType.UNKNOWN;
    private boolean typeIsKnown;

    /** Where the line starts of which the type is known. */
    private int typedStart;

    /** The lines of the last page, and those of them that are shown one behind the other. */
    private LineTable remembered = NO_LINES;

    private FoundLines shown = NO_FOUND;

    /** Which of these is shown, {@link LineTable#NONE} if none is. */
    private int shownAt = LineTable.NONE;

    /** Whether of that line nothing is worked out yet but its value. */
    private boolean unsettled;

    Sample(TypeTable types, boolean openMetrics) {
        this.types = types;
        this.openMetrics = openMetrics;
    }

    /** The metric's name, built anew. */
    public String name() {
        settle();
        return Bytes.utf8(nameBytes, nameStart, nameEnd);
    }

    /** Whether the metric's name is {@code name}. */
    public boolean nameIs(String name) {
        settle();
        return Bytes.equal(nameBytes, nameStart, nameEnd, name);
    }

    /** Whether the metric's name starts with {@code prefix}. */
    public boolean nameStartsWith(String prefix) {
        settle();
        return Bytes.startsWith(nameBytes, nameStart, nameEnd, prefix) >= 0;
    }

    /** Whether the name is that of the sample delivered before this one; false for the first of a page. */
    public boolean sameNameAsPrevious() {
        settle();
        if (!sameNameIsKnown) {
            setSameName(hasPreviousName());
        }
        return sameName;
    }

    /** Length of the name, in bytes of UTF-8. */
    public int nameLength() {
        settle();
        return nameEnd - nameStart;
    }

    /**
     * One byte of the name's UTF-8.
     *
     * @param i which, from 0 to {@link #nameLength()} - 1
     */
    public byte nameByte(int i) {
        int at = Objects.checkIndex(i, nameLength());
        return nameBytes[nameStart + at];
    }

    /** A hash of the name's bytes: equal names have equal hashes as long as this JVM runs. */
    public int nameHash() {
        settle();
        return Bytes.hash(nameBytes, nameStart, nameEnd);
    }

    /** How many labels the sample carries, its name not counted. */
    public int labelCount() {
        return unsettled ? remembered.labels[shown.place[shownAt]] : labels.count();
    }

    /** The name of label {@code i}, in page order from 0, built anew. */
    public String labelName(int i) {
        settle();
        return labels.name(i);
    }

    /** The value of label {@code i}, escapes resolved, built anew. */
    public String labelValue(int i) {
        settle();
        return labels.value(i);
    }

    /** Whether label {@code i} is called {@code name}. */
    public boolean labelNameIs(int i, String name) {
        settle();
        return labels.nameIs(i, name);
    }

    /** Whether label {@code i} has the value {@code value}. */
    public boolean labelValueIs(int i, String value) {
        settle();
        return labels.valueIs(i, value);
    }

    /** Which label is called {@code name}, -1 if none is. */
    public int labelIndex(String name) {
        settle();
        return labels.indexOf(name);
    }

    /** The value of the label called {@code name}, built anew; null if the sample has no such label. */
    public @Nullable String label(String name) {
        settle();
        return labels.valueOf(name);
    }

    /** The value of label {@code i} as a number, such as a bucket's bound; NaN if it is none. */
    public double labelDouble(int i) {
        settle();
        return labels.number(i);
    }

    /** Whether the value of label {@code i} is a number; {@code "NaN"} is one. */
    public boolean labelIsDouble(int i) {
        settle();
        return labels.isNumber(i);
    }

    /** The sample's value. */
    public double value() {
        return value;
    }

    /** Whether the line carries a timestamp. */
    public boolean hasTimestamp() {
        settle();
        return hasTimestamp;
    }

    /** The timestamp in milliseconds since 1970, rounded down; 0 if there is none. */
    public long timestampMs() {
        settle();
        return timestampMs;
    }

    /**
     * What a {@code # TYPE} line above this one says about the sample's family, else {@link MetricType#UNKNOWN}. The
     * series of a histogram or a summary belong to their family; in OpenMetrics those of the other types do too.
     */
    public MetricType type() {
        settle();
        if (!typeIsKnown) {
            typedStart = nameStart;
            type = types.ofSample(nameBytes, nameStart, nameEnd, openMetrics, line);
            typeIsKnown = true;
        }
        return type;
    }

    /** The number of the line on its page, from 1. */
    public long line() {
        settle();
        return line;
    }

    /** Whether the line carries an exemplar. */
    public boolean hasExemplar() {
        return hasExemplar;
    }

    /** The exemplar's value; NaN if there is no exemplar. */
    public double exemplarValue() {
        return hasExemplar ? exemplarValue : Double.NaN;
    }

    /** Whether the exemplar carries a timestamp. */
    public boolean hasExemplarTimestamp() {
        return hasExemplar && hasExemplarTimestamp;
    }

    /** The exemplar's timestamp in milliseconds since 1970, rounded down; 0 if there is none. */
    public long exemplarTimestampMs() {
        return hasExemplarTimestamp() ? exemplarTimestampMs : 0;
    }

    /** How many labels the exemplar carries, 0 if there is no exemplar. */
    public int exemplarLabelCount() {
        return hasExemplar ? exemplarLabels.count() : 0;
    }

    /** The name of the exemplar's label {@code i}, in page order from 0, built anew. */
    public String exemplarLabelName(int i) {
        return exemplarLabels.name(Objects.checkIndex(i, exemplarLabelCount()));
    }

    /** The value of the exemplar's label {@code i}, escapes resolved, built anew. */
    public String exemplarLabelValue(int i) {
        return exemplarLabels.value(Objects.checkIndex(i, exemplarLabelCount()));
    }

    /** The line in short, for logs and debuggers. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name());
        for (int i = 0; i < labelCount(); i++) {
            text.append(i == 0 ? "{" : ",").append(labelName(i)).append("=\"").append(labelValue(i));
            text.append(i == labelCount() - 1 ? "\"}" : "\"");
        }
        return text.append(' ').append(value).toString();
    }

    /** Forgets what the sample before this page was. */
    void beginPage() {
        nameIsShown = false;
        previousEnd = -1;
        typeIsKnown = false;
    }

    void beginLine(byte[] page, int lineStart) {
        keepName();
        labels.begin(page, lineStart);
        exemplarLabels.begin(page, lineStart);
        nameEnd = -1;
        clearExtras();
    }

    private void clearExtras() {
        hasTimestamp = false;
        timestampMs = 0;
        hasExemplar = false;
        hasExemplarTimestamp = false;
    }

    /**
     * A line without anything but a plain name, the labels already noted, and a value.
     *
     * @param comparing whether the name must still be compared with that of the line shown last
     * @param nameIsSame what is known about that, if it must not
     */
    void plain(byte[] page, int lineStart, int nameLength, boolean comparing, boolean nameIsSame) {
        if (comparing) {
            keepName();
        }
        name(page, lineStart, lineStart + nameLength);
        if (hasExemplar) {
            clearExtras();
        }
        setSameName(comparing ? hasPreviousName() : nameIsSame);
    }

    /** The lines to come carry the same name as the line shown last, and no exemplar. */
    void likeTheLast() {
        clearExtras();
        setSameName(true);
    }

    /** A line of which everything else is known is about to be shown. */
    void showPlain(int lineStart, int nameLength, PlainValue plain, long lineNumber) {
        nameStart = lineStart;
        nameEnd = lineStart + nameLength;
        take(plain);
        line = lineNumber;
    }

    void take(PlainValue plain) {
        value = plain.number();
        if (plain.isStamped()) {
            hasTimestamp = true;
            timestampMs = plain.millis();
        } else if (hasTimestamp) {
            clearExtras();
        }
    }

    /** The lines to come stand in {@code page} and are remembered in {@code lines}; {@code which} says which they are. */
    void beginRemembered(byte[] page, LineTable lines, FoundLines which) {
        keepName();
        name(page, nameStart, nameEnd);
        labels.begin(page, 0);
        clearExtras();
        typeIsKnown = false;
        remembered = lines;
        shown = which;
    }

    /**
     * A line like one of the last page is about to be shown. Few callers look at more than its value, so that nothing else is
     * worked out until somebody asks.
     */
    void remembered(int index, double number) {
        shownAt = index;
        value = number;
        unsettled = true;
    }

    /** The last of these lines was shown. */
    void endRemembered() {
        unsettled = false;
        takePrevious(shownAt);
        nameIsShown = false;
        shownAt = LineTable.NONE;
    }

    /** The slot of the remembered line being shown, {@link LineTable#NONE} if it is none. */
    int slot() {
        return shownAt < 0 ? LineTable.NONE : remembered.slot[shown.place[shownAt]];
    }

    private void settle() {
        if (unsettled) {
            unsettled = false;
            workOut(shown.place[shownAt]);
        }
    }

    private void workOut(int place) {
        int length = remembered.nameLength(place);
        nameStart = remembered.start(place) + shown.move;
        nameEnd = nameStart + length;
        line = (long) shown.numbering + place;
        nameIsShown = true;
        labels.later(nameStart, length, remembered.labels[place]);
        hasTimestamp = remembered.has(place, LineTable.STAMPED);
        timestampMs = remembered.stamp(place);
        boolean follows = shownAt > 0;
        if (follows) {
            takePrevious(shownAt - 1);
        }
        sameNameIsKnown = false;
        typeIsKnown = typeIsKnown
                && follows
                && shown.place[shownAt - 1] == place - 1 // Between others there may be a TYPE line.
                && typedStart == previousStart
                && hasPreviousName();
    }

    private void takePrevious(int index) {
        int place = shown.place[index];
        int start = remembered.start(place) + shown.move;
        takePrevious(nameBytes, start, start + remembered.nameLength(place));
    }

    /** The timestamp, or that there is none. */
    void stamp(boolean stamped, long millis) {
        hasTimestamp = stamped;
        timestampMs = millis;
    }

    boolean hasName() {
        return nameEnd >= 0;
    }

    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    void name(byte[] holder, int from, int to) {
        if (nameBytes != holder) {
            nameBytes = holder;
        }
        nameStart = from;
        nameEnd = to;
    }

    /** This line, the name of which was compared already, is about to be shown. */
    void showPlain(long lineNumber) {
        line = lineNumber;
        nameIsShown = true;
    }

    /** This line is about to be shown. */
    void show(long lineNumber) {
        setSameName(hasPreviousName());
        showPlain(lineNumber);
    }

    private void setSameName(boolean same) {
        sameName = same;
        sameNameIsKnown = true;
        if (!same) {
            typeIsKnown = false;
        }
    }

    /** The line shown last becomes the previous one, since another is about to be read. */
    void keepName() {
        if (nameIsShown) {
            takePrevious(nameBytes, nameStart, nameEnd);
            nameIsShown = false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    private void takePrevious(byte[] holder, int from, int to) {
        if (previousBytes != holder) {
            previousBytes = holder; // Not written needlessly, since the garbage collector wants to know of it.
        }
        previousStart = from;
        previousEnd = to;
    }

    private boolean hasPreviousName() {
        return previousEnd >= 0
                && Arrays.equals(nameBytes, nameStart, nameEnd, previousBytes, previousStart, previousEnd);
    }

    /** A {@code # TYPE} line was read: what the sample before it was is no longer a hint. */
    void typesChanged() {
        typeIsKnown = false;
    }

    boolean wantedBy(FamilyFilter filter) {
        return filter.wants(nameBytes, nameStart, nameEnd);
    }

    /** Takes the last name along, since its array will be written to. */
    @SuppressWarnings("ReferenceEquality") // The same array, not an equal one.
    void bytesWillMove() {
        keepName();
        int length = previousEnd - previousStart;
        if (previousEnd < 0 || previousBytes == keptName) {
            return;
        }
        if (keptName.length < length) {
            keptName = new byte[2 * length];
        }
        System.arraycopy(previousBytes, previousStart, keptName, 0, length);
        previousBytes = keptName;
        previousStart = 0;
        previousEnd = length;
    }

    /** Lets go of the page. */
    void release() {
        beginLine(NO_BYTES, 0);
        name(NO_BYTES, 0, 0);
        keptName = keptName.length > KEPT_NAME_MAX ? NO_BYTES : keptName;
        previousBytes = NO_BYTES;
        previousEnd = -1;
        remembered = NO_LINES;
        shown = NO_FOUND;
        shownAt = LineTable.NONE;
        unsettled = false;
    }
}
