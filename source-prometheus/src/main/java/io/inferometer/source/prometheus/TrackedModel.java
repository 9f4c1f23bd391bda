package io.inferometer.source.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * A model that is read in the background.
 *
 * <p>Immutable and safe to share.
 *
 * @param model the model, by the name that clients use
 * @param namespace the namespace, null for any
 */
public record TrackedModel(String model, @Nullable String namespace) {}
