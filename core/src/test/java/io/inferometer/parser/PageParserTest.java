package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageParserTest {
    private final PageParser parser = new PageParser();

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# a comment", "\n\n \n"})
    void aPageWithoutSamplesIsAPage(String page) {
        ParseSummary summary = parser.parse(Recording.bytes(page), sample -> {});

        assertThat(summary.samples()).isZero();
        assertThat(summary.skippedLines()).isZero();
        assertThat(summary.firstSkipped()).isEmpty();
        assertThat(summary.bytes()).isEqualTo(page.length());
    }

    @Test
    void readsPartOfAnArray() {
        byte[] page = Recording.bytes("x 1\na 1\nb 23\n");
        List<String> samples = new ArrayList<>();
        ParseSummary summary = parser.parse(page, 4, 7, sample -> samples.add(Recording.line(sample)));

        assertThat(samples).containsExactly("a 1.0", "b 2.0");
        assertThat(summary.bytes()).isEqualTo(7);
        assertThatThrownBy(() -> parser.parse(page, 4, 10, sample -> {})).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> parser.parse(page, -1, 2, sample -> {})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void leavesABufferWhereItStands() {
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(16), ByteBuffer.allocateDirect(16))) {
            buffer.put(Recording.bytes("xxa 1\nb 2\nyy")).position(2).limit(10);
            List<String> samples = new ArrayList<>();
            parser.parse(buffer, sample -> samples.add(Recording.line(sample)));

            assertThat(samples).containsExactly("a 1.0", "b 2.0");
            assertThat(buffer.position()).isEqualTo(2);
            assertThat(buffer.limit()).isEqualTo(10);
        }
    }

    @Test
    void readsABufferThatMustNotBeWritten() {
        ByteBuffer buffer = ByteBuffer.wrap(Recording.bytes("a 1\nb 2")).asReadOnlyBuffer();

        assertThat(parser.parse(buffer, sample -> {}).samples()).isEqualTo(2);
    }

    @Test
    void theSummaryBelongsToTheParserAndACopyToTheCaller() {
        ParseSummary first = parser.parse(Recording.bytes("a 1\nb-c 1\n# EOF\n"), sample -> {});
        ParseSummary kept = first.copy();
        ParseSummary second = parser.parse(Recording.bytes("a 1\na 2\na 3\n"), sample -> {});

        assertThat(second).isSameAs(first).hasToString("3 samples, 0 lines skipped, 12 bytes");
        assertThat(kept).hasToString("1 samples, 1 lines skipped, 16 bytes");
        assertThat(kept.firstSkipped()).hasSize(1);
        assertThat(kept.sawEof()).isTrue();
        assertThat(second.sawEof()).isFalse();
        assertThat(second.firstSkipped()).isEmpty();
    }

    @Test
    void goesOnAfterAHandlerThatFailed() {
        assertThatThrownBy(() -> parser.parse(Recording.bytes("a 1\nb 2\n"), sample -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");

        assertThat(parser.parse(Recording.bytes("a 1\nb 2\n"), sample -> {}).samples())
                .isEqualTo(2);
    }

    @Test
    void goesOnAfterAPageItRefused() {
        PageParser prometheus = new PageParser(ParserOptions.defaults().withMode(ParseMode.PROMETHEUS));

        assertThatThrownBy(() -> prometheus.parse(Recording.bytes("# TYPE a gauge\na 1\nb-\n"), sample -> {}))
                .isInstanceOf(PageSyntaxException.class);
        prometheus.parse(
                Recording.bytes("a 1\n"), sample -> assertThat(sample.type()).isEqualTo(MetricType.UNKNOWN));
    }

    @Test
    void refusesToReadTwoPagesAtOnce() {
        assertThatThrownBy(() -> parser.parse(
                        Recording.bytes("a 1\n"), sample -> parser.parse(Recording.bytes("b 1\n"), inner -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This parser is in the middle of a page; one parser reads one at a time.");
    }

    @Test
    void wantsAPageAndAHandler() {
        byte[] page = {};

        assertThatNullPointerException()
                .isThrownBy(() -> parser.parse(page, null))
                .withMessage("handler");
        assertThatNullPointerException()
                .isThrownBy(() -> parser.parse((InputStream) null, s -> {}))
                .withMessage("in");
        assertThatNullPointerException()
                .isThrownBy(() -> parser.parse((BufferedSource) null, s -> {}))
                .withMessage("in");
        assertThatNullPointerException()
                .isThrownBy(() -> ParserOptions.defaults().withMode(null))
                .withMessage("mode");
        assertThatNullPointerException()
                .isThrownBy(() -> ParserOptions.defaults().withFormat(null))
                .withMessage("format");
        assertThat(parser.parse(page, sample -> {}).samples()).isZero();
    }

    @Test
    void tellsAboutFamiliesWhoeverAsks() {
        String page = """
                # HELP a_s The \\\\ path\\nC:\\dir \\"x\\"
                # TYPE a_s gauge
                # UNIT a_s s
                # HELP "b \\"c" Text
                # TYPE "b \\"c" counter
                # UNIT "b \\"c_s" s
                a_s 1
                """;

        assertThat(Recording.of(parser, Recording.array(Recording.bytes(page))))
                .containsExactly(
                        "HELP a_s The \\ path\nC:\\dir \\\"x\\\"",
                        "TYPE a_s GAUGE",
                        "UNIT a_s s",
                        "HELP b \"c Text",
                        "TYPE b \"c COUNTER",
                        "UNIT b \"c_s s",
                        "7: a_s 1.0 gauge",
                        "1 samples, 0 lines skipped, " + page.length() + " bytes []");
    }

    @Test
    void inOpenMetricsAHelpTextKnowsQuotesToo() {
        PageParser openMetrics = new PageParser(ParserOptions.defaults().withFormat(PageFormat.OPENMETRICS));

        assertThat(Recording.of(openMetrics, Recording.array(Recording.bytes("# HELP a \\\"x\\\"\n# EOF\n"))))
                .startsWith("HELP a \"x\"");
    }

    @Test
    void tellsNothingToWhoDoesNotAsk() {
        parser.parse(Recording.bytes("# HELP a b\n# TYPE a gauge\n# UNIT a_s s\na 1\n"), new SampleHandler() {
            @Override
            public void onSample(Sample sample) {}

            @Override
            public void onType(String family, MetricType type) {
                throw new AssertionError(family);
            }

            @Override
            public void onHelp(String family, String help) {
                throw new AssertionError(family);
            }

            @Override
            public void onUnit(String family, String unit) {
                throw new AssertionError(family);
            }
        });
    }

    @Test
    void doesNotCloseTheStream() throws Exception {
        InputStream in = new ByteArrayInputStream(Recording.bytes("a 1\n")) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };

        assertThat(parser.parse(in, sample -> {}).samples()).isEqualTo(1);
    }

    @Test
    void typesHaveTheWordsOfThePage() {
        assertThat(MetricType.values())
                .extracting(MetricType::word)
                .containsExactly(
                        "counter", "gauge", "histogram", "summary", "unknown", "info", "stateset", "gaugehistogram");
    }
}
