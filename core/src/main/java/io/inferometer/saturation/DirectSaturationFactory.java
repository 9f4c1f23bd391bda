package io.inferometer.saturation;

import io.inferometer.fleet.EngineMonitor;
import java.util.List;
import java.util.Set;

/**
 * Makes collectors that read from an {@link EngineMonitor}: the source {@code "direct"}, also called {@code "epp"}, since
 * endpoint pickers of routers read engines this way.
 *
 * <p>Stateless and safe to share.
 */
public final class DirectSaturationFactory implements SaturationCollectorFactory {
    /** For {@link java.util.ServiceLoader}. */
    public DirectSaturationFactory() {}

    @Override
    public String name() {
        return DirectSaturationCollector.NAME;
    }

    @Override
    public Set<String> aliases() {
        return Set.of("epp");
    }

    @Override
    public List<SaturationConfig.Setting> settings() {
        return SaturationConfig.Setting.COMMON;
    }

    @Override
    public SaturationCollector create(SaturationConfig config) {
        config.requireOnly(name(), settings());
        SaturationOptions options = config.options();
        EngineMonitor monitor = config.monitor();
        if (monitor == null) {
            throw new IllegalArgumentException(
                    "The source 'direct' reads from an EngineMonitor, and none was given. Pass one with SaturationConfig.of(monitor), or use SaturationCollectors.direct(monitor).");
        }
        return new DirectSaturationCollector(monitor, options);
    }
}
