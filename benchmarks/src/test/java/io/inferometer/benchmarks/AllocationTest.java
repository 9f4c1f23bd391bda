package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.benchmarks.pages.Scrape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A parse allocates nothing once it is warm, on each page that is measured: not a byte over ten thousand of them. */
class AllocationTest {
    private static final int PARSES = 10_000;

    /** Pages of megabytes take milliseconds each, and say the same again and again. */
    private static final int PARSES_OF_LARGE_PAGES = 60;

    private static final int LARGE_BYTES = 500_000;
    private static final int ROUNDS = 4;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Arguments> pagesAndWays() {
        List<Way> ways = List.of(Way.FULL, Way.LABELS, Way.FILTERED, Way.REPEAT, Way.CHANGES, Way.SAME_PAGE);
        return Arrays.stream(PageKind.values())
                .flatMap(page -> ways.stream().filter(way -> way.suits(page)).map(way -> Arguments.of(page, way)));
    }

    @ParameterizedTest
    @MethodSource("pagesAndWays")
    void noParseAllocates(PageKind page, Way way) throws IOException {
        List<Scrape> scrapes = page.scrapes(Measure.SCRAPES);
        int parses = scrapes.get(0).bytes().length > LARGE_BYTES ? PARSES_OF_LARGE_PAGES : PARSES;

        assertThat(allocated(way.work(page, scrapes), parses)).isZero();
    }

    /** The least of a few rounds: a compiler that replaces running code may cost some bytes once. */
    private static long allocated(Work work, int parses) throws IOException {
        double unused = repeat(work, parses / 5);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long idle = THREADS.getCurrentThreadAllocatedBytes() - before;
            before = THREADS.getCurrentThreadAllocatedBytes();
            unused += repeat(work, parses);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before - idle);
        }
        assertThat(unused).isNotNaN();
        return least;
    }

    private static double repeat(Work work, int parses) throws IOException {
        double sum = 0;
        for (int i = 0; i < parses; i++) {
            sum += work.run();
        }
        return sum;
    }
}
