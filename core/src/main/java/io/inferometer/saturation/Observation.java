package io.inferometer.saturation;

import io.inferometer.fleet.GaugeWindow;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import io.inferometer.fleet.TargetWindow;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineRates;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of one engine, over whatever span: the form in which a snapshot, the time between two snapshots, a
 * monitor's window and a replica are judged alike.
 *
 * <p>Immutable and safe to share. What was not reported is null.
 */
public final class Observation {
    private final String span;
    private final Map<SloField, Distribution> distributions = new EnumMap<>(SloField.class);
    private final Map<SloField, Double> latest = new EnumMap<>(SloField.class);
    private final Map<SloField, Double> means = new EnumMap<>(SloField.class);
    private final Map<SloField, Double> peaks = new EnumMap<>(SloField.class);
    private @Nullable Long maxBatchSize;

    private Observation(String span) {
        this.span = span;
    }

    /**
     * One snapshot: gauges as they stand, distributions and ratios since the engine started, no rates.
     *
     * @param snapshot what the engine reported
     * @return the observation
     */
    public static Observation of(EngineSnapshot snapshot) {
        Observation seen = new Observation("since the engine started");
        EngineMetrics metrics = snapshot.metrics();
        seen.gauges(metrics);
        seen.distributions(metrics.latency());
        seen.put(seen.latest, SloField.HIT_RATE, metrics.cache().hitRate());
        seen.put(
                seen.latest,
                SloField.FAILURE_RATIO,
                share(
                        metrics.requests().failed(),
                        sum(metrics.requests().succeeded(), metrics.requests().failed())));
        seen.put(seen.latest, SloField.ACCEPTANCE_RATE, acceptance(metrics.speculation()));
        seen.maxBatchSize = snapshot.maxBatchSize();
        return seen;
    }

    /**
     * The time between two snapshots: gauges as of the later one, distributions, ratios and rates of what happened in between.
     *
     * @param earlier the earlier snapshot
     * @param later the later snapshot of the same instance
     * @return the observation; after a restart without distributions, ratios and rates
     * @throws IllegalArgumentException when they are of different engines or instances
     */
    public static Observation between(EngineSnapshot earlier, EngineSnapshot later) {
        EngineRates rates = later.rates(earlier);
        Observation seen = new Observation("over the last " + Verdict.words(rates.interval()));
        EngineMetrics now = later.metrics();
        EngineMetrics then = earlier.metrics();
        seen.gauges(now);
        seen.maxBatchSize = later.maxBatchSize();
        if (rates.restarted()) {
            return seen;
        }
        seen.rates(rates);
        seen.grown(then.latency(), now.latency());
        seen.put(
                seen.latest,
                SloField.HIT_RATE,
                share(
                        grown(then.cache().prefixHits(), now.cache().prefixHits()),
                        grown(then.cache().prefixQueries(), now.cache().prefixQueries())));
        Long failed = grown(then.requests().failed(), now.requests().failed());
        Long succeeded = grown(then.requests().succeeded(), now.requests().succeeded());
        seen.put(seen.latest, SloField.FAILURE_RATIO, share(failed, sum(succeeded, failed)));
        seen.put(
                seen.latest,
                SloField.ACCEPTANCE_RATE,
                share(
                        grown(
                                then.speculation().acceptedTokens(),
                                now.speculation().acceptedTokens()),
                        grown(
                                then.speculation().draftTokens(),
                                now.speculation().draftTokens())));
        return seen;
    }

    /**
     * A monitor's window: gauges with their mean and peak, distributions and rates of the window.
     *
     * @param view what a monitor knows of a target
     * @return the observation; empty while the target never answered, or is {@link TargetState#DOWN}: what it said last is no
     *     news of it
     */
    public static Observation of(TargetView view) {
        TargetWindow window = view.window();
        Observation seen = new Observation("over the last " + Verdict.words(window.length()));
        EngineMetrics metrics = view.metrics();
        if (metrics == null || view.state() == TargetState.DOWN) {
            return seen;
        }
        seen.gauges(metrics);
        seen.window(SloField.RUNNING, window.running());
        seen.window(SloField.QUEUE_DEPTH, window.waiting());
        seen.window(SloField.KV_USAGE, window.kvUsage());
        seen.distributions(window.latency());
        seen.put(seen.latest, SloField.HIT_RATE, window.prefixHitRate());
        EngineRates rates = window.rates();
        if (rates != null) {
            seen.rates(rates);
            boolean counted = metrics.requests().succeeded() != null;
            Double succeeded = counted ? rates.requestsPerSecond() : null;
            seen.put(seen.latest, SloField.FAILURE_RATIO, share(rates.failedPerSecond(), succeeded));
        }
        EngineSnapshot whole = view.whole();
        seen.maxBatchSize = whole == null ? null : whole.maxBatchSize();
        return seen;
    }

    private static @Nullable Double share(@Nullable Double part, @Nullable Double rest) {
        return part == null || rest == null || part + rest <= 0 ? null : (Double) (part / (part + rest));
    }

    /**
     * A replica, whatever its source: KV usage and queue are its peaks, latencies its means.
     *
     * @param replica the replica
     * @return the observation; empty while the replica is {@link Freshness#UNAVAILABLE}
     */
    public static Observation of(ReplicaMetrics replica) {
        Duration age = replica.age();
        Observation seen = new Observation(age == null ? "in the source" : "as of " + Verdict.words(age) + " ago");
        if (replica.freshness() == Freshness.UNAVAILABLE) {
            return seen;
        }
        seen.peak(SloField.KV_USAGE, replica.kvCacheUsage());
        Long queue = replica.queueDepth();
        seen.peak(SloField.QUEUE_DEPTH, queue == null ? null : (Double) queue.doubleValue());
        Long running = replica.running();
        seen.put(seen.latest, SloField.RUNNING, running == null ? null : (Double) running.doubleValue());
        seen.put(seen.latest, SloField.HIT_RATE, replica.prefixHitRate());
        seen.put(seen.latest, SloField.REQUESTS_PER_SECOND, replica.requestsPerSecond());
        seen.put(seen.latest, SloField.GENERATED_TOKENS_PER_SECOND, replica.generatedTokensPerSecond());
        seen.put(seen.means, SloField.TIME_TO_FIRST_TOKEN, replica.timeToFirstTokenSeconds());
        seen.put(seen.means, SloField.INTER_TOKEN, replica.interTokenSeconds());
        seen.maxBatchSize = replica.maxBatchSize();
        return seen;
    }

