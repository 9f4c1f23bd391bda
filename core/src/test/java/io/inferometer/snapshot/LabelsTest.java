package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Labels LABELS = Labels.of("model", "m", "engine", "0", "empty", "");

    @Test
    void labelsAreFoundByNameAndByPlace() {
        assertThat(LABELS.size()).isEqualTo(3);
        assertThat(LABELS.name(1)).isEqualTo("engine");
        assertThat(LABELS.value(1)).isEqualTo("0");
        assertThat(LABELS.get("model")).isEqualTo("m");
        assertThat(LABELS.get("empty")).isEmpty();
        assertThat(LABELS.get("Model")).isNull();
    }

    @Test
    void theOrderOfThePageIsKept() {
        assertThat(LABELS.toMap())
                .containsExactly(Map.entry("model", "m"), Map.entry("engine", "0"), Map.entry("empty", ""));
        assertThat(LABELS).hasToString("{model=m, engine=0, empty=}");
    }

    @Test
    void equalityDoesNotLookAtTheOrder() {
        Labels turned = Labels.of("empty", "", "engine", "0", "model", "m");
        assertThat(LABELS).isEqualTo(turned).hasSameHashCodeAs(turned);
        assertThat(LABELS)
                .isNotEqualTo(Labels.of("model", "m", "engine", "0"))
                .isNotEqualTo(Labels.of("model", "m", "engine", "1", "empty", ""))
                .isNotEqualTo(Labels.of("model", "m", "engine", "0", "other", ""))
                .isNotEqualTo("x");
    }

    @Test
    void aLabelIsTakenAway() {
        assertThat(LABELS.without("engine")).isEqualTo(Labels.of("model", "m", "empty", ""));
        assertThat(LABELS.without("none")).isSameAs(LABELS);
        assertThat(Labels.of("a", "1").without("a")).isSameAs(Labels.none());
        assertThat(LABELS.filter(name -> name.startsWith("e"))).isEqualTo(Labels.of("engine", "0", "empty", ""));
    }

    @Test
    void noLabelsAreOne() {
        assertThat(Labels.of()).isSameAs(Labels.none());
        assertThat(Labels.none().size()).isZero();
        assertThat(Labels.none().toMap()).isEmpty();
    }

    @Test
    void theCallersArrayIsCopied() {
        String[] pairs = {"a", "1"};
        Labels labels = Labels.of(pairs);
        pairs[1] = "2";
        assertThat(labels.get("a")).isEqualTo("1");
    }

    @Test
    void theMapCannotBeChanged() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> LABELS.toMap().put("a", "b"));
    }

    @Test
    void aPairNeedsBothHalves() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of("a", "1", "b"))
                .withMessage("Labels are pairs of a name and a value; found 3 strings.");
    }

    @Test
    void aNameStandsOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of("a", "1", "b", "2", "a", "3"))
                .withMessage("The label 'a' stands twice.");
    }
}
