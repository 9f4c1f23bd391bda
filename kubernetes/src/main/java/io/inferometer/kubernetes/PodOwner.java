package io.inferometer.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * What a pod belongs to: a Deployment, a StatefulSet, a LeaderWorkerSet, or whatever else made it.
 *
 * <p>Immutable and safe to share.
 *
 * @param apiVersion such as {@code "apps/v1"}
 * @param kind such as {@code "Deployment"}
 * @param name its name
 * @param uid its identity; null where the right to look was missing and the name was told by a label
 */
public record PodOwner(
        String apiVersion,
        String kind,
        String name,
        @Nullable String uid) {}
