package io.inferometer.parser;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Objects;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the successive pages of one target, each of them only where it differs from the one before.
 *
 * <p>Shows exactly the samples that a {@link PageParser} with the same options shows, in the same order, with the same
 * errors and counts; only sooner. Made for one target; what another target says is read as well, only not sooner. One
 * thread at a time, and one page at a time.
 *
 * <p>It remembers the last page: its bytes, and some fifty bytes a line. A page that is larger than {@link
 * #rememberedBytesMax} is read and not remembered. In {@link ParseMode#STRICT} a line is judged by those around it, so
 * that nothing is gained there.
 */
public final class RepeatParser {
    /** The default bound of a page that is remembered: 16 MiB. */
    public static final int REMEMBERED_BYTES_MAX = 1 << 24;

    private static final int FIRST_SCRATCH = 1 << 16;

    /** What cannot be read in place is the last line, since it takes looks a little behind its end. */
    private static final int TAIL_BYTES = 512;

    private static final int ARRAY_MAX = Integer.MAX_VALUE - 8;

    private static final byte[] NO_BYTES = {};

    private final ParserOptions options;
    private final int rememberedBytesMax;
    private final PageMemory memory = new PageMemory();
    private final PageReader reader;
    private final PageBuffer tail = new PageBuffer(TAIL_BYTES);
    private @Nullable PageParser streaming;
    private byte[] scratch = NO_BYTES;
    private boolean busy;

    /** Whether of the last page only what changed was told. */
    private boolean toldChanges;

    /** A lenient parser of the text format. */
    public RepeatParser() {
        this(ParserOptions.defaults());
    }

    /**
     * A parser that reads by {@code options}.
     *
     * @param options how to read
     */
    public RepeatParser(ParserOptions options) {
        this(options, REMEMBERED_BYTES_MAX);
    }

    /**
     * A parser that reads by {@code options}.
     *
     * @param options how to read
     * @param rememberedBytesMax the largest page that is remembered, in bytes; 0 remembers none
     * @throws IllegalArgumentException when the bound is negative
     */
    public RepeatParser(ParserOptions options, int rememberedBytesMax) {
        if (rememberedBytesMax < 0) {
            throw new IllegalArgumentException("rememberedBytesMax must not be negative, but is " + rememberedBytesMax);
        }
        this.options = options;
        this.rememberedBytesMax = rememberedBytesMax;
        this.reader = new PageReader(options, memory);
    }

    /** The largest page that is remembered, in bytes. */
    public int rememberedBytesMax() {
        return rememberedBytesMax;
    }

    /** Every slot told so far is less than this. */
    public int slotCount() {
        return memory.slotCount();
    }

    /** The slot of the sample being shown, -1 where none is remembered; good only during a callback. */
    public int slot() {
        return reader.slot();
    }

    /** What is kept from page to page, in bytes, buffers included. */
    public long retainedBytes() {
        return memory.retainedBytes() + reader.retainedBytes() + scratch.length + tail.bytes.length;
    }

    /** Forgets the last page and gives its memory back. */
    public void forget() {
        requireIdle();
        memory.forget();
        scratch = NO_BYTES;
    }

    /** Reads a page that is all of {@code page}. See {@link #parse(byte[], int, int, SampleHandler)}. */
    public ParseSummary parse(byte[] page, SampleHandler handler) {
        return parse(page, 0, page.length, handler);
    }

    /**
     * Reads a page that stands in an array. The array is the caller's again when this returns.
     *
     * @param page holds the page
     * @param offset where the page starts
     * @param length its size in bytes
     * @param handler hears every sample
     * @return what became of the page, valid until the next parse
     * @throws PageSyntaxException if the mode refuses the page; no sample shown before may be relied on
     */
    public ParseSummary parse(byte[] page, int offset, int length, SampleHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return parse(page, offset, length, handler, null);
    }

    /** Reads what changed on a page that is all of {@code page}. */
    public ParseSummary parseChanges(byte[] page, ChangeHandler handler) {
        return parseChanges(page, 0, page.length, handler);
    }

    /**
     * Reads what changed on a page that stands in an array.
     *
     * @param page holds the page
     * @param offset where the page starts
     * @param length its size in bytes
     * @param handler hears what changed since the last page that was read, in whichever form
     * @return what became of the page, valid until the next parse; its samples are all that stand on the page
     * @throws PageSyntaxException if the mode refuses the page; the next page will be a reset
     */
    public ParseSummary parseChanges(byte[] page, int offset, int length, ChangeHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return parse(page, offset, length, PageReader.NOBODY, handler);
    }

    /**
     * Reads a page to the end of {@code in}, which stays open. See {@link PageParser#parse(InputStream, SampleHandler)}.
     *
     * @param in the page
     * @param handler hears every sample
     * @return what became of the page, valid until the next parse
     * @throws IOException when the source fails, unless the mode is lenient and it was no timeout
     * @throws PageSyntaxException if the mode refuses the page; no sample shown before may be relied on
     */
    public ParseSummary parse(InputStream in, SampleHandler handler) throws IOException {
        Objects.requireNonNull(in, "in");
        Objects.requireNonNull(handler, "handler");
        requireIdle();
        int length = 0;
        try {
            int read = fill(in, 0);
            while (read >= 0) {
                length += read;
                if (length > rememberedBytesMax) {
                    return readStreaming(
                            new SequenceInputStream(new ByteArrayInputStream(scratch, 0, length), in), handler);
                }
                read = fill(in, length);
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return readStreaming(
                    new SequenceInputStream(new ByteArrayInputStream(scratch, 0, length), new Failing(e)), handler);
        }
        return parse(scratch, 0, length, handler, null);
    }

    /**
     * Like {@link #parse(InputStream, SampleHandler)}, from okio.
     *
     * @param in the page
     * @param handler hears every sample
     * @return what became of the page, valid until the next parse
     * @throws IOException when the source fails, unless the mode is lenient and it was no timeout
     */
    public ParseSummary parse(BufferedSource in, SampleHandler handler) throws IOException {
        return parse(in.inputStream(), handler);
    }

    private int fill(InputStream in, int length) throws IOException {
        if (scratch.length - PageBuffer.SLACK <= length) {
            scratch = Arrays.copyOf(scratch, largerScratch());
        }
        return in.read(scratch, length, scratch.length - PageBuffer.SLACK - length);
    }

    /** No larger than it takes to see that a page is too large to be remembered. */
    private int largerScratch() {
        long enough = (long) rememberedBytesMax + 1 + PageBuffer.SLACK;
        return (int) Math.min(Math.max(FIRST_SCRATCH, 2L * scratch.length), Math.min(enough, ARRAY_MAX));
    }

    /** Reads a page that is too large, or was cut, as if it were nobody's. */
    private ParseSummary readStreaming(InputStream in, SampleHandler handler) throws IOException {
        memory.forget();
        return full().parse(in, handler);
    }

    private PageParser full() {
        if (streaming == null) {
            streaming = new PageParser(options);
        }
        return streaming;
    }

    private ParseSummary parse(
            byte[] page, int offset, int length, SampleHandler handler, @Nullable ChangeHandler changes) {
        Objects.checkFromIndexSize(offset, length, page.length);
        requireIdle();
        if (changes != null && toldChanges && isLastPage(page, offset, length)) {
            return reader.summary(); // Nothing changed, so neither did this.
        }
        if (changes == null && length > rememberedBytesMax) {
            memory.forget();
            return full().parse(page, offset, length, handler);
        }
        if ((changes == null) == toldChanges) {
            memory.forget(); // Who heard all samples knows no slots, and the other way round.
            toldChanges = changes != null;
        }
        boolean remembered = false;
        busy = true;
        try {
            ParseSummary summary = read(page, offset, length, handler, changes);
            remembered = length <= rememberedBytesMax;
            return summary;
        } finally {
            busy = false;
            reader.release();
            if (!remembered) {
                memory.forget();
            }
        }
    }

    private ParseSummary read(
            byte[] page, int offset, int length, SampleHandler handler, @Nullable ChangeHandler changes) {
        if (changes != null && memory.isEmpty()) {
            changes.onReset();
        }
        memory.beginPage();
        reader.begin(handler, changes);
        tail.clear();
        int to = offset + length;
        reader.summary().bytesRead(length);
        int safeEnd = Math.max(offset, Math.min(to, page.length - PageBuffer.SLACK));
        int linesEnd = Bytes.behindLastNewline(page, offset, safeEnd);
        memory.beginBytes(0, offset);
        int stop = reader.readLines(page, offset, linesEnd, false);
        tail.append(page, stop, to);
        if (!reader.isPageEnded()) {
            if (reader.forgivesLastNewline()) {
                tail.makeRoom(1);
                tail.endLine();
            }
            memory.beginBytes(stop - offset, tail.start);
            tail.start = reader.readLines(tail.bytes, tail.start, tail.end, true);
            reader.endPage();
        }
        if (changes != null) {
            memory.removeLost(changes);
        } else {
            memory.removeLost(NOBODY);
        }
        memory.endPage(page, offset, stop, tail.bytes, 0, tail.end, changes != null);
        return reader.summary();
    }

    private boolean isLastPage(byte[] page, int offset, int length) {
        return !memory.isEmpty() && reader.summary().bytes() == length && memory.isPage(page, offset, offset + length);
    }

    private void requireIdle() {
        if (busy) {
            throw new IllegalStateException("This parser is in the middle of a page; one parser reads one at a time.");
        }
    }

    private static final ChangeHandler NOBODY = new ChangeHandler() {
        @Override
        public void onReset() {}

        @Override
        public void onAdded(int slot, Sample sample) {}

        @Override
        public void onChanged(int slot, Sample sample) {}

        @Override
        public void onRemoved(int slot) {}
    };

    /** Has failed already. */
    private static final class Failing extends InputStream {
        private final IOException cause;

        Failing(IOException cause) {
            this.cause = cause;
        }

        @Override
        public int read() throws IOException {
            throw cause;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            throw cause;
        }
    }
}
