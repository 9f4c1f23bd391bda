package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code # TYPE} lines of the page so far: family name to type.
 *
 * <p>A list of lines, and open addressing over it that is brought up to date only when somebody asks for a type, since
 * who knows an engine's families does not ask. A name is left where it stands on the page for as long as that stands
 * still, and copied then. No garbage from page to page. Bounded: a page with more TYPE lines than
 * any honest one makes the table forget them and start again. One thread.
 */
final class TypeTable {
    /** The most TYPE lines that are remembered at once. */
    static final int LINES_MAX = 1 << 16;

    /** The most bytes of family names that are remembered at once. */
    static final int NAME_BYTES_MAX = 1 << 22;

    private static final int FIRST_LINES = 128;

    private static final byte[] NO_PAGE = {};
    private static final MetricType[] TYPES = MetricType.values();

    /** The names of the lines that were copied, one behind the other. */
    private byte[] names = new byte[4096];

    /** Where the names of the other lines stand. */
    private byte[] page = NO_PAGE;

    /** Where each line's name starts and ends, in {@link #names} or on the {@link #page}. */
    private int[] starts = new int[FIRST_LINES];

    private int[] ends = new int[FIRST_LINES];

    /** The types' places among {@link #TYPES}, since to store a reference costs more. */
    private byte[] types = new byte[FIRST_LINES];

    private int lineCount;

    /** How many of the lines have names that are known to be such. */
    private int checked;

    /** How many of the lines have their names copied, and how many bytes that are. */
    private int copied;

    private int copiedBytes;

    /** The length of all names. */
    private int nameBytes;

    /** How many of the lines the slots know. */
    private int indexed;

    /** Line number plus one, 0 for an empty slot. Twice as many as there is room for lines. */
    private int[] slots = new int[2 * FIRST_LINES];

    /** Brings lines here that were passed over, when somebody asks for a type. */
    private LongConsumer catchUp = line -> {};

    /** Some lines may be passed over; {@code more} adds those before a line when they are needed. */
    void catchUpBy(LongConsumer more) {
        catchUp = more;
    }

    /** Forgets all lines, and the page. */
    void clear() {
        if (indexed > 0) {
            Arrays.fill(slots, 0);
        }
        indexed = 0;
        lineCount = 0;
        checked = 0;
        copied = 0;
        copiedBytes = 0;
        nameBytes = 0;
        page = NO_PAGE;
    }

    /** Adds a line with a name, whatever that is. */
    void add(byte[] bytes, int from, int to, MetricType type) {
        check();
        if (to - from > NAME_BYTES_MAX) {
            return;
        }
        if (isFull(to - from)) {
            clear();
        }
        append(bytes, from, to, type);
        checked = lineCount;
    }

    /**
     * Adds a line of which it is found out later, if somebody asks for a type, whether what stands between {@code from} and
     * {@code to} is a name and blanks. If it is not, the line says nothing. It must begin as a name does, and
     * be followed by a blank and eight bytes more.
     *
     * @return whether it was taken; not where what is found out later would decide which lines are forgotten
     */
    boolean addUnchecked(byte[] bytes, int from, int to, MetricType type) {
        if (isFull(to - from)) {
            return false;
        }
        append(bytes, from, to, type);
        return true;
    }

    private boolean isFull(int nameLength) {
        return lineCount == LINES_MAX || nameLength > NAME_BYTES_MAX - nameBytes;
    }

    /** Keeps of the lines that were not checked those that say something. */
    private void check() {
        int kept = checked;
        for (int i = checked; i < lineCount; i++) {
            int nameEnd = PlainLines.metricNameEnd(page, starts[i]);
            int blank = nameEnd;
            while (blank < ends[i] && page[blank] == ' ') {
                blank++;
            }
            nameBytes -= ends[i] - starts[i];
            if (blank >= ends[i]) {
                starts[kept] = starts[i];
                ends[kept] = nameEnd;
                types[kept] = types[i];
                nameBytes += nameEnd - starts[i];
                kept++;
            }
        }
        checked = kept;
        lineCount = kept;
    }

    @SuppressWarnings({"ReferenceEquality", "EnumOrdinal"
    }) // The same array, not an equal one; no ordinal leaves this table.
    private void append(byte[] bytes, int from, int to, MetricType type) {
        if (page != bytes) {
            bytesWillMove();
            page = bytes;
        }
        if (lineCount == types.length) {
            makeRoom();
        }
        starts[lineCount] = from;
        ends[lineCount] = to;
        types[lineCount] = (byte) type.ordinal();
        nameBytes += to - from;
        lineCount++;
    }

