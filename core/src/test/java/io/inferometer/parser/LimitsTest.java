package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bound, at the bound and one past it. */
class LimitsTest {
    private static final ParserOptions NARROW = ParserOptions.defaults().withLineBytesMax(20);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# HELP a of twenty b",
                "# TYPE abcde summary",
                "# a comment twenty b",
                "{\"a\",x=\"12345678\"} 1"
            })
    void aLineMayBeAsLongAsAllowed(String line) throws IOException {
        assertThat(line).hasSize(20);
        assertThat(skipped(NARROW, line + "\n")).isZero();
    }

    @Test
    void aSampleLineAtTheBoundIsReadAndOnePastItIsNot() throws IOException {
        String line = "a{label=\"value\"} 123";

        assertThat(line).hasSize(20);
        assertThat(skipped(NARROW, line + "\nb 1\n")).isZero();
        assertThat(skipped(NARROW, line + "4\nb 1\n")).isEqualTo(1);
        assertThat(skipped(NARROW, line)).isZero();
        assertThat(skipped(NARROW, line + "4")).isEqualTo(1);
        assertThat(skipped(NARROW, line + "\r\n")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# a comment of twenty",
                "# HELP a twenty and 1",
                "# TYPE abcdef summary",
                "a{label=\"value\"}  123"
            })
    void anyLineOnePastTheBoundIsSkipped(String line) throws IOException {
        assertThat(line).hasSize(21);
        assertThat(skipped(NARROW, line + "\n")).isEqualTo(1);
    }

    @Test
    void saysThatALineIsTooLong() {
        ParseSummary summary =
                new PageParser(NARROW).parse(Recording.bytes("a 1\n" + "x".repeat(1000) + " 1\nb 2\n"), sample -> {});

        assertThat(summary.samples()).isEqualTo(2);
        assertThat(summary.firstSkipped())
                .containsExactly(new SkippedLine(2, 21, "expected a line of at most 20 bytes, found a longer one"));
    }

    @Test
    void prometheusModeRefusesALineThatIsTooLong() {
        ParserOptions options = NARROW.withMode(ParseMode.PROMETHEUS);

        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() ->
                        new PageParser(options).parse(Recording.bytes("a 1\n" + "x".repeat(20) + " 1\n"), s -> {}))
                .withMessage("line 2, column 21: expected a line of at most 20 bytes, found a longer one");
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() ->
                        new PageParser(options).parse(Recording.bytes("a{x=\"1\n2\n3\n4\n5\n6\n7\n8\"} 1\n"), s -> {}))
                .withMessage("line 1, column 21: expected a line of at most 20 bytes, found a longer one");
    }

    @ParameterizedTest
    @EnumSource(names = {"LENIENT", "PROMETHEUS"})
    void aSampleMayCarryAsManyLabelsAsAllowed(ParseMode mode) {
        ParserOptions options = ParserOptions.defaults().withMode(mode).withLabelsMax(300);

        assertThat(Recording.samples(options, "a{" + labels(300) + "} 1\n")).hasSize(1);
        assertThat(Recording.samples(options, "{\"a\"," + labels(300) + "} 1\n"))
                .hasSize(1);
    }

    @Test
    void aLabelTooManyCostsTheLine() {
        ParseSummary summary = new PageParser(ParserOptions.defaults().withLabelsMax(2))
                .parse(Recording.bytes("a{" + labels(3) + "} 1\na{" + labels(2) + "} 1\n"), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.firstSkipped())
                .containsExactly(new SkippedLine(1, 17, "expected at most 2 labels, found \"l2\""));
    }

    @Test
    void aLabelTooManyOnAnExemplarCostsTheLine() {
        ParseSummary summary = new PageParser(ParserOptions.defaults().withLabelsMax(2))
                .parse(Recording.bytes("a 1 # {" + labels(3) + "} 1\na 1 # {" + labels(2) + "} 1\n"), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.firstSkipped())
                .containsExactly(new SkippedLine(1, 22, "expected at most 2 labels of an exemplar, found \"l2\""));
    }

    @Test
    void prometheusModeRefusesALabelTooMany() {
        ParserOptions options =
                ParserOptions.defaults().withMode(ParseMode.PROMETHEUS).withLabelsMax(2);

        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(options).parse(Recording.bytes("a{" + labels(3) + "} 1\n"), s -> {}))
                .withMessage("line 1, column 17: expected at most 2 labels, found \"l2\"");
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void aPageMayHoldAsManySamplesAsAllowed(ParseMode mode, PageFormat format) {
        ParserOptions options =
                ParserOptions.defaults().withMode(mode).withFormat(format).withSamplesMax(3);
        String three = "a 1\n# HELP b x\nb{x=\"1\"} 1\nb{x=\"2\"} 1\n";

        assertThat(Recording.samples(options, three + "# EOF\n")).hasSize(3);
        assertThatExceptionOfType(TooManySamplesException.class)
                .isThrownBy(() -> Recording.samples(options, three + "c 1\n# EOF\n"))
                .withMessage("line 5: found another sample behind the first 3, which is all that samplesMax allows. If"
                        + " the page is to be trusted, raise it with withSamplesMax(...).")
                .satisfies(refusal -> {
                    assertThat(refusal.line()).isEqualTo(5);
                    assertThat(refusal.samplesMax()).isEqualTo(3);
                });
    }

    @Test
    void samplesThatNobodyWantsDoNotCount() {
        ParserOptions options =
                ParserOptions.defaults().withSamplesMax(1).withFilter(FamilyFilter.ofFamilies(List.of("a")));

        assertThat(Recording.samples(options, "b 1\na 1\nb 2\n")).containsExactly("a 1.0");
    }

    @Test
    void aParserGoesOnAfterAPageThatWasTooLarge() {
        PageParser parser = new PageParser(ParserOptions.defaults().withSamplesMax(1));

        assertThatExceptionOfType(TooManySamplesException.class)
                .isThrownBy(() -> parser.parse(Recording.bytes("a 1\nb 1\n"), sample -> {}));
        assertThat(parser.parse(Recording.bytes("a 1\n"), sample -> {}).samples())
                .isEqualTo(1);
    }

    @Test
    void theLimitsHaveLimits() {
        ParserOptions options = ParserOptions.defaults();

        assertThat(options.withLineBytesMax(1).lineBytesMax()).isEqualTo(1);
        assertThat(options.withLineBytesMax(ParserOptions.LINE_BYTES_LIMIT).lineBytesMax())
                .isEqualTo(ParserOptions.LINE_BYTES_LIMIT);
        assertThat(options.withLabelsMax(ParserOptions.LABELS_LIMIT).labelsMax())
                .isEqualTo(ParserOptions.LABELS_LIMIT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withLineBytesMax(0))
                .withMessage("lineBytesMax must be between 1 and 268435456, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withLineBytesMax(ParserOptions.LINE_BYTES_LIMIT + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withLabelsMax(0))
                .withMessage("labelsMax must be between 1 and 65536, but is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> options.withLabelsMax(ParserOptions.LABELS_LIMIT + 1));
        assertThat(options.withSamplesMax(Integer.MAX_VALUE).samplesMax()).isEqualTo(Integer.MAX_VALUE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withSamplesMax(0))
                .withMessage("samplesMax must be between 1 and 2147483647, but is 0");
    }

    /** A line without end must cost neither memory nor the lines behind it. */
    @Test
    void anEndlessLineIsThrownAwayAsItComes() throws IOException {
        PageBuffer buffer = new PageBuffer();
        ParserOptions options = ParserOptions.defaults().withLineBytesMax(1000);
        PageParser parser = new PageParser(options, new PageReader(options), buffer);
        ParseSummary summary = parser.parse(new Endless(50_000_000), sample -> {});

        assertThat(summary.bytes()).isEqualTo(50_000_000);
        assertThat(summary.skippedLines()).isEqualTo(1);
        assertThat(summary.samples()).isZero();
        assertThat(buffer.bytes.length).isLessThanOrEqualTo(1 << 17);
    }

    @Test
    void aMonstrousLineLeavesNoMonstrousBuffer() throws IOException {
        PageBuffer buffer = new PageBuffer();
        ParserOptions options = ParserOptions.defaults().withLineBytesMax(8_000_000);
        PageParser parser = new PageParser(options, new PageReader(options), buffer);
        byte[] page = Recording.bytes("a{x=\"" + "y".repeat(5_000_000) + "\"} 1\nb 2\n");
        ParseSummary summary = parser.parse(new ByteArrayInputStream(page), sample -> {});

        assertThat(summary.samples()).isEqualTo(2);
        assertThat(buffer.bytes.length).isLessThanOrEqualTo(1 << 20);
    }

    private static long skipped(ParserOptions options, String page) throws IOException {
        byte[] bytes = Recording.bytes(page);
        long skipped = new PageParser(options).parse(bytes, sample -> {}).skippedLines();
        assertThat(new PageParser(options)
                        .parse(new ByteArrayInputStream(bytes), sample -> {})
                        .skippedLines())
                .isEqualTo(skipped);
        return skipped;
    }

    private static String labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "l" + i + "=\"v\"").collect(Collectors.joining(","));
    }

    /** Gives the letter x, again and again. */
    private static final class Endless extends InputStream {
        private long left;

        Endless(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'x' : -1;
        }

        @Override
        public int read(byte[] into, int at, int room) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, room);
            Arrays.fill(into, at, at + count, (byte) 'x');
            left -= count;
            return count;
        }
    }
}
