package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.util.Locale;
import java.util.Optional;

/** All results in one table, for a terminal. */
final class Table {
    private static final String LINE = "%-34s %11s %11s %8s %11s %9s %9s %9s %9s%n";

    private Table() {}

    static String of(Results results) {
        StringBuilder text = new StringBuilder();
        results.about().forEach(line -> text.append(line).append('\n'));
        for (PageKind page : PageKind.values()) {
            if (results.of(page, Way.FULL).isPresent()
                    || results.of(page, Way.NEWLINES).isPresent()) {
                append(text, page, results);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, PageKind page, Results results) {
        text.append('\n');
        text.append(LINE.formatted(
                page.title(),
                "least µs",
                "median µs",
                "MB/s",
                "B/page",
                "× series",
                "× labels",
                "× hawk.",
                "× newlin."));
        for (Way way : Way.values()) {
            results.of(page, way)
                    .ifPresent(cell -> text.append(LINE.formatted(
                            "  " + way.title(),
                            micros(cell.least()),
                            micros(cell.median()),
                            Math.round(cell.megabytesPerSecond()),
                            cell.allocated(),
                            times(results.ratio(page, way, Way.TEXTPARSE_SERIES)),
                            times(results.ratio(page, way, Way.TEXTPARSE_LABELS)),
                            times(results.ratio(page, way, Way.HAWKULAR)),
                            times(results.ratio(page, way, Way.NEWLINES)))));
        }
    }

    private static String micros(long nanos) {
        return "%.2f".formatted(nanos / 1e3);
    }

    /** A ratio with three digits; nothing where there is none. */
    static String times(Optional<Double> ratio) {
        return ratio.map(r -> r < 10 ? String.format(Locale.ROOT, "%.2f", r) : String.format(Locale.ROOT, "%.0f", r))
                .orElse("-");
    }
}
