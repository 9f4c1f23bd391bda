package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.parser.MetricType;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.MetricSample;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageReaderTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final MetricTable TABLE = table();

    private static MetricTable table() {
        MetricTable.Builder table = MetricTable.builder();
        table.gauge("acme:running").count();
        table.counter("acme:done_total").count();
        table.counter("acme:bare").count();
        table.counter("acme_request_count").count();
        table.histogram("acme:latency_seconds").distribution();
        table.histogram("acme:iteration_tokens_total").distribution();
        return table.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme:running", "acme_running", "ray_acme:running", "ray_acme_running"})
    void theFourSpellingsOfANameAreOneFamily(String name) {
        Page page = Texts.page(name + "{a=\"1\"} 2\n", TABLE);
        assertThat(page.family("acme:running").series()).hasSize(1);
        assertThat(page.family("acme_running").name()).isEqualTo(name);
        assertThat(page.names()).containsExactly("acme_running");
        assertThat(page.hasNamesWith("acme_")).isTrue();
        assertThat(page.hasNamesWith("acme:")).isFalse();
    }

    @Test
    void aCounterIsFoundWithAndWithoutTotal() {
        Page page = Texts.page("acme:done 3\nacme:bare_total 4\n", TABLE);
        assertThat(page.family("acme:done_total").series().get(0).value()).isEqualTo(3.0);
        assertThat(page.family("acme:bare").series().get(0).value()).isEqualTo(4.0);
    }

    @Test
    void aGaugeIsNotFoundByACountersName() {
        assertThat(Texts.page("acme:running_total 3\n", TABLE).family("acme:running"))
                .isNull();
    }

    @Test
    void aCountThatIsAFamilyOfItsOwnStaysACounter() {
        Page page = Texts.page("acme_request_count 7\nacme_request_bucket{le=\"+Inf\"} 1\nacme_request_sum 1\n", TABLE);
        assertThat(page.family("acme_request_count").series().get(0).value()).isEqualTo(7.0);
        assertThat(page.family("acme_request")).isNull();
    }

    @Test
    void aHistogramWhoseNameEndsInTotalIsAHistogram() {
        Page page = Texts.page("""
                # TYPE acme:iteration_tokens_total histogram
                acme:iteration_tokens_total_bucket{le="1"} 2
                acme:iteration_tokens_total_bucket{le="+Inf"} 3
                acme:iteration_tokens_total_sum 9
                acme:iteration_tokens_total_count 3
                """, TABLE);
        assertThat(page.family("acme:iteration_tokens_total").name()).isEqualTo("acme:iteration_tokens_total");
        assertThat(onlyDistribution(page, "acme:iteration_tokens_total"))
                .isEqualTo(Distribution.ofHistogram(new double[] {1, INF}, new double[] {2, 3}, 9, 3));
    }

    @Test
    void theLinesOfAHistogramMayStandInAnyOrder() {
        Page page = Texts.page("""
                acme:latency_seconds_count{m="a"} 6
                acme:latency_seconds_bucket{m="a",le="+Inf"} 6
                acme:latency_seconds_bucket{le="0.5",m="a"} 2
                acme:latency_seconds_sum{m="a"} 4.5
                acme:latency_seconds_bucket{m="a",le="1"} 5
                """, TABLE);
        assertThat(onlyDistribution(page, "acme:latency_seconds"))
                .isEqualTo(Distribution.ofHistogram(new double[] {0.5, 1, INF}, new double[] {2, 5, 6}, 4.5, 6));
        assertThat(page.family("acme:latency_seconds").series().get(0).labels()).isEqualTo(Labels.of("m", "a"));
    }

    @Test
    void bucketsOfTwoSeriesMayBeMixed() {
        Page page = Texts.page("""
                acme:latency_seconds_bucket{m="a",le="1"} 1
                acme:latency_seconds_bucket{m="b",le="1"} 2
                acme:latency_seconds_bucket{m="a",le="+Inf"} 3
                acme:latency_seconds_bucket{m="b",le="+Inf"} 4
                """, TABLE);
        List<Series> series = page.family("acme:latency_seconds").series();
        assertThat(series).hasSize(2);
        assertThat(series.get(0).distribution())
                .isEqualTo(Distribution.ofHistogram(new double[] {1, INF}, new double[] {1, 3}, Double.NaN, 3));
        assertThat(series.get(1).distribution())
                .isEqualTo(Distribution.ofHistogram(new double[] {1, INF}, new double[] {2, 4}, Double.NaN, 4));
    }

    @Test
    void ofALineThatStandsTwiceTheFirstCounts() {
        Page page = Texts.page("""
                acme:running{a="1",b="2"} 5
                acme:running{b="2",a="1"} 6
                acme:latency_seconds_bucket{le="1"} 1
                acme:latency_seconds_bucket{le="1"} 2
                acme:latency_seconds_bucket{le="+Inf"} 3
                acme:latency_seconds_bucket{le="1.0"} 4
                acme:latency_seconds_sum 7
                acme:latency_seconds_sum 8
                acme:latency_seconds_count 3
                acme:latency_seconds_count 9
                """, TABLE);
        assertThat(page.family("acme:running").series()).hasSize(1);
        assertThat(page.family("acme:running").series().get(0).value()).isEqualTo(5.0);
        assertThat(onlyDistribution(page, "acme:latency_seconds"))
                .isEqualTo(Distribution.ofHistogram(new double[] {1, INF}, new double[] {1, 3}, 7, 3));
    }

    @Test
    void quantilesUnderTheTypeHistogramAreQuantiles() {
        Page page = Texts.page("""
                # TYPE acme:latency_seconds histogram
                acme:latency_seconds{quantile="0.99"} 4
                acme:latency_seconds{quantile="0.5"} 1.5
                acme:latency_seconds{quantile="0.5"} 9
                acme:latency_seconds{quantile="1.5"} 9
                acme:latency_seconds{quantile="half"} 9
                acme:latency_seconds_sum 6
                acme:latency_seconds_count 3
                """, TABLE);
        assertThat(onlyDistribution(page, "acme:latency_seconds"))
                .isEqualTo(Distribution.ofSummary(new double[] {0.5, 0.99}, new double[] {1.5, 4}, 6, 3));
    }

    @Test
    void aBareNumberInPlaceOfAHistogramIsAMean() {
        Page page = Texts.page("# TYPE acme:latency_seconds gauge\nacme:latency_seconds 0.025\n", TABLE);
        assertThat(onlyDistribution(page, "acme:latency_seconds")).isEqualTo(Distribution.ofValue(0.025));
    }

    @Test
    void aBucketWithoutABoundIsLeftOut() {
        Page page = Texts.page(
                "acme:latency_seconds_bucket 5\nacme:latency_seconds_bucket{le=\"x\"} 5\nacme:latency_seconds_sum 1\n",
                TABLE);
        assertThat(onlyDistribution(page, "acme:latency_seconds"))
                .isEqualTo(Distribution.ofSummary(new double[0], new double[0], 1, Double.NaN));
    }

    @Test
    void onlyWhatTheTableKnowsIsKeptButEveryNameIsSeen() {
        Page page = Texts.page("other_total 1\nacme:running 2\npython_info{v=\"3\"} 1\n", TABLE);
        assertThat(page.names()).containsExactly("other_total", "acme_running", "python_info");
        assertThat(page.family("other_total")).isNull();
        assertThat(page.sampleCount()).isEqualTo(3);
        assertThat(page.samples()).isEmpty();
        assertThat(page.wasCut()).isFalse();
    }

    @Test
    void creationTimesAreNoMetrics() {
        Page page = Texts.pageWithSamples(
                "acme:done_total 1\nacme:done_created 1.7e9\nacme:latency_seconds_created 1.7e9\n", TABLE);
        assertThat(page.samples()).extracting(MetricSample::name).containsExactly("acme:done_total");
        assertThat(page.family("acme:latency_seconds")).isNull();
    }

    @Test
    void theStartOfTheProcessIsKept() {
        assertThat(Texts.page("process_start_time_seconds 1.7000000015e+09\n", TABLE)
                        .startedAt())
                .isEqualTo(Instant.ofEpochMilli(1_700_000_001_500L));
        for (String odd : List.of("0", "-1", "NaN", "1e12", "+Inf")) {
            assertThat(Texts.page("process_start_time_seconds " + odd + "\n", TABLE)
                            .startedAt())
                    .as(odd)
                    .isNull();
        }
    }

    @Test
    void theCatalogBeatsTheTypeAndTheTypeBeatsTheSuffix() {
        Page page = Texts.pageWithSamples("""
                # TYPE acme:running counter
                acme:running 1
                # TYPE acme:done_total gauge
                acme:done_total 1
                # TYPE acme:latency_seconds gauge
                acme:latency_seconds_bucket{le="+Inf"} 1
                acme:iteration_tokens_total_sum 1
                # TYPE acme:other_total gauge
                acme:other_total 1
                acme:more_total 1
                acme:some_bucket{le="1"} 1
                acme:plain 1
                """, TABLE);
        assertThat(page.samples())
                .extracting(sample -> sample.name() + " " + sample.type())
                .containsExactly(
                        "acme:running " + MetricType.GAUGE,
                        "acme:done_total " + MetricType.COUNTER,
                        "acme:latency_seconds_bucket " + MetricType.HISTOGRAM,
                        "acme:iteration_tokens_total_sum " + MetricType.HISTOGRAM,
                        "acme:other_total " + MetricType.GAUGE,
                        "acme:more_total " + MetricType.COUNTER,
                        "acme:some_bucket " + MetricType.HISTOGRAM,
                        "acme:plain " + MetricType.UNKNOWN);
    }

    @Test
    void aQuantileIsKeptAsASummarysSample() {
        Page page = Texts.pageWithSamples("acme:latency_seconds{quantile=\"0.5\"} 1\nacme:latency_seconds 2\n", TABLE);
        assertThat(page.samples())
                .extracting(MetricSample::type)
                .containsExactly(MetricType.SUMMARY, MetricType.UNKNOWN);
    }

    @Test
    void aSampleIsKeptAsItStands() {
        Page page = Texts.pageWithSamples("ray_acme:running{b=\"x\\ny\",a=\"\"} NaN 1700000000123\n", TABLE);
        MetricSample sample = page.samples().get(0);
        assertThat(sample.name()).isEqualTo("ray_acme:running");
        assertThat(sample.labels()).isEqualTo(Labels.of("b", "x\ny", "a", ""));
        assertThat(sample.value()).isNaN();
        assertThat(sample.timestamp()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
    }

    @Test
    void openMetricsIsReadToo() {
        Page page = Texts.openMetrics(
                "# TYPE acme_done counter\nacme_done_total 5 1700000000.5\nacme_done_created 1.7e9\n# EOF\n", TABLE);
        assertThat(page.family("acme:done_total").series().get(0).value()).isEqualTo(5.0);
        assertThat(page.samples()).hasSize(1);
        assertThat(page.samples().get(0).timestamp()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_500L));
    }

    @Test
    void whereTheBodyBreaksOffWithinAFamilyThatFamilyIsLeftOut() {
        String before = "acme:done_total 3\nacme:running{rank=\"0\"} 1\n";
        for (String tail : List.of(
                "",
                "a",
                "acme:run",
                "acme:running",
                "acme:running{rank=\"1\"",
                "acme:running{rank=\"1\"} 1",
                "acme:running 12")) {
            Page page = Texts.cutPage(before + tail, TABLE);
            assertThat(page.wasCut()).as(tail).isTrue();
            assertThat(page.family("acme:running")).as(tail).isNull();
            assertThat(page.family("acme:done_total").series()).as(tail).hasSize(1);
        }
    }

    @Test
    void whereTheBodyBreaksOffInTheNextFamilyTheLastIsWhole() {
        String before = "acme:running{rank=\"0\"} 1\n";
        for (String tail : List.of("acme:runway 1", "# TYPE acme:done_total", "b", "acme:done_total 4")) {
            Page page = Texts.cutPage(before + tail, TABLE);
            assertThat(page.family("acme:running")).as(tail).isNotNull();
            assertThat(page.family("acme:done_total")).as(tail).isNull();
        }
    }

    @Test
    void whereTheBodyBreaksOffInAHistogramItIsLeftOut() {
        String before = "acme:latency_seconds_bucket{le=\"1\"} 1\n";
        for (String tail : List.of("acme:latency_seconds_bucket{le=\"+Inf\"} 1", "acme:latency_seconds_su", "")) {
            assertThat(Texts.cutPage(before + tail, TABLE).family("acme:latency_seconds"))
                    .as(tail)
                    .isNull();
        }
    }

    @Test
    void whereTheBodyBreaksOffAmongOthersNothingIsLost() {
        Page page = Texts.cutPage("acme:running 1\nother 1\nother{a=\"", TABLE);
        assertThat(page.family("acme:running")).isNotNull();
        assertThat(Texts.cutPage("", TABLE).names()).isEmpty();
    }

    @Test
    void linesThatCannotBeReadAreCounted() {
        Page page = Texts.page("acme:running 1\nacme:running{ 2\nwhat is this\n", TABLE);
        assertThat(page.skippedLines()).isEqualTo(2);
        assertThat(page.firstSkipped()).hasSize(2);
        assertThat(page.firstSkipped().get(0).line()).isEqualTo(2);
        assertThat(page.sampleCount()).isEqualTo(1);
    }

    @Test
    void severalTablesMayReadOnePage() {
        MetricTable.Builder other = MetricTable.builder();
        other.gauge("other:depth").count();
        Page page = Texts.page("acme:running 1\nother:depth 2\n", TABLE, other.build());
        assertThat(page.family("acme:running")).isNotNull();
        assertThat(page.family("other:depth")).isNotNull();
    }

    @Test
    void aPartOfAPageHoldsTheSeriesThatPass() {
        Page page = Texts.page("acme:running{m=\"a\"} 1\nacme:running{m=\"b\"} 2\nacme:done_total 3\n", TABLE);
        assertThat(page.valuesOf("m")).containsExactly("a", "b");
        assertThat(page.valuesOf("none")).isEmpty();
        Page part = page.where(labels -> "b".equals(labels.get("m")));
        assertThat(part.family("acme:running").series()).hasSize(1);
        assertThat(part.family("acme:running").series().get(0).value()).isEqualTo(2.0);
        assertThat(part.family("acme:done_total")).isNull();
        assertThat(part.sampleCount()).isEqualTo(3);
    }

    private static Distribution onlyDistribution(Page page, String family) {
        List<Series> series = page.family(family).series();
        assertThat(series).hasSize(1);
        assertThat(series.get(0).value()).isNull();
        return series.get(0).distribution();
    }
}
