package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code Main WORK SHARED INFEROMETER PROOFS JUDGE...}: lets judges find facts, prints them, and keeps what was proven. */
public final class Main {
    private static final List<Judge> JUDGES = List.of(
            new LlamaCppJudge(), new VllmJudge(), new CapturesJudge(), new OllamaJudge(), new PrometheusJudge());

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Place place = new Place(Path.of(arguments[0]), Path.of(arguments[1]), new Inferometer(Path.of(arguments[2])));
        List<String> asked = List.of(arguments).subList(4, arguments.length);
        Proofs proofs = new Proofs(System.out);
        for (Judge judge : JUDGES) {
            if (asked.contains(judge.name())) {
                System.out.printf("%n== %s%n", judge.name());
                let(judge, place, proofs);
            }
        }
        proofs.writeOver(Path.of(arguments[3]));
        list("Fields that were never anything but zero, so that nothing is proven of them", proofs.unproven());
        list("Each engine and its witness", proofs.counts());
        list("What does not hold", proofs.failures());
        System.out.printf("%n%d passed, %d failed, %d skipped%n", proofs.passed(), proofs.failed(), proofs.skipped());
        System.exit(proofs.failed() == 0 ? 0 : 1);
    }

    /** A judge that gives up is a failure of its own, and the others still judge. */
    private static void let(Judge judge, Place place, Proofs proofs) throws InterruptedException {
        try {
            judge.judge(place, proofs);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(System.out);
            proofs.of(judge.name(), Proofs.Witness.LIVE)
                    .that("judge", "judge", "it comes to its end", "an end", e.toString(), false);
        }
    }

    private static void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            System.out.printf("%n%s:%n", title);
            lines.forEach(System.out::println);
        }
    }
}
