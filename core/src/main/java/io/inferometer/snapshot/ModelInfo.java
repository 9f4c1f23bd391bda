package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model that the engine serves or holds.
 *
 * <p>Immutable and safe to share; null is not reported.
 *
 * @param name the name that clients use
 * @param loaded whether it is in memory now; null when the engine does not say
 * @param contextLength the longest context it runs with, in tokens
 * @param expiresAt when the engine will unload it unless it is used; in the past while it is busy; {@link Instant#MAX}
 *     for never
 * @param residentBytes memory in use for it in all, in bytes
 * @param vramBytes the part in GPU memory, in bytes
 * @param diskBytes size of its files, in bytes
 * @param family the architecture family, such as {@code "llama"}
 * @param parameterSize the number of parameters as the engine words it, such as {@code "7.6B"}
 * @param quantization the quantization as the engine words it, such as {@code "Q4_K_M"}
 * @param digest the content digest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "name",
    "loaded",
    "context_length",
    "expires_at",
    "never_expires",
    "resident_bytes",
    "vram_bytes",
    "disk_bytes",
    "family",
    "parameter_size",
    "quantization",
    "digest"
})
public record ModelInfo(
        @JsonProperty("name") String name,
        @JsonProperty("loaded") @Nullable Boolean loaded,
        @JsonProperty("context_length") @Nullable Long contextLength,
        @JsonIgnore @Nullable Instant expiresAt,
        @JsonProperty("resident_bytes") @Nullable Long residentBytes,
        @JsonProperty("vram_bytes") @Nullable Long vramBytes,
        @JsonProperty("disk_bytes") @Nullable Long diskBytes,
        @JsonProperty("family") @Nullable String family,
        @JsonProperty("parameter_size") @Nullable String parameterSize,
        @JsonProperty("quantization") @Nullable String quantization,
        @JsonProperty("digest") @Nullable String digest) {

    /** A model of which only name and context length are known. */
    public static ModelInfo named(String name, @Nullable Long contextLength) {
        return new ModelInfo(name, null, contextLength, null, null, null, null, null, null, null, null);
    }

    /** Whether the engine keeps it loaded for ever. */
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
