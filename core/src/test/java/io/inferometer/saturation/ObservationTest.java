package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.SnapshotDraft;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ObservationTest {
    @Test
    void readsOneSnapshotAsItStands() {
        Observation seen = Observation.of(Seen.snapshot(Seen.AT, load(100, 25, 1000, 200)));

        assertThat(seen.span()).isEqualTo("since the engine started");
        assertThat(seen.value(SloField.RUNNING, SloStatistic.LATEST)).isEqualTo(7);
        assertThat(seen.value(SloField.QUEUE_DEPTH, SloStatistic.LATEST)).isEqualTo(2);
        assertThat(seen.value(SloField.FAILURE_RATIO, SloStatistic.LATEST)).isEqualTo(0.2); // 25 of 125.
        assertThat(seen.value(SloField.ACCEPTANCE_RATE, SloStatistic.LATEST)).isEqualTo(0.2); // 200 of 1,000.
        assertThat(seen.value(SloField.REQUESTS_PER_SECOND, SloStatistic.LATEST))
                .isNull(); // One scrape has no rate.
        assertThat(seen.value(SloField.KV_USAGE, SloStatistic.LATEST)).isNull();
        assertThat(seen.value(SloField.RUNNING, SloStatistic.MAX)).isNull();
    }

    @Test
    void readsWhatHappenedBetweenTwoSnapshots() {
        EngineSnapshot earlier = Seen.snapshot(Seen.AT, load(100, 25, 1000, 200).andThen(draft -> {
            Seen.seconds(draft, CommonField.TIME_TO_FIRST_TOKEN, Seen.buckets(90, 10, 15));
            Seen.count(draft, CommonField.PREFIX_HITS, 50);
            Seen.count(draft, CommonField.PREFIX_QUERIES, 1000);
        }));
        EngineSnapshot later =
                Seen.snapshot(Seen.AT.plusSeconds(10), load(150, 25, 1100, 280).andThen(draft -> {
                    Seen.seconds(draft, CommonField.TIME_TO_FIRST_TOKEN, Seen.buckets(90, 20, 20));
                    Seen.count(draft, CommonField.PREFIX_HITS, 350);
                    Seen.count(draft, CommonField.PREFIX_QUERIES, 1400);
                }));

        Observation seen = Observation.between(earlier, later);

        assertThat(seen.span()).isEqualTo("over the last 10 s");
        assertThat(seen.value(SloField.REQUESTS_PER_SECOND, SloStatistic.LATEST))
                .isEqualTo(5); // 50 in 10 s.
        assertThat(seen.value(SloField.FAILURE_RATIO, SloStatistic.LATEST)).isEqualTo(0); // None of 50.
        assertThat(seen.value(SloField.ACCEPTANCE_RATE, SloStatistic.LATEST)).isEqualTo(0.8); // 80 of 100.
        assertThat(seen.value(SloField.HIT_RATE, SloStatistic.LATEST)).isEqualTo(0.75); // 300 of 400.
        assertThat(seen.value(SloField.TIME_TO_FIRST_TOKEN, SloStatistic.MEAN)).isEqualTo(0.5); // 5 s over 10.
        assertThat(seen.value(SloField.TIME_TO_FIRST_TOKEN, SloStatistic.quantile(0.5)))
                .isCloseTo(0.55, within(1e-12)); // Half way through the second bucket.
    }

    @Test
    void knowsGaugesOnlyAcrossARestart() {
        Observation seen = Observation.between(
                Seen.snapshot(Seen.AT, load(100, 25, 1000, 200)),
                Seen.snapshot(Seen.AT.plusSeconds(10), load(3, 0, 10, 2)));

        assertThat(seen.value(SloField.RUNNING, SloStatistic.LATEST)).isEqualTo(7);
        assertThat(seen.value(SloField.REQUESTS_PER_SECOND, SloStatistic.LATEST))
                .isNull();
        assertThat(seen.value(SloField.FAILURE_RATIO, SloStatistic.LATEST)).isNull();
    }

    @Test
    void readsAReplicaWhoseValuesArePeaksAndMeans() {
        ReplicaMetrics replica = ReplicaMetrics.builder("a")
                .kvCacheUsage(0.5)
                .queueDepth(4L)
                .running(3L)
                .timeToFirstTokenSeconds(0.25)
                .generatedTokensPerSecond(90.0)
                .aged(Seen.AT, Duration.ofSeconds(3), FreshnessThresholds.DEFAULTS)
                .build();
        Observation seen = Observation.of(replica);

        assertThat(seen.span()).isEqualTo("as of 3 s ago");
        assertThat(seen.value(SloField.KV_USAGE, SloStatistic.MAX)).isEqualTo(0.5);
        assertThat(seen.value(SloField.QUEUE_DEPTH, SloStatistic.LATEST)).isEqualTo(4);
        assertThat(seen.value(SloField.TIME_TO_FIRST_TOKEN, SloStatistic.MEAN)).isEqualTo(0.25);
        assertThat(seen.value(SloField.TIME_TO_FIRST_TOKEN, SloStatistic.quantile(0.99)))
                .isNull();
        assertThat(seen.value(SloField.INTER_TOKEN, SloStatistic.MEAN)).isNull();
    }

    @Test
    void knowsNothingOfAReplicaThatIsUnavailable() {
        ReplicaMetrics replica = ReplicaMetrics.builder("a")
                .kvCacheUsage(0.5)
                .aged(Seen.AT, Duration.ofMinutes(5), FreshnessThresholds.DEFAULTS)
                .build();

        assertThat(Observation.of(replica).value(SloField.KV_USAGE, SloStatistic.LATEST))
                .isNull();
    }

    private static Consumer<SnapshotDraft> load(long succeeded, long failed, long drafted, long accepted) {
        return draft -> {
            Seen.count(draft, CommonField.REQUESTS_RUNNING, 7);
            Seen.count(draft, CommonField.REQUESTS_WAITING, 2);
            Seen.count(draft, CommonField.SUCCEEDED, succeeded);
            Seen.count(draft, CommonField.FAILED, failed);
            Seen.count(draft, CommonField.DRAFT_TOKENS, drafted);
            Seen.count(draft, CommonField.ACCEPTED_TOKENS, accepted);
        };
    }
}
