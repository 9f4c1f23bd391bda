package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotDraftTest {
    private static final Provenance SOURCE = new Provenance("acme:x", 1, null);

    private final SnapshotDraft draft = new SnapshotDraft();

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void aRatioWithinItsRangeIsTaken(double value) {
        draft.number(CommonField.KV_USAGE, value, SOURCE);
        assertThat(draft.metrics().cache().kvUsage()).isEqualTo(value);
        assertThat(draft.provenance()).containsExactly(Map.entry("cache.kv_usage", SOURCE));
    }

    @ParameterizedTest
    @CsvSource({
        "-0.01,     out of range 0..1",
        "1.01,      out of range 0..1",
        "75.5,      out of range 0..1",
        "Infinity,  out of range 0..1",
        "NaN,       not a number",
    })
    void aRatioOutsideItsRangeIsAbsentWithANote(double value, String note) {
        draft.number(CommonField.KV_USAGE, value, SOURCE);
        assertThat(draft.metrics().cache().kvUsage()).isNull();
        assertThat(draft.provenance()).containsExactly(Map.entry("cache.kv_usage", new Provenance("acme:x", 1, note)));
    }

    @ParameterizedTest
    @CsvSource({"-1, out of range", "9.3e18, out of range", "-Infinity, out of range", "NaN, not a number"})
    void aCountOutsideItsRangeIsAbsentWithANote(double value, String note) {
        draft.number(CommonField.REQUESTS_RUNNING, value, SOURCE);
        assertThat(draft.metrics().load().requestsRunning()).isNull();
        assertThat(draft.sourceOf(CommonField.REQUESTS_RUNNING)).isEqualTo(new Provenance("acme:x", 1, note));
    }

    @Test
    void aCountThatIsNotWholeIsRoundedWithANote() {
        draft.number(CommonField.REQUESTS_RUNNING, 2.5, SOURCE);
        draft.number(CommonField.REQUESTS_WAITING, 0.0, SOURCE);
        assertThat(draft.metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(draft.sourceOf(CommonField.REQUESTS_RUNNING)).isEqualTo(SOURCE.withNote("rounded from 2.5"));
        assertThat(draft.metrics().load().requestsWaiting()).isEqualTo(0);
        assertThat(draft.sourceOf(CommonField.REQUESTS_WAITING)).isEqualTo(SOURCE);
    }

    @Test
    void aCountIsExactWhereADoubleIsNot() {
        draft.count(CommonField.PROMPT_TOKENS, 9_007_199_254_740_993L, SOURCE);
        assertThat(draft.countOf(CommonField.PROMPT_TOKENS)).isEqualTo(9_007_199_254_740_993L);
        draft.count(CommonField.GENERATED_TOKENS, -1L, SOURCE);
        assertThat(draft.countOf(CommonField.GENERATED_TOKENS)).isNull();
        draft.count(CommonField.CACHED_PROMPT_TOKENS, Long.MAX_VALUE, SOURCE);
        assertThat(draft.countOf(CommonField.CACHED_PROMPT_TOKENS)).isNull();
    }

    @Test
    void nothingLeavesAFieldAsItIs() {
        draft.number(CommonField.KV_USAGE, null, SOURCE);
        draft.count(CommonField.PROMPT_TOKENS, null, SOURCE);
        draft.flag(CommonField.ASLEEP, null, SOURCE);
        draft.distribution(CommonField.QUEUE, null, SOURCE);
        draft.countsByName(CommonField.BY_REASON, null, SOURCE);
        draft.names(CommonField.RUNNING_ADAPTERS, null, SOURCE);
        draft.models(null, SOURCE);
        draft.note(CommonField.QUEUE, "lost");
        assertThat(draft.provenance()).isEmpty();
        assertThat(draft.metrics()).isEqualTo(new SnapshotDraft().metrics());
    }

    @Test
    void everyFieldHasItsPlace() {
        Distribution one = Distribution.ofValue(1);
        long count = 1;
        for (CommonField field : CommonField.values()) {
            switch (field.kind()) {
                case COUNT -> draft.count(field, count++, SOURCE);
                case RATIO -> draft.number(field, field == CommonField.KV_USAGE ? 0.25 : 0.5, SOURCE);
                case FLAG -> draft.flag(field, true, SOURCE);
                case DISTRIBUTION -> draft.distribution(field, one, SOURCE);
                case COUNTS_BY_NAME -> draft.countsByName(field, Map.of("a", 1L), SOURCE);
                case NAMES ->
                    draft.names(field, List.of(field == CommonField.RUNNING_ADAPTERS ? "runs" : "waits"), SOURCE);
                case MODELS -> draft.models(List.of(ModelInfo.named("m", null)), SOURCE);
            }
        }
        // Counts were given 1, 2, 3, … in the order of the fields.
        assertThat(draft.metrics())
                .isEqualTo(new EngineMetrics(
                        new EngineMetrics.Load(1L, 2L, 3L, 4L, 5L, true),
                        new EngineMetrics.Requests(6L, 7L, 8L, 9L, Map.of("a", 1L)),
                        new EngineMetrics.Tokens(10L, 11L, 12L),
                        new EngineMetrics.Latency(one, one, one, one, one, one, one, one),
                        new EngineMetrics.Size(one, one, one),
                        new EngineMetrics.Cache(0.25, 13L, 14L, 15L, 16L, 17L, 0.5),
                        new EngineMetrics.Speculation(18L, 19L, 20L),
                        new EngineMetrics.Adapters(21L, List.of("runs"), List.of("waits")),
                        new EngineMetrics.Memory(22L, 23L),
                        List.of(ModelInfo.named("m", null)),
                        new EngineMetrics.Events(24L)));
        assertThat(draft.provenance()).hasSize(CommonField.values().length);
    }

    @Test
    void aRuleTakesAValueAwayAndSaysWhy() {
        draft.number(CommonField.KV_USAGE, 0.5, SOURCE);
        draft.note(CommonField.KV_USAGE, "of one rank");
        assertThat(draft.sourceOf(CommonField.KV_USAGE)).isEqualTo(SOURCE.withNote("of one rank"));
        draft.leaveAbsent(CommonField.KV_USAGE, SOURCE.withNote("stale"));
        assertThat(draft.metrics().cache().kvUsage()).isNull();
        assertThat(draft.provenance()).containsExactly(Map.entry("cache.kv_usage", SOURCE.withNote("stale")));
    }
}
