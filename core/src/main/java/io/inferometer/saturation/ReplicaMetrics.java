package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one model: how full it is, how fast, and how old that knowledge is.
 *
 * <p>Immutable, value-equal and safe to share. Every value may be null, which means unknown, never zero. KV cache usage
 * and queue depth are peaks (the maximum over the source's window, a minute by default), {@code running} is the latest
 * value, the others are means or rates of the window. Data-parallel ranks of a replica are one: counts are summed, the
 * usage is the fullest rank's.
 *
 * <p>A value that cannot be (a usage outside 0..1, a negative queue, NaN) is unknown here and named in {@link #notes}; the
 * replica's other values stay usable.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "replica_id",
    "model",
    "namespace",
    "engine",
    "variant",
    "accelerator",
    "ready",
    "kv_cache_usage",
    "queue_depth",
    "running",
    "requests_per_second",
    "average_prompt_tokens",
    "average_generated_tokens",
    "prefix_hit_rate",
    "kv_capacity_tokens",
    "tokens_in_use",
    "generated_tokens_per_second",
    "time_to_first_token_seconds",
    "inter_token_seconds",
    "collected_at",
    "age_seconds",
    "freshness",
    "zone",
    "cost",
    "max_batch_size",
    "lora_adapters",
    "custom",
    "notes"
})
public final class ReplicaMetrics {
    private final Builder is;

    private ReplicaMetrics(Builder values) {
        this.is = values;
    }

    /**
     * Begins a replica.
     *
     * @param replicaId its name: the target's name, host:port, or a pod's name
     * @return a builder in which everything else is unknown
     */
    public static Builder builder(String replicaId) {
        return new Builder(replicaId);
    }

    /** A builder that begins with all values of this replica, to add to them or to change some. */
    public Builder toBuilder() {
        return new Builder(is);
    }

    /** Its name: the target's name, host:port, or a pod's name. */
    @JsonProperty("replica_id")
    public String replicaId() {
        return is.replicaId;
    }

    /** The model that it serves, by the name that clients use. */
    @JsonProperty("model")
    public @Nullable String model() {
        return is.model;
    }

    /** The namespace in which it runs. */
    @JsonProperty("namespace")
    public @Nullable String namespace() {
        return is.namespace;
    }

    /** The engine's name, such as {@code "vllm"}. */
    @JsonProperty("engine")
    public @Nullable String engine() {
        return is.engine;
    }

    /** The variant that it belongs to: replicas of one kind that are scaled together. */
    @JsonProperty("variant")
    public @Nullable String variant() {
        return is.variant;
    }

    /** What it computes on, such as {@code "H100"}. */
    @JsonProperty("accelerator")
    public @Nullable String accelerator() {
        return is.accelerator;
    }

    /** Where it runs. */
    @JsonProperty("zone")
    public @Nullable String zone() {
        return is.zone;
    }

    /** Where it was read, host:port; joins it with what others know of it. Not in JSON. */
    public @Nullable String instance() {
        return is.instance;
    }

    /** Whether it serves: false while it starts, stops, sleeps or does not answer. */
    @JsonProperty("ready")
    public @Nullable Boolean ready() {
        return is.ready;
    }

    /** Share of the KV cache in use, 0..1, the peak of the window. */
    @JsonProperty("kv_cache_usage")
    public @Nullable Double kvCacheUsage() {
        return is.kvCacheUsage;
    }

    /** Requests that wait, the peak of the window. */
    @JsonProperty("queue_depth")
    public @Nullable Long queueDepth() {
        return is.queueDepth;
    }

    /** Requests in the running batch, the latest value. */
    @JsonProperty("running")
    public @Nullable Long running() {
        return is.running;
    }

    /** Requests ended per second, over the window. */
    @JsonProperty("requests_per_second")
    public @Nullable Double requestsPerSecond() {
        return is.requestsPerSecond;
    }

    /** Prompt tokens per request, the mean of the window. */
    @JsonProperty("average_prompt_tokens")
    public @Nullable Double averagePromptTokens() {
        return is.averagePromptTokens;
    }

    /** Generated tokens per request, the mean of the window. */
    @JsonProperty("average_generated_tokens")
    public @Nullable Double averageGeneratedTokens() {
        return is.averageGeneratedTokens;
    }

