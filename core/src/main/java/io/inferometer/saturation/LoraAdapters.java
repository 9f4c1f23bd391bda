package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The LoRA adapters of a replica.
 *
 * <p>Immutable and safe to share; null is unknown.
 *
 * @param max adapters that fit into one batch
 * @param running adapters with running requests, sorted; empty when known to be none
 * @param waiting adapters with waiting requests, sorted; empty when known to be none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoraAdapters(
        @JsonProperty("max") @Nullable Long max,
        @JsonProperty("running") @Nullable List<String> running,
        @JsonProperty("waiting") @Nullable List<String> waiting) {
    /**
     * Copies the lists.
     *
     * @param max adapters that fit into one batch
     * @param running adapters with running requests
     * @param waiting adapters with waiting requests
     */
    public LoraAdapters {
        running = running == null ? null : List.copyOf(running);
        waiting = waiting == null ? null : List.copyOf(waiting);
    }
}
