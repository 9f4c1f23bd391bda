package io.inferometer.parser;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one page: how much was read, what was skipped, whether it ended as it should.
 *
 * <p>Owned by its {@link PageParser} and overwritten by the next parse, so that a page costs no garbage. Not
 * thread-safe. {@link #copy()} gives one to keep.
 */
public final class ParseSummary {
    /** How many skipped lines are explained; the others are only counted. */
    static final int EXPLAINED_MAX = 8;

    /** How much of an unfinished last line is kept, in bytes. */
    static final int CUT_TAIL_BYTES_MAX = 4096;

    private final List<SkippedLine> skipped = new ArrayList<>(0);
    private long samples;
    private long skippedLines;
    private long bytes;
    private boolean sawEof;
    private @Nullable String cutTail;
    private @Nullable IOException cause;

    ParseSummary() {}

    /** Samples handed to the handler. */
    public long samples() {
        return samples;
    }

    /** Lines that could not be read. Comments that say nothing, and lines of unwanted families, do not count. */
    public long skippedLines() {
        return skippedLines;
    }

    /** The first lines that could not be read, eight at most, in page order. */
    public List<SkippedLine> firstSkipped() {
        return List.copyOf(skipped);
    }

    /** Size of the page, in bytes, as far as it arrived. */
    public long bytes() {
        return bytes;
    }

    /** Whether a line {@code # EOF} was seen. */
    public boolean sawEof() {
        return sawEof;
    }

    /** Whether the source failed before the page ended. */
    public boolean bodyCut() {
        return cause != null;
    }

    /** How the source failed, null if the page arrived whole. */
    public @Nullable IOException cause() {
        return cause;
    }

    /**
     * The last line as far as it arrived, its first 4096 bytes at most; empty if the cut fell between two lines, null
     * if there was no cut. It may be half a number: good for telling which family was hit, never for its value.
     */
    public @Nullable String cutTail() {
        return cutTail;
    }

    /** The same, no longer touched by the parser. */
    public ParseSummary copy() {
        ParseSummary copy = new ParseSummary();
        copy.skipped.addAll(skipped);
        copy.samples = samples;
        copy.skippedLines = skippedLines;
        copy.bytes = bytes;
        copy.sawEof = sawEof;
        copy.cutTail = cutTail;
        copy.cause = cause;
        return copy;
    }

    @Override
    public String toString() {
        return samples + " samples, " + skippedLines + " lines skipped, " + bytes + " bytes"
                + (bodyCut() ? ", body cut" : "");
    }

    void clear() {
        skipped.clear();
        samples = 0;
        skippedLines = 0;
        bytes = 0;
        sawEof = false;
        cutTail = null;
        cause = null;
    }

    void sampleRead() {
        samples++;
    }

    void samplesRead(long count) {
        samples += count;
    }

    void bytesRead(int count) {
        bytes += count;
    }

    void eofSeen() {
        sawEof = true;
    }

    void bodyWasCut(IOException how, String tail) {
        cause = how;
        cutTail = tail;
    }

    /** Counts a skipped line; says whether it should be explained too. */
    boolean lineSkipped() {
        skippedLines++;
        return skippedLines <= EXPLAINED_MAX;
    }

    void explain(SkippedLine line) {
        skipped.add(line);
    }
}
