package io.inferometer.exporter;

/** A row of bars, one character a value. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /** Bars for values from 0 to {@code top}; NaN, which is no value, leaves a blank. */
    static String of(double[] values, double top) {
        StringBuilder bars = new StringBuilder(values.length);
        for (double value : values) {
            bars.append(bar(value, top));
        }
        return bars.toString();
    }

    /** Bars for values from 0 to the greatest of them. */
    static String of(double[] values) {
        double top = 0;
        for (double value : values) {
            top = value > top ? value : top;
        }
        return of(values, top);
    }

    private static char bar(double value, double top) {
        if (Double.isNaN(value)) {
            return ' ';
        }
        if (!(value > 0) || !(top > 0)) {
            return BARS.charAt(0);
        }
        int height = (int) Math.ceil(Math.min(1, value / top) * BARS.length());
        return BARS.charAt(height - 1);
    }
}
