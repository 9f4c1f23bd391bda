package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OtherWorkTest {
    private static final long[] BEFORE = {100, 0, 50, 1000, 10, 0, 5, 0};

    @Test
    void isWhatIsNeitherIdleNorOurs() {
        long[] after = {200, 0, 100, 1200, 30, 0, 35, 0}; // 400 hundredths passed, 220 of them idle.

        assertThat(OtherWork.share(BEFORE, after, Duration.ofSeconds(1))).isEqualTo(0.2, within(1e-9));
    }

    @Test
    void isNothingWhereAllThatRanWasOurs() {
        long[] after = {200, 0, 100, 1250, 10, 0, 5, 0};

        assertThat(OtherWork.share(BEFORE, after, Duration.ofMillis(1600))).isZero();
    }
}
