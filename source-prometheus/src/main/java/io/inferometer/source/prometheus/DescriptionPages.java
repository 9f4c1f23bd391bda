package io.inferometer.source.prometheus;

import io.inferometer.parser.PageParser;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import io.inferometer.spi.PageReader;
import io.inferometer.spi.Scrape;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the series whose labels describe an engine back together as a page, and lets the engine's own backend read it: so
 * the rules for ranks, adapters and sleep are those of a scrape.
 */
final class DescriptionPages {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusSaturationCollector.class);

    private DescriptionPages() {}

    /** What each replica's description says, by its target labels. */
    static Map<Map<String, String>, EngineSnapshot> read(
            EngineBackend<?> backend, PrometheusResult result, List<String> targetLabels, Instant at) {
        Map<Map<String, String>, Buffer> pages = new LinkedHashMap<>();
        for (PrometheusSeries series : result.series()) {
            String family = series.label(EngineQueries.FAMILY);
            Double value = series.value();
            if (family != null && value != null) {
                Buffer page =
                        pages.computeIfAbsent(TargetKey.of(series.labels(), targetLabels), unused -> new Buffer());
                write(family, series.labels(), value, page, Set.copyOf(targetLabels));
            }
        }
        Map<Map<String, String>, EngineSnapshot> snapshots = new LinkedHashMap<>();
        pages.forEach((key, page) -> {
            EngineSnapshot snapshot = snapshot(backend, page, at);
            if (snapshot != null) {
                snapshots.put(key, snapshot);
            }
        });
        return snapshots;
    }

    private static void write(
            String family, Map<String, String> labels, double value, Buffer page, Set<String> targetLabels) {
        page.writeUtf8(family).writeByte('{');
        boolean first = true;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            String name = label.getKey();
            boolean own = !targetLabels.contains(name) && !name.equals("__name__") && !name.startsWith("inferometer_");
            if (own) {
                page.writeUtf8(first ? "" : ",").writeUtf8(name).writeUtf8("=\"");
                page.writeUtf8(escaped(label.getValue())).writeByte('"');
                first = false;
            }
        }
        page.writeUtf8("} ").writeUtf8(Double.toString(value)).writeByte('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static @Nullable EngineSnapshot snapshot(EngineBackend<?> backend, Buffer text, Instant at) {
        try {
            Page page = new PageReader(List.of(backend.table()), false).read(new PageParser(), text);
            return backend.read(new Scrape(
                    backend.name(),
                    "prometheus",
                    URI.create("http://prometheus"),
                    Map.of(),
                    at,
                    Duration.ZERO,
                    page,
                    Map.of(),
                    false));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "What labels say of a replica of {} cannot be read and is left out: {}",
                    backend.name(),
                    e.toString());
            return null;
        }
    }
}
