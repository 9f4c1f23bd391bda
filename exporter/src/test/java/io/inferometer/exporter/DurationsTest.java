package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "5s, 5000",
        "500ms, 500",
        "1m30s, 90000",
        "1m, 60000",
        "0.5s, 500",
        "2h, 7200000",
        "1h1m1s1ms, 3661001",
        "5S, 5000",
        "PT5S, 5000",
        "pt0.25s, 250",
        "P1D, 86400000",
        "24h, 86400000"
    })
    void readsWhatPeopleWrite(String text, long millis) {
        assertThat(new Durations().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "1s1m", "five", "-5s", "P", "5ss", "1.s"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> new Durations().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is no duration. Write it like 5s, 500ms, 1m30s or PT5S.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "PT-5S", "24h1ms", "999999999h"})
    void refusesWhatIsOutOfRange(String text) {
        assertThatThrownBy(() -> new Durations().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is out of range. It must be longer than zero and at most a day.");
    }

    @ParameterizedTest
    @CsvSource({"1000, 1s", "500, 0.5s", "90000, 1m30s"})
    void writesThemBack(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
