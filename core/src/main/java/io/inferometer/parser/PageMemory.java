package io.inferometer.parser;

import java.util.Arrays;

/**
 * What one target's last page was, line by line, so that the next page need not be read where it is the same.
 *
 * <p>The bytes of a page and a table of its lines. Both stay as they are from page to page: a value that changes is noted
 * in the table, and its text, which nobody may rely on, marked as loose; a line that comes is added at the end, one that goes is marked as gone,
 * and one that moves is found by a hash of its key and linked elsewhere. Now and then, when that has left its marks, a
 * page is written down anew. One thread.
 */
final class PageMemory {
    private static final int NONE = LineTable.NONE;
    private static final byte[] NO_BYTES = {};

    /** Lines with values of another length than is remembered take longer, but some change theirs from page to page. */
    private static final int WRITTEN_PAGES = 128;

    private static final int UNTOLD_SIZE = 16;

    private static final int SLACK = PageBuffer.SLACK;

    /** The text of the lines, and how much of the array it is. */
    byte[] text = NO_BYTES;

    int textEnd;

    LineTable table = new LineTable();

    /** What is written while a page is written down anew. */
    private LineTable fresh = new LineTable();

    private int freshLast = NONE;
    private final KeyIndex index = new KeyIndex();
    private final SlotPool slots = new SlotPool();

    /** The line that should come next, and the one that came last. */
    int expected = NONE;

    int last = NONE;

    /** The number of this page. */
    int page;

    /** Whether a line came that was not the expected one; from then on those that came are marked as seen. */
    boolean astray;

    /** Whether this page is written down anew. */
    boolean writing;

    /** The last page that was. */
    private int writtenPage;

    /** Whether the text is the last page, byte for byte. */
    private boolean exact;

    private int looseLines;
    private int goneLines;

    /** What this page made of the memory. */
    int jumps;

    int looseButSame;
    int otherLengths;
    private int changes;
    private boolean unknownLines;

    /** Where the array at hand begins, counted from the start of the page. */
    private int base;

    /** The lines that were passed over, and the {@code # TYPE} lines among them not told: the first, the one behind, a number. */
    private int[] untoldFirst = new int[UNTOLD_SIZE];

    private int[] untoldBehind = new int[UNTOLD_SIZE];
    private long[] untoldNumber = new long[UNTOLD_SIZE];
    private int untoldCount;
    private int untoldNext;

    /** The line read last. */
    int slot = NONE;

    private boolean changed;
    private boolean known;

    /** Whether a page is remembered. */
    boolean isEmpty() {
        return textEnd == 0;
    }

    /** Whether {@code [from, to)} is the remembered page, byte for byte. */
    boolean isPage(byte[] bytes, int from, int to) {
        return exact && to - from == textEnd && Arrays.mismatch(text, 0, textEnd, bytes, from, to) < 0;
    }

    void beginPage() {
        page++;
        expected = table.first;
        last = NONE;
        astray = false;
        writing |= isEmpty();
        fresh.clear();
        freshLast = NONE;
        jumps = 0;
        looseButSame = 0;
        otherLengths = 0;
        changes = 0;
        unknownLines = false;
        untoldCount = 0;
        untoldNext = 0;
    }

    /** The next lines stand in an array where {@code from} is {@code place} bytes from the start of the page. */
    void beginBytes(int place, int from) {
        base = from - place;
    }

    /** The line in {@code [at, next)} is {@code line}, the expected one. */
    private void came(int line, int at, int next) {
        if (astray) {
            table.see(line, page);
        }
        if (writing) {
            write(line, at, next);
        }
        last = line;
        expected = table.next[line];
    }

    /** Writes down {@code line}, which stands in {@code [at, next)}. */
    void write(int line, int at, int next) {
        link(fresh.addFrom(table, line, at - base, next - base));
    }

    private void link(int line) {
        fresh.follow(freshLast, line);
        freshLast = line;
    }

