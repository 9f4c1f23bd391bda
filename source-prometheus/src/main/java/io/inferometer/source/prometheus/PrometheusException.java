package io.inferometer.source.prometheus;

import org.jspecify.annotations.Nullable;

/**
 * A Prometheus server did not answer a query with data.
 *
 * <p>Immutable and safe to share. The message names the server without user-info and query, and never holds a secret.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class PrometheusException extends RuntimeException {
    /** What went wrong. */
    public enum Kind {
        /** The server does not understand the query (400). */
        BAD_DATA(false),
        /** The server understands the query and cannot answer it (422): too many samples, series that do not match. */
        EXECUTION(false),
        /** The query took too long, there or on the way. */
        TIMEOUT(true),
        /** The server is overloaded, starts or is not there behind its gateway (502, 503, 504). */
        UNAVAILABLE(true),
        /** The server asks for fewer queries (429). */
        RATE_LIMITED(true),
        /** The connection broke. */
        RESET(true),
        /** Credentials are missing, wrong or not sufficient (401, 403). */
        UNAUTHORIZED(false),
        /** Another status than those. */
        REFUSED(false),
        /** Nobody listens there, or the host has no address. */
        UNREACHABLE(false),
        /** The certificate, its name or the handshake failed. */
        TLS(false),
        /** The answer is bigger than was allowed, in bytes or series. */
        TOO_LARGE(false),
        /** The answer is not that of a Prometheus API. */
        NOT_PROMETHEUS(false),
        /** The caller gave up. */
        CANCELLED(false);

        private final boolean passes;

        Kind(boolean passes) {
            this.passes = passes;
        }
    }

    private final Kind kind;

    PrometheusException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same query may well succeed a little later, without anybody changing anything. */
    public boolean isTransient() {
        return kind.passes;
    }
}
