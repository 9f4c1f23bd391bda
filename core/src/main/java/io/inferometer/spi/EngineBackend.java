package io.inferometer.spi;

import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Teaches the collector one engine's dialect.
 *
 * <p>Stateless and safe to share. Found by {@link java.util.ServiceLoader}, so it needs a public constructor without
 * parameters.
 *
 * @param <S> the engine's own snapshot type
 */
public interface EngineBackend<S extends EngineSnapshot> {
    /** The name users type, lower case and unique on the class path: {@code "tgi"}. */
    String name();

    /** How people write the engine's name: {@code "TGI"}. */
    String title();

    /** Other names users may type, lower case. */
    default Set<String> aliases() {
        return Set.of();
    }

    /** Which versions of the engine the table covers, in a few words. */
    String versions();

    /** What its families mean. */
    MetricTable table();

    /** Where the values of a replica stand in its families, for sources that ask a server by query. */
    default ReplicaTable replicaTable() {
        return ReplicaTable.of(table());
    }

    /** What to ask the engine for, in this order. */
    default List<Endpoint> endpoints() {
        return List.of(Endpoint.METRICS);
    }

    /**
     * How this engine can be asked for a part of its page; null when it cannot. A collector uses it for a target only
     * after it has seen there, beside a whole page, that the part holds just what was wanted.
     */
    default @Nullable PartialPage partialPage() {
        return null;
    }

    /**
     * The JSON endpoint that tells the fields of {@link io.inferometer.snapshot.MetricGroup#LOAD} by itself; null when
     * there is none. For a wish for the load alone a collector asks it instead of the page, and hands {@link #read} a
     * scrape that has this answer and no page. A snapshot without running or waiting requests means that the answer was
     * not usable; then the page is asked.
     */
    default @Nullable Endpoint loadEndpoint() {
        return null;
    }

    /** Whether this engine wrote {@code page}, judged by {@link Page#names()}. */
    boolean recognizes(Page page);

    /**
     * Whether the answer to its first required JSON endpoint shows this engine, for engines without a metrics page.
     *
     * @param answer the body
     */
    default boolean recognizesJson(byte[] answer) {
        return false;
    }

    /** Whether a page of 0 bytes is what this engine says when it has served nothing yet. */
    default boolean emptyPageIsFresh() {
        return false;
    }

    /**
     * The page's text, for engines that have wrapped it; the same source otherwise.
     *
     * @param body the body as it arrives, within the limits of the collector
     * @throws IOException when the body cannot be read
     */
    default BufferedSource unwrap(BufferedSource body) throws IOException {
        return body;
    }

    /**
     * What to do when the engine answers something other than 200, or null when there is nothing to add.
     *
     * @param status the HTTP status
     * @param body the beginning of the answer
     */
    default @Nullable String remedy(int status, String body) {
        return null;
    }

    /** What to do when a page has none of the engine's families, or null when there is nothing to add. */
    default @Nullable String remedyForMissingFamilies() {
        return null;
    }

    /**
     * Reads a scrape.
     *
     * @param scrape all required answers, and the optional ones that came
     * @return the snapshot
     * @throws IOException when a JSON answer cannot be read
     */
    S read(Scrape scrape) throws IOException;
}
