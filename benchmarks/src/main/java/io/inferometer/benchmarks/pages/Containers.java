package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a node's container monitor tells: long ids of 64 hexadecimal digits, and a timestamp on each line. */
final class Containers {
    private static final int CONTAINERS = 1_250;
    private static final long FIRST_STAMP = 1_763_109_423_010L;

    private Containers() {}

    static List<Family> families() {
        Random random = new Random(64);
        List<Family> families = new ArrayList<>();
        String[][] labels = new String[CONTAINERS][];
        for (int i = 0; i < CONTAINERS; i++) {
            labels[i] = new String[] {
                "container=\"server\"",
                "id=\"/kubepods/burstable/pod" + i + "/" + hex(random) + '"',
                "image=\"registry.example/inference/server:0.9." + i % 7 + '"',
                "namespace=\"serving\"",
                "pod=\"llama-" + i % 40 + "-" + i + '"'
            };
        }
        for (int i = 0; i < 31; i++) {
            boolean counter = i % 3 > 0;
            Family family = new Family(
                    "container_metric_" + i + (counter ? "_seconds_total" : "_bytes"),
                    counter ? "counter" : "gauge",
                    "What the kernel counts for a container.");
            for (String[] container : labels) {
                family.with(new Stamped(counter ? Series.seconds(3) : Series.counter(4096)), container);
            }
            families.add(family);
        }
        return families;
    }

    private static String hex(Random random) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            id.append("%016x".formatted(random.nextLong()));
        }
        return id.toString();
    }

    /** Another series with the time at which it was read. */
    private static final class Stamped implements Series {
        private final Series series;
        private long stamp = FIRST_STAMP;

        Stamped(Series series) {
            this.series = series;
        }

        @Override
        public void move(Random random) {
            series.move(random);
            stamp += 1000 + random.nextInt(9);
        }

        @Override
        public void write(Exposition page, String name, List<String> labels) {
            page.sample(name, labels, ((OneValue) series).value, " " + stamp);
        }
    }
}
