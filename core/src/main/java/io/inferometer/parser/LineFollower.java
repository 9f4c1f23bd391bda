package io.inferometer.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fast path of a page that is read again: goes along the lines of the last page for as long as those of this one are
 * the same but for their values.
 *
 * <p>It foretells a stretch of lines: those that never change as they are, and those that mostly do with the values that
 * would stand on this page if all were as long as before. These are written into the memory, and one comparison of the
 * stretch says whether it came so. Where it did not, or a value is longer or shorter, only that line is read, as lines with
 * timestamps are; where a key is another one, somebody else must look at the line. One thread.
 */
final class LineFollower {
    private static final byte[] NO_BYTES = {};

    /** Many lines change on one page and not on the next; to follow that would cost more than it saves. */
    private static final int TIGHTENING_PAGES = 8;

    private static final int LOOSE_AND_STAMPED = LineTable.LOOSE | LineTable.STAMPED;

    /** So many lines are foretold where that was wrong just now. */
    private static final int REACH_MIN = 4;

    private final PageMemory memory;
    private final Sample sample;
    private final PlainValue value;
    private final int lineBytesMax;

    private byte[] bytes = NO_BYTES;
    private int limit;

    /** Which lines must be read by the rules of the mode, even if they are equal. */
    private int stops;

    /** How many lines are foretold at once: many, until that turned out wrong. */
    private int reach;

    private long lines;
    private long samples;
    private boolean lost;

    /** The lines that are to be shown next. */
    private final FoundLines found = new FoundLines();

    private final Foretold foretold;

    private final Audience audience;

    /** The line that should come next, and the one that came last. */
    private int line;

    private int last;

    /** The memory from {@link #equalStart} to {@link #equalEnd} is what stands {@link #shift} further in the page's array. */
    private int equalStart;

    private int equalEnd;
    private int shift;

    LineFollower(PageMemory memory, Sample sample, ParserOptions options) {
        this.memory = memory;
        this.sample = sample;
        audience = new Audience(sample);
        value = new PlainValue(options.format() == PageFormat.TEXT);
        foretold = new Foretold(memory, found, value);
        lineBytesMax = options.lineBytesMax();
    }

    /** A page begins. */
    void beginPage(SampleHandler listener, @Nullable ChangeHandler onlyChanges, boolean passesComments) {
        audience.come(listener, onlyChanges);
        stops = LineTable.CAREFUL | (passesComments ? 0 : LineTable.COMMENT);
        reach = FoundLines.MAX;
        foretold.beginPage(stops, audience.wantsAll());
    }

    /** What comes stands in {@code page}, the lines of which end at {@code end}. */
    void beginBytes(byte[] page, int end) {
        bytes = page;
        limit = end;
        equalEnd = 0;
        foretold.beginBytes(page, end);
    }

    /** Lets go of the page. */
    void release() {
        bytes = NO_BYTES;
        foretold.beginBytes(NO_BYTES, 0);
        audience.come(PageReader.NOBODY, null);
    }

    /** How many lines of the page were read. */
    long lines() {
        return lines;
    }

    /** How many samples that are wanted were passed by the last call. */
    long samples() {
        return samples;
    }

    /** Whether it stopped because the next line is not the expected one, and perhaps is another that is remembered. */
    boolean isLost() {
        return lost;
    }

    /**
     * Reads on from {@code from}, where a line starts.
     *
     * @param linesBefore how many lines of the page were read
     * @return where reading stopped
     */
    int follow(int from, long linesBefore) {
        line = memory.expected;
        last = memory.last;
        lines = linesBefore;
        samples = 0;
        lost = false;
        found.count = 0;
        boolean writing = memory.writing;
        int here = from;
        int before;
        do {
            before = here;
            if (!writing) {
                here = passStretches(here);
            }
            if (line >= 0 && here < limit && compare(here)) {
                here = readOne(here);
            }
        } while (!lost && here > before && line >= 0 && here < limit);
        lost |= line < 0;
        show();
        if (here > from) {
            sample.typesChanged(); // Perhaps, since TYPE lines were passed over without a look.
        }
        memory.expected = line;
        memory.last = last;
        return here;
    }

