package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Successive pages of one target that is well, nearly all of which every mode takes: values change, series and families
 * come, go and move, and now and then something breaks and is whole again on the next page.
 */
final class TamePages {
    private static final String[] GAUGES = {
        "0", "1.0", "7", "12.5", "1.7631094230115845e+09", "NaN", "+Inf", "-1", "0.1", "123456789.0", "1e5", "-0"
    };
    private static final String[] COUNTS = {"0", "1.0", "7", "12.5", "1.7631094230115845e+09", "0.1", "99999999.0"};
    private static final String[] MODELS = {"m", "meta-llama/Llama-3.1-8B", "é", "a\\\\b", "a,b}", ""};

    private final Random random;
    private final boolean openMetrics;
    private final List<Family> families = new ArrayList<>();
    private int named;

    TamePages(long seed, boolean openMetrics) {
        random = new Random(seed);
        this.openMetrics = openMetrics;
        for (int i = 3 + random.nextInt(14); i > 0; i--) {
            families.add(family());
        }
    }

    byte[] next() {
        for (int changes = random.nextInt(6); changes > 0; changes--) {
            change();
        }
        StringBuilder page = new StringBuilder();
        families.forEach(family -> family.write(page));
        byte[] bytes = page.append(openMetrics ? "# EOF\n" : "").toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(12) == 0 ? broken(bytes) : bytes;
    }

    private void change() {
        Family family = families.get(random.nextInt(families.size()));
        switch (random.nextInt(12)) {
            case 0 -> families.add(random.nextInt(families.size() + 1), family());
            case 1 -> {
                if (families.size() > 2) {
                    families.remove(family);
                }
            }
            case 2 -> Collections.shuffle(families, random);
            case 3 -> Collections.rotate(families, random.nextInt(families.size()));
            case 4 -> Collections.swap(families, 0, random.nextInt(families.size()));
            case 5 -> family.help = "Another text " + random.nextInt(4);
            case 6 -> family.addSeries();
            case 7 -> family.removeSeries();
            case 8 -> Collections.shuffle(family.series, random);
            default -> family.changeValues();
        }
    }

    private byte[] broken(byte[] page) {
        if (page.length == 0 || random.nextInt(4) == 0) {
            return Arrays.copyOf(page, random.nextInt(page.length + 1));
        }
        byte[] changed = page.clone();
        changed[random.nextInt(changed.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : '\n');
        return changed;
    }

    private Family family() {
        List<MetricType> types = List.of(MetricType.GAUGE, MetricType.COUNTER, MetricType.HISTOGRAM);
        return new Family("f" + named++, types.get(random.nextInt(types.size())));
    }

    private String oneOf(String[] words) {
        return words[random.nextInt(words.length)];
    }

    /** A gauge, a counter or a histogram. */
    private final class Family {
        private final String name;
        private final MetricType type;
        private final List<Series> series = new ArrayList<>();
        private String help = "Some é text.";

        Family(String name, MetricType type) {
            this.name = name;
            this.type = type;
            for (int i = 1 + random.nextInt(type == MetricType.HISTOGRAM ? 2 : 5); i > 0; i--) {
                addSeries();
            }
        }

        void addSeries() {
            series.add(new Series("engine=\"" + named++ + "\",model_name=\"" + oneOf(MODELS) + "\"", this::value));
        }

        void removeSeries() {
            if (series.size() > 1) {
                series.remove(random.nextInt(series.size()));
            }
        }

        void changeValues() {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                series.get(random.nextInt(series.size())).change();
            }
        }

        private String value() {
            return oneOf(type == MetricType.GAUGE ? GAUGES : COUNTS);
        }

        void write(StringBuilder page) {
            page.append("# HELP ").append(name).append(' ').append(help).append('\n');
            page.append("# TYPE ").append(name).append(' ').append(type.word()).append('\n');
            series.forEach(one -> one.write(page, name, type));
        }
    }

    private final class Series {
        private final String labels;
        private final java.util.function.Supplier<String> values;
        private final int[] buckets = new int[3];
        private String value;

        Series(String labels, java.util.function.Supplier<String> values) {
            this.labels = labels;
            this.values = values;
            value = values.get();
            change();
        }

        void change() {
            value = values.get();
            for (int i = random.nextInt(buckets.length); i < buckets.length; i++) {
                buckets[i] += random.nextInt(60);
            }
            Arrays.sort(buckets);
        }

        void write(StringBuilder page, String name, MetricType type) {
            if (type != MetricType.HISTOGRAM) {
                page.append(name).append(type == MetricType.COUNTER ? "_total{" : "{");
                page.append(labels).append("} ").append(value).append('\n');
                return;
            }
            String[] bounds = {"0.5", "2.0", "+Inf"};
            for (int i = 0; i < bounds.length; i++) {
                page.append(name)
                        .append("_bucket{")
                        .append(labels)
                        .append(",le=\"")
                        .append(bounds[i]);
                page.append("\"} ").append(buckets[i]).append(".0\n");
            }
            page.append(name)
                    .append("_count{")
                    .append(labels)
                    .append("} ")
                    .append(buckets[2])
                    .append(".0\n");
            page.append(name)
                    .append("_sum{")
                    .append(labels)
                    .append("} ")
                    .append(value)
                    .append('\n');
        }
    }
}
