package io.inferometer.fleet;

import io.inferometer.collect.CollectException;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.collect.EngineTimedOutException;
import io.inferometer.collect.EngineUnreachableException;
import io.inferometer.collect.MalformedPageException;
import io.inferometer.collect.MetricsDisabledException;
import io.inferometer.collect.NotMetricsPageException;
import io.inferometer.collect.OtherEngineException;
import io.inferometer.collect.PageTooLargeException;
import io.inferometer.collect.UnknownEngineException;
import java.util.Locale;

/** Why a scrape failed, as a word to count by. */
public enum FailureKind {
    /** Nothing listens there, the name is unknown, or the connection broke. */
    UNREACHABLE,
    /** No whole answer within the timeout. */
    TIMED_OUT,
    /** A status other than 200. */
    REFUSED,
    /** Something else than a metrics page, such as a login page. */
    NOT_METRICS,
    /** A page that cannot be read. */
    MALFORMED,
    /** More than the limits allow. */
    TOO_LARGE,
    /** Another engine's page. */
    OTHER_ENGINE,
    /** The engine runs without its metrics. */
    METRICS_DISABLED,
    /** No backend on the class path knows the page. */
    UNKNOWN_ENGINE,
    /** Anything else, such as an error in a backend. */
    OTHER;

    /** As JSON and logs spell it, such as {@code "timed_out"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static FailureKind of(Throwable failure) {
        return failure instanceof CollectException known ? ofCollecting(known) : OTHER;
    }

    private static FailureKind ofCollecting(CollectException failure) {
        if (failure instanceof EngineUnreachableException) {
            return UNREACHABLE;
        }
        if (failure instanceof EngineTimedOutException) {
            return TIMED_OUT;
        }
        if (failure instanceof EngineRefusedException) {
            return REFUSED;
        }
        if (failure instanceof NotMetricsPageException) {
            return NOT_METRICS;
        }
        if (failure instanceof MalformedPageException) {
            return MALFORMED;
        }
        if (failure instanceof PageTooLargeException) {
            return TOO_LARGE;
        }
        if (failure instanceof OtherEngineException) {
            return OTHER_ENGINE;
        }
        if (failure instanceof MetricsDisabledException) {
            return METRICS_DISABLED;
        }
        return failure instanceof UnknownEngineException ? UNKNOWN_ENGINE : OTHER;
    }
}
