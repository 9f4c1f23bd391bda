package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal to {@link Double#parseDouble} in every bit, on the fast way and on the careful one. */
class DecimalReaderTest {
    /** Random numbers per shape; {@code -Dinferometer.parser.numbers=4000000} for a long run. */
    private static final int NUMBERS = Integer.getInteger("inferometer.parser.numbers", 100_000);

    /** Numbers of the two most usual kinds; {@code -Dinferometer.parser.manyNumbers=400000000} for a long run. */
    private static final int MANY_NUMBERS = Integer.getInteger("inferometer.parser.manyNumbers", 4_000_000);

    private final DecimalReader reader = new DecimalReader();
    private final Random random = new Random(7);

    @Test
    void readsEveryDoubleAsItIsPrinted() {
        for (int i = 0; i < NUMBERS; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertReads(Double.toString(number));
                assertReads(String.format("%.17g", number));
            }
        }
    }

    /** Half of them any double at all, the others such as engines print: few digits, a point, perhaps an exponent. */
    @Test
    @SuppressWarnings("deprecation") // Nothing but ASCII here, and nothing else is as fast.
    void readsMillionsOfNumbersToTheBit() {
        byte[] bytes = new byte[64];
        for (int i = 0; i < MANY_NUMBERS; i++) {
            String text = i % 2 == 0 ? anyDouble() : usualNumber(i);
            int length = text.length();
            text.getBytes(0, length, bytes, 0);
            bytes[length] = '\n';
            long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
            boolean read = reader.read(bytes, 0, length) && Double.doubleToRawLongBits(reader.value()) == expected;
            boolean plain =
                    reader.readPlain(bytes, 0) == length && Double.doubleToRawLongBits(reader.value()) == expected;
            if (!read || !plain) {
                assertReads(text);
            }
        }
    }

    private String anyDouble() {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.toString(Double.isFinite(number) ? number : random.nextDouble());
    }

    private String usualNumber(int i) {
        return switch (i % 16) {
            case 1 -> random.nextInt(100_000) + ".0";
            case 3 -> Integer.toString(random.nextInt());
            case 5 -> Long.toString(random.nextLong() >> random.nextInt(63));
            case 7 -> random.nextInt(1000) + "." + random.nextInt(1_000_000);
            case 9 -> (random.nextLong() >>> 1) + "." + (random.nextLong() >>> 1);
            case 11 -> random.nextInt(10) + "." + random.nextInt(1_000_000_000) + "e-0" + random.nextInt(10);
            case 13 -> "0.000" + (random.nextLong() >>> 1);
            default -> Double.toString(random.nextDouble() * 100);
        };
    }

    @Test
    void readsDigitsAsEnginesPrintThem() {
        for (int i = 0; i < NUMBERS; i++) {
            assertReads(Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(12))));
            assertReads(random.nextInt() + ".0");
            assertReads(Long.toString(random.nextLong() >> random.nextInt(63)));
            assertReads(
                    BigDecimal.valueOf(random.nextLong(), random.nextInt(22)).toPlainString());
            assertReads(String.format("%.3e", random.nextGaussian()));
        }
    }

    @Test
    void readsNumbersOfAnyLengthAndExponent() {
        for (int i = 0; i < NUMBERS; i++) {
            assertReads(digits(1 + random.nextInt(30)) + "." + digits(random.nextInt(30)) + "e"
                    + (random.nextInt(700) - 350));
        }
    }

    /** Numbers half way between two doubles, and a digit more and less, where only exact arithmetic decides rightly. */
    @Test
    void roundsTiesToEven() {
        for (int i = 0; i < NUMBERS / 10; i++) {
            double number = Math.abs(Double.longBitsToDouble(random.nextLong()));
            if (Double.isFinite(number) && number < Double.MAX_VALUE) {
                BigDecimal middle = new BigDecimal(number).add(new BigDecimal(Math.nextUp(number)));
                String text = middle.divide(BigDecimal.valueOf(2)).toString();
                assertReads(text);
                assertReads(text.contains("E") ? text.replace("E", "1E") : text + "1");
                assertReads(text.substring(0, Math.min(text.length(), 18)));
            }
        }
    }

    /** The same below the normal numbers and around them, where fewer bits count; all their digits, and 17 to 25 of them. */
    @Test
    void roundsTiesAmongSubnormals() {
        for (int i = 0; i < NUMBERS / 50; i++) {
            long bits =
                    i % 4 == 0 ? Double.doubleToLongBits(Double.MIN_NORMAL) - 50 + i % 100 : random.nextLong() >>> 12;
            double number = Double.longBitsToDouble(bits >>> random.nextInt(i % 4 == 0 ? 1 : 50));
            BigDecimal middle = new BigDecimal(number)
                    .add(new BigDecimal(Math.nextUp(number)))
                    .divide(BigDecimal.valueOf(2));
            String text = middle.toString();
            assertReads(text);
            assertReads(middle.toPlainString());
            assertReads(middle.toPlainString() + "1");
            int digits = 17 + random.nextInt(9);
            assertReads(middle.round(new MathContext(digits, RoundingMode.DOWN)).toString());
            assertReads(middle.round(new MathContext(digits, RoundingMode.UP)).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "00",
                "0e0",
                "0e99999999999",
                "1e-99999999999",
                "9007199254740993",
                "9007199254740992.5",
                "9007199254740993.0000000000000000000000000000001",
                "4.9e-324",
                "2.4703282292062327e-324",
                "2.4703282292062328e-324",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "5e-324",
                "8.98846567431158e307",
                "1e22",
                "1e23",
                "123456789012345678",
                "1e0001",
                "12345678901234567890",
                "18446744073709551615",
                "18446744073709551616",
                "9999999999999999999",
                "99999999999999999999",
                "10000000000000000000000",
                "0.000000000000000000000000000001",
                ".5",
                "5.",
                "+5",
                "1E5",
                "1e+011",
                "6.02214076e+23",
                "7.2057594037927933e16",
                "3.0000000000000004",
                "1.0000000000000002",
                "12.0",
                "12345678.0",
                "123456789.0",
                "1234567890123456.0",
                "1.7631094230115845e+09",
                "0.5",
                "12.",
                "1.e5"
            })
    void readsHardCases(String text) {
        assertReads(text);
        assertReads("-" + text.replaceFirst("^[+-]", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                ".",
                "-.",
                "e5",
                ".e5",
                "1e",
                "1e+",
                "1e-",
                "1e5.",
                "1.2.3",
                "--1",
                "+-1",
                "1 ",
                " 1",
                "1,5",
                "1_000",
                "0x10",
                "0x1p3",
                "1f",
                "1d",
                "1L",
                "1e400",
                "-1e400",
                "1.7976931348623159e308",
                "1e309",
                "infin",
                "infinityy",
                "nano",
                "na",
                "-nan",
                "+nan",
                "i",
                "n",
                "é",
                "1é",
                "1e99999999999",
                "\u0000",
                "1\u0000",
                "NaN1"
            })
    void refusesWhatIsNoNumber(String text) {
        byte[] bytes = padded(text);
        assertThat(reader.read(bytes, 0, length(text))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "nan", "NAN", "Nan"})
    void readsNaN(String text) {
        assertThat(read(text)).isNaN();
        assertThat(reader.readLeniently(padded("-" + text), 0, text.length() + 1))
                .isTrue();
        assertThat(reader.readLeniently(padded("+" + text), 0, text.length() + 1))
                .isTrue();
        assertThat(reader.value()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "Inf", "INF", "infinity", "Infinity", "+Inf", "+infinity"})
    void readsInfinity(String text) {
        assertThat(read(text)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read("-" + text.replace("+", ""))).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void leavesToTheCarefulWayWhatIsNotPlain() {
        assertThat(reader.readPlain(padded("x\n"), 0)).isEqualTo(-1);
        assertThat(reader.readPlain(padded("1x\n"), 0)).isEqualTo(-1);
        assertThat(reader.readPlain(padded("1.x\n"), 0)).isEqualTo(-1);
        assertThat(reader.readPlain(padded("1.5e+0x\n"), 0)).isEqualTo(-1);
        assertThat(reader.readPlain(padded("\n"), 0)).isEqualTo(-1);
        assertThat(reader.readPlain(padded("1e400\n"), 0)).isEqualTo(-1);
    }

    private void assertReads(String text) {
        double expected = Double.parseDouble(text);
        if (Double.isInfinite(expected)) {
            assertThat(reader.read(padded(text), 0, length(text))).as(text).isFalse();
            return;
        }
        assertBits(text, read(text), expected);
        byte[] line = padded(text + "\n");
        assertThat(reader.readPlain(line, 0)).as(text).isEqualTo(text.length());
        assertBits(text, reader.value(), expected);
    }

    private static void assertBits(String text, double read, double expected) {
        if (Double.doubleToRawLongBits(read) != Double.doubleToRawLongBits(expected)) {
            assertThat(read).as(text).isEqualTo(expected);
        }
    }

    private double read(String text) {
        assertThat(reader.read(padded(text), 0, length(text))).as(text).isTrue();
        return reader.value();
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(5) == 0 ? 0 : random.nextInt(10));
        }
        return digits.toString();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 16);
    }
}