    /** Finds out how much from here on is equal; says whether it is the key of the expected line at least. */
    private boolean compare(int here) {
        LineTable table = memory.table;
        int old = table.start(line);
        int move = here - old;
        if (move == shift && old >= equalStart && old < equalEnd) {
            return true;
        }
        int mismatch = Arrays.mismatch(memory.text, old, memory.textEnd, bytes, here, limit);
        int agreed = mismatch < 0 ? Math.min(memory.textEnd - old, limit - here) : mismatch;
        if (agreed < table.keyLength(line)) {
            lost = true;
            return false;
        }
        equalStart = old;
        equalEnd = old + agreed;
        shift = move;
        return true;
    }

    /** Reads lines as long as they are those of the last page, many at a time. */
    private int passStretches(int from) {
        int here = from;
        int before = -1;
        while (here > before && line >= 0 && here < limit) {
            before = here;
            here = isLooseAndStamped(line) ? readStamped(here) : passStretch(here);
        }
        return here;
    }

    /**
     * Reads lines that are foretold to be the next ones, and to be as long as they were: values that are known to change are
     * written into the memory, and then one comparison says whether it was so.
     */
    private int passStretch(int from) {
        LineTable table = memory.table;
        int first = line;
        int start = table.start(first);
        if (first != last + 1 && !isKey(first, from)) {
            return from;
        }
        goOn(first, from, lines + 1);
        int move = from - start;
        foretold.tell(first, first + Math.min(reach, FoundLines.MAX - found.count), move);
        int mismatch = Arrays.mismatch(memory.text, start, foretold.end(), bytes, from, foretold.end() + move);
        if (mismatch >= 0) {
            foretold.cut(start + mismatch);
            reach = REACH_MIN;
            equalEnd = 0; // What was foretold and did not come stands in the memory.
        } else if (foretold.behind() > first) {
            reach = Math.min(2 * reach, FoundLines.MAX);
        }
        int behind = foretold.behind();
        if (behind > first) {
            came(first, behind);
        }
        int here = table.start(behind) + move;
        int newline = foretold.newline();
        return newline < 0 || newline - here > lineBytesMax ? here : readUnforetold(here, newline + 1);
    }

    /** Whether the key of {@code line} stands at {@code from}. */
    private boolean isKey(int line, int from) {
        int start = memory.table.start(line);
        int key = memory.table.keyLength(line);
        return key <= limit - from && Arrays.equals(memory.text, start, start + key, bytes, from, from + key);
    }

    /** The lines from {@code first} to the one before {@code behind} came as foretold. */
    private void came(int first, int behind) {
        memory.countChanges(foretold.changes());
        if (tightens()) {
            foretold.tightenUnchanged();
        }
        if (foretold.hasTypes()) {
            memory.passedTypes(first, behind, lines + 1);
        }
        if (memory.astray) {
            for (int at = first; at < behind; at++) {
                memory.table.see(at, memory.page);
            }
        }
        lines += behind - first;
        samples += foretold.samples();
        last = behind - 1;
        line = memory.table.has(last, LineTable.APART) ? turn(last) : behind;
        if (found.count > FoundLines.MAX / 2) {
            show();
        }
    }

    /** Reads a line the key of which is the expected one, and the value of which was read just now. */
    private int readUnforetold(int here, int next) {
        int flags = memory.table.info(line);
        memory.otherLengths += next - here == memory.table.length(line) ? 0 : 1;
        cameAlone(here, flags, noteOne(line, flags, here, next));
        return next;
    }

