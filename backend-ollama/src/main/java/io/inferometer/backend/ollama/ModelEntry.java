package io.inferometer.backend.ollama;

import io.inferometer.backend.ollama.OllamaSnapshot.AvailableModel;
import io.inferometer.backend.ollama.OllamaSnapshot.Details;
import io.inferometer.backend.ollama.OllamaSnapshot.LoadedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model of a list while it is read: the fields of {@code /api/ps} and {@code /api/tags} together. For one thread. */
final class ModelEntry {
    /**
     * A negative keep_alive shows as the longest time that Go can say, 292 years ahead. Less is asked here, because the
     * server's clock may be decades off.
     */
    private static final Duration NEVER = Duration.ofDays(200 * 365L);

    @Nullable
    String name;

    @Nullable
    String model;

    @Nullable
    String digest;

    @Nullable
    Long size;

    @Nullable
    Long sizeVram;

    @Nullable
    Long contextLength;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant modifiedAt;

    @Nullable
    String remoteModel;

    @Nullable
    String remoteHost;

    List<String> capabilities = List.of();

    @Nullable
    String format;

    @Nullable
    String family;

    List<String> families = List.of();

    @Nullable
    String parameterSize;

    @Nullable
    String quantization;

    @Nullable
    Long longestContext;

    @Nullable
    Long embeddingLength;

    LoadedModel loaded(String shownName, Instant now) {
        Instant until = expiresAt;
        Double seconds = null;
        if (until != null) {
            Duration left = Duration.between(now, until);
            boolean never = left.compareTo(NEVER) > 0;
            until = never ? Instant.MAX : until;
            seconds = never ? null : (Double) (left.getSeconds() + left.getNano() / 1e9);
        }
        return new LoadedModel(shownName, digest, size, sizeVram, contextLength, until, seconds, details());
    }

    AvailableModel available(String shownName) {
        return new AvailableModel(
                shownName, digest, size, modifiedAt, remoteModel, remoteHost, capabilities, details());
    }

    /** The name to show, or null for an entry that has none and can be no one's. */
    @Nullable
    String shownName() {
        return name == null ? model : name;
    }

    private Details details() {
        return new Details(format, family, families, parameterSize, quantization, longestContext, embeddingLength);
    }
}
