package io.inferometer.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fast path of a page that is read again: goes along the lines of the last page for as long as those of this one are
 * the same but for their values.
 *
 * <p>Lines whose values are known to change mostly stand together: of each the key is compared, and the value is read. Where
 * none is expected to change, one comparison passes over all that is equal. Where only what stands behind the key is another,
 * only the value is read; where the key is, somebody else must look at the line. One thread.
 */
final class LineFollower {
    private static final byte[] NO_BYTES = {};

    /** Many lines change on one page and not on the next; to follow that would cost more than it saves. */
    private static final int TIGHTENING_PAGES = 8;

    private static final int LOOSE_OR_CAREFUL = LineTable.LOOSE | LineTable.CAREFUL;

    private final PageMemory memory;
    private final Sample sample;
    private final PlainValue value;
    private final int lineBytesMax;

    private byte[] bytes = NO_BYTES;
    private int limit;
    private SampleHandler handler = PageReader.NOBODY;
    private @Nullable ChangeHandler changes;

    /** Which lines must be read, even if they are equal. */
    private int stops;

    /** Which lines are not passed over without a closer look. */
    private int closer;

    private long lines;
    private long samples;
    private boolean lost;
    private boolean begun;

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
        value = new PlainValue(options.format() == PageFormat.TEXT);
        lineBytesMax = options.lineBytesMax();
    }

    /** A page begins. */
    void beginPage(SampleHandler listener, @Nullable ChangeHandler onlyChanges, boolean passesComments) {
        handler = listener;
        changes = onlyChanges;
        stops = LineTable.CAREFUL | LineTable.LOOSE | (passesComments ? 0 : LineTable.COMMENT);
        closer = stops | LineTable.APART;
    }

    /** What comes stands in {@code page}, the lines of which end at {@code end}. */
    void beginBytes(byte[] page, int end) {
        bytes = page;
        limit = end;
        equalEnd = 0;
    }

    /** Lets go of the page. */
    void release() {
        bytes = NO_BYTES;
        handler = PageReader.NOBODY;
        changes = null;
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
        begun = false;
        boolean writing = memory.writing;
        int here = from;
        int before;
        do {
            before = here;
            if (!writing) {
                here = readLoose(here);
            }
            if (line >= 0 && here < limit && compare(here)) {
                here = writing ? here : passEqual(here);
                if (here == before || (line >= 0 && here < limit && !memory.table.has(line, LineTable.LOOSE))) {
                    here = readOne(here);
                }
            }
        } while (!lost && here > before && line >= 0 && here < limit);
        lost |= line < 0;
        if (begun) {
            sample.keepName();
        }
        memory.expected = line;
        memory.last = last;
        return here;
    }

    /** Finds out how much from here on is equal; says whether it is the key of the expected line at least. */
    private boolean compare(int here) {
        LineTable table = memory.table;
        int old = table.start[line];
        int move = here - old;
        if (move == shift && old >= equalStart && old < equalEnd) {
            return true;
        }
        int mismatch = Arrays.mismatch(memory.text, old, memory.textEnd, bytes, here, limit);
        int agreed = mismatch < 0 ? Math.min(memory.textEnd - old, limit - here) : mismatch;
        if (agreed < table.keyLength[line]) {
            lost = true;
            return false;
        }
        equalStart = old;
        equalEnd = old + agreed;
        shift = move;
        return true;
    }

    /**
     * Reads lines whose values are known to change, as long as one comes behind the other: of these only the keys are compared.
     */
    private int readLoose(int from) {
        LineTable known = memory.table;
        int[] info = known.info;
        int[] start = known.start;
        int[] keyLength = known.keyLength;
        int[] seen = known.seen;
        double[] values = known.value;
        byte[] text = memory.text;
        byte[] page = bytes;
        ChangeHandler onlyChanges = changes;
        boolean astray = memory.astray;
        int number = memory.page;
        int end = limit;
        int at = line;
        int here = from;
        long count = lines;
        long wanted = samples;
        int changedOnes = 0;
        boolean tightens = tightens();
        boolean compared = at >= 0 && isCompared(known, at, here);
        while (at >= 0 && here < end) {
            int flags = info[at];
            if ((flags & LOOSE_OR_CAREFUL) != LineTable.LOOSE || (astray && seen[at] == number)) {
                break;
            }
            int key = keyLength[at];
            if (!compared && (key > end - here || !Bytes.same(text, start[at], page, here, key))) {
                break;
            }
            compared = false;
            int newline = value.readShort(page, here + key);
            newline = newline < 0 ? value.read(page, here + key) : newline;
            if (newline < 0 || newline - here > lineBytesMax) {
                break;
            }
            double now = value.number();
            boolean changed;
            if (value.isStamped() || (flags & LineTable.STAMPED) != 0) {
                changed = note(at, flags, here, newline + 1);
            } else {
                long difference = Double.doubleToRawLongBits(values[at]) ^ Double.doubleToRawLongBits(now);
                values[at] = now;
                changedOnes += oneUnlessZero(difference);
                changed = difference != 0;
                if (tightens && !changed) {
                    memory.tighten(at, page, here, newline + 1);
                }
            }
            count++;
            if ((flags & LineTable.SHOWN) != 0) {
                wanted++;
                if (onlyChanges == null) {
                    show(known, at, here, count);
                } else if (changed) {
                    showChanged(known, at, here, count, onlyChanges);
                }
            }
            if (astray) {
                seen[at] = number;
            }
            here = newline + 1;
            last = at;
            at = (flags & LineTable.APART) == 0 ? at + 1 : turn(at);
        }
        memory.changed(changedOnes);
        line = at;
        lines = count;
        samples = wanted;
        return here;
    }

    /** Without a branch, since nobody could foretell which way it goes. */
    private static int oneUnlessZero(long number) {
        return (int) ((number | -number) >>> (Long.SIZE - 1));
    }

    /** Whether it is known that the key of {@code line} stands at {@code here}. */
    private boolean isCompared(LineTable table, int line, int here) {
        int old = table.start[line];
        return here - old == shift && old >= equalStart && old + table.keyLength[line] <= equalEnd;
    }

    /** The line that follows one behind which another stands in the memory. */
    private int turn(int at) {
        int next = memory.table.next[at];
        memory.jumps += next != at + 1 && next >= 0 ? 1 : 0;
        return next;
    }

    /** Passes over equal lines, or shows them, up to one that needs a closer look. */
    private int passEqual(int here) {
        int first = line;
        int behind;
        if (changes == null) {
            behind = showEqual(first);
        } else {
            behind = memory.astray ? passUnseen(first) : pass(first);
            lines += behind - first;
            sample.typesChanged();
        }
        if (behind == first) {
            return here;
        }
        line = behind;
        last = behind - 1;
        return memory.table.start[behind] + shift;
    }

    /** Reads a line of which the key is equal, if that can be done here. */
    private int readOne(int here) {
        LineTable table = memory.table;
        int at = line;
        int old = table.start[at];
        if (old >= equalEnd) {
            return here;
        }
        int flags = table.info[at];
        if ((flags & LineTable.CAREFUL) != 0 || memory.isSeen(at)) {
            lost = (flags & LineTable.CAREFUL) == 0;
            return here;
        }
        int next = table.start[at + 1] + shift;
        boolean changed = false;
        if (table.start[at + 1] > equalEnd || (flags & LineTable.LOOSE) != 0) {
            int valueAt = here + table.keyLength[at];
            if (valueAt - shift > equalEnd || (flags & LineTable.COMMENT) != 0) {
                lost = true;
                return here;
            }
            int newline = value.read(bytes, valueAt);
            if (newline < 0 || newline - here > lineBytesMax) {
                return here;
            }
            next = newline + 1;
            changed = note(at, flags, here, next);
        } else if ((flags & LineTable.COMMENT) != 0) {
            if ((flags & stops) != 0) {
                return here;
            }
            if ((flags & LineTable.TYPE) != 0) {
                memory.passType(at);
                sample.typesChanged();
            }
        }
        lines++;
        if ((flags & LineTable.SHOWN) != 0) {
            samples++;
            if (changes == null) {
                show(table, at, here, lines);
            } else if (changed) {
                showChanged(table, at, here, lines, changes);
            }
        }
        if (memory.astray) {
            table.seen[at] = memory.page;
        }
        if (memory.writing) {
            memory.write(at, here, next);
        }
        last = at;
        line = turn(at);
        return next;
    }

    /** Passes over lines about which nobody wants to hear; returns the one behind them. */
    private int pass(int first) {
        int[] start = memory.table.start;
        int[] info = memory.table.info;
        int equal = equalEnd;
        int stop = closer;
        int shown = 0;
        int at = first;
        while (start[at + 1] <= equal) {
            int flags = info[at];
            if ((flags & (stop | LineTable.TYPE)) != 0) {
                if ((flags & stop) != 0) {
                    break;
                }
                memory.passType(at);
            }
            shown += flags & LineTable.SHOWN;
            at++;
        }
        samples += shown / LineTable.SHOWN;
        return at;
    }

    /** The same, where some lines may have come already. */
    private int passUnseen(int first) {
        LineTable table = memory.table;
        int at = first;
        int number = memory.page;
        int shown = 0;
        while (table.start[at + 1] <= equalEnd && (table.info[at] & closer) == 0 && table.seen[at] != number) {
            table.seen[at] = number;
            shown += table.info[at] & LineTable.SHOWN;
            if ((table.info[at] & LineTable.TYPE) != 0) {
                memory.passType(at);
            }
            at++;
        }
        samples += shown / LineTable.SHOWN;
        return at;
    }

    /** The same, where all that is wanted is shown. */
    private int showEqual(int first) {
        LineTable known = memory.table;
        int[] start = known.start;
        int[] info = known.info;
        int[] seen = known.seen;
        boolean astray = memory.astray;
        int number = memory.page;
        int equal = equalEnd;
        int move = shift;
        int stop = closer;
        long count = lines;
        long wanted = samples;
        int at = first;
        while (start[at + 1] <= equal) {
            int flags = info[at];
            if ((flags & stop) != 0 || (astray && seen[at] == number)) {
                break;
            }
            count++;
            if ((flags & LineTable.SHOWN) != 0) {
                wanted++;
                show(known, at, start[at] + move, count);
            } else if ((flags & LineTable.TYPE) != 0) {
                memory.passType(at);
                sample.typesChanged();
            }
            if (astray) {
                seen[at] = number;
            }
            at++;
        }
        lines = count;
        samples = wanted;
        return at;
    }

    /** Whether this is one of the pages on which lines that say the same again are taken for unchanging ones. */
    private boolean tightens() {
        return memory.page % TIGHTENING_PAGES == 0;
    }

    private boolean note(int line, int flags, int at, int next) {
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

    private void show(LineTable table, int line, int from, long number) {
        begin(table);
        sample.remembered(line, from, table.value[line], number);
        handler.onSample(sample);
    }

    private void showChanged(LineTable table, int line, int from, long number, ChangeHandler listener) {
        begin(table);
        sample.remembered(line, from, table.value[line], number);
        listener.onChanged(table.slot[line], sample);
    }

    private void begin(LineTable table) {
        if (!begun) {
            begun = true;
            sample.beginRemembered(bytes, table);
        }
    }
}