    /** Share of the prompt tokens found in the prefix cache, 0..1, over the window. */
    @JsonProperty("prefix_hit_rate")
    public @Nullable Double prefixHitRate() {
        return is.prefixHitRate;
    }

    /** Tokens that the KV cache can hold. */
    @JsonProperty("kv_capacity_tokens")
    public @Nullable Long kvCapacityTokens() {
        return is.kvCapacityTokens;
    }

    /** Tokens that the KV cache holds: as given, else usage × capacity where both are known, so of the window's peak. */
    @JsonProperty("tokens_in_use")
    public @Nullable Long tokensInUse() {
        return is.tokensInUse;
    }

    /** Requests that run at once at most. */
    @JsonProperty("max_batch_size")
    public @Nullable Long maxBatchSize() {
        return is.maxBatchSize;
    }

    /** Arrival to first token in seconds, the mean of the window. */
    @JsonProperty("time_to_first_token_seconds")
    public @Nullable Double timeToFirstTokenSeconds() {
        return is.timeToFirstTokenSeconds;
    }

    /** Gap between two tokens in seconds, the mean of the window. */
    @JsonProperty("inter_token_seconds")
    public @Nullable Double interTokenSeconds() {
        return is.interTokenSeconds;
    }

    /** Generated tokens per second, over the window. */
    @JsonProperty("generated_tokens_per_second")
    public @Nullable Double generatedTokensPerSecond() {
        return is.generatedTokensPerSecond;
    }

    /** Its LoRA adapters. */
    @JsonProperty("lora_adapters")
    public @Nullable LoraAdapters loraAdapters() {
        return is.loraAdapters;
    }

    /** What it costs, in any unit that is the same for all variants; 0 or more. */
    @JsonProperty("cost")
    public @Nullable Double cost() {
        return is.cost;
    }

    /** When the values were read, by this machine's clock. */
    public @Nullable Instant collectedAt() {
        return is.collectedAt;
    }

    /** How old the values were when this was made. */
    public @Nullable Duration age() {
        return is.age;
    }

    /** How far the values can be trusted, by their age; {@link Freshness#UNAVAILABLE} where no age was given. */
    @JsonProperty("freshness")
    public Freshness freshness() {
        return is.freshness;
    }

    /** Further labels: of the target, of the series or of the pod; such as {@code pod}, {@code node}. Not in JSON. */
    public Map<String, String> labels() {
        return is.labels;
    }

    /** Further values that the user asked for, by name; empty when there are none. */
    @JsonProperty("custom")
    public Map<String, Double> custom() {
        return is.custom;
    }

    /** What is wrong with some of the values, each a sentence that names the field; empty when nothing is. */
    @JsonProperty("notes")
    public List<String> notes() {
        return is.notes;
    }

    /**
     * Tokens that wait or are held, as a share of the KV cache's capacity: {@code tokensInUse + queueDepth ×
     * averagePromptTokens × (1 − prefixHitRate)} against {@code kvCapacityTokens}. An unknown hit rate counts as 0, and
     * the size of a prompt does not matter while nothing waits.
     *
     * @return 0 or more, above 1 when more waits than fits; null when a part is unknown
     */
    public @Nullable Double tokenDemandRatio() {
        Double demand = tokenDemand();
        Long capacity = kvCapacityTokens();
        return demand == null || capacity == null || capacity <= 0 ? null : (Double) (demand / capacity);
    }

    /** The tokens that {@link #tokenDemandRatio} is made of; null when a part is unknown. */
    public @Nullable Double tokenDemand() {
        Long held = tokensInUse();
        Long queue = queueDepth();
        Double prompt = averagePromptTokens();
        if (held == null || queue == null || (queue > 0 && prompt == null)) {
            return null;
        }
        double cached = prefixHitRate() == null ? 0 : prefixHitRate();
        double waiting = prompt == null ? 0 : queue * prompt * (1 - cached);
        return held + waiting;
    }

    @JsonProperty("collected_at")
    @Nullable
    String collectedAtText() {
        return is.collectedAt == null ? null : is.collectedAt.toString();
    }

