package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.MetricSample;
import io.inferometer.snapshot.Provenance;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommonReaderTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final CommonReader.Rules NONE = (page, draft) -> {};
    private static final MetricTable TABLE = table();
    private static final CommonReader READER =
            new CommonReader(TABLE, "acme_", List.of("model_name", "model"), "rank", (page, draft) -> {
                if (page.family("acme:odd") != null) {
                    draft.note(CommonField.REQUESTS_RUNNING, "odd");
                }
            });

    private static MetricTable table() {
        MetricTable.Builder table = MetricTable.builder();
        table.gauge("acme:running").fills(CommonField.REQUESTS_RUNNING).count();
        table.gauge("acme:kv").fills(CommonField.KV_USAGE).max();
        table.gauge("acme:odd").count();
        return table.build();
    }

    @Test
    void theWholeIsTheSumAndThePartsAreByModelAndByRank() {
        CommonView view = read("""
                acme:running{model_name="a",rank="0"} 1
                acme:running{model_name="a",rank="1"} 2
                acme:running{model_name="b",rank="0"} 4
                acme:kv{model_name="a",rank="0"} 0.25
                acme:kv{model_name="a",rank="1"} 0.5
                """);
        assertThat(view.metrics().load().requestsRunning()).isEqualTo(7);
        assertThat(view.metrics().cache().kvUsage()).isEqualTo(0.5);
        assertThat(view.byModel()).containsOnlyKeys("a", "b");
        assertThat(view.byModel().get("a").load().requestsRunning()).isEqualTo(3);
        assertThat(view.byModel().get("b").load().requestsRunning()).isEqualTo(4);
        assertThat(view.byModel().get("b").cache().kvUsage()).isNull();
        assertThat(view.byRank()).containsOnlyKeys("0", "1");
        assertThat(view.byRank().get("0").load().requestsRunning()).isEqualTo(5);
        assertThat(view.byRank().get("1").cache().kvUsage()).isEqualTo(0.5);
        assertThat(view.provenance())
                .isEqualTo(Map.of(
                        "load.requests_running", new Provenance("acme:running", 3, null),
                        "cache.kv_usage", new Provenance("acme:kv", 2, null)));
    }

    @Test
    void oneModelAndOneRankHaveNoParts() {
        CommonView view = read("acme:running{model_name=\"a\",rank=\"0\"} 1\n");
        assertThat(view.byModel()).isEmpty();
        assertThat(view.byRank()).isEmpty();
    }

    @Test
    void theBestLabelThatIsThereNamesTheModel() {
        assertThat(READER.modelLabelOn(page("acme:running{model=\"a\",model_name=\"b\"} 1\n")))
                .isEqualTo("model_name");
        assertThat(READER.modelLabelOn(page("acme:running{model=\"a\"} 1\n"))).isEqualTo("model");
        assertThat(READER.modelLabelOn(page("acme:running 1\n"))).isNull();
        assertThat(read("acme:running{model=\"a\"} 1\nacme:running{model=\"b\"} 1\n")
                        .byModel())
                .containsOnlyKeys("a", "b");
    }

    @Test
    void withoutARankLabelThereAreNoRanks() {
        CommonReader plain = new CommonReader(TABLE, "acme_", List.of(), null, NONE);
        CommonView view =
                plain.read(scrape(page("acme:running{rank=\"0\"} 1\nacme:running{rank=\"1\"} 1\n"), false), null, NONE);
        assertThat(view.byRank()).isEmpty();
        assertThat(view.byModel()).isEmpty();
    }

    @Test
    void theBackendsRulesSeeWholeAndPartsAndThoseOfTheScrapeTheWholeOnly() {
        Page page = page("acme:odd{model=\"a\"} 1\nacme:running{model=\"a\"} 1\nacme:running{model=\"b\"} 2\n");
        CommonView view = READER.read(
                scrape(page, false),
                "1.0",
                (whole, draft) -> draft.count(CommonField.KV_BLOCKS, 9L, new Provenance("/info", 1, null)));
        assertThat(view.provenance().get("load.requests_running")).isEqualTo(new Provenance("acme:running", 2, "odd"));
        assertThat(view.metrics().cache().kvBlocks()).isEqualTo(9);
        assertThat(view.byModel().values())
                .extracting(EngineMetrics::cache)
                .extracting(EngineMetrics.Cache::kvBlocks)
                .containsOnlyNulls();
        assertThat(view.header().engineVersion()).isEqualTo("1.0");
    }

    @Test
    void theHeaderIsThatOfTheScrape() {
        CommonView view = read("acme:running 1\nacme:running{ 2\nprocess_start_time_seconds 1700000000\n");
        assertThat(view.header().engine()).isEqualTo("acme");
        assertThat(view.header().instanceId()).isEqualTo("engine:8000");
        assertThat(view.header().collectedAt()).isEqualTo(AT);
        assertThat(view.header().scrapeDuration()).isEqualTo(Duration.ofMillis(5));
        assertThat(view.header().unreadableLines()).isEqualTo(1);
        assertThat(view.header().startedAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    }

    @Test
    void rawSamplesAreTheEnginesOwnWithATimeEach() {
        Page page = Texts.pageWithSamples(
                "python_info 1\nacme:running 1 1700000000000\nray_acme:other_total 2\nacme:x_created 3\n", TABLE);
        assertThat(READER.read(scrape(page, true), null, NONE).rawMetrics())
                .extracting(MetricSample::name, MetricSample::timestamp)
                .containsExactly(
                        tuple("acme:running", Instant.ofEpochSecond(1_700_000_000)), tuple("ray_acme:other_total", AT));
        assertThat(READER.read(scrape(page, false), null, NONE).rawMetrics()).isNull();
    }

    @Test
    void withoutAPageThereIsNothingToRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> READER.read(scrape(null, false), null, NONE))
                .withMessage("This scrape of acme has no metrics page.");
        assertThat(scrape(null, false).header(null).unreadableLines()).isZero();
        assertThat(scrape(null, false).header(null).startedAt()).isNull();
        assertThat(scrape(null, false).answer("info")).isNull();
    }

    private static CommonView read(String text) {
        return READER.read(scrape(page(text), false), null, NONE);
    }

    private static Page page(String text) {
        return Texts.page(text, TABLE);
    }

    private static Scrape scrape(Page page, boolean keepSamples) {
        return new Scrape(
                "acme",
                "engine:8000",
                URI.create("http://engine:8000/metrics"),
                Map.of(),
                AT,
                Duration.ofMillis(5),
                page,
                Map.of(),
                keepSamples);
    }
}
