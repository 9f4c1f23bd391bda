package io.inferometer.benchmarks.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Parts of pages: whole lines only. */
final class Parts {
    private Parts() {}

    /** The first lines, about {@code bytes} of them. */
    static Scrape head(Scrape whole, int bytes) {
        int[] left = {bytes};
        return only(whole, line -> (left[0] -= line.length() + 1) > 0);
    }

    /** All lines but a share of the samples. */
    static Scrape withoutSome(Scrape whole, double share, Random random) {
        return only(whole, line -> line.startsWith("#") || random.nextDouble() >= share);
    }

    private static Scrape only(Scrape whole, Predicate<String> kept) {
        List<String> lines = new String(whole.bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(kept)
                .toList();
        List<String> samples =
                lines.stream().filter(line -> !line.startsWith("#")).toList();
        long labels = samples.stream()
                .mapToLong(line -> line.chars().filter(c -> c == '=').count())
                .sum();
        double sum = samples.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return new Scrape(bytes, samples.size(), labels, sum);
    }
}
