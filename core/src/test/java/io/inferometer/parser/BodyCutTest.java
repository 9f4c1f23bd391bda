package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body that breaks off: what stands before the break is good, what breaks off is not. */
class BodyCutTest {
    private final PageParser parser = new PageParser();

    @Test
    void aLineThatBreaksOffIsSkipped() throws IOException {
        List<String> samples = new ArrayList<>();
        ParseSummary summary = parser.parse(
                cut("a 1\nvllm:x{y=\"z\"} 41", new EOFException("gone")),
                sample -> samples.add(Recording.line(sample)));

        assertThat(samples).containsExactly("a 1.0");
        assertThat(summary.bodyCut()).isTrue();
        assertThat(summary.cutTail()).isEqualTo("vllm:x{y=\"z\"} 41");
        assertThat(summary.cause()).hasMessage("gone");
        assertThat(summary.skippedLines()).isEqualTo(1);
        assertThat(summary.firstSkipped())
                .containsExactly(new SkippedLine(2, 17, "the body was cut before this line ended"));
        assertThat(summary).hasToString("1 samples, 1 lines skipped, 20 bytes, body cut");
    }

    @Test
    void aBreakBetweenTwoLinesCountsAsALine() throws IOException {
        ParseSummary summary = parser.parse(cut("a 1\nb 2\n", new IOException("gone")), sample -> {});

        assertThat(summary.samples()).isEqualTo(2);
        assertThat(summary.cutTail()).isEmpty();
        assertThat(summary.firstSkipped())
                .containsExactly(new SkippedLine(3, 1, "the body was cut before this line ended"));
    }

    @Test
    void aBodyThatNeverBeganIsCutToo() throws IOException {
        ParseSummary summary = parser.parse(cut("", new IOException("gone")), sample -> {});

        assertThat(summary.bodyCut()).isTrue();
        assertThat(summary.skippedLines()).isEqualTo(1);
        assertThat(summary.bytes()).isZero();
    }

    @Test
    void okioSourcesBreakLikeStreams() throws IOException {
        ParseSummary summary =
                parser.parse(Okio.buffer(Okio.source(cut("a 1\nb 2", new IOException("gone")))), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.bodyCut()).isTrue();
    }

    @Test
    void aPageThatEndsWithoutNewlineIsNotCut() throws IOException {
        ParseSummary summary = parser.parse(new ByteArrayInputStream(Recording.bytes("a 1\nb 41")), sample -> {});

        assertThat(summary.samples()).isEqualTo(2);
        assertThat(summary.bodyCut()).isFalse();
        assertThat(summary.cutTail()).isNull();
        assertThat(summary.cause()).isNull();
    }

    @Test
    void keepsOnlyTheStartOfALongTail() throws IOException {
        String tail = "x".repeat(ParseSummary.CUT_TAIL_BYTES_MAX + 1);
        ParseSummary summary = parser.parse(cut("a 1\n" + tail, new IOException("gone")), sample -> {});

        assertThat(summary.cutTail()).isEqualTo("x".repeat(ParseSummary.CUT_TAIL_BYTES_MAX));
        assertThat(summary.firstSkipped().get(0).column()).isEqualTo(tail.length() + 1);
    }

    @Test
    void aLineThatIsTooLongAndCutCountsOnce() throws IOException {
        PageParser narrow = new PageParser(ParserOptions.defaults().withLineBytesMax(10));
        ParseSummary summary = narrow.parse(cut("a 1\n" + "x".repeat(30), new IOException("gone")), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.bodyCut()).isTrue();
        assertThat(summary.firstSkipped()).extracting(SkippedLine::line).containsExactly(2L);
    }

    @ParameterizedTest
    @EnumSource(names = {"LENIENT", "PROMETHEUS"})
    void aTimeoutIsThrownInEveryMode(ParseMode mode) {
        PageParser any = new PageParser(ParserOptions.defaults().withMode(mode));

        assertThatThrownBy(() -> any.parse(cut("a 1\n", new SocketTimeoutException("slow")), sample -> {}))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("slow");
        assertThatThrownBy(() -> any.parse(cut("a 1\n", new InterruptedIOException("stop")), sample -> {}))
                .isExactlyInstanceOf(InterruptedIOException.class);
    }

    @Test
    void prometheusModeThrowsWhatTheSourceThrows() {
        PageParser prometheus = new PageParser(ParserOptions.defaults().withMode(ParseMode.PROMETHEUS));

        assertThatThrownBy(() -> prometheus.parse(cut("a 1\n", new EOFException("gone")), sample -> {}))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void aHandlerHearsOfTheCut() throws IOException {
        List<SkippedLine> heard = new ArrayList<>();
        parser.parse(cut("a 1", new IOException("gone")), new SampleHandler() {
            @Override
            public void onSample(Sample sample) {}

            @Override
            public boolean wantsSkippedLines() {
                return true;
            }

            @Override
            public void onSkippedLine(SkippedLine line) {
                heard.add(line);
            }
        });

        assertThat(heard).containsExactly(new SkippedLine(1, 4, "the body was cut before this line ended"));
    }

    /** A stream that gives {@code text} and then fails. */
    private static InputStream cut(String text, IOException failure) {
        return new InputStream() {
            private final ByteArrayInputStream bytes = new ByteArrayInputStream(Recording.bytes(text));

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] into, int at, int room) throws IOException {
                int read = bytes.read(into, at, Math.min(room, 7));
                if (read < 0) {
                    throw failure;
                }
                return read;
            }
        };
    }
}
