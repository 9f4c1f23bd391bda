package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Strict mode gives the verdict of the OpenMetrics project on all 211 pages of its suite. */
class OpenMetricsSuiteTest {
    private static final ParserOptions STRICT = ParserOptions.defaults().withMode(ParseMode.STRICT);

    /** One page of the suite; the name of its file ends with the verdict. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Case(String file, byte[] page) {
        boolean valid() {
            return file.endsWith(".valid.txt");
        }

        @Override
        public String toString() {
            return file;
        }
    }

    @Test
    void theSuiteIsWhole() {
        assertThat(cases()).hasSize(211);
        assertThat(valid()).hasSize(44);
        assertThat(invalid()).hasSize(167);
    }

    static Stream<Case> valid() {
        return cases().filter(Case::valid);
    }

    static Stream<Case> invalid() {
        return cases().filter(page -> !page.valid());
    }

    @ParameterizedTest
    @MethodSource("valid")
    void takesWhatIsValid(Case page) {
        assertThatCode(() -> {
                    ParseSummary summary = new PageParser(STRICT).parse(page.page(), sample -> {});
                    assertThat(summary.sawEof()).isTrue();
                    assertThat(summary.samples()).isEqualTo(linesOfSamples(page));
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesWhatIsInvalid(Case page) {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(STRICT).parse(page.page(), sample -> {}))
                .satisfies(refusal -> isOnThePage(refusal, page));
    }

    /** The place is on the page, or right behind the end of a line or of the page. */
    private static void isOnThePage(PageSyntaxException refusal, Case page) {
        String[] lines = new String(page.page(), StandardCharsets.ISO_8859_1).split("\n", -1);
        assertThat(refusal.line()).isBetween(1L, (long) lines.length);
        assertThat(refusal.column()).isBetween(1, lines[(int) refusal.line() - 1].length() + 1);
        assertThat(refusal.expected()).isNotBlank();
        assertThat(refusal.found()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysTheSameHoweverThePageComes(Case page) {
        List<String> whole = Recording.of(new PageParser(STRICT), Recording.array(page.page()));
        PageParser parser = new PageParser(STRICT.withFormat(PageFormat.OPENMETRICS));

        assertThat(Recording.of(parser, Recording.slice(page.page(), 3, 40))).isEqualTo(whole);
        assertThat(Recording.of(parser, Recording.direct(page.page()))).isEqualTo(whole);
        assertThat(Recording.of(parser, Recording.okio(page.page()))).isEqualTo(whole);
        for (int size = 1; size <= 17; size++) {
            assertThat(Recording.of(parser, Recording.reads(page.page(), size))).isEqualTo(whole);
        }
        for (int cut = 0; cut <= page.page().length; cut++) {
            assertThat(Recording.of(parser, Recording.cutAt(page.page(), cut))).isEqualTo(whole);
        }
    }

    /** A page that ends too early is refused, whichever byte was its last. */
    @ParameterizedTest
    @MethodSource("valid")
    void refusesEveryPageThatWasCut(Case page) throws IOException {
        int length = new String(page.page(), StandardCharsets.ISO_8859_1).lastIndexOf("# EOF") + "# EOF".length();
        PageParser parser = new PageParser(STRICT);
        for (int cut = 0; cut < length; cut++) {
            ByteArrayInputStream in = new ByteArrayInputStream(page.page(), 0, cut);
            assertThatExceptionOfType(PageSyntaxException.class)
                    .as("cut at %d", cut)
                    .isThrownBy(() -> parser.parse(in, sample -> {}));
        }
        parser.parse(new ByteArrayInputStream(page.page(), 0, length), sample -> {});
    }

    private static long linesOfSamples(Case page) {
        return new String(page.page(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }

    static Stream<Case> cases() {
        return read("openmetrics/SOURCES.tsv")
                .lines()
                .skip(1)
                .map(line -> line.split("\t", -1)[2])
                .map(file -> new Case(file, bytes("openmetrics/" + file)));
    }

    private static String read(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String file) {
        try (InputStream in = OpenMetricsSuiteTest.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
