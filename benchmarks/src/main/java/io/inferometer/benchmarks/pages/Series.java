package io.inferometer.benchmarks.pages;

import java.util.List;
import java.util.Random;

/** One series or one histogram of a simulated engine. */
interface Series {
    /** Lives until the next scrape. */
    void move(Random random);

    void write(Exposition page, String name, List<String> labels);

    /** What never changes. */
    static Series still(double value) {
        return new Series() {
            @Override
            public void move(Random random) {}

            @Override
            public void write(Exposition page, String name, List<String> labels) {
                page.sample(name, labels, value);
            }
        };
    }

    /** What goes up and down, from 0 to {@code most}, in steps of {@code step}. */
    static Series gauge(double most, double step) {
        return new OneValue() {
            @Override
            public void move(Random random) {
                value = Math.rint(random.nextDouble() * most / step) * step;
            }
        };
    }

    /** What only grows, by about {@code pace} from scrape to scrape, in whole numbers. */
    static Series counter(int pace) {
        return new OneValue() {
            @Override
            public void move(Random random) {
                value += 1 + random.nextInt(2 * pace);
            }
        };
    }

    /** What only grows and is not whole. */
    static Series seconds(double pace) {
        return new OneValue() {
            @Override
            public void move(Random random) {
                value += pace * (0.5 + random.nextDouble());
            }
        };
    }

    /** A series with one value. */
    abstract class OneValue implements Series {
        double value;

        @Override
        public void write(Exposition page, String name, List<String> labels) {
            page.sample(name, labels, value);
        }
    }
}
