package io.inferometer.fleet;

import java.time.Duration;
import java.util.Map;

/**
 * What a monitor counted about itself since it was made.
 *
 * <p>Immutable and safe to share.
 *
 * @param targets how many targets it has
 * @param byState how many of them are in each state; a state without targets is left out
 * @param loadScrapes good scrapes of the load alone
 * @param wholeScrapes good scrapes of the whole page
 * @param failures failed scrapes by their cause; a cause that never happened is left out
 * @param bytes bytes of all bodies read, decoded
 * @param parseTime time spent reading them, in all threads together
 * @param scrapeTime time spent in scrapes, in all threads together, waiting for engines included
 * @param lateTicks scrapes that began more than 10 ms after they were due
 * @param skippedTicks scrapes that were left out because the one before still ran
 * @param lagMax the longest time that a scrape began after it was due
 * @param lagTotal the sum of these times
 * @param threads threads of its own that live now, listeners' included
 * @param threadsMax the most that lived at one time
 * @param listenerEvents events handed to listeners and subscribers
 * @param listenerDrops events that a listener lost because it was too slow
 * @param listenerErrors exceptions that listeners threw
 */
public record MonitorStats(
        int targets,
        Map<TargetState, Integer> byState,
        long loadScrapes,
        long wholeScrapes,
        Map<FailureKind, Long> failures,
        long bytes,
        Duration parseTime,
        Duration scrapeTime,
        long lateTicks,
        long skippedTicks,
        Duration lagMax,
        Duration lagTotal,
        int threads,
        int threadsMax,
        long listenerEvents,
        long listenerDrops,
        long listenerErrors) {
    /**
     * Copies the maps.
     *
     * @param targets how many targets
     * @param byState how many in each state
     * @param loadScrapes good scrapes of the load alone
     * @param wholeScrapes good scrapes of the whole page
     * @param failures failed scrapes by their cause
     * @param bytes bytes of all bodies
     * @param parseTime time spent reading them
     * @param scrapeTime time spent in scrapes
     * @param lateTicks scrapes that began late
     * @param skippedTicks scrapes that were left out
     * @param lagMax the longest lag
     * @param lagTotal the sum of all lags
     * @param threads threads now
     * @param threadsMax threads at most
     * @param listenerEvents events handed out
     * @param listenerDrops events lost
     * @param listenerErrors exceptions thrown
     */
    public MonitorStats {
        byState = Map.copyOf(byState);
        failures = Map.copyOf(failures);
    }

    /** Scrapes that ended, well or badly. */
    public long scrapes() {
        return loadScrapes + wholeScrapes + failed();
    }

    /** Scrapes that failed. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }
}
