package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.benchmarks.pages.Scrape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is done, and done rightly: a parser that skipped half of a page would be fast. */
class WayTest {
    @ParameterizedTest
    @EnumSource(
            value = PageKind.class,
            names = {"LLAMACPP", "TGI", "SGLANG", "VLLM", "VLLM_HTTP", "VLLM_CHURN"})
    void allSamplesAreShown(PageKind kind) throws IOException {
        List<Scrape> scrapes = kind.scrapes(Measure.SCRAPES);
        Work full = Way.FULL.work(kind, scrapes);
        Work repeat = Way.REPEAT.work(kind, scrapes);
        Work labels = Way.LABELS.work(kind, scrapes);
        for (int turn = 1; turn <= 2 * Measure.SCRAPES; turn++) {
            Scrape scrape = scrapes.get(turn % Measure.SCRAPES);
            double wanted = scrape.sum() + scrape.labels();
            double rounding = Math.abs(wanted) * 1e-12;

            assertThat(full.run()).isBetween(wanted - rounding, wanted + rounding);
            assertThat(repeat.run()).isBetween(wanted - rounding, wanted + rounding);
            assertThat(labels.run()).isBetween(wanted - rounding, wanted + rounding);
        }
    }

    @Test
    void thePageThatIsTheSameIsTheFirst() throws IOException {
        List<Scrape> scrapes = PageKind.VLLM.scrapes(Measure.SCRAPES);
        Work same = Way.SAME_PAGE.work(PageKind.VLLM, scrapes);
        double first = same.run();

        assertThat(first).isPositive();
        assertThat(same.run()).isEqualTo(first);
        assertThat(Way.MISMATCH.work(PageKind.VLLM, scrapes).run()).isEqualTo(-1);
    }

    @Test
    void theFilterPassesTheLoadAlone() throws IOException {
        List<Scrape> scrapes = PageKind.VLLM.scrapes(Measure.SCRAPES);
        double load = new String(scrapes.get(1).bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches(
                        "vllm:(num_requests_running|num_requests_waiting|kv_cache_usage_perc|engine_sleep_state)\\{.*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))
                        + line.chars().filter(c -> c == '=').count())
                .sum();

        assertThat(Way.FILTERED.work(PageKind.VLLM, scrapes).run()).isEqualTo(load);
    }

    @Test
    void peersReadThePagesToo() throws IOException {
        List<Scrape> scrapes = PageKind.SGLANG.scrapes(Measure.SCRAPES);

        assertThat(Way.HAWKULAR.work(PageKind.SGLANG, scrapes).run()).isGreaterThan(40);
        assertThat(Way.SKYWALKING.work(PageKind.SGLANG, scrapes).run()).isGreaterThan(40);
        assertThatThrownBy(() -> Way.EXPFMT.work(PageKind.SGLANG, scrapes))
                .hasMessage("expfmt is written in Go; see benchmarks/peers/timing.");
    }

    @ParameterizedTest
    @EnumSource(
            value = PageKind.class,
            names = {"LLAMACPP", "TGI", "SGLANG", "VLLM"})
    void snapshotsComeOfAllWays(PageKind kind) throws IOException {
        List<Scrape> scrapes = kind.scrapes(Measure.SCRAPES);
        Work full = Way.SNAPSHOT.work(kind, scrapes);
        Work repeat = Way.SNAPSHOT_REPEAT.work(kind, scrapes);
        Work pulse = Way.SNAPSHOT_PULSE.work(kind, scrapes);
        Work words = Way.SNAPSHOT_WORDS.work(kind, scrapes);
        for (int turn = 1; turn <= Measure.SCRAPES; turn++) {
            double samples = scrapes.get(turn % Measure.SCRAPES).samples();

            assertThat(full.run()).isBetween(samples, samples + 0.5);
            assertThat(repeat.run()).isBetween(samples, samples + 0.5);
            double told = pulse.run();
            assertThat(told).isBetween(samples, samples + 0.5).isEqualTo(words.run());
        }
    }

    @Test
    void theYardstickCountsLines() throws IOException {
        List<Scrape> scrapes = PageKind.VLLM.scrapes(Measure.SCRAPES);
        String page = new String(scrapes.get(1).bytes(), StandardCharsets.UTF_8);

        assertThat(Way.NEWLINES.work(PageKind.VLLM, scrapes).run())
                .isEqualTo((double) page.lines().count());
        assertThat(Newlines.in("\n\u000b\nabc\u008a\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(3);
    }
}
