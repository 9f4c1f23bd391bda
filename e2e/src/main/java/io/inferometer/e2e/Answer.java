package io.inferometer.e2e;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client knows of one request when it is over. Immutable.
 *
 * @param label what it was for
 * @param outcome how it ended
 * @param status the HTTP status; 0 when there was none
 * @param promptTokens the prompt's tokens as the answer's usage said, cached ones included
 * @param cachedTokens those of them that came from a cache
 * @param generatedTokens generated tokens as the answer's usage said
 * @param finishReasons how each choice ended
 * @param firstTokenSeconds from sending to the first token, by the client's clock; null when not streamed
 * @param gapSeconds from each piece of the answer to the next, by the client's clock; empty when not streamed
 * @param wholeSeconds from sending to the end, by the client's clock
 * @param timings what llama.cpp says of its own; null of other engines
 */
record Answer(
        String label,
        Outcome outcome,
        int status,
        long promptTokens,
        long cachedTokens,
        long generatedTokens,
        List<String> finishReasons,
        @Nullable Double firstTokenSeconds,
        List<Double> gapSeconds,
        double wholeSeconds,
        @Nullable Timings timings) {
    Answer {
        finishReasons = List.copyOf(finishReasons);
        gapSeconds = List.copyOf(gapSeconds);
    }

    /** How a request ended. */
    enum Outcome {
        /** With a whole answer. */
        DONE,
        /** With an answer that is an error. */
        REFUSED,
        /** The client went away. */
        ABORTED,
        /** The connection broke, or the client waited long enough. */
        BROKEN
    }

    /**
     * What llama.cpp says of a request.
     *
     * @param prompt prompt tokens that were processed
     * @param cached prompt tokens that were not, since the slot held them
     * @param predicted tokens that were generated
     */
    record Timings(long prompt, long cached, long predicted) {}

    double gapSum() {
        return gapSeconds.stream().mapToDouble(Double::doubleValue).sum();
    }
}
