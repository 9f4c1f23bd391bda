package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Says whether we became slower than the committed results say: by the ratio to a yardstick measured in the same run, so
 * that another machine changes little.
 */
public final class Guard {
    /** The share of the committed ratio that must be left. */
    static final double LEFT_MIN = 0.6;

    private static final List<Way> GUARDED =
            List.of(Way.FULL, Way.FILTERED, Way.REPEAT, Way.CHANGES, Way.SAME_PAGE, Way.SAME_PAGE_CHANGES);

    private Guard() {}

    /** Takes the committed results and one or more files of what was measured now, of which the best counts. */
    public static void main(String[] arguments) throws IOException {
        Results committed = Results.read(Path.of(arguments[0]));
        List<Results> now = new ArrayList<>();
        for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
            now.add(Results.read(Path.of(file)));
        }
        List<String> slower = slower(committed, now);
        slower.forEach(System.out::println);
        if (!slower.isEmpty()) {
            System.exit(1);
        }
        System.out.println("As fast as committed, by the ratio to the yardsticks.");
    }

    /** What became slower, in words. */
    static List<String> slower(Results committed, List<Results> now) {
        List<String> slower = new ArrayList<>();
        int compared = 0;
        for (PageKind page : PageKind.values()) {
            for (Way way : GUARDED) {
                Optional<Double> before = committed.ratio(page, way, yardstick(way));
                Optional<Double> best = now.stream()
                        .flatMap(results -> results.ratio(page, way, yardstick(way)).stream())
                        .max(Double::compare);
                if (before.isPresent() && best.isPresent()) {
                    compared++;
                    if (best.get() < LEFT_MIN * before.get()) {
                        slower.add("%s, %s: %.3f of the yardstick's speed, was %.3f; %.3f would do."
                                .formatted(
                                        page.title(), way.title(), best.get(), before.get(), LEFT_MIN * before.get()));
                    }
                }
            }
        }
        if (compared == 0) {
            slower.add("Nothing was measured that is in the committed results.");
        }
        return slower;
    }

    private static Way yardstick(Way way) {
        return way == Way.SAME_PAGE_CHANGES ? Way.MISMATCH : Way.NEWLINES;
    }
}
