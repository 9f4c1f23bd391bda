package io.inferometer.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Where to cut a page to see that a cut page is survived: everywhere, or of a large one where it may matter. */
final class Cuts {
    static final int WHOLE_PAGE_BYTES_MAX = 8 << 10;
    static final int END_BYTES = 4 << 10;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

    private Cuts() {}

    /**
     * The lengths to cut a page to, growing: of a page up to 8 kB every length; of a larger one those in its first and
     * last 4 kB, and all within one line of each shape.
     */
    static Set<Integer> of(byte[] page) {
        Set<Integer> lengths = new TreeSet<>();
        if (page.length <= WHOLE_PAGE_BYTES_MAX) {
            addRange(0, page.length - 1, lengths);
            return lengths;
        }
        addRange(0, END_BYTES, lengths);
        addRange(page.length - END_BYTES, page.length - 1, lengths);
        addShapes(page, lengths);
        return lengths;
    }

    private static void addShapes(byte[] page, Set<Integer> lengths) {
        Set<String> seen = new HashSet<>();
        int start = 0;
        while (start < page.length) {
            int end = lineEnd(page, start);
            String line = new String(page, start, end - start, StandardCharsets.UTF_8);
            if (seen.add(shapeOf(line))) {
                addRange(start, Math.min(end + 1, page.length - 1), lengths);
            }
            start = end + 1;
        }
    }

    /**
     * What kind of line it is: which comment, or of a sample which suffix, whether it has labels, whether one of them
     * splits a distribution, and how its value is written.
     */
    static String shapeOf(String line) {
        if (line.isBlank()) {
            return "blank";
        }
        if (line.startsWith("#")) {
            return line.split(" ", 3).length < 2 ? "#" : "# " + line.split(" ", 3)[1];
        }
        int brace = line.indexOf('{');
        int blank = line.indexOf(' ');
        String name = line.substring(0, brace >= 0 ? brace : blank >= 0 ? blank : line.length());
        String labels = brace < 0 ? "" : line.contains("quantile=\"") ? "{quantile}" : "{}";
        String value = line.substring(line.lastIndexOf(' ') + 1);
        return suffixOf(name) + labels + " " + formOf(value);
    }

    private static String suffixOf(String name) {
        int last = name.lastIndexOf('_');
        String suffix = last < 0 ? "" : name.substring(last);
        return Set.of("_bucket", "_sum", "_count", "_total", "_created", "_info")
                        .contains(suffix)
                ? suffix
                : "name";
    }

    private static String formOf(String value) {
        if (NUMBER.matcher(value).matches()) {
            return "integer";
        }
        if (value.contains("e") || value.contains("E")) {
            return "exponent";
        }
        return value.contains(".") ? "fraction" : value;
    }

    private static int lineEnd(byte[] page, int from) {
        int end = from;
        while (end < page.length && page[end] != '\n') {
            end++;
        }
        return end;
    }

    private static void addRange(int from, int to, Set<Integer> lengths) {
        for (int length = Math.max(0, from); length <= to; length++) {
            lengths.add(length);
        }
    }
}
