package io.inferometer.benchmarks.fleet;

import io.inferometer.fleet.FailureKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an engine can be broken, and how a monitor has to name it. */
enum Fault {
    /** Nothing listens there. */
    REFUSED(FailureKind.UNREACHABLE, "nothing accepts connections"),
    /** The connection is reset instead of an answer. */
    RESET(FailureKind.UNREACHABLE, "the connection broke"),
    /** A byte now and then. */
    SLOW_BYTES(FailureKind.TIMED_OUT, "No complete answer"),
    /** The connection ends in the middle of the body. */
    HALF_A_PAGE(null, "cut"),
    /** A small answer that decodes to 200 MB. */
    GZIP_BOMB(FailureKind.TOO_LARGE, "bytes"),
    /** A redirect to itself. */
    REDIRECT_LOOP(FailureKind.REFUSED, "redirects to"),
    /** A login page with status 200. */
    HTML(FailureKind.NOT_METRICS, "an HTML page"),
    /** Status 500. */
    STATUS_500(FailureKind.REFUSED, "answered 500"),
    /** No such host. */
    UNKNOWN_HOST(FailureKind.UNREACHABLE, "no such host"),
    /** A page of 100 MB. */
    HUGE_PAGE(FailureKind.TOO_LARGE, "bytes");

    private static final String PREFIX = "/fault/";

    /** As a monitor counts it; null for a page that is read as far as it came. */
    final @Nullable FailureKind kind;

    /** What its message has to say. */
    final String words;

    Fault(@Nullable FailureKind kind, String words) {
        this.kind = kind;
        this.words = words;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The URL of a target with this fault. */
    String url(int number, int port, int closedPort) {
        return switch (this) {
            case REFUSED -> "http://127.0.0.1:%d/%d".formatted(closedPort, number);
            case UNKNOWN_HOST -> "http://engine-%d.invalid:8000".formatted(number);
            default -> "http://127.0.0.1:%d%s%s/%d".formatted(port, PREFIX, name(), number);
        };
    }

    /** The fault that a request's path names, or null. */
    static @Nullable Fault of(String path) {
        if (!path.startsWith(PREFIX)) {
            return null;
        }
        return valueOf(path.substring(PREFIX.length(), path.indexOf('/', PREFIX.length())));
    }
}
