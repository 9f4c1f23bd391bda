package io.inferometer.parser;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a page as they come, shows the samples, and settles what becomes of bad lines. One thread.
 */
final class PageReader {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    static final SampleHandler NOBODY = sample -> {};
    private static final int NOT_READ = -1;

    /** A line of a run has a label, so it is no shorter than {@code a{b=""} 1} and a newline. */
    private static final int RUN_LINE_BYTES_MIN = 10;

    private static final String CUT = "the body was cut before this line ended";

    private final ParserOptions options;
    private final boolean plainly;
    private final boolean lenient;
    private final boolean openMetrics;
    private final int samplesMax;
    private final @Nullable FamilyFilter filter;
    private final Sample sample;
    private final Metadata metadata;
    private final PlainLines plain;
    private final PlainComments comments;
    private final @Nullable UnwantedLines unwanted;
    private final LineReader careful;

    private final boolean commentsArePlain;

    /** Whether all lines are wanted that have the same name as one that was read. */
    private final boolean runsWanted;

    private final ParseSummary summary = new ParseSummary();
    private SampleHandler handler = NOBODY;

    /** What the last page was, null if pages are not compared. */
    private final @Nullable PageMemory memory;

    private final @Nullable LineFollower follower;

    /** Who wants to hear only what changed, null if all samples are shown. */
    private @Nullable ChangeHandler changes;

    /** Whether comments that are still the same need not be read. */
    private boolean passesComments;

    /** Whether of comments nothing matters but types, and these only if somebody asks. */
    private boolean commentsAreForTypes;

    /** Whether the line at hand was noted in the memory. */
    private boolean noted;

    /** Lines read so far. */
    private long lines;

    private boolean pageEnded;

    /** Reads with the fast paths. */
    PageReader(ParserOptions options) {
        this(options, true, null);
    }

    /** Reads with the fast paths, and with a glance what is the same as on the last page. */
    PageReader(ParserOptions options, PageMemory memory) {
        this(options, true, memory);
    }

    /**
     * Reads with the fast paths or without, which must make no difference.
     *
     * @param plainly whether to use them
     */
    PageReader(ParserOptions options, boolean plainly) {
        this(options, plainly, null);
    }

    private PageReader(ParserOptions options, boolean plainly, @Nullable PageMemory memory) {
        this.options = options;
        this.memory = memory;
        this.plainly = plainly && options.mode() != ParseMode.STRICT;
        lenient = options.mode() == ParseMode.LENIENT;
        filter = options.filter();
        samplesMax = options.samplesMax();
        openMetrics = options.readsOpenMetrics();
        TypeTable types = new TypeTable();
        sample = new Sample(types, openMetrics);
        metadata = new Metadata(types, sample, filter);
        plain = new PlainLines(sample, options);
        comments = new PlainComments(metadata, openMetrics, options.lineBytesMax());
        unwanted = lenient && filter != null ? new UnwantedLines(filter, options.lineBytesMax()) : null;
        careful = carefulReader();
        commentsArePlain = lenient || !openMetrics;
        runsWanted = lenient || filter == null;
        follower = memory == null ? null : new LineFollower(memory, sample, options);
        if (memory != null) {
            types.catchUpBy(line -> memory.tellTypes(comments, line));
        }
    }

    private LineReader carefulReader() {
        return switch (options.mode()) {
            case LENIENT -> new LenientReader(sample, metadata, options);
            case PROMETHEUS ->
                openMetrics
                        ? new PrometheusOpenMetricsReader(sample, metadata, options)
                        : new PrometheusTextReader(sample, metadata, options);
            case STRICT -> new StrictReader(sample, metadata, options);
        };
    }

    /** Begins a page of which only what changed is told, if {@code onlyChanges} is there to hear it. */
    void begin(SampleHandler listener, @Nullable ChangeHandler onlyChanges) {
        begin(listener);
        changes = onlyChanges;
        passesComments = commentsArePlain && !listener.wantsMetadata();
        if (follower != null) {
            follower.beginPage(listener, onlyChanges, passesComments);
        }
    }

    void begin(SampleHandler listener) {
        handler = listener;
        commentsAreForTypes = lenient && filter == null && !listener.wantsMetadata();
        lines = 0;
        pageEnded = false;
        summary.clear();
        sample.beginPage();
        plain.forget();
        metadata.beginPage(listener);
        careful.beginPage();
    }

    ParseSummary summary() {
        return summary;
    }

    boolean isLenient() {
        return lenient;
    }

