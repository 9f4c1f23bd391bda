package io.inferometer.parser;

/**
 * What the next lines of a page must be, if they are those of the last page and their values as long as they were.
 *
 * <p>Where a value is known to change, the bytes that stand in its place on this page are taken for it and written into the
 * memory, provided that they are a number. Thus no line waits for the one before, no key is compared by itself, and one
 * comparison of the memory with the page settles for all of them whether it is so. One thread.
 */
final class Foretold {
    private static final byte[] NO_BYTES = {};

    /** What lines have of these flags whose values are known to change, and about which there is nothing special. */
    private static final int USUAL = LineTable.LOOSE | LineTable.SHOWN;

    private static final int USUAL_MASK = USUAL | LineTable.STAMPED;

    /** {@code .0}, each byte with a zero's taken from it. */
    private static final int POINT_AND_ZERO = '.' ^ '0';

    /** The number of no page. */
    private static final int NO_PAGE = -1;

    private final PageMemory memory;
    private final FoundLines found;
    private final PlainValue value;

    private byte[] bytes = NO_BYTES;
    private int limit;
    private int stops;
    private boolean wantsAll;

    /** The lines from the first to the one before {@link #behind}, and what is known of them. */
    private int begin;

    private int behind;

    /** How many lines had been found before. */
    private int foundBefore;

    private int samples;
    private int changes;

    /** All flags that any of them has. */
    private int anyFlags;

    /** Whether the line behind them has a value that nobody could foretell, and behind which newline it ends. */
    private boolean unforetold;

    private int newline;

    Foretold(PageMemory memory, FoundLines found, PlainValue value) {
        this.memory = memory;
        this.found = found;
        this.value = value;
    }

    /**
     * A page begins.
     *
     * @param flags of lines that are not to be foretold
     * @param all whether lines are shown that say the same as before
     */
    void beginPage(int flags, boolean all) {
        stops = flags;
        wantsAll = all;
    }

    /** What comes stands in {@code page}, the lines of which end at {@code end}. */
    void beginBytes(byte[] page, int end) {
        bytes = page;
        limit = end;
    }

    /** The line behind those that were foretold. */
    int behind() {
        return behind;
    }

    /** Where in the memory ends what must be equal: behind those lines, or behind the key of the next, whose value is read. */
    int end() {
        return memory.table.start(behind) + (newline < 0 ? 0 : memory.table.keyLength(behind));
    }

    /** Where on the page the line behind them ends, if its value is read; less than 0 if it is not. */
    int newline() {
        return newline;
    }

    /** How many of them are samples that are wanted. */
    int samples() {
        return samples;
    }

    /** How many of them say something else than before. */
    int changes() {
        return changes;
    }

    /** Whether there are {@code # TYPE} lines among them. */
    boolean hasTypes() {
        return (anyFlags & LineTable.TYPE) != 0;
    }

    /** Foretells the lines from {@code first} on, those before {@code stopAt} at most, which stand {@code move} further on the page. */
    void tell(int first, int stopAt, int move) {
        LineTable table = memory.table;
        begin = first;
        foundBefore = found.count;
        samples = 0;
        changes = 0;
        anyFlags = 0;
        newline = -1;
        behind = foretell(first, stopAt, move);
        while (unforetold) {
            int valueAt = table.start(behind) + table.keyLength(behind) + move;
            newline = value.read(bytes, valueAt);
            if (newline < 0 || !isForetellable(behind, newline + 1 - move)) {
                return;
            }
            newline = -1;
            behind = foretell(write(behind, valueAt, move), stopAt, move);
        }
    }

    /** Only what stands before {@code place} of the memory came. */
    void cut(int place) {
        LineTable table = memory.table;
        newline = -1;
        while (table.start(behind) > place) {
            behind--;
        }
        samples = 0;
        for (int at = begin; at < behind; at++) {
            samples += table.has(at, LineTable.SHOWN) ? 1 : 0;
        }
        takeBack();
    }

    /** Takes lines for unchanging again that say the same. */
    void tightenUnchanged() {
        if ((anyFlags & LineTable.LOOSE) == 0) {
            return;
        }
        int move = found.move;
        LineTable table = memory.table;
        int next = foundBefore;
        for (int at = begin; at < behind; at++) {
            boolean changed = next < found.count && found.place[next] == at;
            if (changed) {
                changed = Double.doubleToRawLongBits(table.value[at]) != Double.doubleToRawLongBits(found.before[next]);
                next++;
            }
            if (!changed && table.has(at, LineTable.LOOSE)) {
                memory.tighten(at, bytes, table.start(at) + move, table.start(at + 1) + move);
            }
        }
    }

