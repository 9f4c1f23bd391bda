package io.inferometer.spi;

/**
 * Something that a backend asks an engine for.
 *
 * <p>Immutable and safe to share.
 *
 * @param name what users call it in {@code withExtra(name)}, such as {@code "slots"}
 * @param path relative to the engine's base URL, such as {@code "/slots"}
 * @param content what it answers
 * @param need whether a scrape can do without it
 */
public record Endpoint(String name, String path, Content content, Need need) {
    /** The metrics page where nearly every engine has it; a scrape fails without it. */
    public static final Endpoint METRICS = new Endpoint("metrics", "/metrics", Content.METRICS, Need.REQUIRED);

    /** What an endpoint answers. */
    public enum Content {
        /** A Prometheus or OpenMetrics page. */
        METRICS,
        /** JSON. */
        JSON
    }

    /** Whether a scrape can do without an endpoint. */
    public enum Need {
        /** Without it the scrape fails. */
        REQUIRED,
        /** Asked for at every scrape; what it would have said is absent when it fails. */
        OPTIONAL,
        /** Asked for only when the user named it; what it would have said is absent when it fails. */
        ON_REQUEST
    }

    /** A JSON endpoint. */
    public static Endpoint json(String name, String path, Need need) {
        return new Endpoint(name, path, Content.JSON, need);
    }
}
