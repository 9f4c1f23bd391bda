package io.inferometer.snapshot;

import java.util.Locale;

/** Which way a snapshot came. */
public enum SnapshotSource {
    /** The engine's whole metrics page. */
    WHOLE_PAGE,
    /** A page of which the engine was asked for the wanted samples only, after it was proven to answer just these. */
    FILTERED_PAGE,
    /** An endpoint of the engine's that tells its load alone; there was no page. */
    LOAD_ENDPOINT,
    /** The JSON endpoints of an engine that was read without a page. */
    JSON_ENDPOINTS;

    /** As JSON spells it, such as {@code "whole_page"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
