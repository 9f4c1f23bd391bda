package io.inferometer.saturation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A target, or a server, that gave no values at all.
 *
 * <p>Immutable and safe to share.
 *
 * @param name the target's name
 * @param reason what was asked, what was found, what to do
 */
public record Unreachable(
        @JsonProperty("name") String name,
        @JsonProperty("reason") String reason) {}
