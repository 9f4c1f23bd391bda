package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    @Test
    void isEmptyBeforeItsFirstValue() {
        assertThat(history.last(3)).containsExactly(Double.NaN, Double.NaN, Double.NaN);
    }

    @Test
    void givesTheLastValuesOldestFirst() {
        history.add(1);
        history.add(null);
        history.add(3);

        assertThat(history.last(2)).containsExactly(Double.NaN, 3);
        assertThat(history.last(4)).containsExactly(Double.NaN, 1, Double.NaN, 3);
    }

    @Test
    void keepsTheLastOfManyValues() {
        for (int i = 1; i <= 1000; i++) {
            history.add(i);
            assertThat(history.last(1)).containsExactly(i);
        }

        assertThat(history.last(3)).containsExactly(998, 999, 1000);
        assertThat(history.last(10_000))
                .hasSize(History.LENGTH_MAX)
                .startsWith(761)
                .endsWith(1000);
    }
}
