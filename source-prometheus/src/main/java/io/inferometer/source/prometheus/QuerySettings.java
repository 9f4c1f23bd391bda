package io.inferometer.source.prometheus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the queries say beside the names of families.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy.
 *
 * @param window over which peaks, means and rates are taken
 * @param freshnessWindow how far back the last sample is looked for; not less than the age at which values are unavailable
 * @param scrapeInterval how often the server reads its targets: the age of values is right to this
 * @param targetLabels labels of the server's targets that tell replicas apart or describe them
 * @param modelLabel the target label that names the model, for engines whose series do not
 * @param mapping for such engines, by model: label and value by which its targets are found instead
 */
public record QuerySettings(
        Duration window,
        Duration freshnessWindow,
        Duration scrapeInterval,
        List<String> targetLabels,
        String modelLabel,
        Map<String, Map<String, String>> mapping) {
    /** A minute, six minutes, 15 s, the usual labels, {@code model}, no mapping. */
    public static final QuerySettings DEFAULTS = new QuerySettings(
            Duration.ofMinutes(1),
            Duration.ofMinutes(6),
            Duration.ofSeconds(15),
            List.of("instance", "job", "namespace", "pod", "node", "variant", "accelerator", "zone", "cost"),
            "model",
            Map.of());

    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*";

    /**
     * Copies and checks.
     *
     * @param window over which peaks, means and rates are taken
     * @param freshnessWindow how far back the last sample is looked for
     * @param scrapeInterval how often the server reads its targets
     * @param targetLabels labels of the server's targets
     * @param modelLabel the target label that names the model
     * @param mapping label and value by model
     */
    public QuerySettings {
        positive("window", window);
        positive("freshness window", freshnessWindow);
        positive("scrape interval", scrapeInterval);
        List<String> labels = new ArrayList<>(targetLabels);
        if (!labels.contains("instance")) {
            labels.add(0, "instance");
        }
        labels.forEach(QuerySettings::checkLabel);
        checkLabel(modelLabel);
        mapping.values().forEach(labelled -> labelled.keySet().forEach(QuerySettings::checkLabel));
        targetLabels = List.copyOf(labels);
        mapping = Collections.unmodifiableMap(new LinkedHashMap<>(mapping));
    }

    /** A copy with another window. */
    public QuerySettings withWindow(Duration value) {
        return new QuerySettings(value, freshnessWindow, scrapeInterval, targetLabels, modelLabel, mapping);
    }

    /** A copy that looks further back, or less, for the last sample. */
    public QuerySettings withFreshnessWindow(Duration value) {
        return new QuerySettings(window, value, scrapeInterval, targetLabels, modelLabel, mapping);
    }

    /** A copy for a server that reads its targets at another interval. */
    public QuerySettings withScrapeInterval(Duration value) {
        return new QuerySettings(window, freshnessWindow, value, targetLabels, modelLabel, mapping);
    }

    /** A copy with other labels of targets; {@code instance} is always among them. */
    public QuerySettings withTargetLabels(List<String> value) {
        return new QuerySettings(window, freshnessWindow, scrapeInterval, value, modelLabel, mapping);
    }

    /** A copy in which another target label names the model, for engines whose series do not. */
    public QuerySettings withModelLabel(String value) {
        return new QuerySettings(window, freshnessWindow, scrapeInterval, targetLabels, value, mapping);
    }

    /**
     * A copy in which a model's targets are found by a label, for engines whose series and targets do not name it.
     *
     * @param model the model
     * @param label such as {@code job}
     * @param value its value
     */
    public QuerySettings withMapping(String model, String label, String value) {
        Map<String, Map<String, String>> more = new LinkedHashMap<>(mapping);
        more.put(model, Map.of(label, value));
        return new QuerySettings(window, freshnessWindow, scrapeInterval, targetLabels, modelLabel, more);
    }

    private static void positive(String what, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("The %s is %s; it must be more than zero.".formatted(what, duration));
        }
    }

    private static void checkLabel(String label) {
        if (!label.matches(LABEL)) {
            throw new IllegalArgumentException(
                    "'%s' is no name of a label. Names are letters, digits and _, and do not begin with a digit."
                            .formatted(label));
        }
    }
}
