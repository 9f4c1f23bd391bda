package io.inferometer.kubernetes;

/**
 * The API server refused or did not answer. The message names the verb, the resource and the namespace, and says what to
 * add.
 *
 * <p>Immutable and safe to share.
 */
@SuppressWarnings("serial") // Thrown and read here, not sent.
public final class KubernetesAccessException extends RuntimeException {
    private final int status;

    KubernetesAccessException(String message, int status, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status of the answer, such as 401 or 403; 0 when there was none. */
    public int status() {
        return status;
    }
}
