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
     * <p>Three differences are ours. Blanks before a metric name are no part of it. A line longer than
     * {@link ParserOptions#lineBytesMax()} and a sample with more labels than {@link ParserOptions#labelsMax()} refuse
     * the page. And a name so short that it would crash the original, {@code {a} 1}, does so too.
     */
    PROMETHEUS,

    /** OpenMetrics with all its semantic rules. Reserved: no parser can be made for it in this version. */
    STRICT
}
