package io.inferometer.parser;

/** What a parser does with a page that breaks the rules. */
public enum ParseMode {
    /**
     * A bad line costs that line: it is skipped, counted and, for the first few, explained. No data of another line is
     * ever lost with it.
     *
     * <table>
     * <caption>What lenient mode keeps, and what it skips and counts</caption>
     * <tr><th>kept</th><th>skipped</th></tr>
     * <tr><td>a carriage return before the newline; a byte order mark at the start of the page; a last line without
     *     newline, if the page ended there</td>
     *     <td>a last line without newline, if the body was cut there: {@code a 41} may be the start of 4115</td></tr>
     * <tr><td>blanks and tabs between any two tokens</td>
     *     <td>a name that runs into something else: {@code a-b 1}, {@code a"b" 1}</td></tr>
     * <tr><td>labels without comma or with a blank instead, commas in front, doubled, at the end</td>
     *     <td>a label name twice, an empty one, {@code __name__}</td></tr>
     * <tr><td>unknown escapes, as they are written</td>
     *     <td>a newline in a quoted text: both halves; bytes that are not UTF-8, in a HELP text too</td></tr>
     * <tr><td>{@code NaN} and infinities in every spelling, {@code -nan} too; {@code +5}, {@code .5}, {@code 5.},
     *     {@code 1e+011}; what is too small becomes 0</td>
     *     <td>{@code 1e400} and all else that no double holds; hexadecimal, underscores, {@code 1f}, {@code 1d}</td></tr>
     * <tr><td>negative milliseconds; in OpenMetrics seconds with a fraction, rounded down</td>
     *     <td>a fraction in the text format; what no long holds</td></tr>
     * <tr><td>an exemplar behind a sample, in the text format too</td>
     *     <td>anything else behind a sample</td></tr>
     * <tr><td>a TYPE after the samples, or twice; it holds from there on. A series twice</td>
     *     <td>samples behind {@code # EOF}, in OpenMetrics</td></tr>
     * <tr><td>TYPE words of both formats in both, in any case, and {@code untyped}; a HELP, TYPE or UNIT line that says
     *     nothing understandable is a comment like any other</td>
     *     <td>lines and label lists beyond the {@linkplain ParserOptions limits}, comments too</td></tr>
     * </table>
     */
    LENIENT,

    /**
     * A page is taken or refused whole, as a scrape of Prometheus 3 takes or refuses it: by its text parsers, and by the
     * checks behind them (a label name twice, a name that is empty or not UTF-8). A refusal says where, what was expected
     * and what was found.
     *
     * <p>These differences are ours. Blanks before a metric name are no part of it. A line longer than
     * {@link ParserOptions#lineBytesMax()} and a sample with more labels than {@link ParserOptions#labelsMax()} refuse
     * the page. So does a name so short that it would crash the original, {@code {a} 1}. A label name twice refuses the
     * page even if one of the values is empty, where the original loses both. An OpenMetrics page of no bytes lacks its
     * {@code # EOF}, where a scrape does not look. And the values are those of the page: {@code le="1"} stays as it is
     * written, seconds become milliseconds without a detour through a double, escapes in an exemplar's labels are
     * resolved.
     */
    PROMETHEUS,

    /**
     * A page is taken or refused whole, by the grammar of OpenMetrics 1.0 and by its rules. All 211 pages of the project's
     * own suite get the verdict they should. A refusal says where, what was expected and what was found; what can only be
     * seen when a metric is over, such as a bucket that is missing, is told at the line behind it.
     *
     * <p>The page is OpenMetrics whatever {@link ParserOptions#format()} says, since there is no strict text format.
     * Beyond the grammar these are the rules:
     *
     * <ul>
     *   <li>A family is one block: HELP, TYPE and UNIT, each once at most and before the samples, then the samples. No name
     *       of a family or of a sample is that of another family, even if the other one only could have it. A unit is the
     *       end of the family's name; an info and a stateset have none.
     *   <li>The samples of a metric stand together, and those of a point. A series is there once, or with timestamps that
     *       never go back; either all samples of a metric have one or none has. A label without a value is none.
     *   <li>Totals, sums, counts and buckets are neither NaN nor negative, counts and buckets whole. A counter has its
     *       total. A state is 0 or 1, an info 1, a quantile between 0 and 1 and its value not negative.
     *   <li>Buckets rise in bounds and in values and end with {@code le="+Inf"}, which equals the count. Count and sum come
     *       together, and not beside a negative bound, but for a gauge histogram, the sum of which may be negative then and
     *       only then. No other sample has a label {@code le}.
     *   <li>An exemplar is on a bucket, within its bounds, or on a total, and has 128 characters at most.
     *   <li>The page ends with {@code # EOF} and one newline or none.
     * </ul>
     *
     * <p>Taken are names that begin with an underscore or hold a colon, which the standard reserves but its grammar
     * knows. Refused are names in quotes, which came after 1.0, and pages past what is kept in mind of them: lines and
     * labels beyond the {@linkplain ParserOptions limits}, more than 262,144 names of families and samples, 524,288
     * metrics in one family or samples in one metric.
     */
    STRICT
}
