package io.inferometer.fleet;

import java.time.Instant;

/**
 * Why the last scrape that failed did so.
 *
 * <p>Immutable and safe to share.
 *
 * @param kind the cause as a word
 * @param message what was asked, what was found, what to do; without user-info, queries and headers
 * @param at when it failed, by this machine's clock
 * @param passing whether the same scrape may well succeed a little later without anybody changing anything
 */
public record ScrapeFailure(FailureKind kind, String message, Instant at, boolean passing) {}
