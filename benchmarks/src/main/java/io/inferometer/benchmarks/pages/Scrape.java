package io.inferometer.benchmarks.pages;

/**
 * One page, and what a parser must find on it.
 *
 * @param bytes the page; not to be written to
 * @param samples how many samples it has
 * @param labels how many labels they have
 * @param sum the sum of their values
 */
@SuppressWarnings("ArrayRecordComponent") // Read by many, compared by nobody.
public record Scrape(byte[] bytes, int samples, long labels, double sum) {}