    /** Whether a last line without newline is read like any other. OpenMetrics as Prometheus reads it insists. */
    boolean forgivesLastNewline() {
        return lenient || !openMetrics;
    }

    /**
     * Reads what stands in {@code [from, limit)}, which ends with a newline unless the page ends there.
     *
     * @return where reading stopped, less than {@code limit} only for lack of bytes
     */
    int readLines(byte[] bytes, int from, int limit, boolean last) {
        comments.forget();
        plain.announce(0, 0);
        if (unwanted != null) {
            unwanted.forget();
        }
        boolean usable = plainly && from < limit && bytes[limit - 1] == '\n';
        if (memory != null && follower != null) {
            return readComparing(bytes, from, limit, last, usable, memory, follower);
        }
        int at = from;
        while (at < limit && !pageEnded) {
            int next = usable ? readPlainly(bytes, at, limit) : PlainLines.NOT_PLAIN;
            if (next < 0) {
                next = readCarefully(bytes, at, limit, last);
            }
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return limit;
    }

    /** Reads lines, those that were on the last page too with a glance. */
    private int readComparing(
            byte[] bytes, int from, int limit, boolean last, boolean usable, PageMemory past, LineFollower fast) {
        fast.beginBytes(bytes, limit);
        int at = from;
        while (at < limit && !pageEnded) {
            int next = usable && !dependsOnLinesBefore() ? readRemembered(bytes, at, limit, past, fast) : at;
            if (next == at) {
                next = readAndRemember(bytes, at, limit, last, usable, past);
            }
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return limit;
    }

    private boolean dependsOnLinesBefore() {
        return openMetrics && careful.nextDependsOnThis();
    }

    /** Reads lines that stood on the last page too; returns where the next one starts. */
    private int readRemembered(byte[] bytes, int from, int limit, PageMemory past, LineFollower fast) {
        if (past.isEmpty() || samplesLeft() <= past.table.count) {
            return from;
        }
        int at = follow(from, fast);
        if (at == limit || !fast.isLost() || bytes[at] == '\n') {
            return at;
        }
        int next = unwanted == null ? at : unwanted.pass(bytes, at, limit);
        if (next > at) {
            lines += unwanted == null ? 0 : unwanted.lines();
            past.unknownLine();
            return next;
        }
        int found = passesComments || bytes[at] != '#' ? past.find(bytes, at) : LineTable.NONE;
        if (found == LineTable.NONE) {
            return at;
        }
        past.jump(found);
        return follow(at, fast);
    }

    private int follow(int from, LineFollower fast) {
        int next = fast.follow(from, lines);
        if (next > from) {
            lines = fast.lines();
            summary.samplesRead(fast.samples());
            plain.forget(); // The view's labels are no longer those of the line that it read last.
        }
        return next;
    }

    /** Reads a line in the ordinary way, and remembers it. */
    private int readAndRemember(byte[] bytes, int at, int limit, boolean last, boolean usable, PageMemory past) {
        noted = false;
        if (bytes[at] == '#') {
            past.tellTypes(comments, lines + 1);
        }
        int next = usable ? readPlainLine(bytes, at) : NOT_READ;
        if (next >= 0 && bytes[at] == '#' && comments.nameLength() > 0) {
            past.comment(bytes, at, next, bytes[at + 2] == 'T' ? LineTable.TYPE : 0);
            noted = true;
        }
        if (next < 0) {
            past.tellTypes(comments, lines + 1);
            next = readCarefully(bytes, at, limit, last);
        }
        if (!noted) {
            past.unknownLine();
        }
        return next;
    }

    /** Reads a line that a fast path can read; returns where the next one starts, or less than 0. */
    private int readPlainLine(byte[] bytes, int at) {
        if (bytes[at] == '\n' && commentsArePlain) {
            return passEmptyLine(at);
        }
        int newline = unwanted == null ? UnwantedLines.WANTED : unwanted.newlineOf(bytes, at);
        if (newline >= 0) {
            comments.forget();
            return passUnwantedLine(at, newline);
        }
        if (bytes[at] == '#') {
            int next = commentsArePlain ? comments.read(bytes, at) : PlainComments.NOT_PLAIN;
            lines += next < 0 ? 0 : 1;
            plain.announce(comments.nameStart(), next < 0 ? 0 : comments.nameLength());
            return next;
        }
        if (dependsOnLinesBefore()) {
            return PlainLines.NOT_PLAIN;
        }
        return filter == null ? readPlainSample(bytes, at) : readPlainSample(bytes, at, filter);
    }

    /** Reads lines that a fast path can read; returns where the next one starts, or less than 0. */
    private int readPlainly(byte[] bytes, int at, int limit) {
        if (plain.mayBeInRun(bytes) && runsWanted && samplesLeft() > (limit - at) / RUN_LINE_BYTES_MIN) {
            int next = readRun(bytes, at, limit);
            if (next > at) {
                return next;
            }
        }
        if (unwanted != null) {
            int next = unwanted.pass(bytes, at, limit);
            if (next > at) {
                lines += unwanted.lines();
                return next;
            }
        }
        if (bytes[at] == '\n' && commentsArePlain) {
            return passEmptyLine(at);
        }
        int newline = unwanted == null ? UnwantedLines.WANTED : unwanted.newlineOf(bytes, at);
        if (newline >= 0) {
            return passUnwantedLine(at, newline);
        }
        if (bytes[at] == '#') {
            return readPlainComments(bytes, at, limit);
        }
        if (openMetrics && careful.nextDependsOnThis()) {
            return PlainLines.NOT_PLAIN;
        }
        return filter == null ? readPlainSample(bytes, at) : readPlainSample(bytes, at, filter);
    }

    /** How many more samples the page may hold. Where these may not be enough, lines are read one by one. */
    private long samplesLeft() {
        return samplesMax - summary.samples();
    }

    private int readRun(byte[] bytes, int from, int limit) {
        int next = plain.readRun(bytes, from, limit, lines, handler);
        lines += plain.runLines();
        summary.samplesRead(plain.runLines());
        return next;
    }

    private int readPlainSample(byte[] bytes, int at) {
        int next = plain.read(bytes, at);
        if (next >= 0) {
            sample.showPlain(++lines);
            note(bytes, at, next, plain.keyLength(), 0);
            show();
        }
        return next;
    }

    private int readPlainSample(byte[] bytes, int at, FamilyFilter wanted) {
        sample.keepName(); // Not every line is shown here, so the one before need not be the one shown last.
        int next = plain.read(bytes, at);
        lines += next < 0 ? 0 : 1;
        if (next >= 0 && sample.wantedBy(wanted)) {
            sample.show(lines);
            note(bytes, at, next, plain.keyLength(), 0);
            show();
        } else if (next >= 0) {
            note(bytes, at, next, plain.keyLength(), LineTable.HIDDEN);
        }
        return next;
    }

    private void note(byte[] bytes, int at, int next, int key, int flags) {
        if (memory != null) {
            memory.read(bytes, at, next, key, sample, flags);
            noted = true;
        }
    }

    /** Reads the comments that stand here, one below the other. */
    private int readPlainComments(byte[] bytes, int from, int limit) {
        int at = from;
        int next = readPlainComment(bytes, at);
        while (next >= 0) {
            lines++;
            at = next;
            next = at < limit && bytes[at] == '#' ? readPlainComment(bytes, at) : PlainComments.NOT_PLAIN;
        }
        if (commentsAreForTypes) {
            plain.announceAnother();
        } else {
            plain.announce(comments.nameStart(), comments.nameLength());
        }
        return at == from ? PlainComments.NOT_PLAIN : at;
    }

    private int readPlainComment(byte[] bytes, int at) {
        if (commentsAreForTypes) {
            return comments.readForType(bytes, at);
        }
        return commentsArePlain ? comments.read(bytes, at) : PlainComments.NOT_PLAIN;
    }

    private int passEmptyLine(int at) {
        lines++;
        return at + 1;
    }

    private int passUnwantedLine(int at, int newline) {
        if (newline - at > options.lineBytesMax()) {
            lineTooLong();
        }
        lines++;
        return newline + 1;
    }

    private void show() {
        if (summary.samples() == samplesMax) {
            throw new TooManySamplesException(samplesMax, sample.line());
        }
        summary.sampleRead();
        if (changes == null) {
            handler.onSample(sample);
        } else if (memory != null) {
            tellChange(memory, changes);
        }
    }

    private void tellChange(PageMemory past, ChangeHandler listener) {
        if (!past.isKnown()) {
            listener.onAdded(past.slot, sample);
        } else if (past.isChanged()) {
            listener.onChanged(past.slot, sample);
        }
    }

    /** What is kept from page to page to find the lines that are wanted, in bytes. */
    long retainedBytes() {
        return unwanted == null ? 0 : unwanted.retainedBytes();
    }

    /** The slot of the sample being shown, less than 0 if there is none. */
    int slot() {
        int remembered = sample.slot();
        return memory == null || remembered >= 0 ? remembered : memory.slot;
    }

    /** Reads by the rules of the mode; returns where the next line starts, less than 0 for lack of bytes. */
    private int readCarefully(byte[] bytes, int at, int limit, boolean last) {
        plain.forget();
        LineReader.Outcome outcome = careful.read(bytes, at, at + byteOrderMark(bytes, at, limit), limit, last);
        if (outcome == LineReader.Outcome.STARVED) {
            return -1;
        }
        int next = Math.min(careful.next(), limit);
        settle(outcome, bytes, at, next, limit);
        return next;
    }

    private int byteOrderMark(byte[] bytes, int at, int limit) {
        boolean marked = lenient
                && lines == 0
                && limit - at >= BYTE_ORDER_MARK.length
                && Arrays.equals(bytes, at, at + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return marked ? BYTE_ORDER_MARK.length : 0;
    }

    private void settle(LineReader.Outcome outcome, byte[] bytes, int from, int next, int limit) {
        long line = lines + 1;
        if (outcome == LineReader.Outcome.TOO_LONG || (!lenient && isTooLong(bytes, from, next, limit))) {
            lineTooLong();
        } else if (outcome == LineReader.Outcome.FAULT) {
            refuse(bytes, from);
        }
        pageEnded = outcome == LineReader.Outcome.END;
        lines += lenient ? 1 : Bytes.newlinesIn(bytes, from, next);
        if (outcome != LineReader.Outcome.SAMPLE) {
            return;
        }
        int key = Math.max(sample.keyEnd - from, 0);
        if (filter == null || sample.wantedBy(filter)) {
            sample.show(line);
            note(bytes, from, next, key, LineTable.CAREFUL);
            show();
        } else {
            note(bytes, from, next, key, LineTable.CAREFUL | LineTable.HIDDEN);
        }
    }

    /** Whether the record, or what was read of it up to the end of that line, is longer than allowed. */
    private boolean isTooLong(byte[] bytes, int from, int next, int limit) {
        int lastRead = Math.max(next - 1, from);
        return Bytes.newlineIn(bytes, lastRead, limit) - from > options.lineBytesMax();
    }

    private void refuse(byte[] bytes, int from) {
        int faultAt = careful.faultAt();
        int lineStart = Bytes.behindLastNewline(bytes, from, faultAt);
        long line = lines + 1 + Bytes.newlinesIn(bytes, from, lineStart);
        refuse(line, faultAt - lineStart + 1, careful.expected(), careful.found());
    }

    private void refuse(long line, int column, String expected, String found) {
        if (!lenient) {
            throw new PageSyntaxException(line, column, expected, found);
        }
        boolean explained = summary.lineSkipped();
        if (explained || handler.wantsSkippedLines()) {
            tell(new SkippedLine(line, column, "expected " + expected + ", found " + found), explained);
        }
    }

    private void tell(SkippedLine line, boolean explained) {
        if (explained) {
            summary.explain(line);
        }
        if (handler.wantsSkippedLines()) {
            handler.onSkippedLine(line);
        }
    }

    /** Whether a mark ended the page, whatever stands behind it. */
    boolean isPageEnded() {
        return pageEnded;
    }

    /** The line at hand is longer than any is allowed to be. */
    void lineTooLong() {
        int max = options.lineBytesMax();
        refuse(lines + 1, max + 1, "a line of at most " + max + " bytes", "a longer one");
    }

    /** Counts a line whose bytes were thrown away. */
    void lineDiscarded() {
        lines++;
    }

    /** The source failed; {@code tail} is what is worth keeping of the last line. */
    void bodyCut(IOException cause, String tail) {
        summary.bodyWasCut(cause, tail);
    }

    /** The last line broke off behind {@code unfinished} bytes. */
    void lineCut(int unfinished) {
        tell(new SkippedLine(lines + 1, unfinished + 1, CUT), summary.lineSkipped());
    }

    /** Nothing follows. */
    void endPage() {
        if (!lenient && openMetrics && !metadata.eofSeen()) {
            refuse(lines + 1, 1, "# EOF", "the end of the page");
        }
        if (metadata.eofSeen()) {
            summary.eofSeen();
        }
    }

    /** The bytes shown so far will stand elsewhere, or nowhere. */
    void bytesWillMove() {
        sample.bytesWillMove();
        metadata.bytesWillMove();
        plain.bytesWillMove();
    }

    /** Lets go of the page and the handler. */
    void release() {
        handler = NOBODY;
        changes = null;
        if (follower != null) {
            follower.release();
        }
        metadata.endPage();
        sample.release();
        plain.release();
        careful.release();
    }
}
