package io.inferometer.parser;

/**
 * A line that could not be read, and why.
 *
 * @param line its number on the page, from 1
 * @param column where reading stopped, in bytes from 1
 * @param reason what was expected and what was found
 */
public record SkippedLine(long line, int column, String reason) {}
