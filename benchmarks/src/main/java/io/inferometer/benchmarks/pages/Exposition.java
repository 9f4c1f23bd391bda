package io.inferometer.benchmarks.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A page in the making, and what stands on it. Not thread-safe. */
final class Exposition {
    final Dialect dialect;
    private final StringBuilder text = new StringBuilder();
    private int samples;
    private long labels;
    private double sum;

    Exposition(Dialect dialect) {
        this.dialect = dialect;
    }

    void help(String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    }

    void type(String name, String type) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, List<String> labelTexts, double value) {
        sample(name, labelTexts, value, "");
    }

    void sample(String name, List<String> labelTexts, double value, String stamp) {
        String number = dialect.number(value);
        text.append(name);
        if (!labelTexts.isEmpty()) {
            text.append('{').append(String.join(",", labelTexts)).append('}');
        }
        text.append(' ').append(number).append(stamp).append('\n');
        samples++;
        labels += labelTexts.size();
        sum += Double.parseDouble(number);
    }

    void emptyLine() {
        text.append('\n');
    }

    Scrape finish() {
        return new Scrape(text.toString().getBytes(StandardCharsets.UTF_8), samples, labels, sum);
    }
}
