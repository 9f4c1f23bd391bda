package io.inferometer.benchmarks.pages;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** How the client libraries that engines use write numbers, order labels and part families. */
enum Dialect {
    /** {@code prometheus_client} of vLLM and SGLang: {@code 7.0}, {@code 1.7631e+09}, labels in order. */
    PYTHON {
        @Override
        String number(double value) {
            String plain = new BigDecimal(Double.toString(value)).toPlainString();
            String text = plain.contains(".") ? plain : plain + ".0";
            int dot = text.indexOf('.');
            if (value <= 0 || dot <= 6) {
                return text;
            }
            String digits = (text.substring(1, dot) + text.substring(dot + 1)).replaceAll("0+$", "");
            return "%s%s%se+%02d".formatted(text.charAt(0), digits.isEmpty() ? "" : ".", digits, dot - 1);
        }
    },
    /** The crate {@code metrics-exporter-prometheus} of TGI: whole counts, an empty line behind a family. */
    RUST {
        @Override
        String number(double value) {
            return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        }
    },
    /** Streams of C++, of llama.cpp: six digits. */
    CPP {
        @Override
        String number(double value) {
            return new BigDecimal(value)
                    .round(new MathContext(6))
                    .stripTrailingZeros()
                    .toPlainString();
        }
    };

    abstract String number(double value);

    /** The labels with the bound of a bucket among them. */
    List<String> withBound(List<String> labels, double bound) {
        String le = "le=\"" + (bound == Double.POSITIVE_INFINITY ? "+Inf" : number(bound)) + '"';
        List<String> all = new ArrayList<>(labels);
        all.add(le);
        if (this == PYTHON) {
            all.sort(null);
        }
        return all;
    }
}
