package io.inferometer.snapshot;

import io.inferometer.parser.MetricType;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a parser shows, and sorts it into families at the end, when late TYPE lines have been seen too. One thread.
 */
final class FamilyCollector implements SampleHandler {
    private record Line(
            String name,
            Labels labels,
            double value,
            @Nullable Instant timestamp) {}

    private static final List<String> DISTRIBUTION_SUFFIXES =
            List.of("_bucket", "_sum", "_count", "_created", "_gsum", "_gcount");

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, MetricType> types = new HashMap<>();
    private final Map<String, String> helps = new HashMap<>();
    private final Map<String, String> units = new HashMap<>();

    @Override
    public boolean wantsMetadata() {
        return true;
    }

    @Override
    public void onType(String family, MetricType type) {
        types.putIfAbsent(family, type);
    }

    @Override
    public void onHelp(String family, String help) {
        helps.putIfAbsent(family, help);
    }

    @Override
    public void onUnit(String family, String unit) {
        units.putIfAbsent(family, unit);
    }

    @Override
    public void onSample(Sample sample) {
        String[] pairs = new String[2 * sample.labelCount()];
        for (int i = 0; i < sample.labelCount(); i++) {
            pairs[2 * i] = sample.labelName(i);
            pairs[2 * i + 1] = sample.labelValue(i);
        }
        Instant time = sample.hasTimestamp() ? Instant.ofEpochMilli(sample.timestampMs()) : null;
        lines.add(new Line(sample.name(), Labels.of(pairs), sample.value(), time));
    }

    Map<String, MetricFamily> families(Function<String, @Nullable MetricType> catalog) {
        Map<String, MetricType> known = new HashMap<>(types);
        inferHistograms(known, catalog);
        Map<String, List<Line>> sorted = new LinkedHashMap<>();
        for (Line line : lines) {
            sorted.computeIfAbsent(familyOf(line.name(), known, catalog), unused -> new ArrayList<>())
                    .add(line);
        }
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        sorted.forEach((name, own) -> families.put(name, family(name, own, known, catalog)));
        return Collections.unmodifiableMap(families);
    }

    /** Buckets without a TYPE line are a histogram all the same. */
    private void inferHistograms(Map<String, MetricType> known, Function<String, @Nullable MetricType> catalog) {
        for (Line line : lines) {
            String name = line.name();
            boolean bucket = name.endsWith("_bucket") && line.labels().get("le") != null;
            if (bucket && typeOf(name, known, catalog) == null) {
                known.putIfAbsent(name.substring(0, name.length() - "_bucket".length()), MetricType.HISTOGRAM);
            }
        }
    }

    private MetricFamily family(
            String name,
            List<Line> own,
            Map<String, MetricType> known,
            Function<String, @Nullable MetricType> catalog) {
        MetricType said = typeOf(name, known, catalog);
        MetricType type = said == null ? inferred(name, own) : said;
        List<MetricSample> samples = own.stream()
                .map(line -> new MetricSample(line.name(), type, line.labels(), line.value(), line.timestamp()))
                .toList();
        return new MetricFamily(name, type, helps.get(name), units.get(name), samples);
    }

    private static MetricType inferred(String name, List<Line> own) {
        if (own.stream().anyMatch(line -> line.labels().get("quantile") != null)) {
            return MetricType.SUMMARY;
        }
        return name.endsWith("_total") ? MetricType.COUNTER : MetricType.UNKNOWN;
    }

    private static String familyOf(
            String name, Map<String, MetricType> known, Function<String, @Nullable MetricType> catalog) {
        if (typeOf(name, known, catalog) != null) {
            return name;
        }
        for (String suffix : DISTRIBUTION_SUFFIXES) {
            String base = without(name, suffix);
            if (base != null && isDistribution(typeOf(base, known, catalog))) {
                return base;
            }
        }
        String counter = without(name, "_total");
        if (counter != null && typeOf(counter, known, catalog) == MetricType.COUNTER) {
            return counter;
        }
        String info = without(name, "_info");
        return info != null && typeOf(info, known, catalog) == MetricType.INFO ? info : name;
    }

    private static @Nullable MetricType typeOf(
            String name, Map<String, MetricType> known, Function<String, @Nullable MetricType> catalog) {
        MetricType better = catalog.apply(name);
        return better == null ? known.get(name) : better;
    }

    private static boolean isDistribution(@Nullable MetricType type) {
        return type == MetricType.HISTOGRAM || type == MetricType.SUMMARY || type == MetricType.GAUGEHISTOGRAM;
    }

    private static @Nullable String without(String name, String suffix) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : null;
    }
}
