package io.inferometer.testkit;

import java.nio.charset.StandardCharsets;

/** A metrics page while it is written. For one thread. */
final class PageText {
    private final StringBuilder text = new StringBuilder(1 << 14);
    private final NumberForm numbers;

    PageText(NumberForm numbers) {
        this.numbers = numbers;
    }

    PageText help(String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        return this;
    }

    PageText type(String name, String type) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    PageText sample(String name, Tags tags, long value) {
        return sample(name, tags, (double) value);
    }

    PageText sample(String name, Tags tags, double value) {
        text.append(name).append(tags.print()).append(' ');
        text.append(numbers.print(value)).append('\n');
        return this;
    }

    /** The lines {@code _bucket}, with {@code le} sorted among the labels or at their end. */
    PageText buckets(String name, Tags tags, FakeHistogram histogram, boolean sorted) {
        for (int i = 0; i < histogram.size(); i++) {
            bucket(name, tags, numbers.print(histogram.bound(i)), histogram.upTo(i), sorted);
        }
        bucket(name, tags, "+Inf", histogram.count(), sorted);
        return this;
    }

    PageText blankLine() {
        text.append('\n');
        return this;
    }

    byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void bucket(String name, Tags tags, String bound, long count, boolean sorted) {
        Tags all = sorted ? tags.sorted("le", bound) : tags.and("le", bound);
        sample(name + "_bucket", all, count);
    }
}
