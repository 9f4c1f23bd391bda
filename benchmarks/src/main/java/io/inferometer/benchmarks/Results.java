package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cells of one or more runs, and where they were measured; a file that programs and people can read. */
final class Results {
    private static final String HEAD = "page,way,page_bytes,least_ns,median_ns,allocated_bytes";

    private final List<String> about;
    private final Map<String, Cell> cells = new LinkedHashMap<>();

    Results(List<String> about) {
        this.about = List.copyOf(about);
    }

    static Results read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        Results results = new Results(lines.stream()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2))
                .toList());
        lines.stream()
                .filter(line -> !line.startsWith("#") && !line.equals(HEAD) && !line.isBlank())
                .forEach(line -> results.add(cell(line.split(",", -1))));
        return results;
    }

    private static Cell cell(String[] fields) {
        return new Cell(
                PageKind.of(fields[0]),
                Way.valueOf(fields[1]),
                Integer.parseInt(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]));
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        about.forEach(line -> lines.add("# " + line));
        lines.add(HEAD);
        cells.values().stream()
                .sorted(Comparator.comparing(Cell::page).thenComparing(Cell::way))
                .forEach(cell -> lines.add("%s,%s,%d,%d,%d,%d"
                        .formatted(
                                cell.page().fileName(),
                                cell.way(),
                                cell.pageBytes(),
                                cell.least(),
                                cell.median(),
                                cell.allocated())));
        Files.write(file, lines, StandardCharsets.UTF_8);
    }

    void add(Cell cell) {
        cells.put(key(cell.page(), cell.way()), cell);
    }

    void addAll(Results others) {
        cells.putAll(others.cells);
    }

    /** Where and when, one fact a line. */
    List<String> about() {
        return about;
    }

    Optional<Cell> of(PageKind page, Way way) {
        return Optional.ofNullable(cells.get(key(page, way)));
    }

    /** How many times faster than {@code peer} the page is read, by the least times of one run. */
    Optional<Double> ratio(PageKind page, Way way, Way peer) {
        return of(page, way).flatMap(ours -> of(page, peer).map(theirs -> (double) theirs.least() / ours.least()));
    }

    private static String key(PageKind page, Way way) {
        return page.name() + ' ' + way;
    }
}
