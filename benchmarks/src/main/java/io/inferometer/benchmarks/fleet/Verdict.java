package io.inferometer.benchmarks.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A result line while it is being written: figures, each beside its bound where it has one. For one thread. */
final class Verdict {
    private final String mode;
    private final List<String> figures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    Verdict(String mode) {
        this.mode = mode;
    }

    /** A figure without a bound. */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency.
    void figure(String format, Object... values) {
        figures.add(String.format(Locale.ROOT, format, values));
    }

    /** A figure that has to hold. */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency.
    void bound(boolean holds, String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        figures.add(text);
        if (!holds) {
            broken.add(text);
        }
    }

    boolean holds() {
        return broken.isEmpty();
    }

    /** The result line. */
    String line() {
        String verdict = holds() ? "within all bounds" : "BROKEN: " + String.join("; ", broken);
        return "%s | %s | %s | %s".formatted(mode, Proc.machine(), String.join("; ", figures), verdict);
    }
}
