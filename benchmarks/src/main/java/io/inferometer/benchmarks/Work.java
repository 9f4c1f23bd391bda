package io.inferometer.benchmarks;

import java.io.IOException;

/** What is measured: reads the next of a few successive scrapes. For one thread. */
@FunctionalInterface
public interface Work {
    /**
     * Reads one page.
     *
     * @return something made of all that was read, so that no compiler can leave it out
     */
    double run() throws IOException;
}
