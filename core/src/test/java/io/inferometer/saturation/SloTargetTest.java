package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.saturation.SloTarget.Comparison;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SloTargetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            p99 of time to first token ≤ 0.5 s       | TIME_TO_FIRST_TOKEN         | p99   | AT_MOST  | 0.5
            p99.9 of TTFT <= 500ms                   | TIME_TO_FIRST_TOKEN         | p99.9 | AT_MOST  | 0.5
            KV usage < 0.9                           | KV_USAGE                    | ''    | LESS     | 0.9
            kv_cache_usage < 90 %                    | KV_USAGE                    | ''    | LESS     | 0.9
            max KV usage<0.9                         | KV_USAGE                    | max   | LESS     | 0.9
            mean of queue depth <= 5                 | QUEUE_DEPTH                 | mean  | AT_MOST  | 5
            inter-token latency ≤ 50 ms              | INTER_TOKEN                 | mean  | AT_MOST  | 0.05
            median time per output token < 20000 us  | PER_OUTPUT_TOKEN            | p50   | LESS     | 0.02
            P95 end-to-end latency < 2 min           | END_TO_END                  | p95   | LESS     | 120
            throughput >= 1000 tokens/s              | GENERATED_TOKENS_PER_SECOND | ''    | AT_LEAST | 1000
            requests per second ≥ 2.5 /s             | REQUESTS_PER_SECOND         | ''    | AT_LEAST | 2.5
            hit rate > 20%                           | HIT_RATE                    | ''    | GREATER  | 0.2
            error rate <= 0                          | FAILURE_RATIO               | ''    | AT_MOST  | 0
            running requests <= 256 requests         | RUNNING                     | ''    | AT_MOST  | 256
            """)
    void readsWhatPeopleWrite(String text, SloField field, String statistic, Comparison comparison, double threshold) {
        SloTarget target = SloTarget.parse(text);

        assertThat(target.field()).isEqualTo(field);
        assertThat(target.statistic().title()).isEqualTo(statistic);
        assertThat(target.comparison()).isEqualTo(comparison);
        assertThat(target.threshold()).isCloseTo(threshold, within(1e-12));
        assertThat(SloTarget.parse(target.toString())).isEqualTo(target);
    }

    @ParameterizedTest
    @EnumSource(SloField.class)
    void knowsEveryFieldByEachOfItsNames(SloField field) {
        for (String name : field.names()) {
            assertThat(SloTarget.parse(name.toUpperCase(java.util.Locale.ROOT) + " < 0.5")
                            .field())
                    .isEqualTo(field);
        }
        assertThat(SloTarget.parse(field.name() + " < 0.5").field()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                           | it is no FIELD, COMPARISON and NUMBER
            KV usage                     | it is no FIELD, COMPARISON and NUMBER
            KV usage = 0.9               | it is no FIELD, COMPARISON and NUMBER
            KV usage < high              | it is no FIELD, COMPARISON and NUMBER
            KV usage < -1                | it is no FIELD, COMPARISON and NUMBER
            happiness > 0.9              | there is no field 'happiness'; there are time to first token,
            p999 of ttft < 1             | there is no field 'p999 of ttft'
            ttft < 5 apples              | 'apples' is no unit of time to first token
            KV usage < 90 s              | 's' is no unit of KV usage
            KV usage < 90                | KV usage is a share 0..1; found the threshold 90.0. Write 0.9 or 90 %.
            p99 of KV usage < 0.9        | KV usage is one value at a time and has no quantiles
            max of ttft < 1              | time to first token is a distribution: ask for its mean or a quantile such as p99.
            """)
    void saysWhichPartItCannotRead(String text, String why) {
        assertThatThrownBy(() -> SloTarget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesTextWithoutEndQuickly() {
        assertThatThrownBy(() -> SloTarget.parse("a ".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'a a a")
                .hasMessageEndingWith("Write it like \"p99 of time to first token <= 0.5 s\".");
    }

    @Test
    void writesItself() {
        assertThat(SloTarget.parse("p99 TTFT <= 500 ms")).hasToString("p99 of time to first token ≤ 0.5 s");
        assertThat(SloTarget.parse("rps >= 3")).hasToString("requests per second ≥ 3 /s");
        assertThat(SloTarget.parse("KV usage < 90 %")).hasToString("KV usage < 0.9");
    }

    @Test
    void refusesAQuantileThatIsNone() {
        assertThatThrownBy(() -> SloStatistic.quantile(99))
                .hasMessage("A quantile is a share 0..1, such as 0.99; found 99.0.");
    }
}
