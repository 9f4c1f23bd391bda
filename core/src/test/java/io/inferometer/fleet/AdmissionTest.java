package io.inferometer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long MILLI = 1_000_000;

    private final Admission admission = new Admission();

    @Test
    void letsInAsManyAsComeWhileTheOthersAreInTime() {
        for (int i = 0; i < 1000; i++) {
            assertThat(admission.isOpen(i)).isTrue();
            admission.letIn(i);
            admission.ended(false);
        }
    }

    @Test
    void oneThatIsLateAmongManyClosesNothing() {
        admission.letIn(0);
        for (int i = 0; i < 1000; i++) {
            admission.ended(i % 20 == 0);
            assertThat(admission.isOpen(1)).isTrue();
        }
    }

    @Test
    void whileSeveralAreLateOneIsLetInNowAndThen() {
        admission.letIn(0);
        admission.ended(true);
        admission.ended(true);
        admission.ended(true);
        assertThat(admission.isOpen(249 * MILLI)).isFalse();
        assertThat(admission.isOpen(250 * MILLI)).isTrue();
        admission.letIn(250 * MILLI);
        assertThat(admission.isOpen(251 * MILLI)).isFalse();
    }

    @Test
    void opensAgainWhenTheOthersAreInTime() {
        admission.letIn(0);
        for (int i = 0; i < 100; i++) {
            admission.ended(true);
        }
        for (int i = 0; i < 20; i++) {
            admission.ended(false);
        }
        assertThat(admission.isOpen(1)).isFalse(); // 0.27 of them are late, by weight.
        for (int i = 0; i < 20; i++) {
            admission.ended(false);
        }
        assertThat(admission.isOpen(1)).isTrue(); // 0.08
    }

    @Test
    void theFirstOfAllWaitsForNobody() {
        for (int i = 0; i < 100; i++) {
            admission.ended(true);
        }
        assertThat(admission.isOpen(0)).isTrue();
        assertThat(admission.sinceLast(0)).isEqualTo(Long.MAX_VALUE);
        admission.letIn(5);
        assertThat(admission.sinceLast(12)).isEqualTo(7);
    }
}
