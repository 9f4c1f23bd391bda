package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampReaderTest {
    private final TimestampReader reader = new TimestampReader();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "+5, 5",
        "0007, 7",
        "1395066363000, 1395066363000",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void readsMilliseconds(String text, long millis) {
        assertThat(readMillis(text)).isTrue();
        assertThat(reader.withinRange()).isTrue();
        assertThat(reader.millis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775808, 9223372036854775807",
        "-9223372036854775809, -9223372036854775808",
        "99999999999999999999999999, 9223372036854775807",
        "92233720368547758070, 9223372036854775807"
    })
    void noticesMillisecondsOutOfRange(String text, long nearest) {
        assertThat(readMillis(text)).isTrue();
        assertThat(reader.withinRange()).isFalse();
        assertThat(reader.millis()).isEqualTo(nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+", "1.5", "1e3", "1_0", "x", "--1", "1-"})
    void refusesWhatIsNoWholeNumber(String text) {
        assertThat(readMillis(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.0, 0",
        "-0.0, 0",
        "1520879607.789, 1520879607789",
        "1.001, 1001",
        "1.0019999, 1001",
        "4.35, 4350",
        "-4.3501, -4351",
        "-0.0005, -1",
        "-1e-30, -1",
        "1e-30, 0",
        "1e3, 1000000",
        "1.5e-3, 1",
        "-1.5e-3, -2",
        "+2.5, 2500",
        ".5, 500",
        "5., 5000",
        "9223372036854775.807, 9223372036854775807",
        "-9223372036854775.808, -9223372036854775808",
        "1.00000000000000000000000000000000000000000000000000000000000000000000001, 1000"
    })
    void readsSecondsRoundedDown(String text, long millis) {
        assertThat(readSeconds(text)).isTrue();
        assertThat(reader.withinRange()).isTrue();
        assertThat(reader.millis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "1e300, 9223372036854775807",
        "-1e300, -9223372036854775808",
        "9223372036854775.808, 9223372036854775807"
    })
    void noticesSecondsOutOfRange(String text, long nearest) {
        assertThat(readSeconds(text)).isTrue();
        assertThat(reader.withinRange()).isFalse();
        assertThat(reader.millis()).isEqualTo(nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "Inf", "-Inf", "1e400", "x", "1_0", "0x1"})
    void refusesWhatIsNoNumberOfSeconds(String text) {
        assertThat(readSeconds(text)).isFalse();
    }

    @Test
    void agreesWithExactArithmetic() {
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            BigDecimal seconds = BigDecimal.valueOf(random.nextLong() >> random.nextInt(50), random.nextInt(12));
            String text = random.nextInt(4) == 0 ? seconds.toString() : seconds.toPlainString();
            BigDecimal millis = seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR);
            assertThat(readSeconds(text)).as(text).isTrue();
            if (millis.toBigInteger().bitLength() < Long.SIZE) {
                assertThat(reader.millis()).as(text).isEqualTo(millis.longValueExact());
            } else {
                assertThat(reader.withinRange()).as(text).isFalse();
            }
        }
    }

    private boolean readMillis(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return reader.readMillis(bytes, 0, bytes.length);
    }

    private boolean readSeconds(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return reader.readSeconds(bytes, 0, bytes.length);
    }
}
