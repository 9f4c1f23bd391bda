package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.benchmarks.pages.PageKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guard sees what is slower and forgives a slow machine. */
class GuardTest {
    private final Results committed = results(1_000, 4_000);

    @Test
    void anotherMachineIsNotSlower() {
        assertThat(Guard.slower(committed, List.of(results(3_000, 12_000)))).isEmpty();
    }

    @Test
    void aLittleIsForgiven() {
        assertThat(Guard.slower(committed, List.of(results(1_000, 6_600)))).isEmpty();
    }

    @Test
    void moreThanFortyPercentAreNot() {
        assertThat(Guard.slower(committed, List.of(results(1_000, 6_700))))
                .containsExactly(
                        "vLLM, two engines, full parse: 0.149 of the yardstick's speed, was 0.250; 0.150 would do.");
    }

    @Test
    void theBestOfSomeRunsCounts() {
        assertThat(Guard.slower(committed, List.of(results(1_000, 9_000), results(1_000, 4_100))))
                .isEmpty();
    }

    @Test
    void nothingMeasuredIsNoSuccess() {
        assertThat(Guard.slower(committed, List.of(new Results(List.of())))).hasSize(1);
    }

    private static Results results(long yardstick, long full) {
        Results results = new Results(List.of());
        results.add(new Cell(PageKind.VLLM, Way.NEWLINES, 95_000, yardstick, yardstick, 0));
        results.add(new Cell(PageKind.VLLM, Way.FULL, 95_000, full, 2 * full, 0));
        return results;
    }
}
