package io.inferometer.spi;

import io.inferometer.snapshot.Labels;
import java.util.List;
import java.util.function.Predicate;

/**
 * A family of a page that the catalog knows, with its series.
 *
 * <p>Immutable and safe to share.
 *
 * @param name its name as the page spells it, without the suffix of a histogram's lines
 * @param series its series in the order of the page; never empty
 */
public record Family(String name, List<Series> series) {
    /**
     * Copies the list.
     *
     * @param name its name as the page spells it
     * @param series its series
     */
    public Family {
        series = List.copyOf(series);
    }

    Family where(Predicate<Labels> wanted) {
        return new Family(
                name, series.stream().filter(one -> wanted.test(one.labels())).toList());
    }
}
