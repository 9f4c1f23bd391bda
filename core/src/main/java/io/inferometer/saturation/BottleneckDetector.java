package io.inferometer.saturation;

import io.inferometer.saturation.Bottleneck.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what holds an engine back.
 *
 * <p>Immutable and safe to share; every with-er returns a changed copy. A kind whose values are not reported is "not evaluated", and is
 * then neither found nor excluded. What is looked for, with the defaults of the thresholds:
 *
 * <ul>
 *   <li>{@link Kind#HIGH_LATENCY}: the p99 of the time to first token is above 2 s, or that of the gap between two tokens
 *       above 0.2 s; where no quantile is known, the mean.
 *   <li>{@link Kind#LOW_THROUGHPUT}: fewer than 5 generated tokens per second for each running request; needs a rate.
 *   <li>{@link Kind#QUEUE_BUILDUP}: 5 or more requests wait.
 *   <li>{@link Kind#CACHE_INEFFICIENCY}: less than 0.1 of the prompt tokens are found in the prefix cache.
 *   <li>{@link Kind#MEMORY_PRESSURE}: the KV cache usage is 0.9 or more, or requests are pushed out of it.
 *   <li>{@link Kind#BATCH_SIZE_SUBOPTIMAL}: requests wait while the KV cache usage is below 0.5; the evidence says whether the
 *       batch is at the engine's limit where that is known.
 * </ul>
 */
public final class BottleneckDetector {
    /** All thresholds as in the description of the class. */
    public static final BottleneckDetector DEFAULTS =
            new BottleneckDetector(new Thresholds(2, 0.2, 5, 5, 0.1, 0.9, 0.5));

    private static final SloStatistic P99 = SloStatistic.quantile(0.99);

    private final Thresholds thresholds;

    private BottleneckDetector(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** A copy for which a time to first token above this, in seconds, is too long. */
    public BottleneckDetector withTimeToFirstTokenMax(double seconds) {
        Thresholds t = thresholds;
        return with(new Thresholds(
                positive(seconds), t.interToken, t.tokensEach, t.queue, t.hitRate, t.usage, t.roomBelow));
    }

    /** A copy for which a gap between two tokens above this, in seconds, is too long. */
    public BottleneckDetector withInterTokenMax(double seconds) {
        Thresholds t = thresholds;
        return with(new Thresholds(
                t.firstToken, positive(seconds), t.tokensEach, t.queue, t.hitRate, t.usage, t.roomBelow));
    }

    /** A copy for which fewer tokens per second than this, for each running request, are too few. */
    public BottleneckDetector withTokensPerRequestMin(double tokensPerSecond) {
        Thresholds t = thresholds;
        return with(new Thresholds(
                t.firstToken, t.interToken, positive(tokensPerSecond), t.queue, t.hitRate, t.usage, t.roomBelow));
    }

    /** A copy for which so many waiting requests are too many. */
    public BottleneckDetector withQueueMax(double requests) {
        Thresholds t = thresholds;
        return with(new Thresholds(
                t.firstToken, t.interToken, t.tokensEach, positive(requests), t.hitRate, t.usage, t.roomBelow));
    }

    /** A copy for which a hit rate below this, above 0 and at most 1, is too low. */
    public BottleneckDetector withHitRateMin(double share) {
        Thresholds t = thresholds;
        return with(
                new Thresholds(t.firstToken, t.interToken, t.tokensEach, t.queue, share(share), t.usage, t.roomBelow));
    }

    /** A copy for which a KV cache usage of this or more, above 0 and at most 1, is too high. */
    public BottleneckDetector withUsageMax(double share) {
        Thresholds t = thresholds;
        return with(new Thresholds(
                t.firstToken, t.interToken, t.tokensEach, t.queue, t.hitRate, share(share), t.roomBelow));
    }

    /** A copy for which a KV cache has room below this usage, above 0 and at most 1. */
    public BottleneckDetector withRoomBelow(double share) {
        Thresholds t = thresholds;
        return with(
                new Thresholds(t.firstToken, t.interToken, t.tokensEach, t.queue, t.hitRate, t.usage, share(share)));
    }

    /**
     * Looks for all kinds.
     *
     * @param observation what was observed
     * @return what was found, and a score
     */
    public HealthReport examine(Observation observation) {
        List<Finding> findings = List.of(
                latency(observation),
                throughput(observation),
                queue(observation),
                hitRate(observation),
                memory(observation),
                batch(observation));
        List<Bottleneck> found = findings.stream()
                .map(Finding::bottleneck)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Bottleneck::severity).reversed())
                .toList();
        List<Kind> dark = findings.stream()
                .filter(finding -> !finding.evaluated)
                .map(finding -> finding.kind)
                .toList();
        return new HealthReport(dark.size() == findings.size() ? null : (Integer) score(found), found, dark);
    }

    private Finding latency(Observation seen) {
        Finding finding = new Finding(Kind.HIGH_LATENCY);
        finding.slow(seen, SloField.TIME_TO_FIRST_TOKEN, thresholds.firstToken);
        finding.slow(seen, SloField.INTER_TOKEN, thresholds.interToken);
        return finding;
    }

    private Finding throughput(Observation seen) {
        Finding finding = new Finding(Kind.LOW_THROUGHPUT);
        Double tokens = seen.latest(SloField.GENERATED_TOKENS_PER_SECOND);
        Double running = seen.latest(SloField.RUNNING);
        if (tokens == null || running == null) {
            return finding;
        }
        finding.evaluated = true;
        double each = running > 0 ? tokens / running : Double.POSITIVE_INFINITY; // Nobody waits for an idle engine.
        if (each < thresholds.tokensEach) {
            finding.add(
                    (thresholds.tokensEach - each) / thresholds.tokensEach,
                    "%s tokens per second for each of %s running requests, less than %s"
                            .formatted(Numbers.text(each), Numbers.text(running), Numbers.text(thresholds.tokensEach)));
        }
        return finding;
    }

    private Finding queue(Observation seen) {
        Finding finding = new Finding(Kind.QUEUE_BUILDUP);
        Double queue = seen.latest(SloField.QUEUE_DEPTH);
        finding.evaluated = queue != null;
        if (queue != null && queue >= thresholds.queue) {
            finding.add(
                    (queue - thresholds.queue) / thresholds.queue,
                    "%s requests wait, %s or more are too many"
                            .formatted(Numbers.text(queue), Numbers.text(thresholds.queue)));
        }
        return finding;
    }

    private Finding hitRate(Observation seen) {
        Finding finding = new Finding(Kind.CACHE_INEFFICIENCY);
        Double rate = seen.latest(SloField.HIT_RATE);
        finding.evaluated = rate != null;
        if (rate != null && rate < thresholds.hitRate) {
            finding.add(
                    (thresholds.hitRate - rate) / thresholds.hitRate,
                    "the prefix cache finds a share of %s, less than %s"
                            .formatted(Numbers.text(rate), Numbers.text(thresholds.hitRate)));
        }
        return finding;
    }

    private Finding memory(Observation seen) {
        Finding finding = new Finding(Kind.MEMORY_PRESSURE);
        Double usage = seen.latest(SloField.KV_USAGE);
        Double preemptions = seen.latest(SloField.PREEMPTIONS_PER_SECOND);
        finding.evaluated = usage != null || preemptions != null;
        if (usage != null && usage >= thresholds.usage) {
            finding.add(
                    (usage - thresholds.usage) / thresholds.usage,
                    "the KV cache usage is %s, %s or more is too much"
                            .formatted(Numbers.text(usage), Numbers.text(thresholds.usage)));
        }
        if (preemptions != null && preemptions > 0) {
            finding.add(
                    Severity.HIGH,
                    "%s requests per second are pushed out of the KV cache".formatted(Numbers.text(preemptions)));
        }
        return finding;
    }

    private Finding batch(Observation seen) {
        Finding finding = new Finding(Kind.BATCH_SIZE_SUBOPTIMAL);
        Double queue = seen.latest(SloField.QUEUE_DEPTH);
        Double usage = seen.latest(SloField.KV_USAGE);
        if (queue == null || usage == null) {
            return finding;
        }
        finding.evaluated = true;
        if (queue > 0 && usage < thresholds.roomBelow) {
            finding.add(
                    (thresholds.roomBelow - usage) / thresholds.roomBelow,
                    "%s requests wait while the KV cache usage is %s, below %s%s"
                            .formatted(
                                    Numbers.text(queue),
                                    Numbers.text(usage),
                                    Numbers.text(thresholds.roomBelow),
                                    limitWords(seen)));
        }
        return finding;
    }

    private static String limitWords(Observation seen) {
        Double running = seen.latest(SloField.RUNNING);
        Long limit = seen.maxBatchSize();
        if (running == null || limit == null) {
            return "";
        }
        String size = "; %s of at most %d requests run".formatted(Numbers.text(running), limit);
        return running >= limit ? size + ", so the limit on the batch holds it back" : size;
    }

    private static int score(List<Bottleneck> found) {
        int score = 100;
        for (Bottleneck bottleneck : found) {
            score -= switch (bottleneck.severity()) {
                case NONE -> 0;
                case LOW -> 10;
                case MEDIUM -> 20;
                case HIGH -> 35;
                case CRITICAL -> 50;
            };
        }
        return Math.max(0, score);
    }

    private BottleneckDetector with(Thresholds changed) {
        return new BottleneckDetector(changed);
    }

    private static double positive(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("A threshold must be more than 0; found " + value + ".");
        }
        return value;
    }

    private static double share(double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("A share must be above 0 and at most 1; found " + value + ".");
        }
        return value;
    }

    private record Thresholds(
            double firstToken,
            double interToken,
            double tokensEach,
            double queue,
            double hitRate,
            double usage,
            double roomBelow) {}

    /** What is found of one kind. */
    private static final class Finding {
        private final Kind kind;
        private final List<String> evidence = new ArrayList<>();
        private boolean evaluated;
        private Severity severity = Severity.NONE;

        Finding(Kind kind) {
            this.kind = kind;
        }

        void slow(Observation seen, SloField field, double most) {
            Double p99 = seen.value(field, P99);
            Double value = p99 == null ? seen.value(field, SloStatistic.MEAN) : p99;
            if (value == null) {
                return;
            }
            evaluated = true;
            if (value > most) {
                add(
                        (value - most) / most,
                        "the %s of the %s is %s s, above %s s %s"
                                .formatted(
                                        p99 == null ? "mean" : "p99",
                                        field.title(),
                                        Numbers.text(value),
                                        Numbers.text(most),
                                        seen.span()));
            }
        }

        void add(double deviation, String words) {
            add(Severity.ofViolation(deviation), words);
        }

        void add(Severity worse, String words) {
            evidence.add(words);
            severity = worse.compareTo(severity) > 0 ? worse : severity;
        }

        @Nullable
        Bottleneck bottleneck() {
            return evidence.isEmpty() ? null : new Bottleneck(kind, severity, evidence);
        }
    }
}
