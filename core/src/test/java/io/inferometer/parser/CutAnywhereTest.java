package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page gives the same samples, faults and counts whichever way it arrives. */
class CutAnywhereTest {
    /** Pages per mode and format; {@code -Dinferometer.parser.pages=1000000} for a long run. */
    private static final int PAGES = Integer.getInteger("inferometer.parser.pages", 4_000);

    private static final String PAGE = """
            # HELP vllm:kv_cache_usage_perc KV-cache usage, é included.
            # TYPE vllm:kv_cache_usage_perc gauge
            vllm:kv_cache_usage_perc{engine="0",model_name="é"} 0.25
            vllm:kv_cache_usage_perc{engine="1",model_name="é"} 0.5 1395066363000
            # TYPE h histogram
            h_bucket{le="0.5",model_name="m"} 1.0
            h_bucket{le="+Inf",model_name="m"} 12.0 # {trace_id="a b"} 0.3 1.5
            h_sum{model_name="m"} 1.7631094230115845e+09\r
            a-b 1
            {"my.metric",x="y\\"z"} +Inf
            bad{x="1",x="2"} 3
            bad{x="
            "} 3
            up 1
            """;

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS"})
    void everyCutOfOnePageReadsTheSame(ParseMode mode, PageFormat format) {
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        PageParser parser = new PageParser(options(mode, format));
        List<String> whole = Recording.of(parser, Recording.array(page));
        for (int cut = 0; cut <= page.length; cut++) {
            assertThat(Recording.of(parser, Recording.cutAt(page, cut))).isEqualTo(whole);
        }
    }

