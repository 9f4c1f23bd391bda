package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inferometer.parser.MetricType;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.Provenance;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTableTest {
    private static final String THREE = "acme:x{r=\"0\"} 1\nacme:x{r=\"1\"} 4\nacme:x{r=\"2\"} 2\n";

    private final MetricTable.Builder builder = MetricTable.builder();

    @Test
    void severalSeriesBecomeOneValueByTheRowsReduction() {
        assertThat(read(builder.gauge("acme:x").count(), THREE)).isEqualTo(7L);
        assertThat(read(builder.gauge("acme:x").maxCount(), THREE)).isEqualTo(4L);
        assertThat(read(builder.gauge("acme:x").sum(), THREE)).isEqualTo(7.0);
        assertThat(read(builder.gauge("acme:x").max(), THREE)).isEqualTo(4.0);
        assertThat(read(builder.gauge("acme:x").mean(), THREE)).isEqualTo(7.0 / 3);
        assertThat(read(builder.gauge("acme:x").any(), THREE)).isEqualTo(true);
        assertThat(read(builder.gauge("acme:x").countBy("r"), THREE)).isEqualTo(Map.of("0", 1L, "1", 4L, "2", 2L));
        assertThat(read(builder.gauge("acme:x").sumBy("r"), THREE)).isEqualTo(Map.of("0", 1.0, "1", 4.0, "2", 2.0));
    }

    @ParameterizedTest
    @CsvSource({
        "-1,    ,     -1.0",
        "NaN,   ,     ",
        "+Inf,  ,     ",
        "2.5,   3,    2.5",
        "1e19,  ,     1e19",
        "0,     0,    0.0",
    })
    void aValueThatCannotBeIsAbsent(String printed, Long count, Double number) {
        String page = "acme:x " + printed + "\n";
        assertThat(read(builder.gauge("acme:x").count(), page)).isEqualTo(count);
        assertThat(read(builder.gauge("acme:x").maxCount(), page)).isEqualTo(count);
        assertThat(read(builder.gauge("acme:x").sum(), page)).isEqualTo(number);
        assertThat(read(builder.gauge("acme:x").max(), page)).isEqualTo(number);
        assertThat(read(builder.gauge("acme:x").mean(), page)).isEqualTo(number);
    }

    @Test
    void aFlagIsTrueWhenAnySeriesIsNotZero() {
        assertThat(read(builder.gauge("acme:x").any(), "acme:x{r=\"0\"} 0\nacme:x{r=\"1\"} 0\n"))
                .isEqualTo(false);
        assertThat(read(builder.gauge("acme:x").any(), "acme:x NaN\n")).isNull();
        assertThat(read(builder.gauge("acme:x").any(), "other 1\n")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NaN", "+Inf"})
    void whatOneRankCannotHaveDoesNotHideInTheSumOfAll(String printed) {
        String page = "acme:x{r=\"0\"} 5\nacme:x{r=\"1\"} " + printed + "\n";
        assertThat(read(builder.gauge("acme:x").count(), page)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"-1,out of range 0..1", "NaN,not a number", "75.5,out of range 0..1"})
    void aRatioThatCannotBeDoesNotHideBehindAnother(String printed, String note) {
        builder.gauge("acme:x").fills(CommonField.KV_USAGE).max();
        MetricTable table = builder.build();
        SnapshotDraft draft = new SnapshotDraft();
        table.fill(Texts.page("acme:x{r=\"0\"} 0.4\nacme:x{r=\"1\"} " + printed + "\n", table), draft);
        assertThat(draft.metrics().cache().kvUsage()).isNull();
        assertThat(draft.provenance()).containsEntry("cache.kv_usage", new Provenance("acme:x", 2, note));
    }

    @Test
    void theMaximumDoesNotStopAtNaN() {
        assertThat(read(builder.gauge("acme:x").max(), "acme:x{r=\"0\"} NaN\nacme:x{r=\"1\"} 2\n"))
                .isEqualTo(2.0);
        assertThat(read(builder.gauge("acme:x").max(), "acme:x{r=\"0\"} 2\nacme:x{r=\"1\"} NaN\n"))
                .isEqualTo(2.0);
    }

    @Test
    void aMissingFamilyIsAbsentWhateverTheReduction() {
        String page = "acme:other 1\n";
        assertThat(read(builder.gauge("acme:x").count(), page)).isNull();
        assertThat(read(builder.gauge("acme:x").countBy("r"), page)).isNull();
        assertThat(read(builder.histogram("acme:h").distribution(), page)).isNull();
        assertThat(builder.gauge("acme:x").count().source(Texts.page(page, builder.build())))
                .isNull();
    }

    @Test
    void countsByALabelLeaveOutWhatHasItNot() {
        String page = """
                acme:x 9
                acme:x{r="b"} 2
                acme:x{r="a",s="1"} 1
                acme:x{r="a",s="2"} 4
                acme:x{r="c"} -1
                """;
        assertThat(read(builder.counter("acme:x").countBy("r"), page))
                .containsExactly(Map.entry("a", 5L), Map.entry("b", 2L));
        assertThat(read(builder.counter("acme:x").countBy("none"), page)).isNull();
        assertThat(read(builder.counter("acme:x").sumBy("none"), page)).isNull();
        assertThat(read(builder.counter("acme:x").sumBy("r"), page)).containsEntry("c", -1.0);
    }

    @Test
    void distributionsAreMergedOverAllOrByALabel() {
        String page = """
                acme:h_sum{s="a",r="0"} 1
                acme:h_count{s="a",r="0"} 2
                acme:h_sum{s="a",r="1"} 10
                acme:h_count{s="a",r="1"} 20
                acme:h_sum{s="b",r="0"} 100
                acme:h_count{s="b",r="0"} 200
                """;
        assertThat(read(builder.histogram("acme:h").distribution(), page)).isEqualTo(summary(111, 222));
        assertThat(read(builder.histogram("acme:h").sumOfObservations(), page)).isEqualTo(111L);
        assertThat(read(builder.histogram("acme:h").distributionBy("s"), page))
                .containsExactly(Map.entry("a", summary(11, 22)), Map.entry("b", summary(100, 200)));
        assertThat(read(builder.histogram("acme:h").distributionBy("none"), page))
                .isNull();
        assertThat(read(builder.histogram("acme:h").sumOfObservations(), "acme:h 5\n"))
                .isNull();
    }

    @Test
    void onlySeriesThatPassTheRulesCount() {
        String page = "acme:x 1\nacme:x{p=\"\"} 2\nacme:x{p=\"7\"} 4\nacme:x{p=\"8\"} 8\n";
        assertThat(read(builder.gauge("acme:x").where("p", "").count(), page)).isEqualTo(3L);
        assertThat(read(builder.gauge("acme:x").only("p", "7", "8").count(), page))
                .isEqualTo(12L);
        assertThat(read(builder.gauge("acme:x").where("p", "9").only("p", "7").count(), page))
                .isNull();
        Metric<Long> row = builder.gauge("acme:x").only("p", "7").count();
        assertThat(row.rules()).hasSize(1);
        assertThat(row.reduction()).isEqualTo("sum");
        assertThat(row.kind()).isEqualTo(FamilyKind.GAUGE);
        assertThat(row.source(Texts.page(page, builder.build()))).isEqualTo(new Provenance("acme:x", 1, null));
    }

    @Test
    void aRuleForAllHoldsForTheRowsThatFollow() {
        Metric<Long> before = builder.gauge("acme:x").count();
        builder.where("tp", "0");
        Metric<Long> after = builder.gauge("acme:x").count();
        String page = "acme:x{tp=\"0\"} 1\nacme:x{tp=\"1\"} 1\n";
        assertThat(read(before, page)).isEqualTo(2L);
        assertThat(read(after, page)).isEqualTo(1L);
    }

    @Test
    void theNewestFamilyThatIsThereIsReadAndNeverTwoAdded() {
        Metric<Long> row = builder.gauge("acme:new", "acme:old").count();
        assertThat(row.families()).containsExactly("acme:new", "acme:old");
        assertThat(read(row, "acme:old 1\n")).isEqualTo(1L);
        assertThat(read(row, "acme:old 1\nacme:new 2\n")).isEqualTo(2L);
        assertThat(row.source(Texts.page("acme_old{r=\"0\"} 1\nacme_old{r=\"1\"} 1\n", builder.build())))
                .isEqualTo(new Provenance("acme_old", 2, null));
    }

    @Test
    void whereNoSeriesOfTheNewestPassesTheRulesTheNextIsRead() {
        Metric<Long> row = builder.gauge("acme:new", "acme:old").only("p", "1").count();
        assertThat(read(row, "acme:new{p=\"2\"} 2\nacme:old{p=\"1\"} 1\n")).isEqualTo(1L);
    }

    @Test
    void theFirstRowThatFindsSomethingFillsTheField() {
        builder.gauge("acme:exact").fills(CommonField.KV_USAGE).max();
        builder.gauge("acme:rounded").fills(CommonField.KV_USAGE).max();
        MetricTable table = builder.build();
        SnapshotDraft both = new SnapshotDraft();
        table.fill(Texts.page("acme:rounded 0.4\nacme:exact 0.375\n", table), both);
        assertThat(both.metrics().cache().kvUsage()).isEqualTo(0.375);
        SnapshotDraft second = new SnapshotDraft();
        table.fill(Texts.page("acme:rounded 0.4\n", table), second);
        assertThat(second.metrics().cache().kvUsage()).isEqualTo(0.4);
        assertThat(second.sourceOf(CommonField.KV_USAGE)).isEqualTo(new Provenance("acme:rounded", 1, null));
    }

    @Test
    void aRowFillsItsFieldWhateverItsKind() {
        builder.gauge("acme:asleep").fills(CommonField.ASLEEP).any();
        builder.gauge("acme:running").fills(CommonField.REQUESTS_RUNNING).count();
        builder.counter("acme:ended_total").fills(CommonField.BY_REASON).countBy("why");
        builder.histogram("acme:queue").fills(CommonField.QUEUE).distribution();
        builder.histogram("acme:length").fills(CommonField.PROMPT_TOKENS).sumOfObservations();
        MetricTable table = builder.build();
        SnapshotDraft draft = new SnapshotDraft();
        table.fill(
                Texts.page(
                        "acme:asleep 0\nacme:running NaN\nacme:ended_total{why=\"stop\"} 2\nacme:queue_sum 1\nacme:queue_count 4\nacme:length_sum 30\n",
                        table),
                draft);
        assertThat(draft.metrics().load().asleep()).isFalse();
        assertThat(draft.metrics().load().requestsRunning()).isNull();
        assertThat(draft.sourceOf(CommonField.REQUESTS_RUNNING))
                .isEqualTo(new Provenance("acme:running", 1, "not a number"));
        assertThat(draft.metrics().requests().byReason()).isEqualTo(Map.of("stop", 2L));
        assertThat(draft.metrics().latency().queue()).isEqualTo(summary(1, 4));
        assertThat(draft.metrics().tokens().prompt()).isEqualTo(30);
        SnapshotDraft odd = new SnapshotDraft();
        table.fill(Texts.page("acme:asleep NaN\n", table), odd);
        assertThat(odd.metrics().load().asleep()).isNull();
    }

    @Test
    void aFamilyIsOneThing() {
        builder.gauge("acme:x").count();
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.counter("acme_x").count())
                .withMessage("The family 'acme_x' stands in the table as GAUGE and as COUNTER; a family is one thing.");
    }

    @Test
    void theTableKnowsTheTypeOfItsFamilies() {
        builder.gauge("acme:g").count();
        builder.counter("acme:c_total").count();
        builder.histogram("acme:h").distribution();
        MetricTable table = builder.build();
        assertThat(table.typeOf("acme_g")).isEqualTo(MetricType.GAUGE);
        assertThat(table.typeOf("acme:c_total")).isEqualTo(MetricType.COUNTER);
        assertThat(table.typeOf("ray_acme:h")).isEqualTo(MetricType.HISTOGRAM);
        assertThat(table.typeOf("acme:other")).isNull();
    }

    @Test
    void theTableSaysWhatItSupports() {
        builder.gauge("acme:new", "acme:old").fills(CommonField.KV_USAGE).max();
        builder.gauge("acme:rounded").fills(CommonField.KV_USAGE).max();
        builder.gauge("acme:own").count();
        builder.special(CommonField.MODELS, "/models");
        MetricTable table = builder.build();
        assertThat(table.support())
                .isEqualTo(Map.of(
                        CommonField.KV_USAGE, "acme:new, acme:old, acme:rounded", CommonField.MODELS, "/models"));
        assertThat(table.metrics()).hasSize(3);
        assertThat(table.metrics().get(0).field()).isEqualTo(CommonField.KV_USAGE);
        assertThat(table.metrics().get(2).field()).isNull();
        assertThat(MetricTable.empty().metrics()).isEmpty();
    }

    private <T> T read(Metric<T> metric, String page) {
        return metric.read(Texts.page(page, builder.build()));
    }

    private static Distribution summary(double sum, double count) {
        return Distribution.ofSummary(new double[0], new double[0], sum, count);
    }
}
