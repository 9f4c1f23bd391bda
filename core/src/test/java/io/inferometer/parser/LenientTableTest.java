package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of {@link ParseMode#LENIENT}, row by row. */
class LenientTableTest {
    private static final ParserOptions TEXT = ParserOptions.defaults();
    private static final ParserOptions OPENMETRICS = TEXT.withFormat(PageFormat.OPENMETRICS);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a 1\\r\\n                      | a 1.0
                    \\xef\\xbb\\xbfa 1\\n          | a 1.0
                    \\xef\\xbb\\xbf  a 1\\n        | a 1.0
                    a 1                            | a 1.0
                    a{x="y"} 1 5\\r                | a{x="y"} 1.0 @5
                    \\t a \\t{ x\\t= "1" , y = "2" } \\t 1\\t 7 \\t \\r\\n | a{x="1",y="2"} 1.0 @7
                    a{x="1"}1\\n                   | a{x="1"} 1.0
                    a{x="1"y="2"} 1\\n             | a{x="1",y="2"} 1.0
                    a{x="1" y="2"} 1\\n            | a{x="1",y="2"} 1.0
                    a{,x="1"} 1\\n                 | a{x="1"} 1.0
                    a{x="1",,y="2"} 1\\n           | a{x="1",y="2"} 1.0
                    a{x="1",} 1\\n                 | a{x="1"} 1.0
                    a{x="1",,} 1\\n                | a{x="1"} 1.0
                    a{, ,} 1\\n                    | a 1.0
                    a{} 1\\n                       | a 1.0
                    a{x=""} 1\\n                   | a{x=""} 1.0
                    a{x="}"} 1\\n                  | a{x="}"} 1.0
                    a{x=",",y="="} 1\\n            | a{x=",",y="="} 1.0
                    a{x="\\\\d:\\\\x"} 1\\n        | a{x="\\d:\\x"} 1.0
                    a{x="\\\\\\\\"} 1\\n           | a{x="\\"} 1.0
                    a{x="\\\\"q"} 1\\n             | a{x=""q"} 1.0
                    a{x="\\xc3\\xa9"} 1\\n         | a{x="é"} 1.0
                    a:b_9 1\\n                     | a:b_9 1.0
                    {"my.metric",x="y"} 1\\n       | my.metric{x="y"} 1.0
                    {x="y" "my.metric"} 1\\n       | my.metric{x="y"} 1.0
                    {"a\\\\"b"} 1\\n               | a"b 1.0
                    a{"l.x"="1"} 1\\n              | a{l.x="1"} 1.0
                    a +5\\n                        | a 5.0
                    a .5\\n                        | a 0.5
                    a 5.\\n                        | a 5.0
                    a 1E5\\n                       | a 100000.0
                    a 1e+011\\n                    | a 1.0E11
                    a -0\\n                        | a -0.0
                    a 1e-400\\n                    | a 0.0
                    a 4.9e-324\\n                  | a 4.9E-324
                    a NaN\\n                       | a NaN
                    a Nan\\n                       | a NaN
                    a -nan\\n                      | a NaN
                    a +NAN\\n                      | a NaN
                    a Inf\\n                       | a Infinity
                    a +Inf\\n                      | a Infinity
                    a -inf\\n                      | a -Infinity
                    a infinity\\n                  | a Infinity
                    a 1 -3982045\\n                | a 1.0 @-3982045
                    a 1 -9223372036854775808\\n    | a 1.0 @-9223372036854775808
                    a 1 9223372036854775807\\n     | a 1.0 @9223372036854775807
                    a_total 5 # {t="x"} 0.5\\n     | a_total 5.0
                    a_total 5 7 # {t="x"} 0.5 1.5  | a_total 5.0 @7
                    a_total 5 #{} 1\\n             | a_total 5.0
                    """)
    void keeps(String page, String sample) {
        ParseSummary summary = new PageParser()
                .parse(
                        Verdicts.bytes(page),
                        seen -> assertThat(Recording.line(seen)).isEqualTo(sample));

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.skippedLines()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a-b 1\\n                       | 2  | expected a blank or '{' after the metric name, found '-'
                    a"b" 1\\n                      | 2  | expected a blank or '{' after the metric name, found '"'
                    9a 1\\n                        | 1  | expected a metric name, found '9'
                    a\\n                           | 2  | expected a value, found the end of the line
                    a \\n                          | 3  | expected a decimal number within the range of a double, found the end of the line
                    a{x="1",x="2"} 1\\n            | 9  | expected each label name once, found 'x'
                    a{"x"="1",x="2"} 1\\n          | 11 | expected each label name once, found 'x'
                    a{""="1"} 1\\n                 | 4  | expected a label name that is not empty, found '"'
                    a{__name__="b"} 1\\n           | 3  | expected each label name once, found "__name__"
                    {__name__="b"} 1\\n            | 2  | expected each label name once, found "__name__"
                    {x="b"} 1\\n                   | 7  | expected a metric name, found '}'
                    {""} 1\\n                      | 3  | expected a metric name that is not empty, found '"'
                    {"a","b"} 1\\n                 | 7  | expected one metric name, found 'b'
                    a{"b"} 1\\n                    | 4  | expected one metric name, found 'b'
                    {abc} 1\\n                     | 5  | expected '=' after the label name, found '}'
                    a{x:y="1"} 1\\n                | 4  | expected '=' after the label name, found ':'
                    a{x=1} 1\\n                    | 5  | expected '"', found '1'
                    a{x="1} 1\\n                   | 10 | expected '"' at the end of the text, found the end of the line
                    a{x="1" 1\\n                   | 9  | expected a label name, ',' or '}', found '1'
                    a{x="\\xff"} 1\\n              | 6  | expected valid UTF-8, found byte 0xff
                    a{x="\\xc0\\x80"} 1\\n         | 6  | expected valid UTF-8, found byte 0xc0
                    # HELP a \\xff\\n              | 10 | expected valid UTF-8, found byte 0xff
                    a 1e400\\n                     | 3  | expected a decimal number within the range of a double, found "1e400"
                    a -1e400\\n                    | 3  | expected a decimal number within the range of a double, found "-1e400"
                    a 0x10\\n                      | 3  | expected a decimal number within the range of a double, found "0x10"
                    a 0x1p3\\n                     | 3  | expected a decimal number within the range of a double, found "0x1p3"
                    a 1_000\\n                     | 3  | expected a decimal number within the range of a double, found "1_000"
                    a 1f\\n                        | 3  | expected a decimal number within the range of a double, found "1f"
                    a 1d\\n                        | 3  | expected a decimal number within the range of a double, found "1d"
                    a 1,5\\n                       | 3  | expected a decimal number within the range of a double, found "1,5"
                    a 1 1.5\\n                     | 5  | expected a timestamp in milliseconds, found "1.5"
                    a 1 9223372036854775808\\n     | 5  | expected a timestamp in milliseconds, found "9223372036854775808"
                    a 1 -9223372036854775809\\n    | 5  | expected a timestamp in milliseconds, found "-9223372036854775809"
                    a 1 2 3\\n                     | 7  | expected the end of the line, found '3'
                    a 1 # a comment\\n             | 7  | expected '{' of an exemplar, found 'a'
                    a 1 # {t} 1\\n                 | 9  | expected '=' after the label name, found '}'
                    a 1 # {9="1"} 1\\n             | 8  | expected a label name, ',' or '}', found '9'
                    a 1 # {t="1} 1\\n              | 15 | expected '"' at the end of the text, found the end of the line
                    a 1 # {t=1} 1\\n               | 10 | expected '"', found '1'
                    a 1 # {} x\\n                  | 10 | expected the exemplar's value, found 'x'
                    a 1 # {} 1 x\\n                | 12 | expected the exemplar's timestamp in seconds, found 'x'
                    a 1 # {} 1 1e300\\n            | 12 | expected the exemplar's timestamp in seconds, found "1e300"
                    a 1 # {} 1 2 3\\n              | 14 | expected the end of the line, found '3'
                    "a 1"\\n                       | 1  | expected a metric name, found '"'
                    """)
    void skips(String page, int column, String reason) {
        ParseSummary summary = new PageParser().parse(Verdicts.bytes("before 1\n" + page + "after 2\n"), sample -> {});

        assertThat(summary.samples()).isEqualTo(2);
        assertThat(summary.skippedLines()).isEqualTo(1);
        assertThat(summary.firstSkipped()).containsExactly(new SkippedLine(2, column, reason));
    }

    @Test
    void skipsBothHalvesOfATextWithANewline() {
        ParseSummary summary = Recording.summary("a{x=\"l1\nl2\"} 1\nb 2\n");

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.firstSkipped()).extracting(SkippedLine::line).containsExactly(1L, 2L);
    }

    @Test
    void explainsTheFirstEightAndCountsAll() {
        ParseSummary summary = Recording.summary("a-b 1\n".repeat(9) + "good 1\n");

        assertThat(summary.skippedLines()).isEqualTo(9);
        assertThat(summary.firstSkipped())
                .extracting(SkippedLine::line)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @ParameterizedTest
    @CsvSource({"a{x=\"1\"} 1,a{x=\"1\"} 2", "a 1 5,a 1 5"})
    void keepsASeriesTwice(String first, String second) {
        assertThat(Recording.samples(TEXT, first + "\n" + second + "\n")).hasSize(2);
    }

    @Test
    void aTypeHoldsFromItsLineOn() {
        assertThat(types(TEXT, "a 1\n# TYPE a counter\na 2\n# TYPE a gauge\na 3\n"))
                .containsExactly(MetricType.UNKNOWN, MetricType.COUNTER, MetricType.GAUGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    % TYPE a counter           | COUNTER
                    % TYPE a COUNTER           | COUNTER
                    %   TYPE\ta \t Gauge \t    | GAUGE
                    % TYPE a histogram         | HISTOGRAM
                    % TYPE a summary           | SUMMARY
                    % TYPE a untyped           | UNKNOWN
                    % TYPE a info              | INFO
                    % TYPE a stateset          | STATESET
                    % TYPE a gaugehistogram    | GAUGEHISTOGRAM
                    % TYPE "a" gauge           | GAUGE
                    % TYPE a foo               | UNKNOWN
                    % TYPE a                   | UNKNOWN
                    % TYPE a counters          | UNKNOWN
                    % TYPE a histograx         | UNKNOWN
                    % TYPE a gauge x           | UNKNOWN
                    % TYPE a-b gauge           | UNKNOWN
                    % TYPE                     | UNKNOWN
                    %TYPE a gauge              | UNKNOWN
                    % TYPES a gauge            | UNKNOWN
                    % type a gauge             | UNKNOWN
                    """)
    void readsWhatATypeLineSays(String row, MetricType type) {
        String line = row.replace('%', '#'); // A line with # would be a comment of the table.
        assertThat(types(TEXT, line + "\na 1\n")).containsExactly(type);
        assertThat(types(OPENMETRICS, line + "\na 1\n")).containsExactly(type);
        assertThat(Recording.summary(line + "\na 1\n").skippedLines()).isZero();
    }

    @Test
    void commentsAreNotReadUnlessTheyMeanSomething() {
        String page = "#\n# \n#x\n# \u0000\n# HELP\n# HELP a\n# UNIT a\n# UNIT a_s s\n# EOF\n  # x\n\n \t\na 1\n";

        assertThat(Recording.summary(page).skippedLines()).isZero();
        assertThat(new PageParser()
                        .parse(Verdicts.bytes("# \\xff\\n# TYPE \"\\xff\" gauge\\n"), sample -> {})
                        .skippedLines())
                .isZero();
    }

    @Test
    void inOpenMetricsNothingCountsBehindEof() {
        String page = "a 1\n# EOF\nb 2\n\n# a comment\nc 3\n";
        ParseSummary summary = new PageParser(OPENMETRICS).parse(Recording.bytes(page), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.sawEof()).isTrue();
        assertThat(summary.firstSkipped())
                .containsExactly(
                        new SkippedLine(3, 1, "expected nothing after # EOF, found \"b 2\""),
                        new SkippedLine(6, 1, "expected nothing after # EOF, found \"c 3\""));
    }

    @Test
    void inTextSamplesGoOnBehindEof() {
        assertThat(Recording.samples(TEXT, "a 1\n# EOF\nb 2\n")).containsExactly("a 1.0", "b 2.0");
    }

    @Test
    void openMetricsMayEndWithoutEof() {
        assertThat(new PageParser(OPENMETRICS)
                        .parse(Recording.bytes("a 1"), sample -> {})
                        .sawEof())
                .isFalse();
        assertThat(Recording.samples(OPENMETRICS, "a 1")).containsExactly("a 1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "1520879607.789, 1520879607789",
        "1.001, 1001",
        "0, 0",
        "-1.5, -1500",
        "-0.0005, -1",
        "0.0009, 0",
        "1e3, 1000000"
    })
    void inOpenMetricsTimestampsAreSecondsRoundedDown(String seconds, long millis) {
        assertThat(Recording.samples(OPENMETRICS, "a 1 " + seconds + "\n")).containsExactly("a 1.0 @" + millis);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Inf", "1e300", "1_0", "x", "9223372036854776"})
    void inOpenMetricsSkipsATimestampThatIsNone(String seconds) {
        ParseSummary summary =
                new PageParser(OPENMETRICS).parse(Recording.bytes("a 1 " + seconds + "\nb 1\n"), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.skippedLines()).isEqualTo(1);
    }

    private static List<MetricType> types(ParserOptions options, String page) {
        List<MetricType> types = new ArrayList<>();
        new PageParser(options).parse(Recording.bytes(page), sample -> types.add(sample.type()));
        return types;
    }
}
