package io.inferometer.saturation;

import java.util.List;
import java.util.Set;

/**
 * Makes a {@link SaturationCollector} of one kind; found by name through {@link java.util.ServiceLoader}.
 *
 * <p>Stateless and safe to share. A provider needs a public constructor without parameters.
 */
public interface SaturationCollectorFactory {
    /** The name users type, lower case and unique on the class path: {@code "direct"}. */
    String name();

    /** Other names users may type, lower case. */
    default Set<String> aliases() {
        return Set.of();
    }

    /** The settings that it has. */
    List<SaturationConfig.Setting> settings();

    /**
     * Makes a collector.
     *
     * @param config settings, and a monitor where the source reads from one
     * @return the collector; to be closed
     * @throws IllegalArgumentException when a setting is unknown, missing or bad; names it and says what is expected
     */
    SaturationCollector create(SaturationConfig config);
}
