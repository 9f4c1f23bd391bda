package io.inferometer.parser;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads metrics pages: Prometheus text 0.0.4 and OpenMetrics 1.0.
 *
 * <p>Made once and used for many pages, one after the other; one thread at a time. Keeps its buffers, so that a page
 * costs no garbage once the first few are read. From a stream it needs memory for the longest line, not for the page;
 * a page that is an array already is read where it stands. Both give the same samples, however the stream is cut.
 */
public final class PageParser {
    private static final int READ_BYTES = 1 << 13;

    /** What the buffer may keep between two pages. */
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private final int lineBytesMax;
    private final PageReader reader;
    private final PageBuffer buffer;
    private boolean busy;

    /** Below this size, what starved last time starves again. */
    private int hungerSize;

    /** Whether the rest of a line that is too long is being thrown away. */
    private boolean discarding;

    private @Nullable InputStream stream;
    private @Nullable BufferedSource source;

    /** A lenient parser of the text format. */
    public PageParser() {
        this(ParserOptions.defaults());
    }

    /** A parser that reads by {@code options}. */
    public PageParser(ParserOptions options) {
        this(options, new PageReader(options), new PageBuffer());
    }

    PageParser(ParserOptions options, PageReader reader, PageBuffer buffer) {
        lineBytesMax = options.lineBytesMax();
        this.reader = reader;
        this.buffer = buffer;
    }

    /**
     * Reads a page to the end of {@code in}, which stays open.
     *
     * <p>In lenient mode a failure of the source is not thrown: what arrived is read, all but an unfinished last line,
     * and the summary says so. A timeout is thrown in every mode.
     *
     * @return what became of the page, valid until the next parse
     * @throws PageSyntaxException if the mode refuses the page; no sample shown before may be relied on
     * @throws TooManySamplesException if the page holds more samples than the options allow
     */
    public ParseSummary parse(InputStream in, SampleHandler handler) throws IOException {
        Objects.requireNonNull(in, "in");
        begin(handler);
        stream = in;
        try {
            return parseStream();
        } finally {
            end();
        }
    }

    /** Like {@link #parse(InputStream, SampleHandler)}, from okio. */
    public ParseSummary parse(BufferedSource in, SampleHandler handler) throws IOException {
        Objects.requireNonNull(in, "in");
        begin(handler);
        source = in;
        try {
            return parseStream();
        } finally {
            end();
        }
    }

    /** Reads a page that is all of {@code page}. See {@link #parse(byte[], int, int, SampleHandler)}. */
    public ParseSummary parse(byte[] page, SampleHandler handler) {
        return parse(page, 0, page.length, handler);
    }

    /**
     * Reads a page that stands in an array, without copying it.
     *
     * @param offset where the page starts
     * @param length its size in bytes
     * @return what became of the page, valid until the next parse
     * @throws PageSyntaxException if the mode refuses the page; no sample shown before may be relied on
     * @throws TooManySamplesException if the page holds more samples than the options allow
     */
    public ParseSummary parse(byte[] page, int offset, int length, SampleHandler handler) {
        Objects.checkFromIndexSize(offset, length, page.length);
        begin(handler);
        try {
            return parseArray(page, offset, offset + length);
        } finally {
            end();
        }
    }

    /**
     * Reads a page between a buffer's position and limit, neither of which it moves. One that is backed by an array is
     * read where it stands.
     *
     * @return what became of the page, valid until the next parse
     * @throws PageSyntaxException if the mode refuses the page; no sample shown before may be relied on
     * @throws TooManySamplesException if the page holds more samples than the options allow
     */
    public ParseSummary parse(ByteBuffer page, SampleHandler handler) {
        if (page.hasArray()) {
            return parse(page.array(), page.arrayOffset() + page.position(), page.remaining(), handler);
        }
        begin(handler);
        try {
            return parseBuffer(page);
        } finally {
            end();
        }
    }

    private void begin(SampleHandler handler) {
        Objects.requireNonNull(handler, "handler");
        if (busy) {
            throw new IllegalStateException("This parser is in the middle of a page; one parser reads one at a time.");
        }
        busy = true;
        discarding = false;
        hungerSize = 0;
        buffer.clear();
        reader.begin(handler);
    }

    private void end() {
        busy = false;
        stream = null;
        source = null;
        buffer.shrink(KEPT_BYTES_MAX);
        reader.release();
    }