    private void makeRoom() {
        starts = Arrays.copyOf(starts, 2 * lineCount);
        ends = Arrays.copyOf(ends, 2 * lineCount);
        types = Arrays.copyOf(types, 2 * lineCount);
        slots = new int[2 * slots.length];
        indexed = 0;
    }

    /** Copies the names, since the array in which they stand will be written to. */
    void bytesWillMove() {
        check();
        if (nameBytes > names.length) {
            names = Arrays.copyOf(names, Math.max(2 * names.length, nameBytes));
        }
        for (; copied < lineCount; copied++) {
            int length = ends[copied] - starts[copied];
            System.arraycopy(page, starts[copied], names, copiedBytes, length);
            starts[copied] = copiedBytes;
            copiedBytes += length;
            ends[copied] = copiedBytes;
        }
    }

    /** The type of the family that the sample called {@code [from, to)} belongs to, as far as the lines before {@code line} say. */
    MetricType ofSample(byte[] bytes, int from, int to, boolean openMetrics, long line) {
        catchUp.accept(line);
        MetricType own = get(bytes, from, to);
        if (own != null) {
            return own;
        }
        for (Suffix suffix : openMetrics ? Suffix.OF_OPENMETRICS : Suffix.OF_TEXT) {
            int end = suffix.before(bytes, from, to);
            MetricType type = end < 0 ? null : get(bytes, from, end);
            if (type != null && suffix.of.contains(type)) {
                return type;
            }
        }
        return MetricType.UNKNOWN;
    }

    /** The type of the family called {@code [from, to)}, null if none was said. */
    private @Nullable MetricType get(byte[] bytes, int from, int to) {
        check();
        for (; indexed < lineCount; indexed++) {
            // Of two lines about one family the later one counts.
            slots[slotOf(holder(indexed), starts[indexed], ends[indexed])] = indexed + 1;
        }
        int line = lineCount == 0 ? 0 : slots[slotOf(bytes, from, to)];
        return line == 0 ? null : TYPES[types[line - 1]];
    }

    private int slotOf(byte[] bytes, int from, int to) {
        int mask = slots.length - 1;
        int slot = Bytes.hash(bytes, from, to) & mask;
        while (slots[slot] != 0 && !isNamed(slots[slot] - 1, bytes, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private byte[] holder(int line) {
        return line < copied ? names : page;
    }

    private boolean isNamed(int line, byte[] bytes, int from, int to) {
        return Arrays.equals(holder(line), starts[line], ends[line], bytes, from, to);
    }

    /** What a sample's name may have behind its family's, and in which types. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never shown to others.
    private record Suffix(byte[] text, Set<MetricType> of) {
        static final Suffix[] OF_TEXT = {
            suffix("_bucket", MetricType.HISTOGRAM),
            suffix("_sum", MetricType.HISTOGRAM, MetricType.SUMMARY),
            suffix("_count", MetricType.HISTOGRAM, MetricType.SUMMARY),
        };
        static final Suffix[] OF_OPENMETRICS = {
            suffix("_total", MetricType.COUNTER),
            suffix("_bucket", MetricType.HISTOGRAM, MetricType.GAUGEHISTOGRAM),
            suffix("_sum", MetricType.HISTOGRAM, MetricType.SUMMARY),
            suffix("_count", MetricType.HISTOGRAM, MetricType.SUMMARY),
            suffix("_created", MetricType.COUNTER, MetricType.HISTOGRAM, MetricType.SUMMARY),
            suffix("_gsum", MetricType.GAUGEHISTOGRAM),
            suffix("_gcount", MetricType.GAUGEHISTOGRAM),
            suffix("_info", MetricType.INFO),
        };

        private static Suffix suffix(String text, MetricType first, MetricType... others) {
            return new Suffix(text.getBytes(StandardCharsets.US_ASCII), EnumSet.of(first, others));
        }

        /** Where the name ends without this suffix, -1 if it has none. */
        int before(byte[] bytes, int from, int to) {
            int end = to - text.length;
            return end > from && Arrays.equals(bytes, end, to, text, 0, text.length) ? end : -1;
        }
    }
}
