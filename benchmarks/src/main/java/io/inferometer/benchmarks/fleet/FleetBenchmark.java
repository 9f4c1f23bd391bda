package io.inferometer.benchmarks.fleet;

import io.inferometer.collect.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code benchmarks/fleet}: one result line, and an exit code that is not 0 when a bound is broken. */
final class FleetBenchmark {
    private FleetBenchmark() {}

    /**
     * Runs one mode.
     *
     * @param args the mode, perhaps {@code --quick}, and for fleet how many targets, if not the usual ones
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = List.of(args);
        boolean quick = words.contains("--quick");
        String mode = words.stream()
                .filter(word -> !word.startsWith("--"))
                .findFirst()
                .orElse("");
        Verdict verdict = switch (mode) {
            case "router" -> router(quick).run();
            case "fleet" -> fleet(quick, sizes(words)).run();
            case "faults" -> faults(quick).run();
            default -> null;
        };
        if (verdict == null) {
            System.err.println(
                    "Usage: benchmarks/fleet router|faults [--quick], or benchmarks/fleet fleet [--quick] [targets]...");
            System.exit(2);
        } else {
            System.out.println(verdict.line());
            System.exit(verdict.holds() ? 0 : 1);
        }
    }

    private static List<Integer> sizes(List<String> words) {
        return words.stream()
                .filter(word -> word.matches("[0-9]{1,6}"))
                .map(Integer::valueOf)
                .toList();
    }

    private static RouterMode router(boolean quick) {
        return quick
                ? new RouterMode(100, Duration.ofSeconds(10), Duration.ofSeconds(5), goLoop())
                : new RouterMode(100, Duration.ofSeconds(90), Duration.ofSeconds(30), goLoop());
    }

    private static FleetMode fleet(boolean quick, List<Integer> sizes) {
        List<Integer> usual = quick ? List.of(100, 1000) : List.of(10, 100, 1000, 10_000);
        List<Integer> targets = sizes.isEmpty() ? usual : sizes;
        return quick
                ? new FleetMode(targets, Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofSeconds(10))
                : new FleetMode(targets, Duration.ofSeconds(15), Duration.ofSeconds(80), Duration.ofSeconds(30));
    }

    private static FaultsMode faults(boolean quick) {
        return quick
                ? new FaultsMode(1000, Duration.ofSeconds(30), Duration.ofSeconds(30), Limits.DEFAULTS)
                : new FaultsMode(1000, Duration.ofSeconds(150), Duration.ofSeconds(600), Limits.DEFAULTS);
    }

    private static @Nullable String goLoop() {
        return System.getProperty("inferometer.benchmarks.scrape");
    }
}