    /** As in Prometheus' lexer, and behind a HELP text alone. The newline in the name makes a reader wait for more. */
    @Test
    void nulsBehindAHelpTextArePassedOverWhereverThePageIsCut() {
        byte[] page = "# HELP h x\n\0\0{\"a\nb\"} 1\n# EOF\n".getBytes(StandardCharsets.UTF_8);
        PageParser parser = new PageParser(options(ParseMode.PROMETHEUS, PageFormat.OPENMETRICS));
        assertThat(parser.parse(page, sample -> {}).samples()).isOne();
        List<String> whole = Recording.of(parser, Recording.array(page));
        for (int size = 1; size <= page.length; size++) {
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, size)));
            assertSame(page, whole, Recording.of(parser, Recording.cutAt(page, size)));
        }
    }

    /** The record has two lines, of which the second has a fault, and no end before it is too long. */
    @Test
    void aFaultIsFoundBeforeTheRecordIsTooLongWhereverThePageIsCut() {
        byte[] page = ("{\"a\n\0" + "c".repeat(100) + "\"} 1\nup 1\n").getBytes(StandardCharsets.UTF_8);
        PageParser parser =
                new PageParser(options(ParseMode.PROMETHEUS, PageFormat.TEXT).withLineBytesMax(60));
        List<String> whole = Recording.of(parser, Recording.array(page));
        assertThat(whole).singleElement().asString().contains("line 2, column 1:");
        for (int size = 1; size <= page.length; size++) {
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, size)));
            assertSame(page, whole, Recording.of(parser, Recording.cutAt(page, size)));
        }
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void everyReadSizeAndEveryCutReadTheSame(ParseMode mode, PageFormat format) {
        PageParser parser = new PageParser(options(mode, format));
        for (int seed = 0; seed < Math.max(8, PAGES / 500); seed++) {
            byte[] page = new PageGenerator(seed, format == PageFormat.OPENMETRICS).largePage();
            List<String> whole = Recording.of(parser, Recording.array(page));
            for (int size = 1; size <= 17; size++) {
                assertSame(page, whole, Recording.of(parser, Recording.reads(page, size)));
            }
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, 4096)));
            for (int cut = 1; cut < page.length; cut++) {
                assertSame(page, whole, Recording.of(parser, Recording.cutAt(page, cut)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void generatedPagesReadTheSameFromEverySource(ParseMode mode, PageFormat format) {
        ParserOptions options = options(mode, format);
        PageParser parser = new PageParser(options);
        PageParser careful = new PageParser(options, new PageReader(options, false), new PageBuffer());
        for (int seed = 0; seed < PAGES; seed++) {
            PageGenerator generator = new PageGenerator(seed, format == PageFormat.OPENMETRICS);
            byte[] page = generator.page();
            List<String> whole = Recording.of(parser, Recording.array(page));
            assertSame(page, whole, Recording.of(careful, Recording.array(page)));
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, 1 + seed % 17)));
            assertSame(page, whole, Recording.of(parser, Recording.cutAt(page, generator.below(page.length + 1))));
            assertSame(page, whole, Recording.of(parser, Recording.slice(page, seed % 5, seed % 23)));
            assertSame(page, whole, Recording.of(parser, otherSource(seed, page)));
        }
    }

    /** Short limits put every kind of end into the middle of something. */
    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void limitsFallAtTheSamePlaceFromEverySource(ParseMode mode, PageFormat format) {
        for (int seed = 0; seed < PAGES; seed++) {
            PageGenerator generator = new PageGenerator(seed, format == PageFormat.OPENMETRICS);
            byte[] page = generator.page();
            ParserOptions options =
                    options(mode, format).withLineBytesMax(1 + seed % 60).withLabelsMax(1 + seed % 3);
            PageParser parser = new PageParser(options);
            List<String> whole = Recording.of(parser, Recording.array(page));
            assertSame(
                    page,
                    whole,
                    Recording.of(
                            new PageParser(options, new PageReader(options, false), new PageBuffer()),
                            Recording.array(page)));
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, 1 + seed % 17)));
            assertSame(page, whole, Recording.of(parser, Recording.slice(page, 0, 40)));
            assertSame(page, whole, Recording.of(parser, otherSource(seed, page)));
        }
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS"})
    void filteredPagesReadTheSameFromEverySource(ParseMode mode, PageFormat format) {
        ParserOptions options =
                options(mode, format).withFilter(FamilyFilter.ofFamilies(List.of("h", "x", "tgi_queue_size", "é")));
        PageParser parser = new PageParser(options);
        for (int seed = 0; seed < PAGES; seed++) {
            byte[] page = new PageGenerator(seed, format == PageFormat.OPENMETRICS).page();
            List<String> whole = Recording.of(parser, Recording.array(page));
            assertSame(page, whole, Recording.of(parser, Recording.reads(page, 1 + seed % 17)));
            assertSame(page, whole, Recording.of(parser, Recording.slice(page, 3, 40)));
        }
    }

    /** The buffer grows, moves and forgets while the lines of one family go on. */
    @Test
    void aPageOfManyBuffersReadsTheSame() {
        StringBuilder page = new StringBuilder("# TYPE h histogram\n");
        for (int i = 0; i < 4_000; i++) {
            page.append("h_bucket{engine=\"")
                    .append(i / 40)
                    .append("\",le=\"")
                    .append(i % 40)
                    .append("\"} ")
                    .append(i);
            page.append(i % 97 == 0 ? "\n# a comment that comes between\n" : "\n");
            page.append(i % 501 == 0 ? "long{x=\"" + "y".repeat(70_000) + "\"} 1\n" : "");
        }
        byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
        PageParser parser = new PageParser();
        List<String> whole = Recording.of(parser, Recording.array(bytes));
        for (Recording.Feed feed : List.of(
                Recording.reads(bytes, 4096),
                Recording.reads(bytes, 100_000),
                Recording.okio(bytes),
                Recording.direct(bytes))) {
            assertThat(Recording.of(parser, feed)).isEqualTo(whole);
        }
    }

    private static Recording.Feed otherSource(int seed, byte[] page) {
        return switch (seed % 3) {
            case 0 -> Recording.direct(page);
            case 1 -> Recording.heap(page);
            default -> Recording.okio(page);
        };
    }

    private static void assertSame(byte[] page, List<String> whole, List<String> other) {
        if (!whole.equals(other)) {
            assertThat(other).as(new String(page, StandardCharsets.UTF_8)).isEqualTo(whole);
        }
    }

    private static ParserOptions options(ParseMode mode, PageFormat format) {
        return ParserOptions.defaults().withMode(mode).withFormat(format);
    }
}
