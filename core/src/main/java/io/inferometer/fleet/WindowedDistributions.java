package io.inferometer.fleet;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was observed between two pages, and which of it has a sum that cannot be right.
 *
 * <p>vLLM adds the host's clock, some two thousand seconds, to the prefill and inference times for each request that the server
 * itself aborted before it was scheduled. For one thread.
 */
final class WindowedDistributions {
    /** An observation this many times above the highest finite bucket is taken for a clock, not for a duration. */
    private static final double FAR_ABOVE = 10;

    private static final double ROUNDING = 1e-6;
    private static final double CLOCK_SECONDS_MIN = 60;

    private final EngineMetrics from;
    private final EngineMetrics to;
    private final Map<String, Provenance> provenance;
    private final Map<String, String> notes = new HashMap<>();

    WindowedDistributions(EngineMetrics from, EngineMetrics to, Map<String, Provenance> provenance) {
        this.from = from;
        this.to = to;
        this.provenance = provenance;
    }

    EngineMetrics.Latency latency() {
        EngineMetrics.Latency a = from.latency();
        EngineMetrics.Latency b = to.latency();
        Distribution whole = since(CommonField.END_TO_END, a.endToEnd(), b.endToEnd());
        return new EngineMetrics.Latency(
                since(CommonField.TIME_TO_FIRST_TOKEN, a.timeToFirstToken(), b.timeToFirstToken()),
                since(CommonField.INTER_TOKEN, a.interToken(), b.interToken()),
                since(CommonField.PER_OUTPUT_TOKEN, a.perOutputToken(), b.perOutputToken()),
                whole,
                since(CommonField.QUEUE, a.queue(), b.queue()),
                partOf(whole, CommonField.PREFILL, a.prefill(), b.prefill()),
                since(CommonField.DECODE, a.decode(), b.decode()),
                partOf(whole, CommonField.INFERENCE, a.inference(), b.inference()));
    }

    EngineMetrics.Size size() {
        EngineMetrics.Size a = from.size();
        EngineMetrics.Size b = to.size();
        return new EngineMetrics.Size(
                since(CommonField.PROMPT_SIZE, a.promptTokens(), b.promptTokens()),
                since(CommonField.GENERATED_SIZE, a.generatedTokens(), b.generatedTokens()),
                since(CommonField.MAX_NEW_TOKENS, a.maxNewTokens(), b.maxNewTokens()));
    }

    /** Why a distribution has no mean, by its path. */
    Map<String, String> notes() {
        return notes;
    }

    private @Nullable Distribution since(
            CommonField field, @Nullable Distribution earlier, @Nullable Distribution later) {
        Distribution grown = earlier == null || later == null ? null : later.since(earlier);
        if (grown == null || grown.kind() != Distribution.Kind.HISTOGRAM) {
            return grown;
        }
        String wrong = whatIsWrong(grown, field);
        return wrong == null ? grown : withoutSum(grown, field, wrong);
    }

    /** Prefill and inference are noted when a request ends, and last no longer than the whole of it. */
    private @Nullable Distribution partOf(
            @Nullable Distribution whole,
            CommonField field,
            @Nullable Distribution earlier,
            @Nullable Distribution later) {
        Distribution part = since(field, earlier, later);
        if (part == null || whole == null || part.sum() == null || part.kind() != Distribution.Kind.HISTOGRAM) {
            return part;
        }
        double longest = lowestOfHighest(part);
        boolean clock = count(part) > count(whole) && longest >= CLOCK_SECONDS_MIN && longest >= highest(whole);
        return clock
                ? withoutSum(
                        part,
                        field,
                        "an observation of %s s or more is longer than any whole request of the window: the host's clock, added for a request that the server aborted"
                                .formatted(number(longest)))
                : part;
    }

    private @Nullable String whatIsWrong(Distribution grown, CommonField field) {
        Double sum = grown.sum();
        if (sum == null) {
            Provenance source = provenance.get(field.path());
            return source == null || source.note() == null ? "the engine reports no sum" : source.note();
        }
        double[] bounds = grown.bucketBounds();
        double[] counts = grown.bucketCounts();
        int last = bounds.length - 1;
        if (last < 1 || bounds[last] != Double.POSITIVE_INFINITY) {
            return null;
        }
        double most = mostOfFiniteBuckets(bounds, counts);
        double beyond = counts[last] - counts[last - 1];
        double excess = sum - most * (1 + ROUNDING) - ROUNDING;
        if (excess <= 0 || (beyond > 0 && excess / beyond <= FAR_ABOVE * bounds[last - 1])) {
            return null;
        }
        return "the sum grew by %s, which %s observations in these buckets cannot make (%s at most%s)"
                .formatted(
                        number(sum),
                        number(counts[last]),
                        number(most),
                        beyond > 0 ? " without the " + number(beyond) + " above the highest bucket" : "");
    }

    private static double mostOfFiniteBuckets(double[] bounds, double[] counts) {
        double most = 0;
        double below = 0;
        for (int i = 0; i < bounds.length - 1; i++) {
            most += Math.max(0, counts[i] - below) * bounds[i];
            below = Math.max(below, counts[i]);
        }
        return most;
    }

    private Distribution withoutSum(Distribution grown, CommonField field, String why) {
        notes.put(field.path(), why);
        return Distribution.ofHistogram(grown.bucketBounds(), grown.bucketCounts(), Double.NaN, count(grown));
    }

    private static double count(Distribution distribution) {
        Long count = distribution.count();
        return count == null ? Double.NaN : count;
    }

    /** The lower bound of the bucket with the greatest observation; 0 when there is none. */
    private static double lowestOfHighest(Distribution distribution) {
        int used = highestUsed(distribution.bucketCounts());
        return used < 1 ? 0 : distribution.bucketBounds()[used - 1];
    }

    /** The upper bound of the bucket with the greatest observation; 0 when there is none. */
    private static double highest(Distribution distribution) {
        int used = highestUsed(distribution.bucketCounts());
        return used < 0 ? 0 : distribution.bucketBounds()[used];
    }

    private static int highestUsed(double[] counts) {
        for (int i = counts.length - 1; i >= 0; i--) {
            if (counts[i] > (i == 0 ? 0 : counts[i - 1])) {
                return i;
            }
        }
        return -1;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
    }
}
