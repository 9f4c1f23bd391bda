package io.inferometer.benchmarks.pages;

import java.util.List;
import java.util.Random;

/** A histogram whose observations lie around one of its bounds: the buckets below never change, those above always do. */
final class Histogram implements Series {
    private final double[] bounds;
    private final int middle;
    private final int width;
    private final int pace;
    private final int[] counts;
    private double sum;

    /**
     * Observes around the middle of its bounds.
     *
     * @param middle where most observations lie, as a share of the bounds
     * @param pace how many there are from scrape to scrape
     */
    Histogram(double[] bounds, double middle, int pace) {
        this.bounds = bounds;
        this.middle = (int) (middle * bounds.length);
        this.width = Math.max(2, bounds.length / 6);
        this.pace = pace;
        counts = new int[bounds.length + 1];
    }

    @Override
    public void move(Random random) {
        for (int i = 0; i < pace; i++) {
            int bucket = middle + random.nextInt(width) + random.nextInt(width) - width;
            int inside = Math.max(0, Math.min(bucket, bounds.length - 1));
            counts[inside]++;
            double below = inside == 0 ? 0 : bounds[inside - 1];
            sum += below + (bounds[inside] - below) * random.nextDouble();
        }
    }

    @Override
    public void write(Exposition page, String name, List<String> labels) {
        int count = 0;
        for (int i = 0; i < counts.length; i++) {
            count += counts[i];
            double bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
            page.sample(name + "_bucket", page.dialect.withBound(labels, bound), count);
        }
        if (page.dialect == Dialect.RUST) {
            page.sample(name + "_sum", labels, sum);
            page.sample(name + "_count", labels, count);
        } else {
            page.sample(name + "_count", labels, count);
            page.sample(name + "_sum", labels, sum);
        }
    }
}
