package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.benchmarks.pages.Scrape;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParseMode;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.ParserOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages are what they are said to be, and hold what their writer says they hold. */
class PagesTest {
    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aServerTakesEachPageWhole(PageKind kind) {
        PageParser parser = new PageParser(ParserOptions.defaults().withMode(ParseMode.PROMETHEUS));
        for (Scrape scrape : kind.scrapes(2)) {
            double[] sums = new double[2];
            ParseSummary summary = parser.parse(scrape.bytes(), sample -> {
                sums[0] += sample.value();
                sums[1] += sample.labelCount();
            });

            assertThat(summary.samples()).isEqualTo(scrape.samples()).isPositive();
            assertThat(sums[0]).isBetween(scrape.sum() * (1 - 1e-12), scrape.sum() * (1 + 1e-12));
            assertThat((long) sums[1]).isEqualTo(scrape.labels());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LLAMACPP, 1500, 2600",
        "TGI, 90000, 100000",
        "SGLANG, 40000, 100000",
        "VLLM, 90000, 100000",
        "VLLM_HTTP, 98000, 108000",
        "VLLM_CHURN, 90000, 100000",
        "LARGE, 9500000, 10500000",
        "VLLM_1K, 700, 1000",
        "VLLM_10K, 9000, 10000",
        "VLLM_1M, 950000, 1150000",
        "VLLM_10M, 9500000, 11500000"
    })
    void eachPageIsAsLargeAsItSays(PageKind kind, int least, int most) {
        assertThat(kind.scrapes(1).get(0).bytes().length).isBetween(least, most);
    }

    @Test
    void everyRunHasTheSamePages() {
        List<Scrape> once = PageKind.TGI.scrapes(3);
        List<Scrape> again = PageKind.TGI.scrapes(3);

        for (int i = 0; i < 3; i++) {
            assertThat(once.get(i).bytes()).isEqualTo(again.get(i).bytes());
        }
        assertThat(once.get(0).bytes()).isNotEqualTo(once.get(1).bytes());
    }

    @ParameterizedTest
    @EnumSource(
            value = PageKind.class,
            names = {"VLLM", "VLLM_HTTP"})
    void aboutHalfOfTheLinesChange(PageKind kind) {
        List<Scrape> scrapes = kind.scrapes(4);
        for (int i = 1; i < scrapes.size(); i++) {
            List<String> lines = samples(scrapes.get(i));
            Set<String> before = new HashSet<>(samples(scrapes.get(i - 1)));
            double changed =
                    lines.stream().filter(line -> !before.contains(line)).count();

            assertThat(changed / lines.size()).isBetween(0.42, 0.60);
        }
    }

    @Test
    void oneInAHundredLinesComesOrGoes() {
        List<Scrape> scrapes = PageKind.VLLM_CHURN.scrapes(2);
        Set<String> before = keys(scrapes.get(0));
        Set<String> after = keys(scrapes.get(1));
        int all = before.size();
        Set<String> gone = new HashSet<>(before);
        gone.removeAll(after);
        after.removeAll(before);

        assertThat((gone.size() + after.size()) / (double) all).isBetween(0.006, 0.016);
    }

    @Test
    void aRouterPrintsItsFamiliesInAnotherOrderAtEachScrape() {
        List<Scrape> scrapes = PageKind.TGI.scrapes(2);

        assertThat(keys(scrapes.get(0))).isEqualTo(keys(scrapes.get(1)));
        assertThat(types(scrapes.get(0)))
                .isNotEqualTo(types(scrapes.get(1)))
                .containsExactlyInAnyOrderElementsOf(types(scrapes.get(1)));
        assertThat(samples(scrapes.get(0)))
                .filteredOn(line -> line.startsWith("tgi_batch_next_size_bucket"))
                .hasSize(1025);
    }

    private static List<String> samples(Scrape scrape) {
        return lines(scrape).stream()
                .filter(line -> !line.startsWith("#") && !line.isEmpty())
                .toList();
    }

    private static List<String> types(Scrape scrape) {
        return lines(scrape).stream().filter(line -> line.startsWith("# TYPE")).toList();
    }

    private static Set<String> keys(Scrape scrape) {
        Set<String> keys = new HashSet<>();
        samples(scrape).forEach(line -> keys.add(line.substring(0, line.lastIndexOf(' '))));
        return keys;
    }

    private static List<String> lines(Scrape scrape) {
        return new String(scrape.bytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
