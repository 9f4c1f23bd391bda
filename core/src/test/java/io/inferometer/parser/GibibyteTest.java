package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A page of one gibibyte is read, or refused by name, by a JVM that may have 64 MiB. */
class GibibyteTest {
    private static final long GIBIBYTE = 1L << 30;

    /** Sixty-four bytes, so that a gibibyte is 2^24 = 16,777,216 of them. */
    private static final String LINE = "vllm:tokens_total{engine=\"0\",model_name=\"llama-3.1-8b\"} 1234567\n";

    /** Sixty-four bytes too; the last eight digits are counted up, so that time goes on. */
    private static final String STAMPED = "waiting{engine=\"0\",model_name=\"meta/llama-3.1-8b\"} 1 1700000000\n";

    /** What is read, how, and what must come of it, all worked out by hand. */
    static Stream<Arguments> pages() {
        return Stream.of(
                Arguments.of("LENIENT TEXT lines", "16777216 samples, 0 skipped, 1073741824 bytes"),
                Arguments.of("PROMETHEUS TEXT lines", "16777216 samples, 0 skipped, 1073741824 bytes"),
                // A quarter, 2^22 lines and # EOF, since this mode reads a tenth as fast.
                Arguments.of("STRICT OPENMETRICS stamped", "4194304 samples, 0 skipped, 268435462 bytes"),
                Arguments.of("LENIENT TEXT monster", "0 samples, 1 skipped, 1073741824 bytes"),
                Arguments.of(
                        "PROMETHEUS TEXT monster",
                        "line 1, column 1048577: expected a line of at most 1048576 bytes, found a longer one"),
                Arguments.of(
                        "STRICT OPENMETRICS monster",
                        "line 1, column 1048577: expected a line of at most 1048576 bytes, found a longer one"),
                Arguments.of("LENIENT TEXT lines repeat", "16777216 samples, 0 skipped, 1073741824 bytes"),
                Arguments.of("LENIENT TEXT monster repeat", "0 samples, 1 skipped, 1073741824 bytes"),
                Arguments.of("STRICT OPENMETRICS families", "expected at most 262144 names of families and samples"),
                Arguments.of("STRICT OPENMETRICS metrics", "expected at most 524288 metrics in a family"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fitsIntoSixtyFourMebibytes(String page, String expected) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Reading.class.getName()));
        command.addAll(List.of(page.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains(expected);
        assertThat(process.exitValue()).isZero();
    }

    /** What runs in the small JVM. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] arguments) throws IOException {
            ParserOptions options = ParserOptions.defaults()
                    .withMode(ParseMode.valueOf(arguments[0]))
                    .withFormat(PageFormat.valueOf(arguments[1]));
            long[] samples = new long[1];
            try {
                SampleHandler count = sample -> samples[0]++;
                ParseSummary summary = arguments.length > 3
                        ? new RepeatParser(options).parse(stream(arguments[2]), count)
                        : new PageParser(options).parse(stream(arguments[2]), count);
                System.out.println(
                        samples[0] + " samples, " + summary.skippedLines() + " skipped, " + summary.bytes() + " bytes");
            } catch (PageSyntaxException e) {
                System.out.println(e.getMessage());
            }
        }

        private static InputStream stream(String what) {
            return switch (what) {
                case "lines" -> new Repeated(LINE, GIBIBYTE, -1, "");
                case "stamped" -> new Repeated(STAMPED, GIBIBYTE / 4, STAMPED.length() - 1, "# EOF\n");
                case "monster" -> new Repeated("x", GIBIBYTE, -1, "");
                case "families" -> new Repeated("f00000000 1\n", GIBIBYTE, 9, "# EOF\n");
                case "metrics" -> new Repeated("m{x=\"00000000\"} 1\n", GIBIBYTE, 13, "# EOF\n");
                default -> throw new IllegalArgumentException(what);
            };
        }
    }

    /** The same text again and again; the eight digits before a place in it can be made to count up. */
    private static final class Repeated extends InputStream {
        private final byte[] text;
        private final byte[] end;
        private final int digitsEnd;
        private long left;
        private int at;
        private int endAt;

        Repeated(String text, long size, int digitsEnd, String end) {
            // Short texts would be slow to copy one by one.
            this.text = text.repeat(digitsEnd < 0 ? 4096 / text.length() : 1).getBytes(StandardCharsets.UTF_8);
            this.end = end.getBytes(StandardCharsets.UTF_8);
            this.digitsEnd = digitsEnd;
            left = size;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("Nobody reads single bytes.");
        }

        @Override
        public int read(byte[] into, int from, int room) {
            int written = 0;
            while (written < room && (left > 0 || (at > 0 && digitsEnd >= 0))) {
                int count = Math.min(text.length - at, room - written);
                System.arraycopy(text, at, into, from + written, count);
                at = (at + count) % text.length;
                written += count;
                left -= count;
                if (at == 0 && digitsEnd >= 0) {
                    countUp();
                }
            }
            while (written < room && left <= 0 && endAt < end.length) {
                into[from + written++] = end[endAt++];
            }
            return written == 0 ? -1 : written;
        }

        private void countUp() {
            int digit = digitsEnd - 1;
            while (text[digit] == '9') {
                text[digit--] = '0';
            }
            text[digit]++;
        }
    }
}
