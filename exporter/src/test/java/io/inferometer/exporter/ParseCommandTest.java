package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParseCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a 1.5                             | {"name":"a","labels":{},"value":"1.5","timestamp_ms":null,"type":"unknown"}
            a 41                              | {"name":"a","labels":{},"value":"41","timestamp_ms":null,"type":"unknown"}
            a -0                              | {"name":"a","labels":{},"value":"-0.0","timestamp_ms":null,"type":"unknown"}
            a NaN                             | {"name":"a","labels":{},"value":"NaN","timestamp_ms":null,"type":"unknown"}
            a -nan                            | {"name":"a","labels":{},"value":"NaN","timestamp_ms":null,"type":"unknown"}
            a +Inf                            | {"name":"a","labels":{},"value":"+Inf","timestamp_ms":null,"type":"unknown"}
            a -inf                            | {"name":"a","labels":{},"value":"-Inf","timestamp_ms":null,"type":"unknown"}
            a 1 1700000000123                 | {"name":"a","labels":{},"value":"1","timestamp_ms":1700000000123,"type":"unknown"}
            a 1 -5                            | {"name":"a","labels":{},"value":"1","timestamp_ms":-5,"type":"unknown"}
            a{z="1",b="2"} 3                  | {"name":"a","labels":{"z":"1","b":"2"},"value":"3","timestamp_ms":null,"type":"unknown"}
            a{x=""} 3                         | {"name":"a","labels":{"x":""},"value":"3","timestamp_ms":null,"type":"unknown"}
            a{x="}\\"\\\\\\n,="} 3            | {"name":"a","labels":{"x":"}\\"\\\\\\n,="},"value":"3","timestamp_ms":null,"type":"unknown"}
            {"my.metric","a b"="ü€😀"} 3      | {"name":"my.metric","labels":{"a b":"ü€😀"},"value":"3","timestamp_ms":null,"type":"unknown"}
            a 9007199254740993                | {"name":"a","labels":{},"value":"9007199254740992","timestamp_ms":null,"type":"unknown"}
            a 0.1                             | {"name":"a","labels":{},"value":"0.1","timestamp_ms":null,"type":"unknown"}
            """)
    void printsOneObjectForASample(String line, String json) {
        Shell.Result result = Shell.runWithInput(line + "\n", "parse");

        assertThat(result).isEqualTo(new Shell.Result(0, json + "\n", ""));
    }

    @SuppressWarnings("FloatingPointLiteralPrecision") // The checks on JDK 17 and on 25 want 1e23 spelled differently.
    @ParameterizedTest
    @ValueSource(
            doubles = {
                4.9e-324,
                1.7976931348623157e308,
                2.2250738585072014e-308,
                1e300,
                2e-3,
                123456789.12345679,
                9007199254740992.0,
                9007199254740994.0,
                -0.0,
                1e23
            })
    void printsValuesThatReadBackToTheSameDouble(double value) throws IOException {
        Shell.Result result = Shell.runWithInput("a " + value + "\n", "parse");

        JsonNode sample = new ObjectMapper().readTree(result.out());
        assertThat(Double.parseDouble(sample.path("value").textValue())).isEqualTo(value);
    }

    @Test
    void saysTheTypeThatStoodAboveTheSample() {
        String page = """
                early 1
                # TYPE early gauge
                # TYPE h histogram
                h_bucket{le="+Inf"} 1
                h_sum 2
                h_other 3
                # TYPE u untyped
                u 4
                """;

        assertThat(Shell.runWithInput(page, "parse").outLines())
                .containsExactly(
                        "{\"name\":\"early\",\"labels\":{},\"value\":\"1\",\"timestamp_ms\":null,\"type\":\"unknown\"}",
                        "{\"name\":\"h_bucket\",\"labels\":{\"le\":\"+Inf\"},\"value\":\"1\",\"timestamp_ms\":null,\"type\":\"histogram\"}",
                        "{\"name\":\"h_sum\",\"labels\":{},\"value\":\"2\",\"timestamp_ms\":null,\"type\":\"histogram\"}",
                        "{\"name\":\"h_other\",\"labels\":{},\"value\":\"3\",\"timestamp_ms\":null,\"type\":\"unknown\"}",
                        "{\"name\":\"u\",\"labels\":{},\"value\":\"4\",\"timestamp_ms\":null,\"type\":\"unknown\"}");
    }

    @Test
    void readsFractionsOfSecondsWhenThePageEndsAsOpenMetrics() {
        Shell.Result result =
                Shell.runWithInput("# TYPE a counter\na_total 2 1.0019\nb 3 -0.0001\n# EOF\n", "parse", "--json");

        assertThat(result.out()).isEqualTo("""
                        {"name":"a_total","labels":{},"value":"2","timestamp_ms":1001,"type":"counter"}
                        {"name":"b","labels":{},"value":"3","timestamp_ms":-1,"type":"unknown"}
                        """);
    }

    @Test
    void takesThePageForTheFormatThatIsNamed() {
        String page = "a 1 2.5\n# EOF\n";

        assertThat(Shell.runWithInput(page, "parse", "--format", "openmetrics").out())
                .contains("\"timestamp_ms\":2500");
        assertThat(Shell.runWithInput(page, "parse", "--format", "text").out()).isEmpty();
    }

    @Test
    void namesEachSkippedLineOnStandardError() {
        StringBuilder page = new StringBuilder("good 1\n");
        StringBuilder complaints = new StringBuilder();
        for (int line = 2; line <= 21; line++) {
            page.append("a-b 1\n");
            complaints
                    .append("line ")
                    .append(line)
                    .append(", column 2: expected a blank or '{' after the metric name, found '-'; line skipped\n");
        }

        Shell.Result result = Shell.runWithInput(page.toString(), "parse");

        assertThat(result)
                .isEqualTo(new Shell.Result(
                        0,
                        "{\"name\":\"good\",\"labels\":{},\"value\":\"1\",\"timestamp_ms\":null,\"type\":\"unknown\"}\n",
                        complaints.toString()));
    }

    @Test
    void printsNothingOfAPageThatPrometheusRefusesAtItsEnd() {
        Shell.Result result = Shell.runWithInput("a 1\nb 2\na{x=} 3\n", "parse", "--mode", "prometheus");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).matches("line 3, column 5: expected .+, found .+\n");
    }

    @Test
    void printsAPageThatPrometheusTakes() {
        Shell.Result result = Shell.runWithInput("a 1\nb 2\n", "parse", "--mode", "prometheus");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.outLines()).hasSize(2);
    }

    @Test
    void printsAPageThatIsGoodOpenMetrics() {
        Shell.Result result = Shell.runWithInput("a 1 2.5\n# EOF\n", "parse", "--mode", "strict");

        assertThat(result)
                .isEqualTo(new Shell.Result(
                        0,
                        "{\"name\":\"a\",\"labels\":{},\"value\":\"1\",\"timestamp_ms\":2500,\"type\":\"unknown\"}\n",
                        ""));
    }

    @Test
    void printsNothingOfAPageThatBreaksARuleOfOpenMetrics() {
        String page = "a 1\n# TYPE b histogram\nb_bucket{le=\"1\"} 1\n# EOF\n";

        assertThat(Shell.runWithInput(page, "parse", "--mode", "strict"))
                .isEqualTo(
                        new Shell.Result(
                                1,
                                "",
                                "line 4, column 1: expected a bucket le=\"+Inf\" in the histogram \"b\" of line 3, found \"# EOF\"\n"));
        assertThat(Shell.runWithInput(page, "parse", "--mode", "prometheus").exitCode())
                .isEqualTo(0);
    }

    @Test
    void hintsAtTheFormatWhenATextPageIsReadStrictly() {
        assertThat(Shell.runWithInput("# TYPE a_total counter\na_total 1\n", "parse", "--mode", "strict"))
                .isEqualTo(new Shell.Result(
                        1,
                        "",
                        "line 2, column 1: expected a name that samples of the counter \"a_total\" have: the family's with"
                                + " _total or _created behind it, found \"a_total\"; the page does not end with '# EOF': if"
                                + " it is of the text format, use --mode prometheus\n"));
    }

    @Test
    void readsAFile() throws IOException {
        Path page = Files.writeString(folder.resolve("page.prom"), "a 1 2.5\n# EOF");

        assertThat(Shell.run("parse", page.toString()))
                .isEqualTo(new Shell.Result(
                        0,
                        "{\"name\":\"a\",\"labels\":{},\"value\":\"1\",\"timestamp_ms\":2500,\"type\":\"unknown\"}\n",
                        ""));
    }

    @Test
    void printsNothingForAnEmptyPage() {
        assertThat(Shell.runWithInput("", "parse", "-")).isEqualTo(new Shell.Result(0, "", ""));
    }

    @Test
    void failsInOneLineWhenThereIsNoSuchFile() {
        String missing = folder.resolve("nothing.prom").toString();

        assertThat(Shell.run("parse", missing))
                .isEqualTo(new Shell.Result(1, "", "Cannot read '" + missing + "': there is no such file.\n"));
    }

    @Test
    void failsInOneLineForADirectory() {
        assertThat(Shell.run("parse", folder.toString()))
                .isEqualTo(new Shell.Result(1, "", "Cannot read '" + folder + "': it is a directory.\n"));
    }

    @Test
    void printsWhatArrivedOfAPipeThatBreaks() {
        InputStream arrived = new ByteArrayInputStream("a 1\nb 2".getBytes(StandardCharsets.UTF_8));
        InputStream broken = new SequenceInputStream(arrived, new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the wire was cut");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return read();
            }
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = Main.run(Console.piped(broken, out, err), "parse", "--format", "text");

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"name\":\"a\",\"labels\":{},\"value\":\"1\",\"timestamp_ms\":null,\"type\":\"unknown\"}\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        line 2, column 4: the body was cut before this line ended; line skipped
                        Cannot read standard input: the wire was cut.
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --mode strict --format text   | Strict mode is for OpenMetrics only. Leave out --format text, or use --mode prometheus.
            --mode loose                  | Invalid value for option '--mode': 'loose' is no mode. Use lenient, prometheus or strict. See 'inferometer parse --help'.
            --format json                 | Invalid value for option '--format': 'json' is no format. Use text or openmetrics. See 'inferometer parse --help'.
            one two                       | Unmatched argument at index 2: 'two'. See 'inferometer parse --help'.
            --quick                       | Unknown option: '--quick'. See 'inferometer parse --help'.
            """)
    void refusesWrongUsageInOneLine(String arguments, String message) {
        String[] words = ("parse " + arguments).split(" ");

        assertThat(Shell.run(words)).isEqualTo(new Shell.Result(2, "", message + "\n"));
    }
}
