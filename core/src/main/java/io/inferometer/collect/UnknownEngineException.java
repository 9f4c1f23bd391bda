package io.inferometer.collect;

/**
 * No backend on the class path answers to a name, or none recognizes a page.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Errors are thrown and read here, not sent.
public final class UnknownEngineException extends CollectException {
    /**
     * An unknown engine.
     *
     * @param message what was asked, what was found, what to do
     */
    public UnknownEngineException(String message) {
        super(message, false, null);
    }
}
