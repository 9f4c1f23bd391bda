package io.inferometer.kubernetes;

import io.inferometer.Collectors;
import io.inferometer.fleet.MonitoredTarget;
import java.util.Set;
import java.util.TreeSet;

/** The engines whose backends are on the class path, and what to say of others. Immutable. */
final class Engines {
    private final Set<String> names = new TreeSet<>();

    Engines() {
        Collectors.engines().forEach(engine -> {
            names.add(engine.name());
            names.addAll(engine.aliases());
        });
    }

    boolean isKnown(String name) {
        return isAuto(name) || names.contains(name);
    }

    boolean isAuto(String name) {
        return name.equals(MonitoredTarget.AUTO);
    }

    String unknown(String pod, String label) {
        return "Pod '%s' is labelled with the engine '%s', which no backend on the class path answers to; found %s. Until it is one of these, the engine is taken from the image or found out."
                .formatted(pod, label, names);
    }

    String missing(String pod, String engine) {
        return "Pod '%s' runs %s by its image, but no backend on the class path reads that; found %s. Add the dependency 'inferometer-backend-%s'."
                .formatted(pod, engine, names, engine);
    }
}
