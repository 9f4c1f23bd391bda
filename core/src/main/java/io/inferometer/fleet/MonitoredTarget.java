package io.inferometer.fleet;

import io.inferometer.collect.Target;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One engine to watch: where it listens, what it is, how often to ask.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. What is null here is the monitor's option.
 *
 * @param name which instance, unique in a monitor; host:port unless told otherwise
 * @param engine the engine's name or an alias, in lower case, or {@code "auto"} to find out
 * @param target where it listens
 * @param labels what is known of it from elsewhere, such as model, variant, accelerator, zone, namespace, cost
 * @param interval time between two scrapes, 10 ms or more; null for the monitor's
 * @param wholeInterval time between two whole pages; null for the monitor's
 * @param timeout when to give up on a scrape; null for the monitor's
 */
public record MonitoredTarget(
        String name,
        String engine,
        Target target,
        Map<String, String> labels,
        @Nullable Duration interval,
        @Nullable Duration wholeInterval,
        @Nullable Duration timeout) {
    /** The engine's name that stands for "find out". */
    public static final String AUTO = "auto";

    /**
     * Checks the durations and copies the labels.
     *
     * @param name which instance
     * @param engine the engine's name, or {@code "auto"}
     * @param target where it listens
     * @param labels what is known of it from elsewhere
     * @param interval time between two scrapes, or null
     * @param wholeInterval time between two whole pages, or null
     * @param timeout when to give up on a scrape, or null
     * @throws IllegalArgumentException when the name or the engine is blank, or a duration is too short or too long
     */
    public MonitoredTarget {
        if (name.isBlank() || engine.isBlank()) {
            throw new IllegalArgumentException(
                    "A target needs a name and an engine; found name '%s' and engine '%s'. Use host:port and \"auto\" where nothing better is known."
                            .formatted(name, engine));
        }
        engine = engine.strip().toLowerCase(Locale.ROOT);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        Durations.checkInterval("interval", interval);
        Durations.checkInterval("wholeInterval", wholeInterval);
        Durations.checkPositive("timeout", timeout);
    }

    /**
     * A target whose engine is found from its page.
     *
     * @param url where it listens: its base ({@code http://gpu-7:8080}) or its page ({@code …/metrics})
     * @return the target, named by host and port
     * @throws IllegalArgumentException when this is no http or https URL
     */
    public static MonitoredTarget of(String url) {
        return of(AUTO, url);
    }

    /**
     * A target of a known engine, which is cheaper to read than one that must be found out.
     *
     * @param engine the engine's name or an alias
     * @param url where it listens
     * @return the target, named by host and port
     * @throws IllegalArgumentException when this is no http or https URL
     */
    public static MonitoredTarget of(String engine, String url) {
        return of(engine, Target.of(url));
    }

    /**
     * A target of a known engine.
     *
     * @param engine the engine's name or an alias
     * @param target where it listens
     * @return the target, named by host and port
     */
    public static MonitoredTarget of(String engine, Target target) {
        return new MonitoredTarget(target.hostAndPort(), engine, target, Map.of(), null, null, null);
    }

    /** A label's value, null when it has none of that name. */
    public @Nullable String label(String key) {
        return labels.get(key);
    }

    /** A copy with another name. */
    public MonitoredTarget withName(String other) {
        return new MonitoredTarget(other, engine, target, labels, interval, wholeInterval, timeout);
    }

    /** A copy with one more label; a second value for a key replaces the first. */
    public MonitoredTarget withLabel(String key, String value) {
        return withLabels(Map.of(key, value));
    }

    /** A copy with more labels; a second value for a key replaces the first. */
    public MonitoredTarget withLabels(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.putAll(more);
        return new MonitoredTarget(name, engine, target, all, interval, wholeInterval, timeout);
    }

    /** A copy that is read this often, 10 ms to a day. */
    public MonitoredTarget withInterval(Duration value) {
        return new MonitoredTarget(name, engine, target, labels, value, wholeInterval, timeout);
    }

    /** A copy whose whole page is read this often; between, at each interval, the load alone. */
    public MonitoredTarget withWholeInterval(Duration value) {
        return new MonitoredTarget(name, engine, target, labels, interval, value, timeout);
    }

    /** A copy on whose scrapes the monitor gives up after {@code value}. */
    public MonitoredTarget withTimeout(Duration value) {
        return new MonitoredTarget(name, engine, target, labels, interval, wholeInterval, value);
    }
}
