package io.inferometer.saturation;

import io.inferometer.saturation.Availability.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells "no replicas yet", "stale" and "unavailable" apart, in one place for all sources. */
final class Verdict {
    private static final int REASONS_SHOWN_MAX = 3;

    private Verdict() {}

    static List<ReplicaMetrics> replicasOf(ReplicaReport report, Duration staleAfter) {
        if (silenceHidesReplicas(report)) {
            throw new SourceUnavailableException(silent(report), report.unreachable(), true, null);
        }
        if (allOlderThan(staleAfter, report.replicas())) {
            throw new StaleReplicasException(stale(report, staleAfter) + " " + STALE_REMEDY, report);
        }
        return report.replicas();
    }

    static Availability validate(SaturationCollector collector, String model, @Nullable String namespace) {
        try {
            return of(collector.report(model, namespace), collector.options().staleAfter());
        } catch (SaturationException e) {
            return new Availability(Status.UNREACHABLE, Objects.requireNonNullElse(e.getMessage(), e.toString()), "");
        }
    }

    private static final String STALE_REMEDY =
            "Check that the engines run and that the source still reads them; raise withStaleAfter(...) if its interval is that long.";

    private static Availability of(ReplicaReport report, Duration staleAfter) {
        if (silenceHidesReplicas(report)) {
            return new Availability(
                    Status.UNREACHABLE, silent(report), "Check the addresses, and that the engines run.");
        }
        if (report.replicas().isEmpty()) {
            return new Availability(
                    Status.MISSING,
                    "%d targets answer and none serves %s.".formatted(report.answered(), asked(report)),
                    "Check the model's name as the engine spells it, the targets' labels 'model' and 'namespace', and that the engine has loaded the model.");
        }
        if (allOlderThan(staleAfter, report.replicas())) {
            return new Availability(Status.STALE, stale(report, staleAfter), STALE_REMEDY);
        }
        long old = report.replicas().stream()
                .filter(replica -> isOlderThan(staleAfter, replica))
                .count();
        return new Availability(
                Status.AVAILABLE,
                "%d of %d replicas of %s have values no older than %s."
                        .formatted(
                                report.replicas().size() - old,
                                report.replicas().size(),
                                asked(report),
                                words(staleAfter)),
                "");
    }

    /** An empty list would say "none yet" while somebody who may be one did not answer. */
    private static boolean silenceHidesReplicas(ReplicaReport report) {
        return report.replicas().isEmpty() && !report.unreachable().isEmpty();
    }

    private static boolean allOlderThan(Duration staleAfter, List<ReplicaMetrics> replicas) {
        return !replicas.isEmpty() && replicas.stream().allMatch(replica -> isOlderThan(staleAfter, replica));
    }

    private static boolean isOlderThan(Duration staleAfter, ReplicaMetrics replica) {
        Duration age = replica.age();
        return age == null || age.compareTo(staleAfter) > 0;
    }

    private static String silent(ReplicaReport report) {
        String reasons = String.join(
                "; ",
                report.unreachable().stream()
                        .limit(REASONS_SHOWN_MAX)
                        .map(silent -> silent.name() + ": " + silent.reason())
                        .toList());
        int more = report.unreachable().size() - REASONS_SHOWN_MAX;
        return "No replica of %s is known, and %d of the targets that may be one never answered (%s%s)."
                .formatted(
                        asked(report), report.unreachable().size(), reasons, more > 0 ? "; and " + more + " more" : "");
    }

    private static String stale(ReplicaReport report, Duration staleAfter) {
        Duration youngest = report.replicas().stream()
                .map(ReplicaMetrics::age)
                .filter(Objects::nonNull)
                .min(Duration::compareTo)
                .orElse(null);
        return "The values of all %d replicas of %s are older than %s; the youngest are %s."
                .formatted(
                        report.replicas().size(),
                        asked(report),
                        words(staleAfter),
                        youngest == null ? "of unknown age" : words(youngest) + " old");
    }

    private static String asked(ReplicaReport report) {
        return report.namespace() == null
                ? "'" + report.model() + "'"
                : "'" + report.model() + "' in namespace '" + report.namespace() + "'";
    }

    static String words(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
