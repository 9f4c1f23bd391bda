package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.saturation.Bottleneck.Kind;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.CommonField;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BottleneckDetectorTest {
    private static final BottleneckDetector DETECTOR = BottleneckDetector.DEFAULTS;

    @Test
    void findsNothingInAHealthyReplica() {
        HealthReport report = DETECTOR.examine(Observation.of(healthy().build()));

        assertThat(report.bottlenecks()).isEmpty();
        assertThat(report.notEvaluated()).isEmpty();
        assertThat(report.score()).isEqualTo(100);
    }

    @Test
    void evaluatesNothingThatIsNotReported() {
        HealthReport nothing =
                DETECTOR.examine(Observation.of(ReplicaMetrics.builder("a").build()));

        assertThat(nothing.score()).isNull();
        assertThat(nothing.notEvaluated()).containsExactly(Kind.values());
        assertThat(nothing.bottlenecks()).isEmpty();

        HealthReport some = DETECTOR.examine(Observation.of(
                healthy().kvCacheUsage(null).generatedTokensPerSecond(null).build()));
        assertThat(some.notEvaluated())
                .containsExactly(Kind.LOW_THROUGHPUT, Kind.MEMORY_PRESSURE, Kind.BATCH_SIZE_SUBOPTIMAL);
        assertThat(some.score()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.99 | 0.02 |       | 0
            2.0  | 0.02 |       | 0
            2.1  | 0.02 | LOW      | 10
            2.0  | 0.25 | MEDIUM   | 20
            3.5  | 0.02 | HIGH     | 35
            4.0  | 0.21 | CRITICAL | 50
            """)
    void findsHighLatency(double firstToken, double gap, Severity severity, int penalty) {
        HealthReport report = DETECTOR.examine(Observation.of(healthy()
                .timeToFirstTokenSeconds(firstToken)
                .interTokenSeconds(gap)
                .build()));

        assertFound(report, Kind.HIGH_LATENCY, severity, penalty);
    }

    @Test
    void findsHighLatencyByThe99thPercentileWhereThereIsOne() {
        // All 100 within 0.1 .. 1: the p99 is 0.1 + 0.9 x 0.99 = 0.991, the mean 0.15.
        EngineSnapshot snapshot =
                Seen.snapshot(Seen.AT, draft -> Seen.seconds(draft, CommonField.INTER_TOKEN, Seen.buckets(0, 100, 15)));

        HealthReport report = DETECTOR.examine(Observation.of(snapshot));

        assertThat(report.bottlenecks()).extracting(Bottleneck::kind).containsExactly(Kind.HIGH_LATENCY);
        assertThat(report.bottlenecks().get(0).evidence())
                .containsExactly("the p99 of the inter-token latency is 0.991 s, above 0.2 s since the engine started");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            50 | 10 |        | 0
            49 | 10 | LOW    | 10
            30 | 10 | MEDIUM | 20
            20 | 10 | HIGH   | 35
            0  | 10 | CRITICAL | 50
            0  | 0  |        | 0
            """)
    void findsLowThroughputWhileRequestsRun(double tokens, long running, Severity severity, int penalty) {
        HealthReport report = DETECTOR.examine(Observation.of(
                healthy().generatedTokensPerSecond(tokens).running(running).build()));

        assertFound(report, Kind.LOW_THROUGHPUT, severity, penalty);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4  |          | 0
            5  | LOW      | 10
            6  | MEDIUM   | 20
            8  | HIGH     | 35
            10 | CRITICAL | 50
            """)
    void findsAQueue(long queue, Severity severity, int penalty) {
        HealthReport report = DETECTOR.examine(
                Observation.of(healthy().queueDepth(queue).kvCacheUsage(0.6).build()));

        assertFound(report, Kind.QUEUE_BUILDUP, severity, penalty);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.10  |          | 0
            0.095 | LOW      | 10
            0.06  | MEDIUM   | 20
            0.02  | HIGH     | 35
            0.0   | CRITICAL | 50
            """)
    void findsAnInefficientCache(double hitRate, Severity severity, int penalty) {
        HealthReport report =
                DETECTOR.examine(Observation.of(healthy().prefixHitRate(hitRate).build()));

        assertFound(report, Kind.CACHE_INEFFICIENCY, severity, penalty);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.89 |        | 0
            0.90 | LOW    | 10
            1.0  | MEDIUM | 20
            """)
    void findsAFullCache(double usage, Severity severity, int penalty) {
        HealthReport report =
                DETECTOR.examine(Observation.of(healthy().kvCacheUsage(usage).build()));

        assertFound(report, Kind.MEMORY_PRESSURE, severity, penalty);
    }

    @Test
    void findsRequestsThatWerePushedOut() {
        EngineSnapshot earlier = Seen.snapshot(Seen.AT, draft -> Seen.count(draft, CommonField.PREEMPTIONS, 10));
        EngineSnapshot later =
                Seen.snapshot(Seen.AT.plusSeconds(10), draft -> Seen.count(draft, CommonField.PREEMPTIONS, 15));

        HealthReport report = DETECTOR.examine(Observation.between(earlier, later));

        assertThat(report.bottlenecks())
                .containsExactly(new Bottleneck(
                        Kind.MEMORY_PRESSURE,
                        Severity.HIGH,
                        java.util.List.of("0.5 requests per second are pushed out of the KV cache")));
        assertThat(report.score()).isEqualTo(65);
    }

    @Test
    void findsRequestsThatWaitThoughTheCacheHasRoom() {
        Observation seen = Observation.of(healthy()
                .kvCacheUsage(0.2)
                .queueDepth(3L)
                .running(8L)
                .maxBatchSize(8L)
                .generatedTokensPerSecond(400.0)
                .build());

        HealthReport report = DETECTOR.examine(seen);

        assertThat(report.bottlenecks()).hasSize(1);
        assertThat(report.bottlenecks().get(0).kind()).isEqualTo(Kind.BATCH_SIZE_SUBOPTIMAL);
        assertThat(report.bottlenecks().get(0).severity()).isEqualTo(Severity.HIGH); // (0.5 - 0.2) / 0.5 = 0.6.
        assertThat(report.bottlenecks().get(0).evidence())
                .containsExactly(
                        "3 requests wait while the KV cache usage is 0.2, below 0.5; 8 of at most 8 requests run, so the limit on the batch holds it back");
    }

    @Test
    void addsUpToAScoreThatNeverFallsBelowZero() {
        HealthReport report = DETECTOR.examine(Observation.of(healthy()
                .queueDepth(20L) // Critical.
                .kvCacheUsage(0.95) // Low.
                .prefixHitRate(0.0) // Critical.
                .timeToFirstTokenSeconds(2.5) // Medium.
                .build()));

        assertThat(report.bottlenecks())
                .extracting(Bottleneck::kind)
                .containsExactly(Kind.QUEUE_BUILDUP, Kind.CACHE_INEFFICIENCY, Kind.HIGH_LATENCY, Kind.MEMORY_PRESSURE);
        assertThat(report.score()).isZero(); // 100 - 50 - 50 - 20 - 10, not below 0.
    }

    @Test
    void movesWithItsThresholds() {
        ReplicaMetrics replica = healthy().build(); // 0.5, 0.02, 40 each, queue 1, hit rate 0.5, usage 0.6.
        assertKind(DETECTOR.withTimeToFirstTokenMax(0.4), replica, Kind.HIGH_LATENCY);
        assertKind(DETECTOR.withInterTokenMax(0.01), replica, Kind.HIGH_LATENCY);
        assertKind(DETECTOR.withTokensPerRequestMin(41), replica, Kind.LOW_THROUGHPUT);
        assertKind(DETECTOR.withQueueMax(1), replica, Kind.QUEUE_BUILDUP);
        assertKind(DETECTOR.withHitRateMin(0.6), replica, Kind.CACHE_INEFFICIENCY);
        assertKind(DETECTOR.withUsageMax(0.6), replica, Kind.MEMORY_PRESSURE);
        assertKind(DETECTOR.withRoomBelow(0.7), replica, Kind.BATCH_SIZE_SUBOPTIMAL);
        assertThatThrownBy(() -> DETECTOR.withQueueMax(0)).hasMessage("A threshold must be more than 0; found 0.0.");
        assertThatThrownBy(() -> DETECTOR.withUsageMax(90))
                .hasMessage("A share must be above 0 and at most 1; found 90.0.");
    }

    private static void assertKind(BottleneckDetector detector, ReplicaMetrics replica, Kind kind) {
        assertThat(detector.examine(Observation.of(replica)).bottlenecks())
                .extracting(Bottleneck::kind)
                .containsExactly(kind);
    }

    private static void assertFound(HealthReport report, Kind kind, Severity severity, int penalty) {
        Severity found = report.bottlenecks().stream()
                .filter(bottleneck -> bottleneck.kind() == kind)
                .map(Bottleneck::severity)
                .findFirst()
                .orElse(Severity.NONE);
        assertThat(found).isEqualTo(Objects.requireNonNullElse(severity, Severity.NONE));
        assertThat(report.score()).isEqualTo(100 - penalty);
    }

    private static ReplicaMetrics.Builder healthy() {
        return ReplicaMetrics.builder("a")
                .timeToFirstTokenSeconds(0.5)
                .interTokenSeconds(0.02)
                .generatedTokensPerSecond(400.0)
                .running(10L)
                .queueDepth(1L)
                .prefixHitRate(0.5)
                .kvCacheUsage(0.6)
                .collected(Seen.AT, Seen.AT, FreshnessThresholds.DEFAULTS);
    }
}
