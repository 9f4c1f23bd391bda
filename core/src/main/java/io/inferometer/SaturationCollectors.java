package io.inferometer;

import io.inferometer.fleet.EngineMonitor;
import io.inferometer.saturation.DirectSaturationCollector;
import io.inferometer.saturation.SaturationCollectorFactory;
import io.inferometer.saturation.SaturationOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where saturation is read from: {@code SaturationCollectors.direct(monitor).fetch("llama-3-8b")}.
 *
 * <p>Stateless and safe to share. Sources are those whose factories are on the class path or module path.
 */
public final class SaturationCollectors {
    private static final Map<String, String> ELSEWHERE =
            Map.of("prometheus", "io.inferometer:inferometer-source-prometheus");

    private SaturationCollectors() {}

    /**
     * A collector that reads what a monitor knows.
     *
     * @param monitor what to read from; the caller starts and closes it
     * @return the collector, with default options
     */
    public static DirectSaturationCollector direct(EngineMonitor monitor) {
        return new DirectSaturationCollector(monitor, SaturationOptions.DEFAULTS);
    }

    /**
     * The factory of a source.
     *
     * @param name its name or an alias, in any case: {@code "direct"} or {@code "epp"}, {@code "prometheus"}
     * @return the factory, which makes a collector from settings by name
     * @throws IllegalArgumentException when no source on the class path answers to the name; lists those that are there,
     *     and names the artifact to add where there is one
     */
    public static SaturationCollectorFactory named(String name) {
        Map<String, SaturationCollectorFactory> sources = SaturationSources.load();
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return sources.values().stream()
                .filter(source ->
                        source.name().equals(wanted) || source.aliases().contains(wanted))
                .findFirst()
                .orElseThrow(() -> unknown(name, wanted, sources));
    }

    /** The names of the sources on the class path, sorted. */
    public static List<String> names() {
        return List.copyOf(SaturationSources.load().keySet());
    }

    private static IllegalArgumentException unknown(
            String name, String wanted, Map<String, SaturationCollectorFactory> sources) {
        String artifact = ELSEWHERE.get(wanted);
        return new IllegalArgumentException("No source of saturation named '%s' on the class path; found %s. %s"
                .formatted(
                        name,
                        sources.isEmpty() ? "none" : String.join(", ", sources.keySet()),
                        artifact == null
                                ? "Pass one of the names found."
                                : "Add the dependency '" + artifact + "', or pass one of the names found."));
    }
}
