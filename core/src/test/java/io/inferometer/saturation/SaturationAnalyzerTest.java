package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.saturation.SaturationAdvice.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of scaling; every expectation is worked out by hand beside its case. */
class SaturationAnalyzerTest {
    private static final SaturationAnalyzer ANALYZER = SaturationAnalyzer.DEFAULTS;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a 0.80 0                        | up      | usage at the threshold is saturated, and it is all there is
            a 0.50 0                        | steady  | spare 0.30 and 5; a single replica cannot go
            a 0.70 0                        | steady  | spare usage exactly 0.10
            a 0.71 0                        | up      | spare usage 0.09
            a 0.79 0                        | up      | not saturated, spare usage 0.01
            a 0.10 5                        | up      | queue at the threshold is saturated
            a 0.10 4                        | up      | spare queue 1
            a 0.10 3                        | up      | spare queue 2
            a 0.10 2                        | steady  | spare queue exactly 3
            a 0.90 0; b 0.90 7; c 0.10 9    | up      | all saturated
            a 0.90 0; b 0.10 0              | steady  | only b counts: spare 0.70 and 5; one cannot go
            a 0.90 0; b 0.71 0              | up      | only b counts: spare 0.09
            a 0.10 9; b 0.10 3              | up      | only b counts: spare queue 2
            a 0.60 0; b 0.78 0              | steady  | mean spare (0.20 + 0.02) / 2 = 0.11
            a 0.60 0; b 0.79 0; c 0.79 0    | up      | mean spare (0.20 + 0.01 + 0.01) / 3 = 0.0733
            """)
    void addsAReplicaWhenTooLittleIsLeft(String replicas, String action, String why) {
        assertThat(actionFor(replicas)).as(why).isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a 0.10 0; b 0.10 0              | down    | on one: usage 0.20, spare 0.60; queue 0, spare 5
            a 0.35 0; b 0.35 0              | down    | on one: usage 0.70, spare exactly 0.10
            a 0.36 0; b 0.35 0              | steady  | on one: usage 0.71, spare 0.09
            a 0.10 1; b 0.10 1              | down    | on one: queue 2, spare exactly 3
            a 0.10 1; b 0.10 2              | steady  | on one: queue 3, spare 2
            a 0.40 0; b 0.40 0; c 0.40 0    | down    | on two: 1.20 / 2 = 0.60, spare 0.20
            a 0.47 0; b 0.47 0; c 0.47 0    | steady  | on two: 1.41 / 2 = 0.705, spare 0.095
            a 0.10 1; b 0.10 2; c 0.10 1    | down    | on two: queue 4 / 2 = 2, spare exactly 3
            a 0.10 2; b 0.10 2; c 0.10 1    | steady  | on two: queue 5 / 2 = 2.5, spare 2.5
            a 0.10 0; b 0.10 0; c 0.95 9    | down    | the load of a and b fits on one of them
            a 0.10 0; b 0.95 9; c 0.95 9    | steady  | one that is not saturated
            """)
    void removesAReplicaOnlyWhenTheRestCanCarryItsLoad(String replicas, String action, String why) {
        assertThat(actionFor(replicas)).as(why).isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a 0.10 0; b ? ?                 | unknown | nothing is known of b
            a 0.10 0; b 0.10 ?              | unknown | b's queue may be long
            a 0.10 0; b ? 0                 | unknown | b's cache may be full
            a ? ?                           | unknown | nothing is known at all
            a 0.10 0; b ? 9                 | steady  | b's queue alone shows that it is saturated
            a 0.10 0; b 0.95 ?              | steady  | b's usage alone shows that it is saturated
            a 0.90 0; b ? ?                 | up      | what is known is saturated, and unknown is no spare capacity
            a 0.75 0; b ? ?                 | up      | what is known has a spare usage of 0.05
            a ? 4                           | up      | its spare queue is 1, whatever its usage
            a 0.10 0; b 0.75 ?              | unknown | mean spare usage (0.70 + 0.05) / 2 = 0.375, so it is not up
            a 0.75 0; b 0.10 ?              | up      | a alone has 0.05; b may be full, so it is no spare capacity
            a 0.10 3; b ? 0                 | up      | a alone has a spare queue of 2
            a 0.70 0; b 0.75 ?              | up      | with b the mean spare usage is (0.10 + 0.05) / 2 = 0.075
            a 0.10 0; b 0.10 0 ~            | unknown | b's values are two minutes old
            a 0.95 9 ~                      | unknown | old values show nothing
            a 0.90 0; b 0.10 0 ~            | up      | old values are no spare capacity
            a 0.10 0; b 0.10 0; c 0.00 0 -  | steady  | nothing goes while c starts or stops
            a 0.90 0; b 0.00 0 -            | up      | one that is not ready is no spare capacity
            a 0.10 0; b 0.10 0; c 0.95 9 -  | steady  | one that is not ready is not saturated either
            a 0.10 0; b 0.10 0; c ? ? -     | unknown | nothing is known of c
            a 0.10 0 -                      | steady  | it starts or stops, and nothing is missing
            """)
    void neverTakesUnknownForIdle(String replicas, String action, String why) {
        assertThat(actionFor(replicas)).as(why).isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a 0.90 0 big@10; b 0.90 0 small@2                  | up   | small | the cheapest
            a 0.10 0 big@10; b 0.10 0 small@2                  | down | big   | the dearest
            a 0.90 0 y@3; b 0.90 0 x@3                         | up   | x     | of equals the first by name
            a 0.10 0 y@3; b 0.10 0 x@3                         | down | x     | of equals the first by name
            a 0.90 0 x1; b 0.90 0 y1@5                         | up   | y1    | the only one whose cost is known
            a 0.90 0 y1; b 0.90 0 x1                           | up   | x1    | no costs: the first by name
            a 0.10 0 s1@2; b 0.10 0 s1@2; c 0.95 0 big@10      | down | s1    | the dearest is saturated and stays
            a 0.90 0 x1@1; b 0.90 0 x1@9; c 0.90 0 y1@4        | up   | y1    | mean cost of x1 is 5
            a 0.90 0                                           | up   |       | no variants
            a 0.50 0 s1@2                                      | steady |     | nothing to do
            """)
    void picksTheVariantByCost(String replicas, String action, String variant, String why) {
        SaturationAdvice advice = ANALYZER.analyze(Replicas.of(replicas));

        assertThat(advice.action().word()).as(why).isEqualTo(action);
        assertThat(advice.variant()).as(why).isEqualTo(variant);
    }

    @Test
    void judgesNothingWhereThereIsNothing() {
        SaturationAdvice advice = ANALYZER.analyze(List.of());

        assertThat(advice.action()).isEqualTo(Action.UNKNOWN);
        assertThat(advice.reason()).isEqualTo("There is no replica, so there is nothing to judge by.");
    }

    @Test
    void countsATargetThatNeverAnsweredAsUnknown() {
        ReplicaReport report = new ReplicaReport(
                "m",
                null,
                Replicas.NOW,
                Replicas.of("a 0.10 0; b 0.10 0"),
                List.of(new Unreachable("c", "nothing accepts connections there")),
                2);

        SaturationAdvice advice = ANALYZER.analyze(report);

        assertThat(advice.action()).isEqualTo(Action.UNKNOWN);
        assertThat(advice.reason())
                .isEqualTo("Data is missing: c never answered. What is unknown is never taken for idle.");
        assertThat(advice.evidence().unknown()).containsExactly("c");
    }

    @Test
    void saysWhyInWords() {
        assertThat(reasonFor("a 0.90 0 big@10; b 0.10 7 small@2"))
                .isEqualTo(
                        "All replicas that serve and are known are saturated (a, b). The cheapest variant is small.");
        assertThat(reasonFor("a 0.75 0; b 0.90 0; c 0.00 0 -"))
                .isEqualTo(
                        "The mean spare usage of the replicas that are not saturated is 0.05, less than 0.1. In transition: c.");
        assertThat(reasonFor("a 0.10 4"))
                .isEqualTo("The mean spare queue of the replicas that are not saturated is 1 requests, less than 3.");
        assertThat(reasonFor("a 0.10 0; b 0.10 0"))
                .isEqualTo(
                        "With one of the 2 replicas less that are not saturated, the mean usage would be 0.2 and the mean queue would be 0 requests: enough to spare.");
        assertThat(reasonFor("a 0.36 0; b 0.35 0"))
                .isEqualTo(
                        "No more replicas are needed. None can go: with one less the mean usage would be 0.71, less than 0.1 below 0.8.");
        assertThat(reasonFor("a 0.10 0; b 0.10 0 ~; c ? 1; d ? ?"))
                .isEqualTo(
                        "Data is missing: c reports no KV cache usage; b has values that are 120 s old; d reports neither KV cache usage nor queue. What is unknown is never taken for idle.");
    }

    @Test
    void sortsEveryReplicaIntoOneList() {
        SaturationAdvice.Evidence evidence = ANALYZER.analyze(
                        Replicas.of("a 0.90 0; b 0.20 1; c ? 1; d 0.10 0 ~; e 0.00 0 -"))
                .evidence();

        assertThat(evidence.saturated()).containsExactly("a");
        assertThat(evidence.notSaturated()).containsExactly("b");
        assertThat(evidence.unknown()).containsExactly("c", "d");
        assertThat(evidence.inTransition()).containsExactly("e");
        assertThat(evidence.spareUsage()).isCloseTo(0.60, within(1e-12)); // Of b alone.
        assertThat(evidence.spareQueue()).isCloseTo(4, within(1e-12)); // Of b and c: 5 - (1 + 1) / 2.
    }

    @Test
    void movesWithItsThresholds() {
        assertThat(ANALYZER.withUsageThreshold(0.5).isSaturated(one("a 0.50 0")))
                .isTrue();
        assertThat(ANALYZER.withUsageThreshold(0.9).isSaturated(one("a 0.85 0")))
                .isFalse();
        assertThat(ANALYZER.withQueueThreshold(10).isSaturated(one("a 0.10 9"))).isFalse();
        assertThat(ANALYZER.withQueueThreshold(2).isSaturated(one("a 0.10 2"))).isTrue();
        assertThat(ANALYZER.withSpareUsageMin(0.31)
                        .analyze(Replicas.of("a 0.50 0"))
                        .action())
                .isEqualTo(Action.UP); // Spare 0.30.
        assertThat(ANALYZER.withSpareQueueMin(4)
                        .analyze(Replicas.of("a 0.50 2"))
                        .action())
                .isEqualTo(Action.UP); // Spare 3.
        assertThat(ANALYZER.withSpareQueueMin(0)
                        .analyze(Replicas.of("a 0.10 4"))
                        .action())
                .isEqualTo(Action.STEADY);
    }

    @Test
    void refusesThresholdsThatCannotBe() {
        assertThatThrownBy(() -> ANALYZER.withUsageThreshold(80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("usageThreshold must be a share above 0 and at most 1, such as 0.80; found 80.0.");
        assertThatThrownBy(() -> ANALYZER.withQueueThreshold(0)).hasMessageContaining("queueThreshold");
        assertThatThrownBy(() -> ANALYZER.withSpareUsageMin(Double.NaN)).hasMessageContaining("spareUsageMin");
        assertThatThrownBy(() -> ANALYZER.withSpareQueueMin(-1)).hasMessageContaining("spareQueueMin");
    }

    @Test
    void doesWithoutUsageWhereToldTo() {
        SaturationAnalyzer byQueue = ANALYZER.withUsageRequired(false);

        assertThat(byQueue.analyze(Replicas.of("a ? 0; b ? 0")).action()).isEqualTo(Action.DOWN);
        assertThat(byQueue.analyze(Replicas.of("a ? 0; b ? 3")).action())
                .isEqualTo(Action.STEADY); // On one: 3, spare 2.
        assertThat(byQueue.analyze(Replicas.of("a ? 0; b 0.10 ?")).action()).isEqualTo(Action.UNKNOWN);
    }

    @Test
    void measuresByTokensWhereToldTo() {
        SaturationAnalyzer byTokens = ANALYZER.withTokenCapacity(true);
        // 500 held + 3 x 100 = 800 of 1,000.
        assertThat(byTokens.isSaturated(tokens("a", 0.5, 1000, 3, 0).build())).isTrue();
        assertThat(ANALYZER.isSaturated(tokens("a", 0.5, 1000, 3, 0).build())).isFalse();
        // Half of each prompt is in the cache: 500 + 3 x 100 x 0.5 = 650 of 1,000.
        assertThat(byTokens.isSaturated(tokens("a", 0.5, 1000, 3, 0.5).build())).isFalse();
        // Nothing waits, so that the size of a prompt does not matter.
        assertThat(byTokens.isSaturated(
                        tokens("a", 0.5, 1000, 0, 0).averagePromptTokens(null).build()))
                .isFalse();
        // Capacity unknown: the engine's own usage.
        assertThat(byTokens.isSaturated(
                        tokens("a", 0.85, 1000, 0, 0).kvCapacityTokens(null).build()))
                .isTrue();
    }

    @Test
    void weighsReplicasOfDifferentSizesByTokens() {
        SaturationAnalyzer byTokens = ANALYZER.withTokenCapacity(true);
        ReplicaMetrics big =
                tokens("big", 0.3, 10_000, 0, 0).variant("big").cost(9.0).build(); // 3,000 tokens.
        ReplicaMetrics small =
                tokens("small", 0.1, 1000, 0, 0).variant("small").cost(1.0).build(); // 100 tokens.

        // By shares 0.4 on one is fine; the 3,100 tokens of both do not fit into the 1,000 of the small one.
        assertThat(ANALYZER.analyze(List.of(big, small)).action()).isEqualTo(Action.DOWN);
        SaturationAdvice advice = byTokens.analyze(List.of(big, small));
        assertThat(advice.action()).isEqualTo(Action.STEADY);
        assertThat(advice.evidence().tokenDemand()).isCloseTo(3100.0 / 11_000, within(1e-12));
    }

    private static ReplicaMetrics.Builder tokens(String id, double usage, long capacity, long queue, double hitRate) {
        return one(id + " " + usage + " " + queue).toBuilder()
                .tokensInUse(null)
                .kvCapacityTokens(capacity)
                .averagePromptTokens(100.0)
                .prefixHitRate(hitRate);
    }

    private static ReplicaMetrics one(String text) {
        return Replicas.of(text).get(0);
    }

    private static String actionFor(String replicas) {
        return ANALYZER.analyze(Replicas.of(replicas)).action().word();
    }

    private static String reasonFor(String replicas) {
        return ANALYZER.analyze(Replicas.of(replicas)).reason();
    }
}