    /** Reads lines with timestamps, the keys of which are compared one by one: to write them down costs more than that saves. */
    private int readStamped(int from) {
        LineTable table = memory.table;
        int here = from;
        while (line >= 0 && here < limit && isLooseAndStamped(line) && !memory.isSeen(line) && isKey(line, here)) {
            int flags = table.info(line);
            int newline = value.read(bytes, here + table.keyLength(line));
            if (newline < 0 || newline - here > lineBytesMax) {
                break;
            }
            cameAlone(here, flags, noteOne(line, flags, here, newline + 1));
            here = newline + 1;
        }
        return here;
    }

    /** The expected line stands at {@code here}. */
    private void cameAlone(int here, int flags, boolean changed) {
        lines++;
        if ((flags & LineTable.SHOWN) != 0) {
            samples++;
            add(line, here, changed);
        }
        memory.table.see(line, memory.page);
        last = line;
        line = (flags & LineTable.APART) == 0 ? line + 1 : turn(line);
    }

    private boolean isLooseAndStamped(int line) {
        return (memory.table.info(line) & (LOOSE_AND_STAMPED | LineTable.CAREFUL)) == LOOSE_AND_STAMPED;
    }

    /** The line that follows one behind which another stands in the memory. */
    private int turn(int at) {
        int next = memory.table.next[at];
        memory.jumps += next != at + 1 && next >= 0 ? 1 : 0;
        return next;
    }

    /** Reads a line of which the key is equal, if that can be done here. */
    private int readOne(int here) {
        LineTable table = memory.table;
        int at = line;
        int old = table.start(at);
        if (old >= equalEnd) {
            return here;
        }
        int flags = table.info(at);
        if ((flags & LineTable.CAREFUL) != 0 || memory.isSeen(at)) {
            lost = (flags & LineTable.CAREFUL) == 0;
            return here;
        }
        int next = table.start(at + 1) + shift;
        boolean changed = false;
        if (table.start(at + 1) > equalEnd || (flags & LineTable.LOOSE) != 0) {
            int valueAt = here + table.keyLength(at);
            if (valueAt - shift > equalEnd || (flags & LineTable.COMMENT) != 0) {
                lost = true;
                return here;
            }
            int newline = value.read(bytes, valueAt);
            if (newline < 0 || newline - here > lineBytesMax) {
                return here;
            }
            next = newline + 1;
            changed = noteOne(at, flags, here, next);
        } else if ((flags & LineTable.COMMENT) != 0) {
            if ((flags & stops) != 0) {
                return here;
            }
            if ((flags & LineTable.TYPE) != 0) {
                memory.passedTypes(at, at + 1, lines + 1);
            }
        }
        if (memory.writing) {
            memory.write(at, here, next);
        }
        cameAlone(here, flags, changed);
        return next;
    }

    /** Whether this is one of the pages on which lines that say the same again are taken for unchanging ones. */
    private boolean tightens() {
        return memory.page % TIGHTENING_PAGES == 0;
    }

    private boolean noteOne(int line, int flags, int at, int next) {
        boolean stamped = value.isStamped();
        boolean loose = (flags & LineTable.LOOSE) != 0;
        if (loose && !stamped && (flags & LineTable.STAMPED) == 0) {
            if (memory.noteLoose(line, value.number())) {
                return true;
            }
        } else if (memory.noteValue(line, value.number(), stamped, stamped ? value.millis() : 0)) {
            return true;
        }
        if (loose && tightens()) {
            memory.tighten(line, bytes, at, next);
        }
        return false;
    }

    /** The line at {@code from} is to be shown, unless only changes are told and it says the same. */
    private void add(int line, int from, boolean changed) {
        if (changed || audience.wantsAll()) {
            goOn(line, from, lines);
            found.place[found.count++] = line;
            if (found.count == FoundLines.MAX) {
                show();
            }
        }
    }

    /** What is found from now on begins with {@code first}, which stands at {@code from} and is line {@code number}. */
    private void goOn(int first, int from, long number) {
        int move = from - memory.table.start(first);
        int numbering = (int) number - first;
        if (found.move != move || found.numbering != numbering) {
            show();
            found.move = move;
            found.numbering = numbering;
        }
    }

    private void show() {
        audience.show(found, bytes, memory.table);
    }
}
