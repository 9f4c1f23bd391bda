package io.inferometer;

import io.inferometer.saturation.SaturationCollectorFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sources of saturation on the class path or module path, loaded one at a time: a broken jar is a warning, no more. */
final class SaturationSources {
    private static final Logger LOG = LoggerFactory.getLogger(SaturationCollectors.class);

    private SaturationSources() {}

    /** By name, sorted. */
    static Map<String, SaturationCollectorFactory> load() {
        List<SaturationCollectorFactory> found = new ArrayList<>();
        ClassLoader own = SaturationCollectors.class.getClassLoader();
        addFrom(ServiceLoader.load(SaturationCollectorFactory.class, own), found);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && !context.equals(own)) {
            addFrom(ServiceLoader.load(SaturationCollectorFactory.class, context), found);
        }
        return byName(found);
    }

    static Map<String, SaturationCollectorFactory> byName(Collection<SaturationCollectorFactory> factories) {
        Map<String, SaturationCollectorFactory> byName = new TreeMap<>();
        for (SaturationCollectorFactory factory : factories) {
            SaturationCollectorFactory before = byName.putIfAbsent(factory.name(), factory);
            if (before != null && before.getClass() != factory.getClass()) {
                throw new IllegalStateException(
                        "Two sources of saturation are called '%s': %s and %s. Remove one from the class path."
                                .formatted(
                                        factory.name(),
                                        before.getClass().getName(),
                                        factory.getClass().getName()));
            }
        }
        return byName;
    }

    static void addFrom(ServiceLoader<SaturationCollectorFactory> loader, List<SaturationCollectorFactory> found) {
        Iterator<SaturationCollectorFactory> providers = loader.iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                LOG.warn(
                        "A source of saturation on the class path could not be loaded and is left out: {}",
                        e.toString());
            }
        }
    }
}
