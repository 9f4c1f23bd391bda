package io.inferometer.saturation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers in sentences: four significant digits, no exponent. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(4);

    private Numbers() {}

    static String text(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = Math.abs(value) >= 1000 ? exact.setScale(0, RoundingMode.HALF_UP) : exact.round(DIGITS);
        String plain = rounded.stripTrailingZeros().toPlainString();
        return plain.equals("-0") ? "0" : plain;
    }
}
