package io.inferometer.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.collect.Limits;
import io.inferometer.parser.PageParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The fleet benchmarks run, and measure work that is done. How fast it is done is none of a test's business. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "The fleet benchmarks read /proc.")
class FleetBenchmarkTest {
    private static final Limits LITTLE = Limits.DEFAULTS.withBodyBytesMax(1 << 20);

    @BeforeAll
    static void thereIsProc() {
        assertThat(Files.exists(Path.of("/proc/self/stat"))).isTrue();
    }

    @Test
    void thePagesAreAsLargeAsTheySayAndHalfOfTheLinesChange() {
        PageSequence pages = new PageSequence();
        double[][] values = new double[2][pages.samples()];
        for (int version = 0; version < 2; version++) {
            double[] own = values[version];
            int[] at = new int[1];
            var summary = new PageParser().parse(pages.page(version + 3), sample -> own[at[0]++] = sample.value());
            assertThat(summary.samples()).isEqualTo(pages.samples());
            assertThat(summary.skippedLines()).isZero();
        }
        int different = 0;
        for (int i = 0; i < values[0].length; i++) {
            different += values[0][i] == values[1][i] ? 0 : 1;
        }
        assertThat(pages.page(7)).hasSizeBetween(85_000, 110_000);
        assertThat(different).isEqualTo(pages.changing());
        assertThat((double) different / pages.samples()).isBetween(0.45, 0.55);
    }

    @Test
    void routerReadsWhatItIsToRead() throws Exception {
        Verdict verdict = new RouterMode(4, Duration.ofMillis(1500), Duration.ofMillis(500), null).run();

        assertThat(verdict.line())
                .startsWith("router | ")
                .contains("4 targets x 50 ms", " 0 failed", "filtered pages", "not compared with Go's expfmt");
    }

    @Test
    void fleetTellsWhatATargetTakes() throws Exception {
        Verdict verdict = new FleetMode(
                        List.of(3, 30), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(1))
                .run();

        assertThat(verdict.line()).startsWith("fleet | ").contains("30 targets", " 0 failed", "kB retained per target");
    }

    @Test
    void faultsAreNamed() throws Exception {
        Verdict verdict = new FaultsMode(100, Duration.ofSeconds(7), Duration.ofSeconds(1), LITTLE).run();

        assertThat(verdict.line())
                .startsWith("faults | ")
                .contains(
                        "refused as unreachable",
                        "reset as unreachable",
                        "slow bytes as timed_out",
                        "half a page as a page with",
                        "gzip bomb as too_large",
                        "redirect loop as refused",
                        "html as not_metrics",
                        "status 500 as refused",
                        "unknown host as unreachable",
                        "huge page as too_large",
                        "0 threads of the monitor after close()");
    }
}
