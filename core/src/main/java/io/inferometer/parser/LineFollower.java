package io.inferometer.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fast path of a page that is read again: goes along the lines of the last page for as long as those of this one are
 * the same but for their values.
 *
 * <p>Behind a line that has not changed, one comparison passes over all that is equal. Behind one that has, keys are
 * compared line by line, since changes come together. Where only what stands behind the key is another, only the value is
 * read; where the key is, somebody else must look at the line. One thread.
 */
final class LineFollower {
    private static final byte[] NO_BYTES = {};
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

    /** How many wanted samples were passed over last. */
    private int passed;

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
        closer = stops | LineTable.TYPE | LineTable.APART;
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
        LineTable table = memory.table;
        byte[] text = memory.text;
        int textEnd = memory.textEnd;
        byte[] page = bytes;
        int end = limit;
        int[] start = table.start;
        int[] info = table.info;
        int[] key = table.keyLength;
        int[] follower = table.next;
        int[] seen = table.seen;
        ChangeHandler onlyChanges = changes;
        boolean astray = memory.astray;
        boolean writing = memory.writing;
        int number = memory.page;
        int line = memory.expected;
        int last = memory.last;
        int here = from;
        long count = linesBefore;
        long wanted = 0;
        lost = false;
        begun = false;
        reading:
        while (line >= 0 && here < end) {
            int old = start[line];
            int move = here - old;
            if (move != shift || old < equalStart || old >= equalEnd) {
                int mismatch = Arrays.mismatch(text, old, textEnd, page, here, end);
                int agreed = mismatch < 0 ? Math.min(textEnd - old, end - here) : mismatch;
                if (agreed < key[line]) {
                    lost = true;
                    break;
                }
                equalStart = old;
                equalEnd = old + agreed;
                shift = move;
            }
            int equal = equalEnd;
            if (onlyChanges != null && !writing) {
                int first = line;
                line = astray ? passUnseen(table, line, equal) : pass(table, line, equal);
                wanted += passed;
                if (line > first) {
                    count += line - first;
                    last = line - 1;
                    here = start[line] + move;
                    if (start[line] >= equal || here >= end) {
                        continue;
                    }
                }
            }
            do {
                int flags = info[line];
                if ((flags & LineTable.CAREFUL) != 0 || (astray && seen[line] == number)) {
                    lost = (flags & LineTable.CAREFUL) == 0;
                    break reading;
                }
                int next = start[line + 1] + move;
                boolean changed = false;
                if (next - move > equal || (flags & LineTable.LOOSE) != 0) {
                    int valueAt = here + key[line];
                    if (valueAt - move > equal || (flags & LineTable.COMMENT) != 0) {
                        lost = true;
                        break reading;
                    }
                    int newline = value.read(page, valueAt);
                    if (newline < 0 || newline - here > lineBytesMax) {
                        break reading;
                    }
                    next = newline + 1;
                    changed = note(line, flags, here, next);
                } else if ((flags & LineTable.COMMENT) != 0) {
                    if ((flags & stops) != 0) {
                        break reading;
                    }
                    if ((flags & LineTable.TYPE) != 0) {
                        memory.passType(line);
                        sample.typesChanged();
                    }
                }
                count++;
                if ((flags & LineTable.SHOWN) != 0) {
                    wanted++;
                    if (onlyChanges == null) {
                        show(table, line, flags, here, count);
                    } else if (changed) {
                        showChanged(table, line, here, count, onlyChanges);
                    }
                }
                if (astray) {
                    seen[line] = number;
                }
                if (writing) {
                    memory.write(line, here, next);
                }
                last = line;
                line = follower[line];
                here = next;
            } while (onlyChanges == null
                    && line == last + 1
                    && here - start[line] == move
                    && start[line] < equal
                    && here < end);
            memory.jumps += line != last + 1 && line >= 0 ? 1 : 0;
        }
        lost |= line < 0;
        memory.expected = line;
        memory.last = last;
        lines = count;
        samples = wanted;
        return here;
    }

    /** Passes over lines about which nobody wants to hear; returns the one behind them. */
    private int pass(LineTable table, int first, int equal) {
        int[] start = table.start;
        int[] info = table.info;
        int stop = closer;
        int shown = 0;
        int line = first;
        while (start[line + 1] <= equal) {
            int flags = info[line];
            if ((flags & stop) != 0) {
                break;
            }
            shown += flags & LineTable.SHOWN;
            line++;
        }
        passed = shown / LineTable.SHOWN;
        return line;
    }

    /** The same, where some lines may have come already. */
    private int passUnseen(LineTable table, int first, int equal) {
        int line = first;
        int number = memory.page;
        int shown = 0;
        while (table.start[line + 1] <= equal && (table.info[line] & closer) == 0 && table.seen[line] != number) {
            table.seen[line] = number;
            shown += table.info[line] & LineTable.SHOWN;
            line++;
        }
        passed = shown / LineTable.SHOWN;
        return line;
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
        if (loose) {
            memory.tighten(line, bytes, at, next);
        }
        return false;
    }

    private void show(LineTable table, int line, int flags, int from, long number) {
        begin();
        memory.slot = table.slot[line];
        if (memory.trusted) {
            boolean same = (flags & LineTable.SAME_NAME) != 0;
            sample.remembered(from, table.nameLength(line), table.labels[line], same, number);
        } else {
            sample.rememberedBehindOther(from, table.nameLength(line), table.labels[line], number);
            table.set(line, LineTable.SAME_NAME, sample.sameNameAsPrevious());
            memory.trusted = true;
        }
        sample.value = table.value[line];
        sample.stamp((table.info[line] & LineTable.STAMPED) != 0, table.stamp(line));
        handler.onSample(sample);
    }

    private void showChanged(LineTable table, int line, int from, long number, ChangeHandler listener) {
        begin();
        memory.slot = table.slot[line];
        sample.rememberedBehindOther(from, table.nameLength(line), table.labels[line], number);
        sample.value = table.value[line];
        sample.stamp((table.info[line] & LineTable.STAMPED) != 0, table.stamp(line));
        listener.onChanged(memory.slot, sample);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            sample.beginRemembered(bytes);
        }
    }
}
