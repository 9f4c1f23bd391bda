package io.inferometer.backend.ollama;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.inferometer.snapshot.AbsentFilter;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineSnapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an Ollama server reported: which models it holds, which it could load, and, where it serves a metrics page, its
 * counters.
 *
 * <p>Immutable and safe to share; null is not reported. Ollama tells nobody how many requests run or wait, so the common
 * load is absent unless a metrics page answers. A model that is still loading, and every queued request, is visible
 * nowhere; a model whose runner was killed stays listed until its time is up.
 *
 * @param common header, common words and their provenance
 * @param server the server as a whole
 * @param loadedModels the models in memory, longest time to expiry first; empty when there are none (then JSON leaves it
 *     out, and {@code models_loaded} says 0)
 * @param availableModels the models on disk; null when {@code /api/tags} gave no usable answer
 * @param serverMetrics what the metrics page said; all absent when there was none
 */
@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
@JsonPropertyOrder({"common", "server", "loaded_models", "available_models", "server_metrics"})
public record OllamaSnapshot(
        @JsonUnwrapped CommonView common,
        @JsonProperty("server") Server server,
        @JsonProperty("loaded_models") List<LoadedModel> loadedModels,
        @JsonProperty("available_models") @Nullable List<AvailableModel> availableModels,

        @JsonProperty("server_metrics") ServerMetrics serverMetrics)
        implements EngineSnapshot {

    /**
     * Copies the lists.
     *
     * @param common header, common words and their provenance
     * @param server the server as a whole
     * @param loadedModels the models in memory
     * @param availableModels the models on disk, or null
     * @param serverMetrics what the metrics page said
     */
    public OllamaSnapshot {
        loadedModels = List.copyOf(loadedModels);
        availableModels = availableModels == null ? null : List.copyOf(availableModels);
    }

    /**
     * The server as a whole.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param version its version, from {@code /api/version}, else from {@code ollama_build_info}
     * @param modelsLoaded how many models {@code /api/ps} lists, 0 or more
     * @param modelsAvailable how many models {@code /api/tags} lists, 0 or more
     * @param diskBytes what those say they take on disk, in bytes; layers that two models share count twice
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Server(
            @JsonProperty("version") @Nullable String version,
            @JsonProperty("models_loaded") long modelsLoaded,
            @JsonProperty("models_available") @Nullable Long modelsAvailable,
            @JsonProperty("disk_bytes") @Nullable Long diskBytes) {}

    /**
     * A model in memory, as {@code /api/ps} lists it.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param name its name with tag, such as {@code "llama3.2:latest"}; of two tags with the same weights the one that
     *     loaded them
     * @param digest of its manifest, SHA-256 in hexadecimal
     * @param sizeBytes weights, KV cache and compute buffers together, in bytes; a build for GPUs on a machine without
     *     one was seen to say 0
     * @param vramBytes the part of it in GPU memory, in bytes; 0 on a CPU
     * @param contextLength the context that the runner was started with, in tokens; since 0.10
     * @param expiresAt when it will be unloaded, by the server's clock; {@link Instant#MAX} for never. Not moved on
     *     while a request runs, so on a busy model it may lie in the past
     * @param secondsToExpiry from the scrape, by this machine's clock, to {@code expiresAt}, in seconds; negative on a
     *     busy model or one that is being unloaded; null for never
     * @param details what the model is
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    @JsonPropertyOrder({
        "name",
        "digest",
        "size_bytes",
        "vram_bytes",
        "cpu_bytes",
        "gpu_ratio",
        "context_length",
        "expires_at",
        "never_expires",
        "seconds_to_expiry",
        "details"
    })
    public record LoadedModel(
            @JsonProperty("name") String name,
            @JsonProperty("digest") @Nullable String digest,
            @JsonProperty("size_bytes") @Nullable Long sizeBytes,
            @JsonProperty("vram_bytes") @Nullable Long vramBytes,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @JsonIgnore @Nullable Instant expiresAt,
            @JsonProperty("seconds_to_expiry") @Nullable Double secondsToExpiry,
            @JsonProperty("details") Details details) {

        /** The part that did not fit the GPU and lies in the machine's memory, in bytes; null when not known. */
        @JsonProperty("cpu_bytes")
        public @Nullable Long cpuBytes() {
            return sizeBytes == null || vramBytes == null || vramBytes > sizeBytes
                    ? null
                    : (Long) (sizeBytes - vramBytes);
        }

        /** The share in GPU memory, 0..1; null when not known, as for a size of 0. */
        @JsonProperty("gpu_ratio")
        public @Nullable Double gpuRatio() {
            if (sizeBytes == null || vramBytes == null || sizeBytes == 0 || vramBytes > sizeBytes) {
                return null;
            }
            return (double) vramBytes / sizeBytes;
        }

        /** Whether the server keeps it for ever (a negative {@code keep_alive}). */
        public boolean neverExpires() {
            return Instant.MAX.equals(expiresAt);
        }

        @JsonProperty("expires_at")
        @Nullable
        String expiresAtText() {
            return expiresAt == null || neverExpires() ? null : expiresAt.toString();
        }

        @JsonProperty("never_expires")
        @Nullable
        Boolean neverExpiresIfKnown() {
            return expiresAt == null ? null : neverExpires();
        }
    }

    /**
     * A model that the server could load, as {@code /api/tags} lists it.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param name its name with tag
     * @param digest of its manifest, SHA-256 in hexadecimal
     * @param diskBytes its layers on disk, in bytes; tiny for a cloud model
     * @param modifiedAt when its manifest was written, by the server's clock
     * @param remoteModel the model in the cloud that it stands for; null for a local one
     * @param remoteHost where that is served; null for a local one
     * @param capabilities such as {@code completion}, {@code tools}, {@code vision}, {@code embedding}; empty when not
     *     reported (before about 0.33)
     * @param details what the model is
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    @JsonPropertyOrder({
        "name",
        "digest",
        "disk_bytes",
        "modified_at",
        "remote_model",
        "remote_host",
        "remote",
        "capabilities",
        "details"
    })
    public record AvailableModel(
            @JsonProperty("name") String name,
            @JsonProperty("digest") @Nullable String digest,
            @JsonProperty("disk_bytes") @Nullable Long diskBytes,
            @JsonIgnore @Nullable Instant modifiedAt,
            @JsonProperty("remote_model") @Nullable String remoteModel,
            @JsonProperty("remote_host") @Nullable String remoteHost,
            @JsonProperty("capabilities") List<String> capabilities,
            @JsonProperty("details") Details details) {
        /**
         * Copies the list.
         *
         * @param name its name with tag
         * @param digest of its manifest
         * @param diskBytes its layers on disk, in bytes
         * @param modifiedAt when its manifest was written
         * @param remoteModel the model in the cloud that it stands for
         * @param remoteHost where that is served
         * @param capabilities what it can do
         * @param details what the model is
         */
        public AvailableModel {
            capabilities = List.copyOf(capabilities);
        }

        /** Whether requests for it are passed on to another host. */
        @JsonProperty("remote")
        public boolean isRemote() {
            return remoteModel != null || remoteHost != null;
        }

        @JsonProperty("modified_at")
        @Nullable
        String modifiedAtText() {
            return modifiedAt == null ? null : modifiedAt.toString();
        }
    }

    /**
     * What a model is, in Ollama's words.
     *
     * <p>Immutable and safe to share; null is not reported.
     *
     * @param format of its files: {@code gguf} or {@code safetensors}
     * @param family its architecture, such as {@code "llama"}
     * @param families all architectures in it; empty when not reported (Ollama may say {@code null})
     * @param parameterSize such as {@code "7.6B"}
     * @param quantization such as {@code "Q4_K_M"}; {@code "unknown"} where Ollama says so
     * @param contextLength the longest context that the model was made for, in tokens; only in newer {@code /api/tags}
     * @param embeddingLength length of its vectors; only in newer {@code /api/tags}
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record Details(
            @JsonProperty("format") @Nullable String format,
            @JsonProperty("family") @Nullable String family,
            @JsonProperty("families") List<String> families,
            @JsonProperty("parameter_size") @Nullable String parameterSize,
            @JsonProperty("quantization") @Nullable String quantization,
            @JsonProperty("context_length") @Nullable Long contextLength,
            @JsonProperty("embedding_length") @Nullable Long embeddingLength) {
        /**
         * Copies the list.
         *
         * @param format of its files
         * @param family its architecture
         * @param families all architectures in it
         * @param parameterSize as Ollama words it
         * @param quantization as Ollama words it
         * @param contextLength the longest context that the model was made for, in tokens
         * @param embeddingLength length of its vectors
         */
        public Details {
            families = List.copyOf(families);
        }
    }

    /**
     * What a metrics page said. No released version up to 0.33 serves one; the names are those of the proposals (pull
     * requests 16998 and 11159), and nothing here was measured.
     *
     * <p>Immutable and safe to share; null is not reported. Counts and times are sums over models and reasons since the
     * server started.
     *
     * @param requestsQueued requests that wait for a model to be loaded ({@code ollama_requests_queued}); those that
     *     wait for a slot of a loaded model are not among them
     * @param queueCapacity how many may wait so ({@code ollama_queue_capacity}, {@code OLLAMA_MAX_QUEUE})
     * @param modelsLoaded models in memory ({@code ollama_models_loaded})
     * @param promptEvalTotal prompt tokens ({@code ollama_prompt_eval_total}), in tokens
     * @param evalTotal generated tokens ({@code ollama_eval_total}), in tokens
     * @param totalDurationSeconds arrival to last token ({@code ollama_total_duration_seconds}), summed, in seconds
     * @param loadDurationSeconds waiting for a runner, loading included ({@code ollama_load_duration_seconds}), in
     *     seconds
     * @param promptEvalDurationSeconds prompt processing ({@code ollama_prompt_eval_duration_seconds}), in seconds
     * @param evalDurationSeconds generation ({@code ollama_eval_duration_seconds}), in seconds
     * @param peakMemoryBytes the greatest of {@code ollama_peak_memory_bytes}, in bytes
     * @param httpRequestsByStatus requests of any kind by HTTP status ({@code http_requests_total}), sorted; empty when
     *     not reported
     */
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = AbsentFilter.class)
    public record ServerMetrics(
            @JsonProperty("requests_queued") @Nullable Long requestsQueued,
            @JsonProperty("queue_capacity") @Nullable Long queueCapacity,
            @JsonProperty("models_loaded") @Nullable Long modelsLoaded,
            @JsonProperty("prompt_eval_total") @Nullable Long promptEvalTotal,
            @JsonProperty("eval_total") @Nullable Long evalTotal,

            @JsonProperty("total_duration_seconds") @Nullable
            Double totalDurationSeconds,

            @JsonProperty("load_duration_seconds") @Nullable Double loadDurationSeconds,

            @JsonProperty("prompt_eval_duration_seconds") @Nullable
            Double promptEvalDurationSeconds,

            @JsonProperty("eval_duration_seconds") @Nullable Double evalDurationSeconds,
            @JsonProperty("peak_memory_bytes") @Nullable Long peakMemoryBytes,
            @JsonProperty("http_requests_by_status") Map<String, Long> httpRequestsByStatus) {
        /**
         * Copies the map.
         *
         * @param requestsQueued requests that wait for a model to be loaded
         * @param queueCapacity how many may wait so
         * @param modelsLoaded models in memory
         * @param promptEvalTotal prompt tokens
         * @param evalTotal generated tokens
         * @param totalDurationSeconds arrival to last token, summed, in seconds
         * @param loadDurationSeconds waiting for a runner, in seconds
         * @param promptEvalDurationSeconds prompt processing, in seconds
         * @param evalDurationSeconds generation, in seconds
         * @param peakMemoryBytes the greatest peak, in bytes
         * @param httpRequestsByStatus requests by HTTP status
         */
        public ServerMetrics {
            httpRequestsByStatus = Collections.unmodifiableMap(new LinkedHashMap<>(httpRequestsByStatus));
        }
    }
}
