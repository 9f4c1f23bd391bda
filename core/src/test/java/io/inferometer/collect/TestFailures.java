package io.inferometer.collect;

/** Failures as collectors throw them, for tests of other packages. */
public final class TestFailures {
    private TestFailures() {}

    /** Nothing listens. */
    public static CollectException unreachable(String message) {
        return new EngineUnreachableException(message, true, null);
    }

    /** No answer in time. */
    public static CollectException timedOut(String message) {
        return new EngineTimedOutException(message, true, null);
    }

    /** A status other than 200. */
    public static CollectException refused(String message, int status) {
        return new EngineRefusedException(message, status, null);
    }

    /** Something else than a page. */
    public static CollectException notMetrics(String message) {
        return new NotMetricsPageException(message, false, null);
    }

    /** A page that cannot be read. */
    public static CollectException malformed(String message) {
        return new MalformedPageException(message, 1, 1, null);
    }

    /** Too much. */
    public static CollectException tooLarge(String message) {
        return new PageTooLargeException(message, false, null);
    }

    /** Another engine's page. */
    public static CollectException otherEngine(String message) {
        return new OtherEngineException(message, false, null);
    }

    /** Metrics are off. */
    public static CollectException disabled(String message) {
        return new MetricsDisabledException(message, false, null);
    }
}
