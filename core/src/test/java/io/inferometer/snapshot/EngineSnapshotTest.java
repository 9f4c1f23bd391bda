package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineSnapshotTest {
    @Test
    void theMeanOfTheCacheIsOverTheRanksThatSaidIt() {
        TestSnapshot ranks = TestSnapshot.withRanks(
                kvUsage(0.75), Map.of("0", kvUsage(0.25), "1", kvUsage(0.75), "2", TestSnapshot.nothing()));
        assertThat(ranks.meanKvUsage()).isEqualTo(0.5);
        assertThat(TestSnapshot.withRanks(kvUsage(0.75), Map.of()).meanKvUsage())
                .isEqualTo(0.75);
        assertThat(TestSnapshot.withRanks(TestSnapshot.nothing(), Map.of()).meanKvUsage())
                .isNull();
    }

    @Test
    void theHeaderIsAtHand() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        TestSnapshot snapshot =
                TestSnapshot.of(TestSnapshot.header("acme", "engine:8000", at, null), TestSnapshot.nothing());
        assertThat(snapshot.engine()).isEqualTo("acme");
        assertThat(snapshot.instanceId()).isEqualTo("engine:8000");
        assertThat(snapshot.collectedAt()).isEqualTo(at);
        assertThat(snapshot.rawMetrics()).isNull();
        assertThat(snapshot.byModel()).isEmpty();
        assertThat(snapshot.provenance()).isEmpty();
    }

    @Test
    void nobodyChangesAViewFromOutside() {
        Map<String, Provenance> provenance = new LinkedHashMap<>();
        List<MetricSample> samples = new ArrayList<>();
        CommonView view = new CommonView(
                TestSnapshot.header("acme", "engine:8000", Instant.EPOCH, null),
                TestSnapshot.nothing(),
                Map.of(),
                Map.of(),
                provenance,
                samples);
        provenance.put("a", new Provenance("b", 1, null));
        assertThat(view.provenance()).isEmpty();
        assertThat(view.rawMetrics()).isEmpty();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> view.rawMetrics().clear());
        CommonView full = new CommonView(view.header(), view.metrics(), Map.of(), Map.of(), provenance, null);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> full.provenance().clear());
    }

    @Test
    void aNoteIsAddedToANote() {
        Provenance source = new Provenance("a", 1, null);
        assertThat(source.withNote("x").withNote("y")).isEqualTo(new Provenance("a", 1, "x; y"));
    }

    private static EngineMetrics kvUsage(double usage) {
        return TestSnapshot.metrics(null, null, null, null, null, null, usage);
    }
}
