package io.inferometer.saturation;

import io.inferometer.fleet.EngineMonitor;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SaturationCollectorFactory} makes a collector from: settings by name, and a monitor where the source reads
 * from one.
 *
 * <p>Immutable and safe to share. Settings are texts, as they come from a file or the command line; which names there are,
 * {@link SaturationCollectorFactory#settings} says. Durations are written {@code 30s}, {@code 500ms}, {@code 1m30s} or in
 * ISO 8601.
 */
public final class SaturationConfig {
    private static final SaturationConfig NONE = new SaturationConfig(Map.of(), null);

    private final Map<String, String> settings;
    private final @Nullable EngineMonitor monitor;

    private SaturationConfig(Map<String, String> settings, @Nullable EngineMonitor monitor) {
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        this.monitor = monitor;
    }

    /** No setting: the defaults of the source. */
    public static SaturationConfig none() {
        return NONE;
    }

    /** Settings by name; copied. */
    public static SaturationConfig of(Map<String, String> settings) {
        return new SaturationConfig(settings, null);
    }

    /** A monitor to read from, which stays the caller's to start and to close. */
    public static SaturationConfig of(EngineMonitor monitor) {
        return new SaturationConfig(Map.of(), monitor);
    }

    /** A copy with a setting; a second value for a name replaces the first. */
    public SaturationConfig with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return new SaturationConfig(more, monitor);
    }

    /** A copy with a monitor to read from. */
    public SaturationConfig with(EngineMonitor other) {
        return new SaturationConfig(settings, other);
    }

    /** The settings by name; not modifiable. */
    public Map<String, String> settings() {
        return settings;
    }

    /** The monitor to read from, or null. */
    public @Nullable EngineMonitor monitor() {
        return monitor;
    }

    /** A setting's text without blanks around it, null when it is not set. */
    public @Nullable String text(String name) {
        String value = settings.get(name);
        return value == null ? null : value.strip();
    }

    /**
     * A setting that is a duration.
     *
     * @param name its name
     * @param otherwise what it is when it is not set
     * @return the duration, zero or more
     * @throws IllegalArgumentException when the text is no duration; names the setting
     */
    public Duration duration(String name, Duration otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Duration read = DurationText.read(value);
        if (read == null) {
            throw new IllegalArgumentException(
                    "The setting '%s' is '%s', which is no duration. Write it like 30s, 500ms, 1m30s or PT30S."
                            .formatted(name, value));
        }
        return read;
    }

    /**
     * A setting that is true or false.
     *
     * @param name its name
     * @param otherwise what it is when it is not set
     * @return the setting
     * @throws IllegalArgumentException when the text is neither; names the setting
     */
    public boolean flag(String name, boolean otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "The setting '%s' is '%s'. Write true or false.".formatted(name, value));
        };
    }

    /**
     * The options that every source has, from the settings {@code deadline}, {@code stale-after}, {@code fresh-below} and
     * {@code stale-below}.
     *
     * @throws IllegalArgumentException when one of them is no duration or out of range; names it
     */
    public SaturationOptions options() {
        SaturationOptions defaults = SaturationOptions.DEFAULTS;
        FreshnessThresholds bounds = defaults.freshness();
        Duration freshBelow = duration("fresh-below", bounds.freshBelow());
        Duration staleBelow = duration("stale-below", bounds.staleBelow());
        if (freshBelow.isZero() || freshBelow.compareTo(staleBelow) > 0) {
            throw new IllegalArgumentException(
                    "The settings 'fresh-below' and 'stale-below' are %s and %s. The first must be more than zero, and not more than the second."
                            .formatted(freshBelow, staleBelow));
        }
        Duration staleAfter = duration("stale-after", defaults.staleAfter());
        if (staleAfter.isZero()) {
            throw new IllegalArgumentException("The setting 'stale-after' is zero. Write a duration such as 2m.");
        }
        return defaults.withDeadline(duration("deadline", defaults.deadline()))
                .withStaleAfter(staleAfter)
                .withFreshness(new FreshnessThresholds(freshBelow, staleBelow));
    }

    /**
     * Refuses settings that a source does not have.
     *
     * @param source the source's name, for the message
     * @param known the settings that it has
     * @throws IllegalArgumentException when there is another one; names it and those that there are
     */
    public void requireOnly(String source, List<Setting> known) {
        List<String> names = known.stream().map(Setting::name).toList();
        for (String name : settings.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("The source '%s' has no setting '%s'; it has %s."
                        .formatted(source, name, String.join(", ", names)));
            }
        }
    }

    /**
     * A setting that a source has.
     *
     * <p>Immutable and safe to share.
     *
     * @param name its name, such as {@code "stale-after"}
     * @param description what it does and its default, in a sentence
     */
    public record Setting(String name, String description) {
        /** The settings that every source has; {@link SaturationConfig#options} reads them. */
        public static final List<Setting> COMMON = List.of(
                new Setting("deadline", "How long a fetch may wait for values that are on their way; 10s by default."),
                new Setting(
                        "stale-after",
                        "A fetch fails when the values of every replica are older than this; 2m by default."),
                new Setting("fresh-below", "Values younger than this are FRESH; 1m by default."),
                new Setting("stale-below", "Values younger than this are STALE at least; 5m by default."));
    }
}