    /** The next line is {@code line} instead of the expected one. */
    void jump(int line) {
        goAstray();
        table.follow(last, line);
        expected = line;
    }

    private void goAstray() {
        if (astray) {
            return;
        }
        astray = true;
        if (last != NONE) {
            int line = table.first;
            for (; line != last; line = table.next[line]) {
                table.see(line, page);
            }
            table.see(line, page);
        }
    }

    /** Whether the line came on this page already. */
    boolean isSeen(int line) {
        return astray && table.isSeen(line, page);
    }

    /** The place of the line at {@code at} that is remembered and can be read without the rules of the mode. */
    int find(byte[] bytes, int at) {
        int newline = Bytes.newlineFrom(bytes, at);
        if (bytes[at] == '#') {
            return search(bytes, at, newline + 1 - at, LineTable.COMMENT, LineTable.COMMENT);
        }
        int key = keyLength(bytes, at, newline);
        int line = search(bytes, at, key, LineTable.COMMENT | LineTable.CAREFUL, 0);
        if (line == NONE && key > 1 && table.stamps.length > 0) {
            key = keyLength(bytes, at, at + key - 1);
            line = search(bytes, at, key, LineTable.COMMENT | LineTable.CAREFUL, 0);
        }
        return line;
    }

    /** The length of what stands before the last word of a line. */
    private static int keyLength(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && bytes[at - 1] != ' ') {
            at--;
        }
        return at - from;
    }

    /** The place of a line with this key, of whose flags those in {@code mask} are {@code flags}. */
    private int search(byte[] bytes, int at, int key, int mask, int flags) {
        if (key == 0 || table.count == 0) {
            return NONE;
        }
        return search(bytes, at, key, Bytes.hash(bytes, at, at + key), mask, flags);
    }

    private int search(byte[] bytes, int at, int key, int hash, int mask, int flags) {
        index.use(table);
        for (int line = index.first(hash); line >= 0; line = index.next()) {
            if (table.hash[line] == hash
                    && (table.info(line) & (mask | LineTable.GONE)) == flags
                    && isAt(line, bytes, at, key)) {
                goAstray();
                if (!isSeen(line)) {
                    return line;
                }
            }
        }
        return NONE;
    }

    /** Whether {@code line} has the key of the line at {@code at}, and did not come yet. */
    private boolean isAt(int line, byte[] bytes, int at, int key) {
        int from = table.start(line);
        return table.keyLength(line) == key
                && !isSeen(line)
                && Arrays.equals(text, from, from + key, bytes, at, at + key);
    }

    /**
     * A sample's line in {@code [at, next)} was read in the ordinary way.
     *
     * @param key how long its key is
     * @param flags of {@link LineTable}
     */
    void read(byte[] bytes, int at, int next, int key, Sample sample, int flags) {
        int all = flags | (sample.labelCount() > LineTable.LABELS_MAX ? LineTable.CAREFUL : 0);
        int line = lineAt(bytes, at, key, 0);
        known = line != NONE;
        if (known) {
            noteValue(line, sample.value, sample.hasTimestamp, sample.timestampMs);
            if (((table.info(line) | all) & LineTable.CAREFUL) != 0) {
                loosen(line); // There may be more behind the value, such as an exemplar.
            }
            table.describe(line, sample, all);
            slot = table.slot[line];
            came(line, at, next);
        } else {
            changed = true;
            changes++;
            add(bytes, at, next, key);
            LineTable written = writing ? fresh : table;
            int place = written.count - 1;
            slot = slots.take();
            written.slot[place] = slot;
            written.describe(place, sample, all);
            written.note(place, sample.value, sample.hasTimestamp, sample.timestampMs);
        }
    }

    /** A comment in {@code [at, next)} was read in the ordinary way. */
    void comment(byte[] bytes, int at, int next, int flags) {
        int key = next - at;
        int line = lineAt(bytes, at, key, LineTable.COMMENT);
        if (line != NONE) {
            came(line, at, next);
        } else {
            add(bytes, at, next, key);
            LineTable written = writing ? fresh : table;
            written.set(written.count - 1, flags | LineTable.COMMENT, true);
        }
    }

    /** A line that cannot be remembered was read. */
    void unknownLine() {
        unknownLines = true;
    }

    /** The remembered line at {@code at}, from where reading goes on then, or {@link LineTable#NONE}. */
    private int lineAt(byte[] bytes, int at, int key, int kind) {
        if (expected != NONE && (table.info(expected) & LineTable.COMMENT) == kind && isAt(expected, bytes, at, key)) {
            return expected;
        }
        int line = search(bytes, at, key, LineTable.COMMENT, kind);
        if (line != NONE) {
            jump(line);
        }
        return line;
    }

    private void add(byte[] bytes, int at, int next, int key) {
        int hash = Bytes.hash(bytes, at, at + key);
        if (writing) {
            link(fresh.add(at - base, next - base, key, hash));
            return;
        }
        goAstray();
        int line = table.add(textEnd, textEnd + next - at, key, hash);
        if (text.length < table.start(line + 1) + SLACK) {
            text = Arrays.copyOf(text, table.start(line + 1) + SLACK + text.length / 8);
        }
        System.arraycopy(bytes, at, text, textEnd, next - at);
        textEnd = table.start(line + 1);
        index.add(table, line);
        table.see(line, page);
        table.follow(last, line);
        table.follow(line, expected);
        last = line;
    }

    /** Notes what a line says now; returns whether it said something else. */
    boolean noteValue(int line, double number, boolean stamped, long millis) {
        changed = !table.says(line, number, stamped, millis);
        if (changed) {
            changes++;
            table.note(line, number, stamped, millis);
            loosen(line);
        }
        return changed;
    }

    /** So many lines more say something else. */
    void countChanges(int many) {
        changes += many;
    }

    private void loosen(int line) {
        if (!table.has(line, LineTable.LOOSE)) {
            table.set(line, LineTable.LOOSE, true);
            looseLines++;
        }
    }

    /** The same for a loose line without a timestamp, then and now. */
    boolean noteLoose(int line, double number) {
        if (Double.doubleToRawLongBits(table.value[line]) == Double.doubleToRawLongBits(number)) {
            return false;
        }
        changes++;
        table.value[line] = number;
        return true;
    }

    /** A loose line in {@code [at, next)} still says the same. */
    void tighten(int line, byte[] bytes, int at, int next) {
        if (next - at != table.length(line)) {
            looseButSame++;
            return;
        }
        int key = table.keyLength(line);
        System.arraycopy(bytes, at + key, text, table.start(line) + key, next - at - key);
        table.set(line, LineTable.LOOSE, false);
        looseLines--;
    }

    /** Lines were passed over, among which may be {@code # TYPE} lines; {@code number} is that of the first on this page. */
    void passedTypes(int first, int behind, long number) {
        if (untoldCount == untoldFirst.length) {
            untoldFirst = Arrays.copyOf(untoldFirst, 2 * untoldCount);
            untoldBehind = Arrays.copyOf(untoldBehind, 2 * untoldCount);
            untoldNumber = Arrays.copyOf(untoldNumber, 2 * untoldCount);
        }
        untoldFirst[untoldCount] = first;
        untoldBehind[untoldCount] = behind;
        untoldNumber[untoldCount++] = number;
    }

    /** Reads the {@code # TYPE} lines that were passed over and stand before line {@code number}, since somebody wants to know. */
    void tellTypes(PlainComments comments, long number) {
        while (untoldNext < untoldCount && untoldNumber[untoldNext] < number) {
            int line = untoldFirst[untoldNext]++;
            untoldNumber[untoldNext]++;
            if (table.has(line, LineTable.TYPE)) {
                comments.forget();
                comments.read(text, table.start(line));
                comments.forget();
            }
            if (untoldFirst[untoldNext] == untoldBehind[untoldNext]) {
                untoldNext++;
            }
        }
    }

    /** Whether the line read last was on the last page too. */
    boolean isKnown() {
        return known;
    }

    /** Whether the value or the timestamp of the line read last is another one than on the last page. */
    boolean isChanged() {
        return changed;
    }

    int slotCount() {
        return slots.count();
    }

    /** Tells which slots are no longer in use, and takes them back. */
    void removeLost(ChangeHandler handler) {
        if (astray) {
            for (int line = 0; line < table.count; line++) {
                if (!table.has(line, LineTable.GONE) && !table.isSeen(line, page)) {
                    remove(line, handler);
                }
            }
        } else {
            for (int line = expected; line != NONE; line = table.next[line]) {
                remove(line, handler);
            }
        }
        if (expected != NONE) {
            table.follow(last, NONE);
        }
    }

    private void remove(int line, ChangeHandler handler) {
        goneLines++;
        boolean sample = !table.has(line, LineTable.COMMENT);
        table.set(line, LineTable.GONE, true);
        if (sample) {
            slots.giveBack(table.slot[line]);
            if (!table.has(line, LineTable.HIDDEN)) {
                handler.onRemoved(table.slot[line]);
            }
        }
    }

    /**
     * The page ended; it stands in two arrays, one behind the other.
     *
     * @param exactly whether it is of use to know the last page byte for byte
     */
    void endPage(byte[] head, int headFrom, int headTo, byte[] tail, int tailFrom, int tailTo, boolean exactly) {
        if (writing) {
            takeFresh();
            takeText(head, headFrom, headTo, tail, tailFrom, tailTo);
            writtenPage = page;
            writing = false;
            return;
        }
        exact = looseLines == 0 && exact && !astray && !unknownLines && goneLines == 0;
        boolean still = changes == 0 && !astray && goneLines == 0;
        int few = table.count / 16 + 8;
        writing = (exactly && still && !exact)
                || goneLines > 2 * few
                || looseButSame > few
                || (jumps > few && !astray)
                || (otherLengths > few / 2 && page - writtenPage >= WRITTEN_PAGES);
    }

    private void takeFresh() {
        LineTable written = fresh;
        fresh = table.isTooLarge() ? new LineTable() : table;
        fresh.clear();
        table = written;
        index.forget();
        looseLines = 0;
        goneLines = 0;
        exact = true;
    }

    private void takeText(byte[] head, int headFrom, int headTo, byte[] tail, int tailFrom, int tailTo) {
        int headLength = headTo - headFrom;
        textEnd = headLength + tailTo - tailFrom;
        int needed = textEnd + SLACK;
        if (text.length < needed || text.length / 4 > needed) {
            text = new byte[needed + textEnd / 16];
        }
        System.arraycopy(head, headFrom, text, 0, headLength);
        System.arraycopy(tail, tailFrom, text, headLength, tailTo - tailFrom);
    }

    /** Forgets everything, and lets go of it. */
    void forget() {
        text = NO_BYTES;
        textEnd = 0;
        slot = NONE;
        exact = false;
        writing = false;
        looseLines = 0;
        goneLines = 0;
        table = new LineTable();
        fresh = new LineTable();
        untoldFirst = new int[UNTOLD_SIZE];
        untoldBehind = new int[UNTOLD_SIZE];
        untoldNumber = new long[UNTOLD_SIZE];
        untoldCount = 0;
        untoldNext = 0;
        index.clear();
        slots.clear();
    }

    /** The memory it takes, in bytes. */
    long retainedBytes() {
        long untold = (long) untoldNumber.length * (2 * Integer.BYTES + Long.BYTES);
        return untold + text.length + table.bytes() + fresh.bytes() + index.bytes() + slots.bytes();
    }
}