    @JsonProperty("age_seconds")
    @Nullable
    Double ageSeconds() {
        return is.age == null ? null : (Double) (is.age.toNanos() / 1e9);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReplicaMetrics that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** The values that are known, by name. */
    @Override
    public String toString() {
        return "ReplicaMetrics" + values();
    }

    private Map<String, Object> values() {
        Map<String, Object> known = new LinkedHashMap<>();
        note(known, "replicaId", is.replicaId);
        note(known, "model", is.model);
        note(known, "namespace", is.namespace);
        note(known, "engine", is.engine);
        note(known, "variant", is.variant);
        note(known, "accelerator", is.accelerator);
        note(known, "zone", is.zone);
        note(known, "instance", is.instance);
        note(known, "ready", is.ready);
        note(known, "kvCacheUsage", is.kvCacheUsage);
        note(known, "queueDepth", is.queueDepth);
        note(known, "running", is.running);
        note(known, "requestsPerSecond", is.requestsPerSecond);
        note(known, "averagePromptTokens", is.averagePromptTokens);
        note(known, "averageGeneratedTokens", is.averageGeneratedTokens);
        note(known, "prefixHitRate", is.prefixHitRate);
        note(known, "kvCapacityTokens", is.kvCapacityTokens);
        note(known, "tokensInUse", is.tokensInUse);
        note(known, "maxBatchSize", is.maxBatchSize);
        note(known, "timeToFirstTokenSeconds", is.timeToFirstTokenSeconds);
        note(known, "interTokenSeconds", is.interTokenSeconds);
        note(known, "generatedTokensPerSecond", is.generatedTokensPerSecond);
        note(known, "loraAdapters", is.loraAdapters);
        note(known, "cost", is.cost);
        note(known, "collectedAt", is.collectedAt);
        note(known, "age", is.age);
        note(known, "freshness", is.freshness);
        note(known, "labels", is.labels);
        note(known, "custom", is.custom);
        note(known, "notes", is.notes);
        return known;
    }

    private static void note(Map<String, Object> known, String name, @Nullable Object value) {
        boolean empty =
                (value instanceof Map<?, ?> map && map.isEmpty()) || (value instanceof List<?> list && list.isEmpty());
        if (value != null && !empty) {
            known.put(name, value);
        }
    }

    /**
     * Makes replicas. A null leaves a value unknown.
     *
     * <p>For one thread. Values that cannot be are left out by {@link #build} and noted.
     */
    public static final class Builder {
        private static final double RATIO_SLACK = 1e-9;

        private String replicaId;
        private @Nullable String model;
        private @Nullable String namespace;
        private @Nullable String engine;
        private @Nullable String variant;
        private @Nullable String accelerator;
        private @Nullable String zone;
        private @Nullable String instance;
        private @Nullable Boolean ready;
        private @Nullable Double kvCacheUsage;
        private @Nullable Long queueDepth;
        private @Nullable Long running;
        private @Nullable Double requestsPerSecond;
        private @Nullable Double averagePromptTokens;
        private @Nullable Double averageGeneratedTokens;
        private @Nullable Double prefixHitRate;
        private @Nullable Long kvCapacityTokens;
        private @Nullable Long tokensInUse;
        private @Nullable Long maxBatchSize;
        private @Nullable Double timeToFirstTokenSeconds;
        private @Nullable Double interTokenSeconds;
        private @Nullable Double generatedTokensPerSecond;
        private @Nullable LoraAdapters loraAdapters;
        private @Nullable Double cost;
        private @Nullable Instant collectedAt;
        private @Nullable Duration age;
        private Freshness freshness = Freshness.UNAVAILABLE;
        private Map<String, String> labels = Map.of();
        private Map<String, Double> custom = Map.of();
        private List<String> notes = List.of();

        private Builder(String replicaId) {
            this.replicaId = replicaId;
        }

        private Builder(Builder other) {
            replicaId = other.replicaId;
            model = other.model;
            namespace = other.namespace;
            engine = other.engine;
            variant = other.variant;
            accelerator = other.accelerator;
            zone = other.zone;
            instance = other.instance;
            ready = other.ready;
            kvCacheUsage = other.kvCacheUsage;
            queueDepth = other.queueDepth;
            running = other.running;
            requestsPerSecond = other.requestsPerSecond;
            averagePromptTokens = other.averagePromptTokens;
            averageGeneratedTokens = other.averageGeneratedTokens;
            prefixHitRate = other.prefixHitRate;
            kvCapacityTokens = other.kvCapacityTokens;
            tokensInUse = other.tokensInUse;
            maxBatchSize = other.maxBatchSize;
            timeToFirstTokenSeconds = other.timeToFirstTokenSeconds;
            interTokenSeconds = other.interTokenSeconds;
            generatedTokensPerSecond = other.generatedTokensPerSecond;
            loraAdapters = other.loraAdapters;
            cost = other.cost;
            collectedAt = other.collectedAt;
            age = other.age;
            freshness = other.freshness;
            labels = other.labels;
            custom = other.custom;
            notes = other.notes;
        }

        /** Its name. */
        public Builder replicaId(String value) {
            replicaId = value;
            return this;
        }

        /** The model that it serves. */
        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        /** The namespace in which it runs. */
        public Builder namespace(@Nullable String value) {
            namespace = value;
            return this;
        }

        /** The engine's name. */
        public Builder engine(@Nullable String value) {
            engine = value;
            return this;
        }

        /** The variant that it belongs to. */
        public Builder variant(@Nullable String value) {
            variant = value;
            return this;
        }

        /** What it computes on. */
        public Builder accelerator(@Nullable String value) {
            accelerator = value;
            return this;
        }

        /** Where it runs. */
        public Builder zone(@Nullable String value) {
            zone = value;
            return this;
        }

        /** Where it was read, host:port. */
        public Builder instance(@Nullable String value) {
            instance = value;
            return this;
        }

        /** Whether it serves. */
        public Builder ready(@Nullable Boolean value) {
            ready = value;
            return this;
        }

        /** Share of the KV cache in use, 0..1, the peak of the window. */
        public Builder kvCacheUsage(@Nullable Double value) {
            kvCacheUsage = value;
            return this;
        }

        /** Requests that wait, the peak of the window. */
        public Builder queueDepth(@Nullable Long value) {
            queueDepth = value;
            return this;
        }

        /** Requests in the running batch, the latest value. */
        public Builder running(@Nullable Long value) {
            running = value;
            return this;
        }

        /** Requests ended per second. */
        public Builder requestsPerSecond(@Nullable Double value) {
            requestsPerSecond = value;
            return this;
        }

        /** Prompt tokens per request. */
        public Builder averagePromptTokens(@Nullable Double value) {
            averagePromptTokens = value;
            return this;
        }

        /** Generated tokens per request. */
        public Builder averageGeneratedTokens(@Nullable Double value) {
            averageGeneratedTokens = value;
            return this;
        }

        /** Share of the prompt tokens found in the prefix cache, 0..1. */
        public Builder prefixHitRate(@Nullable Double value) {
            prefixHitRate = value;
            return this;
        }

        /** Tokens that the KV cache can hold. */
        public Builder kvCapacityTokens(@Nullable Long value) {
            kvCapacityTokens = value;
            return this;
        }

        /** Tokens that it holds; when this is not given, usage × capacity. */
        public Builder tokensInUse(@Nullable Long value) {
            tokensInUse = value;
            return this;
        }

        /** Requests that run at once at most. */
        public Builder maxBatchSize(@Nullable Long value) {
            maxBatchSize = value;
            return this;
        }

        /** Arrival to first token, in seconds. */
        public Builder timeToFirstTokenSeconds(@Nullable Double value) {
            timeToFirstTokenSeconds = value;
            return this;
        }

        /** Gap between two tokens, in seconds. */
        public Builder interTokenSeconds(@Nullable Double value) {
            interTokenSeconds = value;
            return this;
        }

        /** Generated tokens per second. */
        public Builder generatedTokensPerSecond(@Nullable Double value) {
            generatedTokensPerSecond = value;
            return this;
        }

        /** Its LoRA adapters. */
        public Builder loraAdapters(@Nullable LoraAdapters value) {
            loraAdapters = value;
            return this;
        }

        /** What it costs, 0 or more. */
        public Builder cost(@Nullable Double value) {
            cost = value;
            return this;
        }

        /**
         * How old the values are.
         *
         * @param at when they were read, null when unknown
         * @param now what time it is
         * @param thresholds from which ages they are stale and unavailable
         * @return this
         */
        public Builder collected(@Nullable Instant at, Instant now, FreshnessThresholds thresholds) {
            Duration since = at == null ? null : Duration.between(at, now);
            return aged(at, since != null && since.isNegative() ? Duration.ZERO : since, thresholds);
        }

        /**
         * How old the values are, where that is known better than by the wall clock.
         *
         * @param at when they were read, null when unknown
         * @param since how long ago that was, null when unknown
         * @param thresholds from which ages they are stale and unavailable
         * @return this
         */
        public Builder aged(@Nullable Instant at, @Nullable Duration since, FreshnessThresholds thresholds) {
            collectedAt = at;
            age = since;
            freshness = thresholds.of(since);
            return this;
        }

        /** Further labels, instead of those that were given before; copied. */
        public Builder labels(Map<String, String> value) {
            labels = Collections.unmodifiableMap(new LinkedHashMap<>(value));
            return this;
        }

        /** Further values by name, instead of those that were given before; copied. */
        public Builder custom(Map<String, Double> value) {
            custom = Collections.unmodifiableMap(new LinkedHashMap<>(value));
            return this;
        }

        /** Adds what is wrong with a value, in a sentence that names the field. */
        public Builder note(String sentence) {
            List<String> more = new ArrayList<>(notes);
            more.add(sentence);
            notes = Collections.unmodifiableList(more);
            return this;
        }

        /** The replica, without the values that cannot be. */
        public ReplicaMetrics build() {
            Builder sane = new Builder(this);
            sane.kvCacheUsage = sane.ratio("kv_cache_usage", kvCacheUsage);
            sane.prefixHitRate = sane.ratio("prefix_hit_rate", prefixHitRate);
            sane.queueDepth = sane.count("queue_depth", queueDepth);
            sane.running = sane.count("running", running);
            sane.kvCapacityTokens = sane.count("kv_capacity_tokens", kvCapacityTokens);
            sane.tokensInUse = sane.count("tokens_in_use", tokensInUse);
            sane.maxBatchSize = sane.count("max_batch_size", maxBatchSize);
            sane.requestsPerSecond = sane.amount("requests_per_second", requestsPerSecond);
            sane.averagePromptTokens = sane.amount("average_prompt_tokens", averagePromptTokens);
            sane.averageGeneratedTokens = sane.amount("average_generated_tokens", averageGeneratedTokens);
            sane.timeToFirstTokenSeconds = sane.amount("time_to_first_token_seconds", timeToFirstTokenSeconds);
            sane.interTokenSeconds = sane.amount("inter_token_seconds", interTokenSeconds);
            sane.generatedTokensPerSecond = sane.amount("generated_tokens_per_second", generatedTokensPerSecond);
            sane.cost = sane.amount("cost", cost);
            if (sane.tokensInUse == null && sane.kvCacheUsage != null && sane.kvCapacityTokens != null) {
                sane.tokensInUse = Math.round(sane.kvCacheUsage * sane.kvCapacityTokens);
            }
            return new ReplicaMetrics(sane);
        }

        private @Nullable Double ratio(String field, @Nullable Double value) {
            if (value == null || (value >= 0 && value <= 1)) {
                return value;
            }
            if (value > 1 && value <= 1 + RATIO_SLACK) {
                return 1.0; // A quotient that was rounded.
            }
            refuse(field, value, "a share lies within 0..1");
            return null;
        }

        private @Nullable Long count(String field, @Nullable Long value) {
            if (value == null || value >= 0) {
                return value;
            }
            refuse(field, value, "a count is 0 or more");
            return null;
        }

        private @Nullable Double amount(String field, @Nullable Double value) {
            if (value == null || (value >= 0 && !value.isInfinite())) {
                return value;
            }
            refuse(field, value, "a number of 0 or more is expected");
            return null;
        }

        private void refuse(String field, Object value, String why) {
            note("%s of %s was %s and is left out: %s.".formatted(field, replicaId, value, why));
        }
    }
}
