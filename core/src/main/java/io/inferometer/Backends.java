package io.inferometer;

import io.inferometer.spi.EngineBackend;
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

/** The backends on the class path or module path, loaded one at a time: a broken jar is a warning, no more. */
final class Backends {
    private static final Logger LOG = LoggerFactory.getLogger(Collectors.class);

    private Backends() {}

    /** By name, sorted. */
    static Map<String, EngineBackend<?>> load() {
        List<EngineBackend<?>> found = new ArrayList<>();
        ClassLoader own = Collectors.class.getClassLoader();
        addFrom(ServiceLoader.load(EngineBackend.class, own), found);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && !context.equals(own)) {
            addFrom(ServiceLoader.load(EngineBackend.class, context), found);
        }
        return byName(found);
    }

    static Map<String, EngineBackend<?>> byName(Collection<EngineBackend<?>> backends) {
        Map<String, EngineBackend<?>> byName = new TreeMap<>();
        for (EngineBackend<?> backend : backends) {
            EngineBackend<?> before = byName.putIfAbsent(backend.name(), backend);
            if (before != null && before.getClass() != backend.getClass()) {
                throw new IllegalStateException(
                        "Two backends are called '%s': %s and %s. Remove one from the class path."
                                .formatted(
                                        backend.name(),
                                        before.getClass().getName(),
                                        backend.getClass().getName()));
            }
        }
        return byName;
    }

    @SuppressWarnings("rawtypes") // A service is looked up by its raw class.
    static void addFrom(ServiceLoader<EngineBackend> loader, List<EngineBackend<?>> found) {
        Iterator<EngineBackend> providers = loader.iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                LOG.warn("A backend on the class path could not be loaded and is left out: {}", e.toString());
            }
        }
    }
}
