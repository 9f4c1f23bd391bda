package io.inferometer.saturation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an objective can be about. */
public enum SloField {
    /** Arrival to first token, in seconds. */
    TIME_TO_FIRST_TOKEN(Unit.SECONDS, "time to first token", "ttft"),
    /** Gap between two tokens, in seconds. */
    INTER_TOKEN(Unit.SECONDS, "inter-token latency", "inter token latency", "inter-token", "itl"),
    /** Mean time per output token of a request, in seconds. */
    PER_OUTPUT_TOKEN(Unit.SECONDS, "time per output token", "per output token", "tpot"),
    /** Arrival to last token, in seconds. */
    END_TO_END(Unit.SECONDS, "end-to-end latency", "end to end latency", "end to end", "e2e latency", "e2e"),
    /** Waiting before the first scheduling, in seconds. */
    QUEUE_TIME(Unit.SECONDS, "queue time", "queueing time"),
    /** Processing of the prompt, in seconds. */
    PREFILL(Unit.SECONDS, "prefill time", "prefill"),
    /** Generation after the first token, in seconds. */
    DECODE(Unit.SECONDS, "decode time", "decode"),
    /** Share of the KV cache in use, 0..1. */
    KV_USAGE(Unit.SHARE, "KV usage", "kv cache usage", "cache usage"),
    /** Share of the prompt tokens found in the prefix cache, 0..1. */
    HIT_RATE(Unit.SHARE, "prefix hit rate", "cache hit rate", "hit rate"),
    /** Failed requests as a share of those that succeeded or failed, 0..1. */
    FAILURE_RATIO(Unit.SHARE, "failure ratio", "failure rate", "error rate", "error ratio"),
    /** Accepted tokens as a share of those drafted by speculative decoding, 0..1. */
    ACCEPTANCE_RATE(Unit.SHARE, "acceptance rate"),
    /** Requests that wait. */
    QUEUE_DEPTH(Unit.COUNT, "queue depth", "requests waiting", "waiting", "queue"),
    /** Requests in the running batch. */
    RUNNING(Unit.COUNT, "running requests", "requests running", "running"),
    /** Requests ended per second. */
    REQUESTS_PER_SECOND(Unit.PER_SECOND, "requests per second", "request rate", "rps"),
    /** Prompt tokens per second. */
    PROMPT_TOKENS_PER_SECOND(Unit.PER_SECOND, "prompt tokens per second"),
    /** Generated tokens per second. */
    GENERATED_TOKENS_PER_SECOND(
            Unit.PER_SECOND, "generated tokens per second", "tokens per second", "throughput", "tps"),
    /** Requests pushed out of the running batch per second. */
    PREEMPTIONS_PER_SECOND(Unit.PER_SECOND, "preemptions per second", "preemption rate");

    /** In which unit a field is given. */
    public enum Unit {
        /** Seconds. */
        SECONDS,
        /** A share, 0..1. */
        SHARE,
        /** A number of things. */
        COUNT,
        /** Things per second. */
        PER_SECOND
    }

    private final Unit unit;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list, which the type cannot say.
    private final List<String> names;

    SloField(Unit unit, String... names) {
        this.unit = unit;
        this.names = List.of(names);
    }

    /** In which unit it is given. */
    public Unit unit() {
        return unit;
    }

    /** What people call it; {@link SloTarget#parse} understands it in any case. */
    public String title() {
        return names.get(0);
    }

    /** All the names that are understood, in lower case, the title first. */
    public List<String> names() {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether it is a distribution: a mean and quantiles rather than one value. */
    boolean isDistribution() {
        return unit == Unit.SECONDS;
    }

    static @Nullable SloField named(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT).replace('_', ' ').replaceAll("\\s+", " ");
        for (SloField field : values()) {
            if (field.names().contains(wanted)
                    || field.name().toLowerCase(Locale.ROOT).replace('_', ' ').equals(wanted)) {
                return field;
            }
        }
        return null;
    }
}
