package io.inferometer.spi;

/**
 * How an engine is asked for some samples of its page: their names as repeated parameters of the query.
 *
 * <p>Immutable and safe to share.
 *
 * @param path relative to the engine's base URL, such as {@code "/metrics/"}
 * @param parameter the parameter that takes a sample's name, such as {@code "name[]"}
 */
public record PartialPage(String path, String parameter) {}
