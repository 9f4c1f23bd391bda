package io.inferometer.testkit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How a program prints a number on its page. */
enum NumberForm {
    /** As Python's client does: always with a dot or an exponent. */
    PYTHON {
        @Override
        String finite(double value) {
            double size = Math.abs(value);
            if (value != 0 && (size < 1e-4 || size >= 1e16)) {
                return withExponent(value);
            }
            String plain = plain(value);
            String digits = plain.contains(".") ? plain : plain + ".0";
            int dot = digits.indexOf('.');
            return value > 0 && dot > 6 ? shifted(digits, dot) : digits;
        }
    },

    /** As Rust does: the shortest form, never an exponent. */
    RUST {
        @Override
        String finite(double value) {
            return plain(value);
        }
    },

    /** As a C++ stream does: six significant digits. */
    CPP {
        @Override
        String finite(double value) {
            if (value == 0) {
                return "0";
            }
            BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
            int exponent = rounded.precision() - rounded.scale() - 1;
            return exponent < -4 || exponent >= 6
                    ? withExponent(rounded.doubleValue())
                    : rounded.stripTrailingZeros().toPlainString();
        }
    };

    String print(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "+Inf" : "-Inf" : finite(value);
    }

    abstract String finite(double value);

    private static String plain(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return exact.signum() == 0 ? "0" : exact.toPlainString();
    }

    /** {@code 9.8e+07} for {@code 98000000.0}, and {@code e+010} from ten digits on, as Python's client has it. */
    private static String shifted(String digits, int dot) {
        String mantissa = digits.charAt(0) + "." + digits.substring(1, dot) + digits.substring(dot + 1);
        return stripped(mantissa) + "e+0" + (dot - 1);
    }

    /** {@code 1.5e-05}. */
    private static String withExponent(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        String mantissa = exact.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return mantissa + "e" + String.format(Locale.ROOT, "%+03d", exponent);
    }

    private static String stripped(String mantissa) {
        int end = mantissa.length();
        while (mantissa.charAt(end - 1) == '0') {
            end--;
        }
        return mantissa.charAt(end - 1) == '.' ? mantissa.substring(0, end - 1) : mantissa.substring(0, end);
    }
}
