package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Prometheus mode takes, refuses and reads what Prometheus itself does, but for the ways in {@link PeerDifference}.
 *
 * <p>Needs the program of {@code benchmarks/peers/verdicts}; {@code benchmarks/peers/verdicts/run} builds it and runs this.
 */
class PrometheusPeerTest {
    private static final String PROGRAM = System.getProperty("inferometer.peer", "");

    /** Pages per format. */
    private static final int PAGES = Integer.getInteger("inferometer.peer.pages", 100_000);

    private static final long SEED = Long.getLong("inferometer.peer.seed", 0);
    private static final int BATCH = 1000;

    @ParameterizedTest
    @EnumSource(PageFormat.class)
    void saysOfMutatedPagesWhatPrometheusSays(PageFormat format) throws IOException {
        assumeTrue(
                !PROGRAM.isEmpty(),
                "Prometheus' own parser was not built; benchmarks/peers/verdicts/run does so where Go is installed.");
        boolean openMetrics = format == PageFormat.OPENMETRICS;
        PageParser parser = new PageParser(
                ParserOptions.defaults().withMode(ParseMode.PROMETHEUS).withFormat(format));
        PeerDifference.Tally tally = new PeerDifference.Tally();
        int taken = 0;
        int pages = 0;
        try (GoParser peer = new GoParser(Path.of(PROGRAM))) {
            for (; pages < PAGES; pages += BATCH) {
                List<byte[]> batch = pages(SEED + pages, openMetrics);
                List<List<String>> answers = peer.read(batch, openMetrics);
                for (int i = 0; i < BATCH; i++) {
                    List<String> theirs = answers.get(i);
                    List<String> ours = PeerAccount.of(parser, batch.get(i));
                    tally.compare(ours, theirs, batch.get(i), SEED + pages + i);
                    taken += theirs.get(theirs.size() - 1).equals("taken") ? 1 : 0;
                }
            }
        }
        report(format, pages, taken, tally);
        assertThat(tally.unnamed).isEmpty();
        // A good part of the pages must be of either kind, or little was compared.
        assertThat(taken).isBetween(pages / 5, pages * 4 / 5);
    }

    private static List<byte[]> pages(long from, boolean openMetrics) {
        List<byte[]> suite = OpenMetricsSuiteTest.cases()
                .map(OpenMetricsSuiteTest.Case::page)
                .toList();
        List<byte[]> pages = new ArrayList<>(BATCH);
        for (long seed = from; seed < from + BATCH; seed++) {
            PageGenerator generator = new PageGenerator(seed, openMetrics);
            pages.add(
                    switch ((int) (seed % 4)) {
                        case 0 -> generator.largePage();
                        case 1 -> generator.mutated(generator.oneOf(suite));
                        default -> generator.page();
                    });
        }
        return pages;
    }

    private static void report(PageFormat format, int pages, int taken, PeerDifference.Tally tally) {
        System.out.printf(
                "%s: %d pages, of which Prometheus takes %d; %d differences without a name.%n",
                format, pages, taken, tally.unnamed.size());
        tally.named.forEach((difference, count) -> System.out.printf("  %7d times %s%n", count, difference.words()));
    }
}
