package io.inferometer.saturation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nobody who could know the replicas answered; this is no "there are none".
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class SourceUnavailableException extends SaturationException {
    private final List<Unreachable> unreachable;
    private final boolean transientFailure;

    /**
     * For implementations of {@link SaturationCollector}.
     *
     * @param message what was asked, what was found, what to do
     * @param unreachable who did not answer, as far as it has names
     * @param transientFailure whether the same call may well succeed a little later without anybody changing anything
     * @param cause what happened, or null
     */
    public SourceUnavailableException(
            String message, List<Unreachable> unreachable, boolean transientFailure, @Nullable Throwable cause) {
        super(message, cause);
        this.unreachable = List.copyOf(unreachable);
        this.transientFailure = transientFailure;
    }

    /** Who did not answer and why; empty when it is the source itself. */
    public List<Unreachable> unreachable() {
        return unreachable;
    }

    /** Whether the same call may well succeed a little later, without anybody changing anything. */
    public boolean isTransient() {
        return transientFailure;
    }
}
