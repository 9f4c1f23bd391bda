package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.CommonField;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloEvaluatorTest {
    @ParameterizedTest
    @CsvSource({
        "KV usage < 0.9,   COMPLIANT, -0.111111, NONE",
        "KV usage < 0.8,   VIOLATED,   0,        LOW",
        "KV usage <= 0.8,  COMPLIANT,  0,        NONE",
        "KV usage <= 0.75, VIOLATED,   0.066667, LOW",
        "KV usage <= 0.64, VIOLATED,   0.25,     MEDIUM",
        "KV usage <= 0.5,  VIOLATED,   0.6,      HIGH",
        "KV usage <= 0.4,  VIOLATED,   1,        CRITICAL",
        "KV usage <= 0,    VIOLATED,   0.8,      HIGH",
        "KV usage >= 0.8,  COMPLIANT,  0,        NONE",
        "KV usage > 0.8,   VIOLATED,   0,        LOW",
        "KV usage >= 1,    VIOLATED,   0.2,      MEDIUM"
    })
    void comparesAndSaysHowFarBeyond(String text, SloResult.Status status, double deviation, Severity severity) {
        SloResult result = one(text, withUsage(0.8));

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.deviation()).isCloseTo(deviation, within(1e-6));
        assertThat(result.severity()).isEqualTo(severity);
        assertThat(result.observed()).isEqualTo(0.8);
    }

    @Test
    void neverTakesWhatIsNotReportedForCompliant() {
        SloReport report = SloEvaluator.of("KV usage < 0.9", "queue depth < 5", "p99 of ttft < 1 s")
                .evaluate(withUsage(0.5));

        assertThat(report.results())
                .extracting(SloResult::status)
                .containsExactly(
                        SloResult.Status.COMPLIANT, SloResult.Status.NOT_EVALUATED, SloResult.Status.NOT_EVALUATED);
        assertThat(report.isCompliant()).isFalse();
        assertThat(report.violations()).isEmpty();
        assertThat(report.notEvaluated()).hasSize(2);
        SloResult dark = report.results().get(1);
        assertThat(dark.observed()).isNull();
        assertThat(dark.deviation()).isNull();
        assertThat(dark.severity()).isEqualTo(Severity.NONE);
        assertThat(dark.reason())
                .isEqualTo("queue depth < 5: not evaluated, since it is not known since the engine started.");
    }

    @Test
    void neverTakesTheHighestBucketForTheValueOfWhatLiesAboveIt() {
        Distribution slow = Distribution.ofHistogram(
                new double[] {0.1, 1, Double.POSITIVE_INFINITY}, new double[] {90, 95, 100}, 500, 100);
        Observation seen = Observation.of(
                Seen.snapshot(Seen.AT, draft -> Seen.seconds(draft, CommonField.TIME_TO_FIRST_TOKEN, slow)));

        SloResult unknown = one("p99 of ttft <= 2 s", seen); // Its p99 is more than 1 s; how much more, nobody knows.
        assertThat(unknown.status()).isEqualTo(SloResult.Status.NOT_EVALUATED);
        assertThat(unknown.reason())
                .isEqualTo(
                        "p99 of time to first token ≤ 2 s: not evaluated, since it lies above the highest bucket, 1, since the engine started.");
        assertThat(one("p99 of ttft >= 2 s", seen).status()).isEqualTo(SloResult.Status.NOT_EVALUATED);
        assertThat(one("p99 of ttft <= 0.5 s", seen).status()).isEqualTo(SloResult.Status.VIOLATED);
        assertThat(one("p99 of ttft >= 0.5 s", seen).status()).isEqualTo(SloResult.Status.COMPLIANT);
        assertThat(one("p95 of ttft <= 1 s", seen).status()).isEqualTo(SloResult.Status.COMPLIANT);
    }

    @Test
    void isCompliantOnlyWithObjectives() {
        assertThat(new SloEvaluator(List.of()).evaluate(withUsage(0.1)).isCompliant())
                .isFalse();
        assertThat(SloEvaluator.of("KV usage < 0.9").evaluate(withUsage(0.1)).isCompliant())
                .isTrue();
    }

    @Test
    void putsTheWorstViolationFirst() {
        SloReport report = SloEvaluator.of("KV usage < 0.75", "KV usage < 0.4").evaluate(withUsage(0.8));

        assertThat(report.violations())
                .extracting(SloResult::severity)
                .containsExactly(Severity.CRITICAL, Severity.LOW);
        assertThat(report.worst()).isEqualTo(Severity.CRITICAL);
        assertThat(report.violations().get(1).reason())
                .isEqualTo("KV usage < 0.75: violated; it was 0.8 since the engine started.");
    }

    @Test
    void judgesQuantilesAndMeansOfADistribution() {
        // 90 of at most 0.1 s and 10 of at most 1 s; rank 99 of 100 lies 9/10 into the second bucket: 0.1 + 0.9 x 0.9.
        EngineSnapshot snapshot = Seen.snapshot(
                Seen.AT, draft -> Seen.seconds(draft, CommonField.TIME_TO_FIRST_TOKEN, Seen.buckets(90, 10, 15)));

        assertThat(one("p99 of ttft <= 0.9 s", Observation.of(snapshot)).observed())
                .isCloseTo(0.91, within(1e-12));
        assertThat(one("p99 of ttft <= 0.9 s", Observation.of(snapshot)).status())
                .isEqualTo(SloResult.Status.VIOLATED);
        assertThat(one("mean ttft <= 0.15 s", Observation.of(snapshot)).status())
                .isEqualTo(SloResult.Status.COMPLIANT);
    }

    private static Observation withUsage(double usage) {
        return Observation.of(Seen.snapshot(Seen.AT, draft -> Seen.ratio(draft, CommonField.KV_USAGE, usage)));
    }

    private static SloResult one(String text, Observation observation) {
        return SloEvaluator.of(text).evaluate(observation).results().get(0);
    }
}
