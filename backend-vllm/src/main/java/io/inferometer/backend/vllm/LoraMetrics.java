package io.inferometer.backend.vllm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Family;
import io.inferometer.spi.Page;
import io.inferometer.spi.Series;
import io.inferometer.spi.SnapshotDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LoRA adapters, from the labels of {@code vllm:lora_requests_info}; only with {@code --enable-lora}.
 *
 * <p>Immutable and safe to share; null is not known. Every change of the lists makes a new series whose value is the time
 * of the change, and old series stay, so the newest one is read. Measured: where several API servers add up their
 * times, the newest cannot be told, and only {@code maxLora} is known; an adapter shows after its first output; the
 * waiting list is mostly a copy of the running one, and then it is not known. Data-parallel ranks write the same series, so
 * the newest is that of whichever rank changed last.
 *
 * @param maxLora adapters that fit into one batch ({@code --max-loras})
 * @param runningAdapters adapters with requests in flight, sorted; empty when there are none
 * @param waitingAdapters adapters with waiting requests, sorted; empty when there are none
 * @param changedAt Unix time of the last change, in seconds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoraMetrics(
        @JsonProperty("max_lora") @Nullable Long maxLora,
        @JsonProperty("running_adapters") @Nullable List<String> runningAdapters,
        @JsonProperty("waiting_adapters") @Nullable List<String> waitingAdapters,
        @JsonProperty("changed_at") @Nullable Double changedAt) {
    static final String FAMILY = "vllm:lora_requests_info";
    private static final Duration CLOCK_SKEW_MAX = Duration.ofDays(1);

    /**
     * Copies the lists.
     *
     * @param maxLora adapters that fit into one batch
     * @param runningAdapters adapters with requests in flight
     * @param waitingAdapters adapters with waiting requests
     * @param changedAt Unix time of the last change
     */
    public LoraMetrics {
        runningAdapters = runningAdapters == null ? null : List.copyOf(runningAdapters);
        waitingAdapters = waitingAdapters == null ? null : List.copyOf(waitingAdapters);
    }

    /** What the page says at {@code now}. */
    static LoraMetrics on(Page page, Instant now) {
        Family family = page.family(FAMILY);
        if (family == null) {
            return new LoraMetrics(null, null, null, null);
        }
        Long maxLora = maxLora(family);
        Series newest = timesWereAdded(family, now) ? null : newest(family);
        if (newest == null) {
            return new LoraMetrics(maxLora, null, null, null);
        }
        List<String> running = names(newest.labels(), "running_lora_adapters");
        List<String> waiting = names(newest.labels(), "waiting_lora_adapters");
        return new LoraMetrics(maxLora, running, isCopy(waiting, running) ? null : waiting, newest.value());
    }

    /** Fills the common words: only of a whole page, since the family names neither model nor rank. */
    static void fill(Page page, Instant now, SnapshotDraft draft) {
        Family family = draft.wants(CommonField.RUNNING_ADAPTERS) ? page.family(FAMILY) : null;
        if (family == null) {
            return;
        }
        LoraMetrics lora = on(page, now);
        Provenance source = new Provenance(family.name(), family.series().size(), null);
        draft.count(CommonField.MAX_LORA, lora.maxLora, source);
        if (lora.changedAt == null) {
            Provenance why = source.withNote(
                    timesWereAdded(family, now)
                            ? "several API servers added up their times, so the newest series is unknown"
                            : "no series has a time");
            draft.leaveAbsent(CommonField.RUNNING_ADAPTERS, why);
            draft.leaveAbsent(CommonField.WAITING_ADAPTERS, why);
            return;
        }
        Provenance newest = family.series().size() == 1 ? source : source.withNote("the newest series");
        draft.names(CommonField.RUNNING_ADAPTERS, lora.runningAdapters, newest);
        if (lora.waitingAdapters == null) {
            draft.leaveAbsent(CommonField.WAITING_ADAPTERS, newest.withNote("a copy of the running list"));
        } else {
            draft.names(CommonField.WAITING_ADAPTERS, lora.waitingAdapters, newest);
        }
    }

    private static boolean timesWereAdded(Family family, Instant now) {
        double latest = now.plus(CLOCK_SKEW_MAX).toEpochMilli() / 1000.0;
        return family.series().stream().anyMatch(series -> series.value() != null && series.value() > latest);
    }

    private static @Nullable Series newest(Family family) {
        Series newest = null;
        double time = Double.NEGATIVE_INFINITY;
        for (Series series : family.series()) {
            Double value = series.value();
            if (value != null && value > time) {
                newest = series;
                time = value;
            }
        }
        return newest;
    }

    private static @Nullable Long maxLora(Family family) {
        Long most = null;
        for (Series series : family.series()) {
            Long here = CacheConfig.whole(series.labels().get("max_lora"));
            if (here != null && (most == null || here > most)) {
                most = here;
            }
        }
        return most;
    }

    private static @Nullable List<String> names(Labels labels, String label) {
        String list = labels.get(label);
        return list == null
                ? null
                : Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .sorted()
                        .toList();
    }

    private static boolean isCopy(@Nullable List<String> waiting, @Nullable List<String> running) {
        return running != null && !running.isEmpty() && running.equals(waiting);
    }
}
