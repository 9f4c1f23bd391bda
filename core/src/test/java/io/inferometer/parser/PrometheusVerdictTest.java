package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Prometheus mode takes what a scrape of Prometheus 3 takes, and refuses the rest with a place and a reason. */
class PrometheusVerdictTest {
    private static final ParserOptions TEXT = ParserOptions.defaults().withMode(ParseMode.PROMETHEUS);
    private static final ParserOptions OPENMETRICS = TEXT.withFormat(PageFormat.OPENMETRICS);

    static Stream<Arguments> textPages() {
        return Verdicts.in("verdicts-text.txt");
    }

    static Stream<Arguments> openMetricsPages() {
        return Verdicts.in("verdicts-openmetrics.txt");
    }

    @ParameterizedTest
    @MethodSource("textPages")
    void agreesAboutText(boolean taken, String page) {
        assertThat(isTaken(TEXT, page)).isEqualTo(taken);
    }

    @ParameterizedTest
    @MethodSource("openMetricsPages")
    void agreesAboutOpenMetrics(boolean taken, String page) {
        assertThat(isTaken(OPENMETRICS, page)).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a 1\\nb-c 2\\n         | line 2, column 2: expected a decimal number within the range of a double, found "-c"
                    a 1x\\n                | line 1, column 3: expected a decimal number within the range of a double, found "1x"
                    a 1 -5\\n              | line 1, column 5: expected the end of the line, found '-'
                    a 1 9223372036854775808\\n | line 1, column 5: expected a timestamp in milliseconds, found "9223372036854775808"
                    a\\n                   | line 1, column 2: expected a value, found the end of the line
                    \\n\\n {x="1"} 5\\n    | line 3, column 8: expected a metric name, found '}'
                    a{x="1",x="2"} 5\\n    | line 1, column 9: expected each label name once, found 'x'
                    a{,} 1\\n              | line 1, column 3: expected a label name or '}', found ','
                    a{x:y="1"} 1\\n        | line 1, column 4: expected '=', found ':'
                    a{x=1} 1\\n            | line 1, column 5: expected '"' before the label value, found '1'
                    a{x="1\\n2\\n          | line 3, column 1: expected '"' at the end of the text, found the end of the page
                    a{x="1\\n2",y=3} 1\\n  | line 2, column 6: expected '"' before the label value, found '3'
                    a{x="\\xff"} 1\\n      | line 1, column 6: expected valid UTF-8, found byte 0xff
                    {"a","b"} 1\\n         | line 1, column 6: expected one metric name, found ""b""
                    # TYPE a gauge \\n     | line 1, column 10: expected counter, gauge, histogram, summary or untyped, found "gauge "
                    # TYPE a\\n            | line 1, column 9: expected counter, gauge, histogram, summary or untyped, found the end of the line
                    # TYPE 9 gauge\\n      | line 1, column 8: expected a metric name, found '9'
                    9 1\\n                 | line 1, column 1: expected a metric name, '{' or '#', found '9'
                    """)
    void saysWhereTextIsRefused(String page, String message) {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(TEXT).parse(Verdicts.bytes(page), sample -> {}))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a 1\\n                 | line 2, column 1: expected # EOF, found the end of the page
                    a 1                    | line 1, column 4: expected the end of the line, found the end of the page
                    # EOF\\na 1\\n         | line 2, column 1: expected nothing after # EOF, found 'a'
                    # TYPE a untyped\\n    | line 1, column 10: expected a metric type, found "untyped"
                    # UNIT a_s m\\n        | line 1, column 12: expected a unit that the metric name ends with, found 'm'
                    # UNIT a_s ms\\n       | line 1, column 12: expected a unit that the metric name ends with, found "ms"
                    # HELP a\\n            | line 1, column 9: expected a blank after the metric name, found the end of the line
                    #HELP a b\\n           | line 1, column 2: expected a blank after '#', found 'H'
                    # HOLP a b\\n          | line 1, column 3: expected HELP, TYPE, UNIT or EOF, found "HO"
                    a{x="1" } 1\\n         | line 1, column 8: expected ',' or '}', found a blank
                    a 1 NaN\\n             | line 1, column 5: expected a timestamp in seconds, found "NaN"
                    a 1 # {a} 1\\n         | line 1, column 9: expected '=', found '}'
                    a 1 # {} x\\n          | line 1, column 10: expected a blank and the exemplar's value, found 'x'
                    a 1 # {} 1 x\\n        | line 1, column 12: expected the exemplar's timestamp in seconds, found 'x'
                    a 1 # x\\n             | line 1, column 7: expected '{' of an exemplar, found 'x'
                    a\\t1\\n               | line 1, column 2: expected a blank and a value, found a tab
                    """)
    void saysWhereOpenMetricsIsRefused(String page, String message) {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(OPENMETRICS).parse(Verdicts.bytes(page), sample -> {}))
                .withMessage(message);
    }

    @Test
    void aRefusalCarriesItsParts() {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(TEXT).parse(Recording.bytes("a 1\nb x\n"), sample -> {}))
                .satisfies(refusal -> {
                    assertThat(refusal.line()).isEqualTo(2);
                    assertThat(refusal.column()).isEqualTo(3);
                    assertThat(refusal.expected()).isEqualTo("a decimal number within the range of a double");
                    assertThat(refusal.found()).isEqualTo("'x'");
                });
    }

    @Test
    void showsOnlyTheStartOfALongToken() {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> new PageParser(TEXT).parse(Recording.bytes("a " + "x".repeat(41)), sample -> {}))
                .withMessageEndingWith("found \"" + "x".repeat(40) + "…\"");
    }

    @Test
    void readsWhatItTakes() {
        String page = """
                  a 1
                {"my.metric",x="l1
                l2"} 2 5
                {abc} 3
                a-5
                """;

        assertThat(Recording.samples(TEXT, page))
                .containsExactly("a 1.0", "my.metric{x=\"l1\nl2\"} 2.0 @5", "b 3.0", "a -5.0");
    }

    @Test
    void countsTheLinesOfARecordOfSeveral() {
        List<Long> lines = new ArrayList<>();
        new PageParser(TEXT).parse(Recording.bytes("a{x=\"1\n2\n3\"} 1\nb 2\n"), sample -> lines.add(sample.line()));

        assertThat(lines).containsExactly(1L, 4L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    `a b\n`        | `a b`
                    `a  b \n`      | `a  b `
                    `a=\tb\n`      | `a \tb`
                    `a   \n`       | `a `
                    `a \0 \n`      | `a `
                    `a \0b\n`      | `a \0b`
                    """)
    void onlyOneByteDividesAHelpTextFromItsFamily(String help, String expected) {
        List<String> events = Recording.of(new PageParser(TEXT), Recording.array(Verdicts.bytes("# HELP " + help)));

        assertThat(events).first().isEqualTo("HELP " + expected.translateEscapes());
    }

    private static boolean isTaken(ParserOptions options, String page) {
        try {
            new PageParser(options).parse(Verdicts.bytes(page), sample -> {});
            return true;
        } catch (PageSyntaxException e) {
            return false;
        }
    }
}
