package io.inferometer.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of a common field came from.
 *
 * <p>Immutable and safe to share.
 *
 * @param family the family (or JSON field) as the engine named it
 * @param series how many series of it were read and reduced to one value
 * @param note what a rule did with them where it intervened ("out of range 0..1"), else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(
        @JsonProperty("family") String family,
        @JsonProperty("series") int series,
        @JsonProperty("note") @Nullable String note) {
    /** The same source with {@code text} as its note, added to a note that is there. */
    public Provenance withNote(String text) {
        return new Provenance(family, series, note == null ? text : note + "; " + text);
    }
}
