package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of OpenMetrics 1.0, one by one, beyond what the official suite tries. A {@code %} in a row stands for {@code #}. */
class StrictRulesTest {
    private static final ParserOptions STRICT =
            ParserOptions.defaults().withMode(ParseMode.STRICT).withFormat(PageFormat.OPENMETRICS);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    `% EOF`
                    `% EOF\\n`
                    `a 1\\nb{} 2\\n:c_9{x="1",y="2"} 3\\n% EOF\\n`
                    `a +5\\nb .5\\nc 5.\\nd 1E5\\ne -inf\\nf +INFINITY\\ng nAn\\nh 1e+011\\n% EOF\\n`
                    `a 1 -1.5\\nb 1 +2\\nc 1 1e3\\n% EOF\\n`
                    `% UNIT a_s s\\n% HELP a_s x\\n% TYPE a_s gauge\\na_s 1\\n% EOF\\n`
                    `% UNIT a \\n% TYPE a info\\n% EOF\\n`
                    `% TYPE a unknown\\na 1\\n% EOF\\n`
                    `% TYPE a counter\\nb_total 1\\n% EOF\\n`
                    `% TYPE a counter\\na_total +Inf\\na_created 0\\n% EOF\\n`
                    `% TYPE a counter\\na_created 0\\na_total 1\\n% EOF\\n`
                    `% TYPE a summary\\na{quantile="0"} NaN\\na{quantile="1e0"} 2\\n% EOF\\n`
                    `% TYPE a summary\\na_created 5\\na{quantile="0.9"} 2\\na{x="y",quantile="0.9"} 2\\n% EOF\\n`
                    `% TYPE a histogram\\na_sum 2.5\\na_count 3.0\\na_bucket{le="+Inf"} 3\\na_created 1\\n% EOF\\n`
                    `% TYPE a histogram\\na_bucket{le="1"} 1 5\\na_bucket{le="+Inf"} 2 5\\na_bucket{le="1"} 1 6\\na_bucket{le="+Inf"} 3 6\\n% EOF\\n`
                    `% TYPE a histogram\\na_bucket{le="+Inf",x="1"} 2\\na_bucket{x="2",le="+Inf"} 3\\n% EOF\\n`
                    `% TYPE a histogram\\na_bucket{le="1"} 1 % {} 1\\na_bucket{le="+Inf"} 2 % {t="x"} +Inf 7.5\\n% EOF\\n`
                    `% TYPE a stateset\\na{a="x",e="1"} 0\\na{e="1",a="y"} 1\\na{a="x",e="2"} 0\\n% EOF\\n`
                    `% TYPE a info\\na_info{x="1"} 1\\na_info{x="2"} 1.0\\n% EOF\\n`
                    `% TYPE a gauge\\na 1 5\\na 2 5\\na 3 6\\n% EOF\\n`
                    `% HELP a x\\\\"y"\\t\\r z\\n% EOF\\n`
                    """)
    void takes(String page) {
        assertThatCode(() -> parse(page)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    `a 1\\n`                             | line 2, column 1: expected # EOF, found the end of the page
                    `a 1`                                | line 1, column 4: expected a newline at the end of the line, found the end of the page
                    `a 1\\n% EOF\\n\\n`                  | line 3, column 1: expected nothing after # EOF, found the end of the line
                    `% EOF\\n% EOF\\n`                   | line 2, column 1: expected nothing after # EOF, found "# EOF"
                    `% EOF \\n`                          | line 1, column 6: expected the end of the line, found a blank
                    `\\xef\\xbb\\xbfa 1\\n`              | line 1, column 1: expected a metric name or '#', found byte 0xef
                    `a 1\\r\\n% EOF\\n`                  | line 1, column 3: expected a decimal number within the range of a double, found "1\\r"
                    `% HELP a x\\r\\n% EOF\\n`           | line 1, column 11: expected a newline without a carriage return, found byte 0x0d
                    `% HELP a x\\\\\\n% EOF\\n`          | line 1, column 11: expected two backslashes for one, found '\\'
                    `% HELP a \\xff\\n% EOF\\n`          | line 1, column 10: expected valid UTF-8, found byte 0xff
                    `% a comment\\n% EOF\\n`             | line 1, column 3: expected HELP, TYPE, UNIT or EOF, found 'a'
                    `% TYPE a Gauge\\n% EOF\\n`          | line 1, column 10: expected a metric type, found "Gauge"
                    `% TYPE "a.b" gauge\\n% EOF\\n`      | line 1, column 8: expected a metric name, found '"'
                    `{"a.b"} 1\\n% EOF\\n`               | line 1, column 1: expected a metric name or '#', found '{'
                    `a{"x"="y"} 1\\n% EOF\\n`            | line 1, column 3: expected a label name without quotes, found '"'
                    `a{__name__="y"} 1\\n% EOF\\n`       | line 1, column 3: expected each label name once, found "__name__"
                    `a 1e400\\n% EOF\\n`                 | line 1, column 3: expected a decimal number within the range of a double, found "1e400"
                    `a -nan\\n% EOF\\n`                  | line 1, column 3: expected a decimal number within the range of a double, found "-nan"
                    `a 1\\na 1\\n% EOF\\n`               | line 2, column 1: expected each series once, found 'a'
                    `a{x=""} 1\\na 1\\n% EOF\\n`         | line 2, column 1: expected each series once, found 'a'
                    `a{x="1",y="2"} 1\\na{y="2",x="1"} 1\\n% EOF\\n`  | line 2, column 1: expected each series once, found 'a'
                    `a{x="\\\\z"} 1\\na{x="\\\\\\\\z"} 1\\n% EOF\\n`  | line 2, column 1: expected each series once, found 'a'
                    `a{x="1"} 1\\na{x="2"} 1\\na{x="1"} 2\\n% EOF\\n` | line 3, column 1: expected all samples of a metric together; this one has been left before, found 'a'
                    `a 1\\nb 1\\na{x="1"} 1\\n% EOF\\n`  | line 3, column 1: expected a family in one block, and no name in two families; line 1 has taken "a", found 'a'
                    `a 1 1395066363.000000002\\na 1 1395066363.000000001\\n% EOF\\n` | line 2, column 5: expected a timestamp that is not before the last one, found "1395066363.000000001"
                    `% TYPE a summary\\na_count{x="1"} 0 123\\na_count{x="1"} 0 456\\na_sum{x="1"} 0 123\\n% EOF\\n` | line 4, column 16: expected a timestamp that is not before the last one, found "123"
                    `% TYPE a counter\\na 1\\n% EOF\\n`  | line 2, column 1: expected a name that samples of the counter "a" have: the family's with _total or _created behind it, found 'a'
                    `% TYPE a counter\\na_created 1\\n% EOF\\n` | line 3, column 1: expected a sample _total in the counter "a" of line 2, found "# EOF"
                    `% TYPE a counter\\na_total 1\\na_created Inf\\n% EOF\\n` | line 3, column 11: expected a time in seconds, found "Inf"
                    `a_total 1\\n% TYPE a counter\\n% EOF\\n` | line 2, column 8: expected a family in one block, and no name in two families; line 1 has taken "a_total", found 'a'
                    `% TYPE a_s info\\n% UNIT a_s s\\n% EOF\\n` | line 2, column 12: expected no unit for a family of type info, found 's'
                    `% UNIT a_s s\\n% TYPE a_s info\\n% EOF\\n` | line 2, column 12: expected a type that may have a unit, found "info"
                    `% UNIT s s\\n% EOF\\n`              | line 1, column 10: expected a unit that the metric name ends with, found 's'
                    `% UNIT ams ms\\n% EOF\\n`           | line 1, column 12: expected a unit that the metric name ends with, found "ms"
                    `% TYPE a summary\\na_count 1.5\\n% EOF\\n` | line 2, column 9: expected a whole number that is 0 or more, found "1.5"
                    `% TYPE a summary\\na_count +Inf\\n% EOF\\n` | line 2, column 9: expected a whole number that is 0 or more, found "+Inf"
                    `% TYPE a summary\\na_sum{quantile="1"} 1\\n% EOF\\n` | line 2, column 7: expected no label "quantile" here, found "quantile"
                    `% TYPE a summary\\na{quantile=""} 1\\n% EOF\\n` | line 2, column 13: expected a quantile from 0 to 1, found '"'
                    `% TYPE a histogram\\na_bucket{le="+Inf"} 1.5\\n% EOF\\n` | line 2, column 21: expected a whole number that is 0 or more, found "1.5"
                    `% TYPE a histogram\\na_bucket{le="x"} 1\\n% EOF\\n` | line 2, column 14: expected a number as bound of the bucket, found 'x'
                    `% TYPE a histogram\\na_bucket{le="NaN"} 1\\n% EOF\\n` | line 2, column 14: expected a number as bound of the bucket, found "NaN"
                    `% TYPE a histogram\\na_count{le="1"} 1\\n% EOF\\n` | line 2, column 9: expected no label "le" here, found "le"
                    `% TYPE a histogram\\na_bucket{le="1"} 1\\na_bucket{le="1.0"} 1\\na_bucket{le="+Inf"} 1\\n% EOF\\n` | line 3, column 1: expected buckets in the order of their bounds, but 1.0 comes behind 1.0, found "a_bucket"
                    `% TYPE a histogram\\na_bucket{le="1"} 2 % {} 1.5\\na_bucket{le="+Inf"} 2\\n% EOF\\n` | line 2, column 25: expected an exemplar within its bucket, which goes up to 1.0, found "1.5"
                    `% TYPE a histogram\\na_bucket{le="+Inf"} 2\\na_count 3\\na_sum 1\\nb 1\\n% EOF\\n` | line 5, column 1: expected the same count (3.0) in the bucket le="+Inf" (2.0) in the histogram "a" of line 2, found 'b'
                    `% TYPE a histogram\\na_bucket{le="1",x="1"} 2\\na_bucket{le="+Inf",x="2"} 2\\n% EOF\\n` | line 3, column 1: expected a bucket le="+Inf" in the histogram "a" of line 2, found "a_bucket"
                    `% TYPE a histogram\\na_bucket{le="-1"} 0\\na_bucket{le="+Inf"} 3\\na_count 3\\na_sum 2.5\\n% EOF\\n` | line 6, column 1: expected no sum beside a bucket whose bound is negative in the histogram "a" of line 2, found "# EOF"
                    `% TYPE a stateset\\na{a=""} 1\\n% EOF\\n` | line 2, column 1: expected a label with the state, called like the metric, found 'a'
                    `% TYPE a stateset\\na{a="x"} 1\\na{a="x"} 0\\n% EOF\\n` | line 3, column 1: expected each series once, found 'a'
                    `% TYPE a stateset\\na{a="x",e="1"} 1\\na{a="x",e="2"} 0\\na{a="y",e="1"} 0\\n% EOF\\n` | line 4, column 1: expected all samples of a metric together; this one has been left before, found 'a'
                    `% TYPE a info\\na_info 1\\na_info 1\\n% EOF\\n` | line 3, column 1: expected each series once, found "a_info"
                    `% TYPE a counter\\na_total 1 % {t="x",t="y"} 1\\n% EOF\\n` | line 2, column 20: expected each label name once, found 't'
                    `% TYPE a counter\\na_total 1 %\\n% EOF\\n` | line 2, column 12: expected a blank after '#', found the end of the line
                    """)
    void refuses(String page, String message) {
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> parse(page))
                .satisfies(refusal ->
                        assertThat(refusal.getMessage().replace("\r", "\\r")).isEqualTo(message));
    }

    /** A hundred and twenty-eight characters in all: one of the name, and escapes count as what they mean. */
    @ParameterizedTest
    @CsvSource({"127,'',true", "128,'',false", "126,'\\n',true", "127,'\\n',false", "126,é,true", "127,é,false"})
    void anExemplarIsShort(int count, String end, boolean taken) {
        String page = "# TYPE a counter\na_total 1 # {t=\"" + "x".repeat(count) + end + "\"} 1\n# EOF\n";

        if (taken) {
            assertThat(Recording.samples(STRICT, page)).hasSize(1);
        } else {
            assertThatExceptionOfType(PageSyntaxException.class)
                    .isThrownBy(() -> Recording.samples(STRICT, page))
                    .withMessageStartingWith("line 2, column 11: expected an exemplar whose label names and values"
                            + " have at most 128 characters, found \"# {t=");
        }
    }

    @Test
    void showsWhatItTakes() {
        String page = """
                # TYPE a_s histogram
                # UNIT a_s s
                # HELP a_s Some\\ntext.
                a_s_bucket{le="0.5"} 1 # {t="x"} 0.25 1.5
                a_s_bucket{le="+Inf"} 2
                a_s_count 2
                a_s_sum 0.75
                # EOF
                """;

        assertThat(Recording.of(new PageParser(STRICT), Recording.array(Recording.bytes(page))))
                .isEqualTo(Recording.of(
                        new PageParser(STRICT.withMode(ParseMode.PROMETHEUS)), Recording.array(Recording.bytes(page))));
        assertThat(Recording.samples(STRICT, page))
                .containsExactly(
                        "a_s_bucket{le=\"0.5\"} 1.0", "a_s_bucket{le=\"+Inf\"} 2.0", "a_s_count 2.0", "a_s_sum 0.75");
    }

    @Test
    void isOpenMetricsWhateverTheFormatSays() {
        ParserOptions text = STRICT.withFormat(PageFormat.TEXT);

        assertThat(Recording.samples(text, "a 1 1.5\n# EOF\n")).containsExactly("a 1.0 @1500");
    }

    @Test
    void checksWhatAFilterDoesNotWant() {
        ParserOptions options = STRICT.withFilter(FamilyFilter.ofFamilies(List.of("b")));

        assertThat(Recording.samples(options, "a 1\nb 2\n# EOF\n")).containsExactly("b 2.0");
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> Recording.samples(options, "a 1\na 2\nb 2\n# EOF\n"));
    }

    @Test
    void aParserForgetsThePageBefore() {
        PageParser parser = new PageParser(STRICT);
        byte[] broken = Recording.bytes("# TYPE a histogram\na_bucket{le=\"1\"} 1\nx");
        byte[] whole = Recording.bytes("# TYPE a counter\na_total 1\n# EOF\n");

        for (int round = 0; round < 3; round++) {
            assertThatExceptionOfType(PageSyntaxException.class).isThrownBy(() -> parser.parse(broken, sample -> {}));
            assertThat(parser.parse(whole, sample -> {}).samples()).isEqualTo(1);
        }
    }

    @Test
    void manyFamiliesAndMetricsAreToldApart() {
        String families = IntStream.range(0, 5000)
                .mapToObj(i -> "# TYPE f" + i + " histogram\nf" + i + "_bucket{le=\"+Inf\"} 1\n")
                .collect(Collectors.joining());
        String metrics =
                IntStream.range(0, 5000).mapToObj(i -> "m{x=\"" + i + "\"} 1\n").collect(Collectors.joining());

        assertThat(Recording.samples(STRICT, families + metrics + "# EOF\n")).hasSize(10_000);
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> Recording.samples(STRICT, families + metrics + "m{x=\"7\"} 1\n# EOF\n"))
                .withMessageStartingWith("line 15001, column 1: expected all samples of a metric together");
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> Recording.samples(STRICT, families + metrics + "f7_count 1\n# EOF\n"))
                .withMessageContaining("line 15 has taken \"f7_count\"");
    }

    @Test
    void refusesAFamilyTooManyByName() throws IOException {
        int families = StrictNames.NAMES_MAX;

        assertThat(read(families, "f%d 1\n")).isEqualTo(families);
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> read(families + 1, "f%d 1\n"))
                .withMessage(
                        "line 262145, column 1: expected at most 262144 names of families and samples, 16777216 bytes"
                                + " in all, found \"f262144\"");
    }

    @Test
    void refusesAMetricTooManyByName() throws IOException {
        int metrics = StrictSet.SIZE_MAX;

        assertThat(read(metrics, "m{x=\"%d\"} 1\n")).isEqualTo(metrics);
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> read(metrics + 1, "m{x=\"%d\"} 1\n"))
                .withMessage("line 524289, column 1: expected at most 524288 metrics in a family, found 'm'");
    }

    private static long read(int count, String line) throws IOException {
        StringBuilder page = new StringBuilder();
        int hole = line.indexOf("%d");
        for (int i = 0; i < count; i++) {
            page.append(line, 0, hole).append(i).append(line, hole + 2, line.length());
        }
        InputStream in = new SequenceInputStream(
                new ByteArrayInputStream(Recording.bytes(page.toString())),
                new ByteArrayInputStream(Recording.bytes("# EOF\n")));
        return new PageParser(STRICT).parse(in, sample -> {}).samples();
    }

    private static void parse(String row) {
        new PageParser(STRICT).parse(Verdicts.bytes(row.replace('%', '#')), sample -> {});
    }
}
