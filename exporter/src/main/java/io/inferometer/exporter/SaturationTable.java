package io.inferometer.exporter;

import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationAdvice;
import io.inferometer.saturation.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Replicas as a table, who did not answer, and the advice. */
final class SaturationTable {
    private static final double MILLIS = 1000;

    private SaturationTable() {}

    static List<String> lines(ReplicaReport report, SaturationAdvice advice) {
        List<String> lines = new ArrayList<>();
        if (report.replicas().isEmpty()) {
            lines.add("No replica of %s.".formatted(Printable.line(report.model())));
        } else {
            lines.addAll(table(report.replicas()).lines());
        }
        for (Unreachable silent : report.unreachable()) {
            lines.add(Printable.line("unreachable: " + silent.name() + ": " + silent.reason()));
        }
        lines.add("");
        String variant = advice.variant() == null ? "" : " (" + advice.variant() + ")";
        lines.add(Printable.line("advice: " + advice.action().word() + variant + ": " + advice.reason()));
        return lines;
    }

    private static TextTable table(List<ReplicaMetrics> replicas) {
        TextTable table = new TextTable();
        table.row(
                "replica",
                "engine",
                "variant",
                "freshness",
                "age",
                "KV usage",
                "waiting",
                "running",
                "requests/s",
                "tokens/s",
                "TTFT ms",
                "inter-token ms");
        for (ReplicaMetrics replica : replicas) {
            table.row(
                    replica.replicaId(),
                    text(replica.engine()),
                    text(replica.variant()),
                    replica.freshness().name(),
                    age(replica.age()),
                    usage(replica.kvCacheUsage()),
                    number(replica.queueDepth()),
                    number(replica.running()),
                    number(replica.requestsPerSecond()),
                    number(replica.generatedTokensPerSecond()),
                    millis(replica.timeToFirstTokenSeconds()),
                    millis(replica.interTokenSeconds()));
        }
        return table;
    }

    private static String text(@Nullable String value) {
        return value == null ? FieldTable.ABSENT : value;
    }

    static String number(@Nullable Number value) {
        return value == null ? FieldTable.ABSENT : Words.rounded(value.doubleValue());
    }

    static String millis(@Nullable Double seconds) {
        return number(seconds == null ? null : (Double) (seconds * MILLIS));
    }

    static String usage(@Nullable Double ratio) {
        return ratio == null ? FieldTable.ABSENT : Words.percent(ratio);
    }

    static String age(@Nullable Duration age) {
        return age == null ? FieldTable.ABSENT : String.format(Locale.ROOT, "%.1f s", age.toMillis() / MILLIS);
    }
}
