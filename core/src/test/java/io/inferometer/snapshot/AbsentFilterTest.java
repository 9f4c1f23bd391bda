package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.spi.Hidden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AbsentFilterTest {
    /** A group. */
    public record Group(
            @Nullable Long count,
            @Nullable Double share,
            List<String> names,
            @Nullable Group inner) {}

    @Test
    void whatSaysNothingIsAbsent() {
        assertThat(Arrays.<Object>asList(
                        null,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        List.of(),
                        Map.of(),
                        new Group(null, null, List.of(), null),
                        new Group(null, Double.NaN, List.of(), new Group(null, null, List.of(), null))))
                .allSatisfy(value -> assertThat(AbsentFilter.isAbsent(value)).isTrue());
    }

    @Test
    void zeroAndFalseSaySomething() {
        assertThat(List.of(
                        0L,
                        0.0,
                        false,
                        "",
                        List.of(""),
                        Map.of("a", 1),
                        Distribution.ofValue(Double.NaN),
                        new Group(0L, null, List.of(), null),
                        new Group(null, null, List.of("a"), null),
                        new Group(null, null, List.of(), new Group(0L, null, List.of(), null))))
                .allSatisfy(value -> assertThat(AbsentFilter.isAbsent(value)).isFalse());
    }

    @Test
    void aRecordThatDoesNotLetUsLookIsNotTakenForEmpty() {
        assertThat(AbsentFilter.isAbsent(Hidden.record())).isFalse();
    }

    @Test
    void toJacksonItEqualsWhatIsAbsent() {
        Object filter = new AbsentFilter();
        Object absent = List.of();
        Object present = 7L;
        assertThat(filter.equals(absent)).isTrue();
        assertThat(filter.equals(present)).isFalse();
        assertThat(filter).hasSameHashCodeAs(new AbsentFilter());
    }
}