    /** Writes down what the next lines must be if they are those expected; returns the line behind them. */
    private int foretell(int first, int stopAt, int move) {
        int[] rows = memory.table.rows;
        double[] known = memory.table.value;
        byte[] text = memory.text;
        byte[] page = bytes;
        int[] places = found.place;
        double[] before = found.before;
        int thisPage = memory.astray ? memory.page : NO_PAGE;
        int end = (int) Math.min((long) limit - move, Integer.MAX_VALUE);
        int stop = stops;
        boolean all = wantsAll;
        int each = all ? 1 : 0;
        int count = found.count;
        int shownFlags = 0;
        int changed = 0;
        int allFlags = 0;
        int at = first;
        int row = first * LineTable.ROW;
        int start = rows[row];
        int flags = first == begin ? 0 : memory.table.info(first - 1);
        boolean other = false;
        while (at < stopAt && (flags & LineTable.APART) == 0) {
            flags = rows[row + LineTable.INFO];
            int next = rows[row + LineTable.ROW];
            if ((flags & stop) != 0 || next > end || rows[row + LineTable.SEEN] == thisPage) {
                break;
            }
            if ((flags & USUAL_MASK) == USUAL) {
                int valueAt = start + rows[row + LineTable.KEY];
                int bits = (next - 1 - valueAt) << 3;
                long eight = Bytes.eightAt(page, valueAt + move);
                long digits = eight ^ DecimalReader.ZEROS;
                int digitBits = DecimalReader.digitBits(digits);
                int rest = bits - digitBits;
                if (digitBits == 0
                        || bits > Long.SIZE
                        || page[next - 1 + move] != '\n'
                        || (rest != 0 && (rest != 16 || ((digits >>> digitBits) & 0xFFFF) != POINT_AND_ZERO))) {
                    other = true;
                    break;
                }
                long old = Bytes.eightAt(text, valueAt);
                Bytes.setEightAt(text, valueAt, old ^ ((old ^ eight) & (-1L >>> -bits)));
                double now = (double) DecimalReader.number(digits << -digitBits);
                double then = known[at];
                int one = oneUnlessZero(Double.doubleToRawLongBits(now) ^ Double.doubleToRawLongBits(then));
                known[at] = now;
                places[count] = at;
                before[count] = then;
                count += one | each;
                changed += one;
            } else if ((flags & LineTable.LOOSE) != 0) {
                other = (flags & LineTable.STAMPED) == 0;
                break;
            } else if (all) {
                places[count] = at;
                before[count] = known[at];
                count += (flags & LineTable.SHOWN) / LineTable.SHOWN;
            }
            shownFlags += flags & LineTable.SHOWN;
            allFlags |= flags;
            start = next;
            row += LineTable.ROW;
            at++;
        }
        samples += shownFlags / LineTable.SHOWN;
        changes += changed;
        anyFlags |= allFlags;
        found.count = count;
        unforetold = other;
        return at;
    }

    /** Whether the value just read, behind which the line {@code next} in the memory should come, is one that could stand there. */
    private boolean isForetellable(int at, int next) {
        return next == memory.table.start(at + 1) && !value.isStamped() && memory.table.has(at, LineTable.SHOWN);
    }

    /** Writes down a line's value, which is as long as it was; returns the line behind it. */
    private int write(int at, int valueAt, int move) {
        LineTable table = memory.table;
        int next = table.start(at + 1);
        System.arraycopy(bytes, valueAt, memory.text, valueAt - move, next - 1 - (valueAt - move));
        double now = value.number();
        double old = table.value[at];
        table.value[at] = now;
        boolean changed = Double.doubleToRawLongBits(old) != Double.doubleToRawLongBits(now);
        if (changed || wantsAll) {
            found.place[found.count] = at;
            found.before[found.count++] = old;
        }
        samples++;
        changes += changed ? 1 : 0;
        anyFlags |= LineTable.LOOSE;
        return at + 1;
    }

    /** What was foretold of the lines from {@code behind} on did not come. */
    private void takeBack() {
        double[] values = memory.table.value;
        int count = found.count;
        while (count > foundBefore && found.place[count - 1] >= behind) {
            count--;
            int at = found.place[count];
            changes -=
                    Double.doubleToRawLongBits(values[at]) == Double.doubleToRawLongBits(found.before[count]) ? 0 : 1;
            values[at] = found.before[count];
        }
        found.count = count;
    }

    /** Without a branch, since nobody could foretell which way it goes. */
    private static int oneUnlessZero(long number) {
        return (int) ((number | -number) >>> (Long.SIZE - 1));
    }
}
