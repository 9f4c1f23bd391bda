package io.inferometer.exporter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Rows of cells in columns that are as wide as they must be. Cells are made fit for a terminal. One thread. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(String... cells) {
        return row(Arrays.asList(cells));
    }

    TextTable row(List<String> cells) {
        rows.add(cells.stream().map(Printable::line).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The rows, each without blanks at its end. */
    List<String> lines() {
        int[] widths = widths();
        return rows.stream().map(cells -> line(cells, widths)).toList();
    }

    /** The rows as a table of Markdown; the first is its head. */
    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        for (List<String> cells : rows) {
            lines.add("| " + String.join(" | ", cells) + " |");
        }
        lines.add(1, "|" + String.join("|", Collections.nCopies(rows.get(0).size(), "---")) + "|");
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> cells : rows) {
            for (int i = 0; i < cells.size(); i++) {
                widths[i] = Math.max(widths[i], Printable.width(cells.get(i)));
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(cell)
                    .append(" ".repeat(widths[i] - Printable.width(cell)))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