    /** Over which time, to follow a sentence: {@code "over the last 60 s"}. */
    public String span() {
        return span;
    }

    /**
     * A number of a field.
     *
     * @param field which field
     * @param statistic which number of it
     * @return the number in the field's unit; null when it was not reported or the data cannot answer
     */
    public @Nullable Double value(SloField field, SloStatistic statistic) {
        Distribution distribution = distributions.get(field);
        return switch (statistic.kind()) {
            case LATEST -> latest.get(field);
            case MAX -> peaks.get(field);
            case MEAN -> distribution == null ? means.get(field) : distribution.mean();
            case QUANTILE -> distribution == null ? null : distribution.quantile(statistic.quantile());
        };
    }

    /**
     * Whether a quantile lies above the highest finite bucket, so that {@link #value} is only known to be exceeded.
     *
     * @param field which field
     * @param statistic which number of it
     */
    boolean isAboveBuckets(SloField field, SloStatistic statistic) {
        Distribution distribution = distributions.get(field);
        if (distribution == null || statistic.kind() != SloStatistic.Kind.QUANTILE) {
            return false;
        }
        double[] counts = distribution.bucketCounts();
        int last = counts.length - 1;
        return last > 0 && statistic.quantile() * counts[last] > counts[last - 1];
    }

    /** The latest value of a gauge or a rate. */
    @Nullable
    Double latest(SloField field) {
        return latest.get(field);
    }

    /** Requests that run at once at most; null when the engine does not say. */
    @Nullable
    Long maxBatchSize() {
        return maxBatchSize;
    }

    private void gauges(EngineMetrics metrics) {
        put(latest, SloField.KV_USAGE, metrics.cache().kvUsage());
        put(latest, SloField.QUEUE_DEPTH, metrics.load().requestsWaiting());
        put(latest, SloField.RUNNING, metrics.load().requestsRunning());
    }

    private void distributions(EngineMetrics.Latency latency) {
        put(SloField.TIME_TO_FIRST_TOKEN, latency.timeToFirstToken());
        put(SloField.INTER_TOKEN, latency.interToken());
        put(SloField.PER_OUTPUT_TOKEN, latency.perOutputToken());
        put(SloField.END_TO_END, latency.endToEnd());
        put(SloField.QUEUE_TIME, latency.queue());
        put(SloField.PREFILL, latency.prefill());
        put(SloField.DECODE, latency.decode());
    }

    private void grown(EngineMetrics.Latency then, EngineMetrics.Latency now) {
        put(SloField.TIME_TO_FIRST_TOKEN, since(then.timeToFirstToken(), now.timeToFirstToken()));
        put(SloField.INTER_TOKEN, since(then.interToken(), now.interToken()));
        put(SloField.PER_OUTPUT_TOKEN, since(then.perOutputToken(), now.perOutputToken()));
        put(SloField.END_TO_END, since(then.endToEnd(), now.endToEnd()));
        put(SloField.QUEUE_TIME, since(then.queue(), now.queue()));
        put(SloField.PREFILL, since(then.prefill(), now.prefill()));
        put(SloField.DECODE, since(then.decode(), now.decode()));
    }

    private void rates(EngineRates rates) {
        put(latest, SloField.REQUESTS_PER_SECOND, rates.requestsPerSecond());
        put(latest, SloField.PROMPT_TOKENS_PER_SECOND, rates.promptTokensPerSecond());
        put(latest, SloField.GENERATED_TOKENS_PER_SECOND, rates.generatedTokensPerSecond());
        put(latest, SloField.PREEMPTIONS_PER_SECOND, rates.preemptionsPerSecond());
    }

    private void window(SloField field, @Nullable GaugeWindow window) {
        if (window != null) {
            put(means, field, window.mean());
            put(peaks, field, window.max());
        }
    }

    /** A value that is a peak already, and all that is known. */
    private void peak(SloField field, @Nullable Double value) {
        put(latest, field, value);
        put(peaks, field, value);
    }

    private void put(SloField field, @Nullable Distribution distribution) {
        if (distribution != null) {
            distributions.put(field, distribution);
        }
    }

    private void put(Map<SloField, Double> values, SloField field, @Nullable Number value) {
        if (value != null && Double.isFinite(value.doubleValue())) {
            values.put(field, value.doubleValue());
        }
    }

    private static @Nullable Distribution since(@Nullable Distribution then, @Nullable Distribution now) {
        return then == null || now == null ? null : now.since(then);
    }

    private static @Nullable Double acceptance(EngineMetrics.Speculation speculation) {
        return share(speculation.acceptedTokens(), speculation.draftTokens());
    }

    private static @Nullable Long grown(@Nullable Long then, @Nullable Long now) {
        return then == null || now == null || now < then ? null : (Long) (now - then);
    }

    private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
        return a == null || b == null ? null : (Long) (a + b);
    }

    private static @Nullable Double share(@Nullable Long part, @Nullable Long whole) {
        return part == null || whole == null || whole <= 0 ? null : (Double) ((double) part / whole);
    }
}
