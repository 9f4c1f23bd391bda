package io.inferometer.examples;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParseSummary;
import java.util.Map;
import java.util.TreeMap;

/** The parser alone, for any page. */
final class ParsePage {
    private ParsePage() {}

    // region parse
    /** The sum of each family's samples, by name. */
    static Map<String, Double> sums(byte[] page) {
        Map<String, Double> sums = new TreeMap<>();
        ParseSummary summary =
                new PageParser().parse(page, sample -> sums.merge(sample.name(), sample.value(), Double::sum));
        if (summary.skippedLines() > 0) {
            throw new IllegalArgumentException("Not all of it could be read: " + summary.firstSkipped());
        }
        return sums;
    }
    // endregion
}
