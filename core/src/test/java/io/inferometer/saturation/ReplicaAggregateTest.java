package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaAggregateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void addsUpAndNamesTheWorst() {
        ReplicaAggregate all = ReplicaAggregate.of("all", Replicas.of("a 0.25 1; b 0.75 4; c ? 4; d 0.50 ? -"));

        assertThat(all.replicas()).isEqualTo(4);
        assertThat(all.ready()).isEqualTo(3);
        assertThat(all.kvCacheUsage()).isEqualTo(new ReplicaAggregate.Spread(1.5, 0.75, 0.5, "b", 3));
        assertThat(all.queueDepth()).isEqualTo(new ReplicaAggregate.Spread(9, 4, 3, "b", 3)); // Of equals the first.
        assertThat(all.running()).isNull();
    }

    @Test
    void countsByFreshnessAndLeavesOutValuesTooOldToMeanAnything() {
        ReplicaAggregate all = ReplicaAggregate.of(
                null, List.of(aged("a", 0.2, 1), aged("b", 0.4, 120), aged("c", 0.9, 600), aged("d", 0.9, 300)));

        assertThat(all.byFreshness())
                .containsEntry(Freshness.FRESH, 1)
                .containsEntry(Freshness.STALE, 1)
                .containsEntry(Freshness.UNAVAILABLE, 2);
        assertThat(all.kvCacheUsage()).isNotNull();
        assertThat(all.kvCacheUsage().worst()).isEqualTo("b");
        assertThat(all.kvCacheUsage().known()).isEqualTo(2);
        assertThat(all.replicas()).isEqualTo(4);
    }

    @Test
    void groupsByModelVariantAndZone() {
        List<ReplicaMetrics> replicas = List.of(
                ReplicaMetrics.builder("1")
                        .model("m2")
                        .variant("big")
                        .zone("z1")
                        .build(),
                ReplicaMetrics.builder("2").model("m1").variant("big").build(),
                ReplicaMetrics.builder("3").model("m2").zone("z1").build());

        assertThat(ReplicaAggregate.byModel(replicas))
                .extracting(ReplicaAggregate::group, ReplicaAggregate::replicas)
                .containsExactly(tuple("m1", 1), tuple("m2", 2));
        assertThat(ReplicaAggregate.byVariant(replicas))
                .extracting(ReplicaAggregate::group, ReplicaAggregate::replicas)
                .containsExactly(tuple("big", 2), tuple(null, 1));
        assertThat(ReplicaAggregate.byZone(replicas))
                .extracting(ReplicaAggregate::group, ReplicaAggregate::replicas)
                .containsExactly(tuple("z1", 2), tuple(null, 1));
        assertThat(ReplicaAggregate.byZone(List.of())).isEmpty();
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static ReplicaMetrics aged(String id, double usage, long seconds) {
        return ReplicaMetrics.builder(id)
                .kvCacheUsage(usage)
                .collected(NOW.minus(Duration.ofSeconds(seconds)), NOW, FreshnessThresholds.DEFAULTS)
                .build();
    }
}
