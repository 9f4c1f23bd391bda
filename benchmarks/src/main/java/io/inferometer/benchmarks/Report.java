package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The performance section of the README, made of the committed results. {@code benchmarks/report} writes it. */
public final class Report {
    private static final String BEGIN = "<!-- performance: written by benchmarks/report -->\n";
    private static final String END = "<!-- end of performance -->\n";
    private static final List<PageKind> PAGES = List.of(
            PageKind.VLLM, PageKind.VLLM_HTTP, PageKind.SGLANG, PageKind.TGI, PageKind.LLAMACPP, PageKind.LARGE);

    private static final List<Way> SNAPSHOTS =
            List.of(Way.SNAPSHOT, Way.SNAPSHOT_REPEAT, Way.SNAPSHOT_PULSE, Way.SNAPSHOT_WORDS);

    private Report() {}

    /** Takes {@code --check} or {@code --write}, the results and the document. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[2]);
        String document = Files.readString(file, StandardCharsets.UTF_8);
        String wanted = into(document, Results.read(Path.of(arguments[1])));
        if (arguments[0].equals("--write")) {
            Files.writeString(file, wanted, StandardCharsets.UTF_8);
        } else if (!wanted.equals(document)) {
            System.err.println(file + " does not say what " + arguments[1] + " says. Run benchmarks/report --write.");
            System.exit(1);
        }
    }

    /** The document with its section written anew. */
    static String into(String document, Results results) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("The document needs the two lines " + BEGIN + "and " + END);
        }
        return document.substring(0, begin + BEGIN.length()) + section(results) + document.substring(end);
    }

    private static String section(Results results) {
        StringBuilder text = new StringBuilder();
        text.append("\nMicroseconds for one page, the least of many single parses, all in one run")
                .append(" (")
                .append(String.join("; ", results.about()))
                .append("):\n\n");
        text.append("| page | full | load gauges | repeat | unchanged | textparse series | with labels | expfmt |")
                .append(" hawkular | SkyWalking |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        PAGES.forEach(page -> row(text, page, results));
        text.append("\nAs ratios: how many times faster than another parser.\n\n");
        text.append(
                "| page | full ÷ series | full ÷ labels | full ÷ hawkular | repeat ÷ series | unchanged ÷ series |\n");
        text.append("|---|--:|--:|--:|--:|--:|\n");
        PAGES.forEach(page -> ratios(text, page, results));
        text.append(
                        "\nFrom bytes to a snapshot: microseconds, and bytes allocated, the snapshot among them. Of a watched target's ")
                .append(
                        "page (repeat) everything is worked out when it is asked for: at once, a monitor's pulse, all words.\n\n");
        text.append(
                        "| page | full | repeat | … pulse | … words | changes parsed alone | bytes, full | repeat | … pulse |")
                .append(" … words |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        PAGES.stream().filter(Way.SNAPSHOT::suits).forEach(page -> snapshots(text, page, results));
        return text.append('\n').toString();
    }

    private static void row(StringBuilder text, PageKind page, Results results) {
        int bytes = results.of(page, Way.FULL).map(Cell::pageBytes).orElse(0);
        text.append("| ").append(page.title()).append(" (").append(size(bytes)).append(")");
        for (Way way : List.of(
                Way.FULL,
                Way.FILTERED,
                Way.REPEAT,
                Way.SAME_PAGE_CHANGES,
                Way.TEXTPARSE_SERIES,
                Way.TEXTPARSE_LABELS,
                Way.EXPFMT,
                Way.HAWKULAR,
                Way.SKYWALKING)) {
            text.append(" | ").append(micros(results.of(page, way)));
        }
        text.append(" |\n");
    }

    private static void ratios(StringBuilder text, PageKind page, Results results) {
        text.append("| ").append(page.title());
        for (Optional<Double> ratio : List.of(
                results.ratio(page, Way.FULL, Way.TEXTPARSE_SERIES),
                results.ratio(page, Way.FULL, Way.TEXTPARSE_LABELS),
                results.ratio(page, Way.FULL, Way.HAWKULAR),
                results.ratio(page, Way.REPEAT, Way.TEXTPARSE_SERIES),
                results.ratio(page, Way.SAME_PAGE_CHANGES, Way.TEXTPARSE_SERIES))) {
            text.append(" | ").append(Table.times(ratio));
        }
        text.append(" |\n");
    }

    private static void snapshots(StringBuilder text, PageKind page, Results results) {
        text.append("| ").append(page.title());
        for (Way way : SNAPSHOTS) {
            text.append(" | ").append(micros(results.of(page, way)));
        }
        text.append(" | ").append(micros(results.of(page, Way.CHANGES)));
        for (Way way : SNAPSHOTS) {
            text.append(" | ")
                    .append(results.of(page, way)
                            .map(cell -> "%,d".formatted(cell.allocated()))
                            .orElse("-"));
        }
        text.append(" |\n");
    }

    private static String size(int bytes) {
        return bytes < 1_000_000 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3) : bytes / 1_000_000 + " MB";
    }

    private static String micros(Optional<Cell> cell) {
        return cell.map(c -> String.format(Locale.ROOT, c.least() < 100_000 ? "%.1f" : "%.0f", c.least() / 1e3))
                .orElse("-");
    }
}
