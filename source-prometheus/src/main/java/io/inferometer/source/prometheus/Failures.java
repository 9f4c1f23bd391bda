package io.inferometer.source.prometheus;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Looks behind what a future wraps around a failure. */
final class Failures {
    private Failures() {}

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
