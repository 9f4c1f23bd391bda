package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parser says of every page what a slow and obvious one says: the same samples, types, texts, verdicts and counts. */
class DifferentialTest {
    /** Pages per mode and format, more than 100,000 in all; {@code -Dinferometer.parser.differential=1000000} for a long run. */
    private static final int PAGES = Integer.getInteger("inferometer.parser.differential", 26_000);

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS"})
    void agreesOnMutatedPages(ParseMode mode, PageFormat format) {
        PageParser parser =
                new PageParser(ParserOptions.defaults().withMode(mode).withFormat(format));
        boolean openMetrics = format == PageFormat.OPENMETRICS;
        int taken = 0;
        for (int seed = 0; seed < PAGES; seed++) {
            byte[] page = new PageGenerator(seed, openMetrics).largePage();
            if (mode == ParseMode.PROMETHEUS) {
                withoutNul(page);
            }
            List<String> expected = mode == ParseMode.LENIENT
                    ? ReferenceLenient.read(page, openMetrics)
                    : ReferencePrometheus.read(page, openMetrics);
            assertSame(seed, page, expected, read(parser, Recording.array(page), new Recording(), mode));
            Recording deaf = Recording.withoutMetadata();
            Recording.Feed feed = seed % 2 == 0 ? Recording.array(page) : Recording.reads(page, 1 + seed % 17);
            assertSame(seed, page, withoutMetadata(expected), read(parser, feed, deaf, mode));
            taken += expected.get(expected.size() - 1).equals("refused") ? 0 : 1;
        }
        // A good part of the pages must be of either kind, or little was compared.
        assertThat(taken).isBetween(PAGES / 5, mode == ParseMode.LENIENT ? PAGES : PAGES * 4 / 5);
    }

    @Test
    void thePagesAreOfTheSizeThatEnginesWrite() {
        int[] sizes = new int[1000];
        for (int seed = 0; seed < sizes.length; seed++) {
            sizes[seed] = new PageGenerator(seed, seed % 2 == 0).largePage().length;
        }
        Arrays.sort(sizes);

        assertThat(sizes[0]).isGreaterThan(100);
        assertThat(sizes[sizes.length / 2]).isBetween(1000, 3000);
        assertThat(sizes[sizes.length - 1]).isLessThan(5000);
    }

    private static void withoutNul(byte[] page) {
        for (int i = 0; i < page.length; i++) {
            page[i] = page[i] == 0 ? (byte) '0' : page[i];
        }
    }

    private static void assertSame(int seed, byte[] page, List<String> expected, List<String> found) {
        if (!found.equals(expected)) {
            assertThat(found).as("seed %d:%n%s", seed, text(page)).isEqualTo(expected);
        }
    }

    private static List<String> withoutMetadata(List<String> events) {
        return events.stream()
                .filter(event -> !event.matches("(?s)(TYPE|HELP|UNIT) .*"))
                .toList();
    }

    private static List<String> read(PageParser parser, Recording.Feed feed, Recording recording, ParseMode mode) {
        try {
            ParseSummary summary = feed.to(parser, recording);
            String end = mode == ParseMode.LENIENT
                    ? summary.samples() + " samples, " + summary.skippedLines() + " lines skipped, first "
                            + summary.firstSkipped().stream()
                                    .map(SkippedLine::line)
                                    .toList()
                            + (summary.sawEof() ? " EOF" : "")
                    : summary.samples() + " samples, taken";
            recording.events.add(end);
        } catch (PageSyntaxException e) {
            recording.events.removeIf(event -> event.matches("(?s)(TYPE|HELP|UNIT) .*"));
            recording.events.add("refused");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return recording.events;
    }

    private static String text(byte[] page) {
        return new String(page, StandardCharsets.UTF_8);
    }
}
