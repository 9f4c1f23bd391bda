package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparklineTest {
    @Test
    void drawsEachEighthAsOneBar() {
        double[] eighths = {0, 1, 2, 3, 4, 5, 6, 7, 8};

        assertThat(Sparkline.of(eighths, 8)).isEqualTo("▁▁▂▃▄▅▆▇█");
    }

    @Test
    void scalesToTheGreatestValue() {
        assertThat(Sparkline.of(new double[] {0, 50, 100})).isEqualTo("▁▄█");
    }

    @Test
    void leavesABlankForWhatIsAbsent() {
        assertThat(Sparkline.of(new double[] {Double.NaN, 1, Double.NaN})).isEqualTo(" █ ");
    }

    @Test
    void drawsTheLowestBarForNothingButZeros() {
        assertThat(Sparkline.of(new double[] {0, 0})).isEqualTo("▁▁");
    }

    @Test
    void neverLeavesItsRow() {
        assertThat(Sparkline.of(new double[] {-1, 2, Double.POSITIVE_INFINITY}, 1))
                .isEqualTo("▁██");
    }
}
