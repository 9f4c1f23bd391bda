package io.inferometer.fleet;

/**
 * A gauge over a window.
 *
 * <p>Immutable and safe to share. The unit is that of the field.
 *
 * @param max the highest value seen
 * @param mean the mean of the values seen, one a scrape
 * @param samples how many values were seen, one at least
 */
public record GaugeWindow(double max, double mean, long samples) {}
