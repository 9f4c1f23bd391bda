package io.inferometer;

import io.inferometer.collect.AutoCollector;
import io.inferometer.collect.CollectException;
import io.inferometer.collect.EngineCollector;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorOptions;
import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything begins: {@code Collectors.forEngine("tgi").collect("http://gpu-7:8080")}.
 *
 * <p>Stateless and safe to share. Engines are those whose backend is on the class path or module path.
 */
public final class Collectors {
    private Collectors() {}

    /**
     * A collector for an engine.
     *
     * @param name the engine's name or an alias, in any case: {@code "vllm"}, {@code "tgi"}, {@code "llama.cpp"}
     * @return the collector, with default options
     * @throws UnknownEngineException when no backend on the class path answers to the name; lists those that are there
     *     and names the artifact to add
     */
    public static MetricsCollector forEngine(String name) {
        Map<String, EngineBackend<?>> backends = Backends.load();
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        Optional<EngineBackend<?>> found = backends.values().stream()
                .filter(backend ->
                        backend.name().equals(wanted) || backend.aliases().contains(wanted))
                .findFirst();
        return found.<MetricsCollector>map(Collectors::forBackend).orElseThrow(() -> unknown(name, wanted, backends));
    }

    /**
     * A collector for a backend, into the engine's own snapshot type.
     *
     * @param backend such as {@code new VllmBackend()}
     * @param <S> the engine's own snapshot type
     * @return the collector, with default options
     */
    public static <S extends EngineSnapshot> EngineCollector<S> forBackend(EngineBackend<S> backend) {
        return new EngineCollector<>(backend);
    }

    /** The backends on the class path or module path by name, for sources that ask a server about engines. */
    public static Map<String, EngineBackend<?>> backends() {
        return Backends.load();
    }

    /** A collector that finds out at each scrape which engine it reads. */
    public static AutoCollector auto() {
        return new AutoCollector(List.copyOf(Backends.load().values()));
    }

    /**
     * Finds out which engine listens somewhere.
     *
     * @param url where it listens
     * @return a collector for it, with default options
     * @throws CollectException when nothing answers, or no engine on the class path is recognized, or several are
     * @throws IllegalArgumentException when this is no http or https URL
     */
    public static MetricsCollector detect(String url) {
        return forBackend(auto().detect(Target.of(url)));
    }

    /** The engines whose backends are on the class path, by name. */
    public static List<EngineInfo> engines() {
        return Backends.load().values().stream().map(Collectors::info).toList();
    }

    /** A monitor of many engines, with default options; it reads nothing until it is started. */
    public static EngineMonitor monitor() {
        return monitor(MonitorOptions.DEFAULTS);
    }

    /**
     * A monitor of many engines.
     *
     * @param options how often, how long, on which threads
     * @return the monitor, to be started and closed
     */
    public static EngineMonitor monitor(MonitorOptions options) {
        return new EngineMonitor(Collectors::named, options);
    }

    /** A collector for an engine's name, or for {@code "auto"}. */
    private static MetricsCollector named(String engine) {
        return engine.equals(MonitoredTarget.AUTO) ? auto() : forEngine(engine);
    }

    private static EngineInfo info(EngineBackend<?> backend) {
        List<String> extras = backend.endpoints().stream()
                .filter(endpoint -> endpoint.need() == Endpoint.Need.ON_REQUEST)
                .map(Endpoint::name)
                .toList();
        return new EngineInfo(
                backend.name(),
                backend.title(),
                backend.aliases(),
                backend.versions(),
                extras,
                backend.table().support());
    }

    private static UnknownEngineException unknown(String name, String wanted, Map<String, EngineBackend<?>> backends) {
        String found = backends.isEmpty() ? "none" : String.join(", ", backends.keySet());
        boolean likely = wanted.matches("[a-z0-9][a-z0-9-]{0,30}");
        return new UnknownEngineException(
                "No backend named '%s' on the class path; found %s. Add the dependency 'io.inferometer:inferometer-backend-%s', or pass one of the names found."
                        .formatted(name, found, likely ? wanted : "ENGINE"));
    }
}
