package io.inferometer.fleet;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a monitor works. {@link #DEFAULTS} suits a dashboard; a router shortens the interval.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy.
 */
public final class MonitorOptions {
    /** Load each second, the whole page every five. */
    public static final MonitorOptions DEFAULTS = new MonitorOptions(new Values());

    private final Values values;

    private MonitorOptions(Values values) {
        this.values = values;
    }

    /** Time between two scrapes of a target; 1 s by default. */
    public Duration interval() {
        return values.interval;
    }

    /** Time between two whole pages of a target, between which the load alone is read; 5 s by default. */
    public Duration wholeInterval() {
        return values.wholeInterval;
    }

    /** When to give up on a scrape; 5 s by default. */
    public Duration timeout() {
        return values.timeout;
    }

    /** The longest pause between two scrapes of a target that keeps failing; 30 s by default. */
    public Duration backoffMax() {
        return values.backoffMax;
    }

    /** From which age a target is stale; null (the default) for three of its intervals, one second at least. */
    public @Nullable Duration staleAfter() {
        return values.staleAfter;
    }

    /** From which age a target is down; null (the default) for ten of its intervals, five seconds at least. */
    public @Nullable Duration downAfter() {
        return values.downAfter;
    }

    /** The length of the windows; one minute by default. */
    public Duration window() {
        return values.window;
    }

    /** The shortest time over which a rate is taken once so much is known; 1 s by default. */
    public Duration ratesOver() {
        return values.ratesOver;
    }

    /** How many events wait for one listener; 1,024 by default. */
    public int listenerQueueMax() {
        return values.listenerQueueMax;
    }

    /** How many threads there are at most, listeners' not counted; 128 by default, of which few are ever started. */
    public int threadsMax() {
        return values.threadsMax;
    }

    /** How long {@link EngineMonitor#close} waits for scrapes and listeners; 5 s by default. */
    public Duration closeTimeout() {
        return values.closeTimeout;
    }

    /** Where scrapes and listeners run; null (the default) for threads of the monitor's own. */
    public @Nullable Executor executor() {
        return values.executor;
    }

    /** Where the time is read. */
    public MonitorClock clock() {
        return values.clock;
    }

    /** A copy that reads each target this often, 10 ms to a day. */
    public MonitorOptions withInterval(Duration value) {
        Durations.checkInterval("interval", value);
        return changed(copy -> copy.interval = value);
    }

    /** A copy that reads the whole page this often, 10 ms to a day; no longer than the interval for whole pages only. */
    public MonitorOptions withWholeInterval(Duration value) {
        Durations.checkInterval("wholeInterval", value);
        return changed(copy -> copy.wholeInterval = value);
    }

    /** A copy that gives up on a scrape after {@code value}. */
    public MonitorOptions withTimeout(Duration value) {
        Durations.checkPositive("timeout", value);
        return changed(copy -> copy.timeout = value);
    }

    /** A copy that pauses at most {@code value} before it asks a failing target again. */
    public MonitorOptions withBackoffMax(Duration value) {
        Durations.checkPositive("backoffMax", value);
        return changed(copy -> copy.backoffMax = value);
    }

    /** A copy in which a target is stale from this age. */
    public MonitorOptions withStaleAfter(Duration value) {
        Durations.checkPositive("staleAfter", value);
        return changed(copy -> copy.staleAfter = value);
    }

    /** A copy in which a target is down from this age; what is not more than {@code staleAfter} leaves out STALE. */
    public MonitorOptions withDownAfter(Duration value) {
        Durations.checkPositive("downAfter", value);
        return changed(copy -> copy.downAfter = value);
    }

    /** A copy with windows of this length, a second at least. */
    public MonitorOptions withWindow(Duration value) {
        Durations.checkPositive("window", value);
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "window must be a second or more; found %s. Use Duration.ofMinutes(1), say.".formatted(value));
        }
        return changed(copy -> copy.window = value);
    }

    /** A copy that takes rates over at least {@code value}, once so much is known. */
    public MonitorOptions withRatesOver(Duration value) {
        Durations.checkPositive("ratesOver", value);
        return changed(copy -> copy.ratesOver = value);
    }

    /** A copy in which this many events wait for one listener. */
    public MonitorOptions withListenerQueueMax(int value) {
        checkAtLeast("listenerQueueMax", 1, value);
        return changed(copy -> copy.listenerQueueMax = value);
    }

    /** A copy with this many threads at most, two at least. */
    public MonitorOptions withThreadsMax(int value) {
        checkAtLeast("threadsMax", 2, value);
        return changed(copy -> copy.threadsMax = value);
    }

    /** A copy that waits this long when it is closed. */
    public MonitorOptions withCloseTimeout(Duration value) {
        Durations.checkPositive("closeTimeout", value);
        return changed(copy -> copy.closeTimeout = value);
    }

    /**
     * A copy that scrapes and calls listeners on {@code value}; only one thread of the monitor's own, which keeps the
     * schedule, is left. A scrape blocks its thread: an executor with too few of them makes ticks late, and stays the
     * caller's to shut down.
     */
    public MonitorOptions withExecutor(Executor value) {
        return changed(copy -> copy.executor = value);
    }

    /** A copy that reads the time elsewhere, for tests. */
    public MonitorOptions withClock(MonitorClock value) {
        return changed(copy -> copy.clock = value);
    }

    private static void checkAtLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be %d or more; found %d.".formatted(name, least, value));
        }
    }

    private MonitorOptions changed(Consumer<Values> change) {
        Values copy = new Values(values);
        change.accept(copy);
        return new MonitorOptions(copy);
    }

    /** Never changed once an instance of options holds it. */
    private static final class Values {
        private Duration interval = Duration.ofSeconds(1);
        private Duration wholeInterval = Duration.ofSeconds(5);
        private Duration timeout = Duration.ofSeconds(5);
        private Duration backoffMax = Duration.ofSeconds(30);
        private @Nullable Duration staleAfter;
        private @Nullable Duration downAfter;
        private Duration window = Duration.ofMinutes(1);
        private Duration ratesOver = Duration.ofSeconds(1);
        private int listenerQueueMax = 1024;
        private int threadsMax = 128;
        private Duration closeTimeout = Duration.ofSeconds(5);
        private @Nullable Executor executor;
        private MonitorClock clock = MonitorClock.system();

        Values() {}

        Values(Values other) {
            interval = other.interval;
            wholeInterval = other.wholeInterval;
            timeout = other.timeout;
            backoffMax = other.backoffMax;
            staleAfter = other.staleAfter;
            downAfter = other.downAfter;
            window = other.window;
            ratesOver = other.ratesOver;
            listenerQueueMax = other.listenerQueueMax;
            threadsMax = other.threadsMax;
            closeTimeout = other.closeTimeout;
            executor = other.executor;
            clock = other.clock;
        }
    }
}
