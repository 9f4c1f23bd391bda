package io.inferometer.parser;

/**
 * Hears what stands on a page, line by line, in the order of the page.
 *
 * <p>Called on the thread that parses. What a callback throws ends the parse and reaches the caller.
 */
@FunctionalInterface
public interface SampleHandler {
    /**
     * Hears one sample.
     *
     * @param sample a view of the line, valid only until this method returns
     */
    void onSample(Sample sample);

    /** Whether this handler wants the three metadata callbacks; no String is built for one that does not. */
    default boolean wantsMetadata() {
        return false;
    }

    /**
     * Hears a {@code # TYPE} line.
     *
     * @param family the family's name as the page spells it
     * @param type its type
     */
    default void onType(String family, MetricType type) {}

    /**
     * Hears a {@code # HELP} line.
     *
     * @param family the family's name as the page spells it
     * @param help the text behind the name, escapes resolved
     */
    default void onHelp(String family, String help) {}

    /**
     * Hears a {@code # UNIT} line, which only OpenMetrics has.
     *
     * @param family the family's name as the page spells it
     * @param unit the unit, such as {@code "seconds"}
     */
    default void onUnit(String family, String unit) {}

    /** Whether this handler wants to hear of each line that is skipped; the summary explains the first few anyway. */
    default boolean wantsSkippedLines() {
        return false;
    }

    /**
     * Hears of a line that could not be read, when it is passed over.
     *
     * @param line where it is, and why
     */
    default void onSkippedLine(SkippedLine line) {}
}
