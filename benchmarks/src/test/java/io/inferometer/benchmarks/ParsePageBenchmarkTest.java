package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParseSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The benchmark measures work that is done, and done rightly. */
class ParsePageBenchmarkTest {
    private final List<VllmPage> pages = VllmPage.scrapes(ParsePageBenchmark.SCRAPES);

    @Test
    void thePagesAreAsLargeAsTheySay() {
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.bytes().length).isBetween(90_000, 100_000);
            ParseSummary summary = new PageParser().parse(page.bytes(), sample -> {});
            assertThat(summary.samples()).isEqualTo(page.samples());
            assertThat(summary.skippedLines()).isZero();
        });
        assertThat(pages.get(0).bytes()).isNotEqualTo(pages.get(1).bytes());
    }

    @Test
    void theArrayGivesTheSumOfValuesAndLabels() {
        ParsePageBenchmark benchmark = benchmark();
        for (int turn = 1; turn <= ParsePageBenchmark.SCRAPES; turn++) {
            VllmPage page = pages.get(turn % ParsePageBenchmark.SCRAPES);
            assertThat(benchmark.array()).isCloseTo(page.sum() + labels(page), Offset.offset(1e-3));
        }
    }

    @Test
    void theStreamGivesTheSame() throws IOException {
        ParsePageBenchmark arrays = benchmark();
        ParsePageBenchmark streams = benchmark();
        for (int turn = 0; turn < 2 * ParsePageBenchmark.SCRAPES; turn++) {
            assertThat(streams.stream()).isEqualTo(arrays.array());
        }
    }

    @Test
    void theFilterGivesThreeGaugesOfTwoEngines() {
        String load = new String(pages.get(1).bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line ->
                        line.matches("vllm:(num_requests_running|num_requests_waiting|kv_cache_usage_perc)\\{.*"))
                .reduce("", (text, line) -> text + line + "\n");
        double[] sum = new double[1];
        new PageParser()
                .parse(load.getBytes(StandardCharsets.UTF_8), sample -> sum[0] += sample.value() + sample.labelCount());

        assertThat(load.lines()).hasSize(6);
        assertThat(benchmark().filtered()).isEqualTo(sum[0]);
    }

    @Test
    void theYardstickCountsLines() {
        byte[] page = pages.get(1).bytes();
        long lines = new String(page, StandardCharsets.UTF_8).lines().count();

        assertThat(benchmark().newlines()).isEqualTo((int) lines);
        assertThat(Newlines.in("\n\u000b\nabc\u008a\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(3);
    }

    private static double labels(VllmPage page) {
        AtomicInteger labels = new AtomicInteger();
        new PageParser().parse(page.bytes(), sample -> labels.addAndGet(sample.labelCount()));
        return labels.get();
    }

    private static ParsePageBenchmark benchmark() {
        ParsePageBenchmark benchmark = new ParsePageBenchmark();
        benchmark.write();
        return benchmark;
    }
}