    private ParseSummary parseStream() throws IOException {
        try {
            while (fill()) {
                readWholeLines();
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return cutBody(e);
        }
        return finish();
    }

    /** Gets more bytes; false if there are none. */
    private boolean fill() throws IOException {
        makeRoom(READ_BYTES);
        int read = readSome(buffer.bytes, buffer.end, buffer.room());
        took(Math.max(read, 0));
        return read >= 0;
    }

    private int readSome(byte[] into, int at, int room) throws IOException {
        if (source != null) {
            return source.read(into, at, room);
        }
        return stream == null ? -1 : stream.read(into, at, room);
    }

    private void took(int count) {
        reader.summary().bytesRead(count);
        buffer.grow(count);
        if (discarding) {
            discardLine();
        }
    }

    private void readWholeLines() {
        if (buffer.size() >= hungerSize || isTooLong()) {
            int stop = reader.readLines(buffer.bytes, buffer.start, buffer.linesEnd, false);
            hungerSize = stop < buffer.linesEnd ? 2 * (buffer.end - stop) : 0;
            buffer.start = stop;
        }
        if (isTooLong() && buffer.linesEnd > buffer.start && !reader.isPageEnded()) {
            // A record of several lines that does not end in these; perhaps there is a fault in what is there of it.
            buffer.startAt(reader.readLines(buffer.bytes, buffer.start, buffer.end, false));
        }
        if (reader.isPageEnded()) {
            buffer.startAt(buffer.end);
        } else if (isTooLong()) {
            reader.lineTooLong();
            discarding = true;
            discardLine();
        }
    }

    /** Whether what is left over can only be a line, or a record, that is too long, its newline included. */
    private boolean isTooLong() {
        return buffer.size() > lineBytesMax + 1;
    }

    private void discardLine() {
        int newline = Bytes.newlineIn(buffer.bytes, buffer.start, buffer.end);
        discarding = newline == buffer.end;
        buffer.startAt(Math.min(newline + 1, buffer.end));
        if (!discarding) {
            reader.lineDiscarded();
        }
    }

    private ParseSummary cutBody(IOException cause) throws IOException {
        if (!reader.isLenient()) {
            throw cause;
        }
        reader.bodyCut(cause, buffer.head(ParseSummary.CUT_TAIL_BYTES_MAX));
        if (!discarding) { // Else this line has been counted.
            reader.lineCut(buffer.size());
        }
        reader.endPage();
        return reader.summary();
    }

    /** Reads what is left when nothing more will come. */
    private ParseSummary finish() {
        if (reader.forgivesLastNewline()) {
            makeRoom(1);
            buffer.endLine();
        }
        buffer.start = reader.readLines(buffer.bytes, buffer.start, buffer.end, true);
        reader.endPage();
        return reader.summary();
    }

    private ParseSummary parseArray(byte[] page, int from, int to) {
        reader.summary().bytesRead(to - from);
        int safeEnd = Math.max(from, Math.min(to, page.length - PageBuffer.SLACK));
        int linesEnd = Bytes.behindLastNewline(page, from, safeEnd);
        int stop = reader.readLines(page, from, linesEnd, false);
        int lineEnd = Bytes.newlineIn(page, linesEnd, to);
        if (reader.isPageEnded()) {
            return reader.summary();
        }
        if (lineEnd - stop > lineBytesMax) {
            if (stop < linesEnd) { // As in readWholeLines.
                buffer.append(page, stop, Math.min(to, stop + lineBytesMax + 2));
                reader.readLines(buffer.bytes, buffer.start, buffer.end, false);
                buffer.clear();
            }
            reader.lineTooLong();
            reader.lineDiscarded();
            stop = Math.min(lineEnd + 1, to);
        }
        // The last lines are read from the buffer, where a newline and some slack can be put behind them.
        buffer.append(page, stop, to);
        return finish();
    }

    private ParseSummary parseBuffer(ByteBuffer page) {
        int at = page.position();
        while (at < page.limit()) {
            makeRoom(READ_BYTES);
            int count = Math.min(buffer.room(), page.limit() - at);
            page.get(at, buffer.bytes, buffer.end, count);
            at += count;
            took(count);
            readWholeLines();
        }
        return finish();
    }

    private void makeRoom(int wanted) {
        if (buffer.room() < wanted) {
            reader.bytesWillMove();
            buffer.makeRoom(wanted);
        }
    }
}
